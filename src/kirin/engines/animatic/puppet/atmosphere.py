"""What a prompt asks of the air and the light around a puppet, and what stays undone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kirin.domain.frame import Frame
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cinemagraph.assembly import assemble, describe_motion
from kirin.engines.animatic.cinemagraph.part import Cinemagraph
from kirin.engines.animatic.cinemagraph.report import air_and_light_only
from kirin.engines.animatic.cinemagraph.still import still_of, texture_of_frame
from kirin.engines.animatic.puppet.advice import unfollowed_camera
from kirin.engines.animatic.shot import ShotContext
from kirin.vision.planes import Planes

_CHARACTER = 0.5  # disparity of the character: what is nearer is in front of it
_REST = Pose()


class PuppetAtmosphere:
    """Air and light of a shot whose camera does not move.

    Args:
        background: the picture without the character.
        context: of the shot.
    """

    def __init__(self, background: Frame, context: ShotContext) -> None:
        motion = air_and_light_only(context.intent.motion)
        missing = unfollowed_camera(context.intent.camera)
        if not (motion.air or motion.light):
            self._made = Cinemagraph(missing=[*motion.missing, *missing])
            return
        seen = replace(context, poses=[_REST] * len(context.poses))
        self._made = assemble(motion, still_of(texture_of_frame(background, seen), seen))
        self._made.missing += missing

    def describe(self) -> dict[str, Any]:
        """What is done of the prompt, and what is not, as JSON values."""
        return describe_motion(self._made)

    def draw(self, planes: Planes, index: int, *, near: bool) -> None:
        """Draw what is in the air behind the character or in front of it, in place."""
        for part in self._made.air:
            if (part.disparity > _CHARACTER) == near:
                part.draw(planes, _REST, index)

    def grade(self, frame: Frame, index: int) -> Frame:
        """A finished frame in its light."""
        for part in self._made.grades:
            frame = part.apply(frame, _REST, index)
        return frame
