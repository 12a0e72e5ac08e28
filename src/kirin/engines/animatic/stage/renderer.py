"""The shot renderer for prompts without pictures."""

from __future__ import annotations

from typing import Any

from kirin.domain.cast import Style
from kirin.domain.frame import Frame
from kirin.engines.animatic.camera.turn import describe_direction
from kirin.engines.animatic.look.styles import look_of
from kirin.engines.animatic.look.title import TitleStage
from kirin.engines.animatic.look.transition import ChangingScene, Stage
from kirin.engines.animatic.shot import ShotContext
from kirin.engines.animatic.stage.plan import StagePlan
from kirin.engines.animatic.stage.scene import Scene


class SceneShotRenderer:
    """A camera move through the place that a prompt describes, with its cast on stage."""

    def __init__(self, context: ShotContext) -> None:
        intent, fps = context.intent, context.storyboard.fps
        plan = StagePlan.of(intent, context.size, fps, context.poses)
        self._plan = plan
        self._direction = intent.camera
        self._stage = _stage(plan, context)
        context.check()
        last = len(plan.poses) - 1
        # Only pixel art looks at samples, for its palette.
        sampled = {0, last} if Style.PIXEL_ART in intent.cast.styles else ()
        samples = [self._stage.frame(number) for number in sampled]
        self._look = look_of(intent.cast, context.size, float(fps), intent.scene.variety, samples)

    @property
    def notes(self) -> dict[str, Any]:
        """How the shot is made."""
        return {
            "method": "procedural scene",
            "scene": self._plan.describe(),
            "direction": describe_direction(self._direction),
        }

    def frame(self, index: int) -> Frame:
        """Draw a frame."""
        return self._look.draw(self._stage, index)


def _stage(plan: StagePlan, context: ShotContext) -> Stage:
    """What is drawn: the place with its cast, one that changes, or a title card."""
    intent, fps = plan.intent, context.storyboard.fps
    width, height = context.size
    if intent.cast.title:
        variety = intent.scene.variety
        return TitleStage(intent.cast.title, variety, width, height, float(fps), plan.poses)
    scene = Scene.of_plan(plan, intent.scene, context.size, fps)
    if intent.becomes is None:
        return scene
    context.check()
    return ChangingScene(
        scene, Scene.of_plan(plan, intent.becomes, context.size, fps), len(plan.poses)
    )
