"""Air and light over the frames of any shot: between two pictures, under a brush, of references."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Protocol, runtime_checkable

from kirin.domain.frame import Frame
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cinemagraph.assembly import assemble, describe_motion
from kirin.engines.animatic.cinemagraph.part import AirPart, Cinemagraph
from kirin.engines.animatic.cinemagraph.report import air_and_light_only, without_bodies
from kirin.engines.animatic.cinemagraph.still import still_of, texture_of_frame
from kirin.engines.animatic.shot import ShotContext, ShotRenderer
from kirin.vision.kernels import Plane
from kirin.vision.planes import Planes


class HeldRegion(Protocol):
    """The pixels of a picture that must not change."""

    def over(self, planes: tuple[Plane, Plane, Plane]) -> None:
        """Composite them over a frame."""
        ...


@runtime_checkable
class PaintedShotRenderer(ShotRenderer, Protocol):
    """A renderer that moves matter around painted masks.

    Attributes:
        living: the matter; nothing else of a picture moves.
        held: what must not change.
    """

    living: Cinemagraph
    held: HeldRegion | None


class LivingShotRenderer:
    """Draws what is in the air, and changes the light, over the frames of another renderer.

    It sees frames, and no layers: all air is before the picture, and what the prompt asks of the
    picture's own matter and of its subjects is missing, unless the other renderer moves it. What
    that holds still no air covers; light falls on everything.

    Args:
        inner: the renderer of the frames.
        context: of the shot.
    """

    def __init__(self, inner: ShotRenderer, context: ShotContext) -> None:
        self._inner = inner
        motion = context.intent.motion
        self._painted = inner if isinstance(inner, PaintedShotRenderer) else None
        if self._painted:
            motion = replace(without_bodies(motion), matter=())
        else:
            motion = air_and_light_only(motion)
        self._made = Cinemagraph(missing=list(motion.missing))
        self._poses = _poses(inner, context)
        self._first: Frame | None = None
        if motion.air or motion.light:
            seen = replace(context, poses=self._poses)
            # Frames are asked for in order: the first is drawn once, and kept until then.
            self._first = inner.frame(0)
            context.check()
            self._made = assemble(motion, still_of(texture_of_frame(self._first, seen), seen))
        if self._painted:
            moved = self._painted.living
            self._made.acted = [*moved.acted, *self._made.acted]
            self._made.missing = [*moved.missing, *self._made.missing]
        self._air = sorted(self._made.air, key=lambda part: part.disparity)

    @property
    def notes(self) -> dict[str, Any]:
        """How the shot is made, and what moves in it."""
        return {**self._inner.notes, "motion": describe_motion(self._made)}

    def frame(self, index: int) -> Frame:
        """Draw a frame."""
        return self._drawn(index, self._air)

    def clear(self, index: int) -> Frame | None:
        """Draw a frame without what is in the air; ``None`` if nothing is."""
        return self._drawn(index, ()) if self._air else None

    def _drawn(self, index: int, air: Sequence[AirPart]) -> Frame:
        first, self._first = self._first, None
        frame = first if index == 0 and first is not None else self._inner.frame(index)
        if not (air or self._made.grades):
            return frame
        frame = frame.copy()  # the inner renderer may hand out one frame several times
        view, pose = Planes.of_frame(frame), self._poses[index]
        for part in air:
            part.draw(view, pose, index)
        held = self._painted.held if self._painted else None
        if air and held:
            held.over((view.y, view.u, view.v))
        for grade in self._made.grades:
            frame = grade.apply(frame, pose, index)
        return frame


def _poses(inner: ShotRenderer, context: ShotContext) -> Sequence[Pose]:
    """The camera of the frames: at rest where the notes tell of another one than the prompt's."""
    if "camera" in inner.notes:
        return [Pose()] * len(context.poses)
    return context.poses
