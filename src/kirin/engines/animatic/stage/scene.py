"""A drawn scene: a place with its cast, painted once, then rendered frame by frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from kirin.domain.cast import ShotSize, Style
from kirin.domain.frame import Frame
from kirin.domain.intent import SceneDescription
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cast.blocking import Blocking
from kirin.engines.animatic.cast.performer import performers
from kirin.engines.animatic.look.focus import FocusBlur
from kirin.engines.animatic.look.pace import Pace
from kirin.engines.animatic.look.title import Sign, sign_board
from kirin.engines.animatic.places.sets import drawables_of, light_for
from kirin.engines.animatic.scene.assembly import Drawable
from kirin.engines.animatic.scene.canvas import SceneCanvas
from kirin.engines.animatic.scene.finish import Finish
from kirin.engines.animatic.scene.floor import floor
from kirin.engines.animatic.scene.layer import SceneLayer
from kirin.engines.animatic.scene.lens import Lens
from kirin.engines.animatic.scene.lighting import Lighting
from kirin.engines.animatic.scene.occlusion import Guest, ordered
from kirin.engines.animatic.scene.rain import Rain
from kirin.engines.animatic.scene.setting import Setting
from kirin.engines.animatic.scene.snow import Snow
from kirin.engines.animatic.scene.water import Water
from kirin.engines.animatic.stage.lettering import Lettering, blank_sign, without_member
from kirin.engines.animatic.stage.plan import StagePlan
from kirin.engines.animatic.stage.sign_board import SignBoard

_UNTOUCHED = -1000.0  # luma of a canvas before a drawable
_HIDDEN = 0.12  # share of the upper part of the subject that nothing may hide
_DARK = 0.4  # darkness from which the letters of a sign are lamps
_KEY = 0.6  # share of the sun's light that falls on an upright board
_PORTRAIT, _MACRO = 1.0, 1.5  # strength of a shallow focus


class Scene:
    """A procedural scene under a moving camera.

    The constructor paints it, which takes about two seconds at 1920 x 1080. Frames depend only on
    the arguments, not on the process, the thread or the order in which they are drawn. The scene
    reuses its own buffers, so it is not thread-safe.

    Args:
        description: what to show.
        width, height: of the frames in pixels, both even.
        fps: frames per second.
        poses: of the camera, one per frame; no pose shows the border of a layer.
        blocking: of the cast on stage, for the same poses; ``None`` for an empty place.
        styles: of the shot; here only its pace and its focus.
        floored: whether a scene of water gets near ground to stand on.
    """

    def __init__(
        self,
        description: SceneDescription,
        width: int,
        height: int,
        fps: Fraction | float,
        poses: Sequence[Pose],
        blocking: Blocking | None = None,
        styles: Sequence[Style] = (),
        *,
        floored: bool = False,
    ) -> None:
        self._description = description
        self._fps = float(fps)
        self._lens = Lens(width, height, tuple(poses))
        self._pace = Pace.of(styles, self._fps)
        length = self._pace.length(len(poses))
        setting = Setting.of(description, self._lens, length, light_for(description))
        members = blocking.cast.members if blocking else ()
        self.setting = replace(setting, brought=frozenset(each.concept for each in members))
        self._drawables = drawables_of(self.setting)
        if floored and (ground := floor(self.setting)):
            water = [i for i, part in enumerate(self._drawables) if isinstance(part, Water)]
            self._drawables.insert(water[-1] + 1 if water else len(self._drawables), ground)
        self.guests: list[Guest] = []
        if blocking:
            self._admit(blocking, styles)
        self._canvas = SceneCanvas(*self._lens.canvas())
        self._finish = Finish(width, height, np.random.default_rng([description.variety, 0]))

    @classmethod
    def of_plan(
        cls,
        plan: StagePlan,
        description: SceneDescription,
        size: tuple[int, int],
        fps: Fraction | float,
    ) -> Scene:
        """The scene of a planned shot, as it is at its start or at its end."""
        styles = plan.intent.cast.styles
        scene = cls(
            description,
            *size,
            fps,
            plan.poses,
            _shown(plan),
            styles,
            floored=plan.floored,
        )
        if plan.lettering:
            scene.guests.append(scene.board(plan.lettering))
        return scene

    def describe(self) -> dict[str, Any]:
        """What the scene shows, as JSON values, for the task's metadata."""
        return {"kind": "procedural scene", **self._description.describe()}

    def frame(self, number: int) -> Frame:
        """Draw a frame; in any order.

        Raises:
            IndexError: there is no pose with this number.
        """
        return self._drawn(self._drawables, number)

    def clear(self, number: int) -> Frame | None:
        """Draw a frame without rain and snow; ``None`` if there is none."""
        dry = [each for each in self._drawables if not isinstance(each, Rain | Snow)]
        return self._drawn(dry, number) if len(dry) < len(self._drawables) else None

    def _drawn(self, drawables: Sequence[Drawable], number: int) -> Frame:
        pose, seconds = self._lens.poses[number], number / self._fps
        staged = self._pace.seconds(number)
        height = self._canvas.y.shape[0]
        # From front to back, to skip what is hidden by something nearer.
        visible, bottom = [], height
        for drawable in reversed(ordered(drawables, self.guests, seconds)):
            first, opaque, end = drawable.span(self._lens, pose, self._canvas)
            visible.append((drawable, (first, min(bottom, end))))
            bottom = min(bottom, opaque)
        for drawable, rows in reversed(visible):
            if rows[1] > rows[0]:
                # Blocking knows the pace; a place does not.
                time = seconds if isinstance(drawable, Guest) else staged
                drawable.draw(self._canvas, self._lens, pose, time, rows)
        return self._finish.frame(self._canvas, pose.roll, number)

    def board(self, lettering: Lettering) -> SignBoard:
        """The board with the words of a plan; lit as the place is, or shining in the dark."""
        light, lens = self.setting.light, self._lens
        sign = Sign(
            lettering.words,
            lettering.x * lens.width,
            lettering.foot * lens.height,
            lettering.height * lens.height,
            lettering.disparity,
            shining=self._description.neon or bool(light.dark > _DARK),
        )
        lit = light.ambient + light.key * np.float32(_KEY)
        layer = sign_board(sign, lens, lit, self._description.variety)
        return SignBoard(layer, lettering.disparity)

    def _admit(self, blocking: Blocking, styles: Sequence[Style]) -> None:
        self._drawables = [each for each in self._drawables if not self._hides(each, blocking)]
        light = Lighting.of_scene(self.setting.light)
        self.guests += performers(blocking, light, self._lens, self._fps)
        macro = blocking.cast.size is ShotSize.MACRO
        if macro or Style.SHALLOW_FOCUS in styles:
            strength = _MACRO if macro else _PORTRAIT
            self.guests.append(FocusBlur(strength, self._lens, blocking.ground, blocking.lead))

    def _hides(self, drawable: Drawable, blocking: Blocking) -> bool:
        """Whether something near stands before the subject when the shot begins or ends."""
        if not isinstance(drawable, SceneLayer) or drawable.depth.far <= blocking.lead:
            return False
        subject = blocking.cast.followed or 0
        canvas = SceneCanvas(*self._lens.canvas())
        down, across = canvas.y.shape
        for number in (0, len(self._lens.poses) - 1):
            pose = self._lens.poses[number]
            left, top, right, bottom = blocking.boxes(number)[subject]
            columns = np.array([left, right]) - 0.5
            rows = np.array([top, 0.4 * top + 0.6 * bottom]) - 0.5
            x = np.clip(columns * self._lens.width + across / 2, 0, across).astype(int)
            y = np.clip(rows * self._lens.height + down / 2, 0, down).astype(int)
            if x[1] - x[0] < 2 or y[1] - y[0] < 2:
                continue
            canvas.y[:] = _UNTOUCHED
            first, _, end = drawable.span(self._lens, pose, canvas)
            drawable.draw(canvas, self._lens, pose, number / self._fps, (first, end))
            covered = canvas.y[y[0] : y[1], x[0] : x[1]] > _UNTOUCHED / 2
            if covered.mean() > _HIDDEN:
                return True
        return False


def _shown(plan: StagePlan) -> Blocking | None:
    """Everybody but the blank sign whose place a board with words takes."""
    if plan.blocking and plan.lettering:
        sign = blank_sign(plan.blocking.cast)
        return plan.blocking if sign is None else without_member(plan.blocking, sign)
    return plan.blocking
