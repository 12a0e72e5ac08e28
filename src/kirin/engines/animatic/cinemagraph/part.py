"""The parts of a cinemagraph: what a renderer of pictures asks of everything that moves in one.

Three kinds, by where they act. A :class:`TexturePart` redraws a part of a picture's own texture,
before the camera looks at it: water, clouds, a lid. An :class:`AirPart` draws into the view
between two layers: snow, sparks. A :class:`GradePart` changes the finished frame: night, a
passing cloud.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any, Protocol, runtime_checkable

import numpy as np

from kirin.domain.cast import Missing
from kirin.domain.frame import Frame
from kirin.domain.motion import PictureMotion
from kirin.engines.animatic.camera.path import PIVOT
from kirin.engines.animatic.camera.pose import Pose
from kirin.vision.face.face import Face
from kirin.vision.kernels import Plane
from kirin.vision.models import VisionModels
from kirin.vision.planes import Planes, Rgb
from kirin.vision.pose.estimator import PoseEstimate
from kirin.vision.regions.region import without
from kirin.vision.sky.sky import Sky, find_sky

_PEOPLE = 4  # that are looked for at most
_LOOKED = 640
"""Longest side in pixels of the copy in which people and faces are looked for.

Quotes look at a small texture and renders at a large one: both shall find the same.
"""


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A part of a picture or of a view in pixels.

    All sides are even, so that chroma samples are whole.
    """

    left: int
    top: int
    right: int
    bottom: int

    def common(self, other: Rectangle) -> Rectangle | None:
        """The part that both have in common, if any."""
        left, top = max(self.left, other.left), max(self.top, other.top)
        right, bottom = min(self.right, other.right), min(self.bottom, other.bottom)
        return Rectangle(left, top, right, bottom) if left < right and top < bottom else None

    def moved(self, right: int, down: int) -> Rectangle:
        """The same elsewhere; both steps are even."""
        return Rectangle(self.left + right, self.top + down, self.right + right, self.bottom + down)

    def around(self, other: Rectangle) -> Rectangle:
        """The smallest that contains both."""
        return Rectangle(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


class TexturePart(Protocol):
    """Redraws a part of a picture's texture."""

    @property
    def box(self) -> Rectangle:
        """All that it may change, in pixels of the texture."""
        ...

    def draw(self, planes: Planes, number: int) -> None:
        """Blend the part into a texture, in place, inside its box.

        Outside the region the texture stays as it is to the bit. Frame 0 is the picture itself.

        Args:
            planes: of the whole texture; inside the box they hold the picture at rest, or what
                parts before this one have drawn.
            number: of the frame, from 0; in any order.
        """
        ...


@runtime_checkable
class OutlinePart(TexturePart, Protocol):
    """Redraws a part of the subject's own colours, and of its opacity too: a chest that rises."""

    def draw_outline(self, alpha: Plane, half: Plane, number: int) -> None:
        """Change the subject's opacity, in place, inside the box.

        Args:
            alpha: of the subject, in pixels of its own colours; inside the box as at rest, or as
                parts before this one have left it.
            half: the same at the resolution and position of chroma.
            number: of the frame, from 0; in any order.
        """
        ...


@runtime_checkable
class SteadyPart(TexturePart, Protocol):
    """A part that stays as it is for some frames."""

    def state(self, number: int) -> Hashable:
        """What it draws in a frame: the same in all frames of the same state."""
        ...


State = Callable[[int], Hashable]
"""What a part draws in a frame: equal for two frames only if both look the same."""


def states_of(parts: Sequence[TexturePart]) -> list[State]:
    """The states of some parts; one that does not tell is taken to change in every frame."""
    return [part.state if isinstance(part, SteadyPart) else _number for part in parts]


def _number(number: int) -> int:
    return number


class SubjectMotion(Protocol):
    """Moves the cut-out subject as a whole."""

    def pose(self, pose: Pose, number: int) -> Pose | None:
        """The camera as the subject sees it in a frame.

        Args:
            pose: of the camera.
            number: of the frame, from 0; in any order.

        Returns:
            ``pose`` itself while the subject is at rest; ``None`` once it is gone.
        """
        ...


class AirPart(Protocol):
    """Draws what is in the air into the view."""

    @property
    def disparity(self) -> float:
        """How near it is, 0 to 1: layers that are nearer are drawn over it."""
        ...

    def draw(self, planes: Planes, pose: Pose, number: int) -> None:
        """Draw over a view, in place.

        Args:
            planes: of the view.
            pose: of the camera.
            number: of the frame, from 0; in any order.
        """
        ...


class GradePart(Protocol):
    """Changes the light of a finished frame."""

    def apply(self, frame: Frame, pose: Pose, number: int) -> Frame:
        """The frame in its light; it may be changed in place."""
        ...


Shares = tuple[float, float, float, float]
"""Left, top, right and bottom of a box, 0 to 1 of a width and a height."""


@dataclass(frozen=True, slots=True)
class Acted:
    """One request that is honoured, for ``metadata.motion``.

    Attributes:
        word: of the prompt.
        kind: "matter", "air", "light" or "body".
        what: what moves: "water", "snow".
        motion: how: "flow", "drift".
        box: where, as left, top, right, bottom in shares of the texture; ``None`` for all of it.
            :func:`~kirin.engines.animatic.cinemagraph.assembly.assemble` makes them shares of the
            frame.
        details: more JSON values: ``{"from": 0.3}``.
    """

    word: str
    kind: str
    what: str
    motion: str
    box: Shares | None = None
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Still:
    """The picture that parts are made for.

    Attributes:
        picture: the texture, uint8, shape ``(height, width, 3)``, both even: the whole picture as
            far as the camera sees it, and beyond its border what has been filled in.
        subject: opacity of the cut-out subjects in it, uint8, of the same height and width;
            ``None`` without any. What lies behind them is not in ``picture``.
        own: the subject's own colours, uint8, shape ``(h, w, 3)``: those of ``own_box``.
        own_box: where they are in the texture.
        mask: where a client's mask allows motion, likewise; ``None`` where there is no mask.
        held: what a client's mask holds, likewise; nothing moves in it.
        centre: of the rest view, in pixels of the texture.
        scale: pixels of the texture per pixel of the video.
        view: width and height of the video.
        fps, count: of the shot.
        seed: of every random choice.
        poses: of the camera, one per frame.
        models: the neural networks, loaded on first use.
        check: to be called between the steps of a preparation; raises once cancelled.
        whole: the picture with its subjects in it, like ``picture``; ``None`` where that is it.
        look_up: gives its sky, where that has been found before.
        near: disparity of the cut-out subject, 0 to 1.
    """

    picture: Rgb
    subject: Plane | None
    own: Rgb | None
    own_box: Rectangle | None
    mask: Plane | None
    centre: tuple[float, float]
    scale: float
    view: tuple[int, int]
    fps: Fraction | float
    count: int
    seed: int
    poses: Sequence[Pose]
    models: VisionModels
    check: Callable[[], None] = lambda: None
    whole: Rgb | None = None
    held: Plane | None = None
    look_up: Callable[[], Sky | None] | None = None
    near: float = PIVOT

    def free(self, alpha: Plane) -> Plane:
        """A region without what is held."""
        return alpha if self.held is None else without(alpha, self.held)

    @cached_property
    def seen(self) -> Rgb:
        """The picture with its subjects in it."""
        if self.whole is not None:
            return self.whole
        if self.subject is None or self.own is None or self.own_box is None:
            return self.picture
        picture, box = self.picture.copy(), self.own_box
        part = np.s_[box.top : box.bottom, box.left : box.right]
        alpha = self.subject[part].astype(np.float32)[..., None] / np.float32(255)
        mixed = self.own * alpha + picture[part] * (1 - alpha)
        picture[part] = np.clip(np.round(mixed), 0, 255).astype(np.uint8)
        return picture

    def in_frame(self, box: Shares) -> Shares:
        """What the rest view shows of a box: from shares of the texture to shares of the frame."""
        height, width = self.picture.shape[:2]
        spans = (
            (edge * side - middle) / (view * self.scale) + 0.5
            for edge, side, middle, view in zip(
                box, (width, height) * 2, self.centre * 2, self.view * 2, strict=True
            )
        )
        left, top, right, bottom = (min(max(span, 0.0), 1.0) for span in spans)
        return left, top, right, bottom

    @cached_property
    def sky(self) -> Sky | None:
        """Its sky, in front of which the subjects may stand; ``None`` where none is seen."""
        return self.look_up() if self.look_up else find_sky(self.seen)

    @cached_property
    def people(self) -> list[PoseEstimate]:
        """In pixels of the texture, the largest first."""
        return self.models.pose_estimator.find(self.seen, _PEOPLE, _LOOKED)

    @cached_property
    def faces(self) -> list[Face]:
        """In pixels of the texture, the largest first."""
        return self.models.face_estimator.find(self.seen, side=_LOOKED)


@dataclass(slots=True)
class Cinemagraph:
    """Everything that moves in one picture.

    Attributes:
        behind: parts of the background's texture, in the order in which they are drawn.
            subject: parts of the subject's own colours, in pixels of ``Still.own``.
        moved: how the subject moves as a whole; ``None`` where it stays.
        air: what is in the air, in any order.
        grades: of the finished frame, in their order.
        acted: what of the prompt is honoured.
        missing: what is not.
    """

    behind: list[TexturePart] = field(default_factory=list)
    subject: list[TexturePart] = field(default_factory=list)
    moved: SubjectMotion | None = None
    air: list[AirPart] = field(default_factory=list)
    grades: list[GradePart] = field(default_factory=list)
    acted: list[Acted] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)


Contribute = Callable[[PictureMotion, Still, Cinemagraph], None]
"""Adds the parts of one kind to a cinemagraph, and says in it what is honoured and what is not."""
