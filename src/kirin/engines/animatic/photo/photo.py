"""A picture as layers with parallax, rendered in any pose of the camera (2.5D parallax)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from kirin.domain.frame import Frame
from kirin.engines.animatic.camera.framing import Focus, Framing, PathExtent, Relief
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cinemagraph.part import AirPart, Cinemagraph, Rectangle
from kirin.engines.animatic.photo.animated_texture import AnimatedTexture
from kirin.engines.animatic.photo.crop import CroppedPicture
from kirin.engines.animatic.photo.layer import PictureLayer, Window
from kirin.engines.animatic.photo.subject_layer import SUBJECT, SubjectLayer
from kirin.vision.inpainting.background import inpaint_background
from kirin.vision.kernels import Plane
from kirin.vision.matting.segmenter import Segmenter, SubjectMask
from kirin.vision.planes import Planes, Rgb, new_frame

# Disparities. Camera moves are scaled for scenes from 0 to 1; in a photograph little can be
# shown behind the subject, so its layers keep to the middle of the range.
_BEHIND = 0.25  # at the top of the picture, or all over behind a subject without feet
_BELOW = 0.65  # at the bottom of a picture without a subject

_LEVEL = 1e-6


@dataclass(frozen=True, slots=True)
class PictureTexture:
    """A picture as its layers show it; the fields are those of ``cinemagraph.part.Still``."""

    picture: Rgb
    subject: Plane | None
    own: Rgb | None
    own_box: Rectangle | None
    centre: tuple[float, float]
    scale: float
    whole: Rgb | None = None


Animate = Callable[[PictureTexture], Cinemagraph]
"""Finds what moves in a picture."""


class Photo:
    """A picture prepared for a camera path. Not thread-safe."""

    def __init__(
        self,
        view: tuple[int, int],
        framing: Framing,
        target: ZoomTarget,
        background: PictureLayer,
        subject: SubjectLayer | None,
        living: Cinemagraph | None = None,
    ) -> None:
        self.width, self.height = view
        self.framing = framing
        self.living = living or Cinemagraph()
        self._target = target
        self._background = background
        self._subject = subject
        self._behind = AnimatedTexture(background, self.living.behind)
        self._own = subject.animated(self.living.subject) if subject else None

    @property
    def layered(self) -> bool:
        """Whether the subject is a layer of its own."""
        return self._subject is not None

    @classmethod
    def prepare(
        cls,
        rgb: Rgb,
        width: int,
        height: int,
        poses: Sequence[Pose],
        segmenter: Segmenter | None = None,
        animate: Animate | None = None,
        *,
        separate: bool = False,
    ) -> Photo:
        """Crop as little as the path allows, and build the layers that it needs.

        Args:
            rgb: the picture, shape ``(h, w, 3)``, of any aspect; it is cropped to the video's.
            width, height: of the video, even.
            poses: all poses that will be rendered; others may show the picture's border. Rolls
                of up to 1 radian are supported.
            segmenter: finds the subject; without one, the picture is a single layer.
            animate: finds what moves in the picture.
            separate: whether to cut the subject out though the path has no parallax.
        """
        size, aspect = (rgb.shape[1], rgb.shape[0]), width / height
        parallax = any(p.truck_x or p.truck_y or p.dolly for p in poses)
        mask = segmenter.find(rgb) if segmenter else None
        if mask and not mask.separable:
            mask = None
        focus = _focus(mask, size) if mask else None
        cut = mask if parallax or separate else None
        relief = Relief.flat_at(_BEHIND)
        first = Framing.fit(size, PathExtent.of(poses, relief, aspect), aspect, focus)
        if parallax:
            relief = _ground(mask, first, size)
        target = ZoomTarget.at(focus, first, poses) if focus else ZoomTarget(0.0, 0.0)
        poses = [target.apply(pose) for pose in poses]
        extent = PathExtent.of(poses, relief, aspect)
        if cut:
            extent = extent.union(PathExtent.of(poses, SUBJECT, aspect), *_touched(cut))
        framing = Framing.fit(size, extent, aspect, focus)
        density = _density(poses, relief, framing, width)
        crop = CroppedPicture.cut(rgb, framing, extent, width, density)
        picture = crop.picture
        subject, alpha = None, None
        if cut:
            alpha = crop.crop(cut.alpha)
            subject = SubjectLayer.of(picture, alpha, crop, (width, height))
            picture = inpaint_background(picture, alpha)
        own, own_box = (subject.own, subject.part) if subject else (None, None)
        texture = PictureTexture(picture, alpha, own, own_box, crop.centre, density, crop.picture)
        living = animate(texture) if animate else None
        background = crop.layer(Planes.from_rgb(picture), (width, height), relief)
        return cls((width, height), framing, target, background, subject, living)

    def frame(self, pose: Pose, number: int = 0) -> Frame:
        """Render a pose, as a new frame.

        Args:
            pose: of the camera.
            number: of the frame, from 0, for what moves in the picture.
        """
        pose = self._target.apply(pose)
        frame = new_frame(self.width, self.height)
        target = Planes.of_frame(frame)
        planes = (target.y, target.u, target.v)
        whole = Window(0, 0, self.width, self.height)
        self._behind.show(number)
        self._background.draw(pose, whole, planes)
        far = [each for each in self.living.air if each.disparity < SUBJECT.near]
        self._draw_air(far, target, pose, number)
        if self._subject and self._own:
            moved = self.living.moved.pose(pose, number) if self.living.moved else pose
            if moved is not None:
                self._own.show(number)
                self._subject.over(planes, moved)
        near = [each for each in self.living.air if each.disparity >= SUBJECT.near]
        self._draw_air(near, target, pose, number)
        for grade in self.living.grades:
            frame = grade.apply(frame, pose, number)
        return frame

    @staticmethod
    def _draw_air(parts: Sequence[AirPart], view: Planes, pose: Pose, number: int) -> None:
        for part in sorted(parts, key=lambda each: each.disparity):
            part.draw(view, pose, number)


@dataclass(frozen=True, slots=True)
class ZoomTarget:
    """The focus of expansion: the point of the rest view that a push-in leaves in place.

    Pushing in on the centre would cut off the head of a person who is not in the middle.

    Attributes:
        x, y: in rest-view widths right of and heights below its centre, -0.5 to 0.5.
    """

    x: float
    y: float

    @classmethod
    def at(cls, focus: Focus, framing: Framing, poses: Sequence[Pose]) -> ZoomTarget:
        """The target with which the closest view of a path shows the most of a focus."""
        closest = max([1.001, *(pose.view(SUBJECT.near).scale for pose in poses)])
        width, height = framing.width / closest, framing.height / closest
        x = focus.pull(framing.x, width, focus.left, focus.right) - framing.x
        y = focus.pull(framing.y, height, focus.top, focus.bottom) - framing.y
        travel = 1.0 - 1.0 / closest
        return cls(
            float(np.clip(x / framing.width / travel, -0.5, 0.5)),
            float(np.clip(y / framing.height / travel, -0.5, 0.5)),
        )

    def apply(self, pose: Pose) -> Pose:
        """The pose, panned and trucked so that all layers are magnified about the target."""
        far, near = _BEHIND, SUBJECT.near
        at_far = 1.0 - 1.0 / max(pose.view(far).scale, 1.0)
        at_near = 1.0 - 1.0 / max(pose.view(near).scale, 1.0)
        truck = (at_near - at_far) / (near - far)
        turn = at_far - truck * far
        return replace(
            pose,
            x=pose.x + self.x * turn,
            y=pose.y + self.y * turn,
            truck_x=pose.truck_x + self.x * truck,
            truck_y=pose.truck_y + self.y * truck,
        )


def _touched(mask: SubjectMask) -> tuple[bool, bool, bool, bool]:
    """Whether the subject touches the picture's left, top, right and bottom side."""
    alpha = mask.alpha
    sides = (alpha[:, 0], alpha[0], alpha[:, -1], alpha[-1])
    left, top, right, bottom = (bool((side > 64).any()) for side in sides)
    return left, top, right, bottom


def _focus(mask: SubjectMask, size: tuple[int, int]) -> Focus:
    left, top, right, bottom = mask.box
    return Focus(left * size[0], top * size[1], right * size[0], bottom * size[1])


def _ground(mask: SubjectMask | None, framing: Framing, size: tuple[int, int]) -> Relief:
    """The background's relief: under the subject's feet, it has the subject's disparity.

    So feet do not slide, and no gap opens below them. A subject cut off by the picture has no
    feet, and the background may be at any distance behind it.
    """
    if not mask:
        return Relief(_BEHIND, _BELOW)
    foot = (mask.box[3] * size[1] - framing.y) / framing.height
    if _touched(mask)[3] or not 0.0 < foot < 1.0:
        return Relief.flat_at(_BEHIND)
    return Relief(_BEHIND, SUBJECT.near, foot)


def _density(poses: Sequence[Pose], relief: Relief, framing: Framing, width: int) -> float:
    """Pixels of the crop per pixel of the rest view.

    Flat layers without roll are drawn with filters of any width, so they get the resolution of
    the closest view; the others are drawn with four taps, which alias beyond 1.25.
    """
    if not relief.flat or any(abs(pose.roll) > _LEVEL for pose in poses):
        return 1.25
    closest = max(pose.view(SUBJECT.near).scale for pose in poses)
    there = framing.width / width
    return float(np.clip(min(1.25 * closest, there), 1.25, 2.5))
