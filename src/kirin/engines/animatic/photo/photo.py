"""A photograph, made ready to be filmed: layers, and a frame for each pose of the camera."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from kirin.domain.frame import Frame
from kirin.engines.animatic.camera.framing import Extent, Focus, Framing, Relief
from kirin.engines.animatic.camera.path import PIVOT
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.photo.layer import CHROMA, LUMA, Layer, Window
from kirin.vision.inpainting.fill import fill_behind, unmix
from kirin.vision.kernels import Plane, blend
from kirin.vision.matting.segmenter import Matte, Segmenter
from kirin.vision.planes import Box, Planes, Rgb, half_size, new_frame, resize

# Nearness, as Pose has it. A camera's travel is made for scenes from 0 to 1; a photograph has
# less to show behind its subject, so its layers keep to the middle.
_SUBJECT = Relief.flat_at(PIVOT)  # what an orbit keeps in the centre
_BEHIND = 0.25  # at the top of the picture, or all over behind a subject without feet
_BELOW = 0.65  # at the bottom of a picture without a subject

_LEVEL = 1e-6


class Photo:
    """A prepared photograph. Frames are drawn one at a time: one thread may use it."""

    def __init__(
        self,
        view: tuple[int, int],
        framing: Framing,
        aim: Aim,
        background: Layer,
        subject: Subject | None,
    ) -> None:
        self.width, self.height = view
        self.framing = framing
        self._aim = aim
        self._background = background
        self._subject = subject

    @property
    def layered(self) -> bool:
        """Whether a subject was cut out, and moves against its background."""
        return self._subject is not None

    @classmethod
    def prepare(
        cls,
        rgb: Rgb,
        width: int,
        height: int,
        poses: Sequence[Pose],
        segmenter: Segmenter | None = None,
    ) -> Photo:
        """Crop as little as the path needs, and build the layers that it makes use of.

        Args:
            rgb: the picture, shape ``(h, w, 3)``, of any aspect; the video's is cut from it.
            width, height: of the video, even.
            poses: all poses that frames will be asked for; no other is sure to stay inside.
                Rolls of up to 1 radian are drawn well.
            segmenter: finds the subject; without one, depth grows from the horizon down only.
        """
        size, aspect = (rgb.shape[1], rgb.shape[0]), width / height
        parallax = any(p.truck_x or p.truck_y or p.dolly for p in poses)
        matte = segmenter.find(rgb) if segmenter else None
        if matte and not matte.separable:
            matte = None
        focus = _focus(matte, size) if matte else None
        cut = matte if parallax else None
        relief = Relief.flat_at(_BEHIND)
        first = Framing.fit(size, Extent.of(poses, relief, aspect), aspect, focus)
        if parallax:
            relief = _ground(matte, first, size)
        aim = Aim.at(focus, first, poses) if focus else Aim(0.0, 0.0)
        poses = [aim.follow(pose) for pose in poses]
        extent = Extent.of(poses, relief, aspect)
        if cut:
            extent = extent.union(Extent.of(poses, _SUBJECT, aspect), *_touched(cut))
        framing = Framing.fit(size, extent, aspect, focus)
        stage = Stage.cut(rgb, framing, extent, width, _density(poses, relief, framing, width))
        picture = stage.picture
        subject = None
        if cut:
            alpha = stage.crop(cut.alpha)
            subject = Subject.of(picture, alpha, stage, (width, height))
            picture = fill_behind(picture, alpha)
        background = stage.layer(Planes.from_rgb(picture), (width, height), relief)
        return cls((width, height), framing, aim, background, subject)

    def frame(self, pose: Pose) -> Frame:
        """What the camera sees in a pose; a new frame each time."""
        pose = self._aim.follow(pose)
        frame = new_frame(self.width, self.height)
        target = Planes.of_frame(frame)
        planes = (target.y, target.u, target.v)
        whole = Window(0, 0, self.width, self.height)
        self._background.draw(pose, whole, planes)
        if self._subject:
            self._subject.over(planes, pose)
        return frame


@dataclass(frozen=True, slots=True)
class Aim:
    """What the camera comes closer to: a point of the rest view that stays where it is.

    Pushing straight in would cut off the head of whoever does not stand in the middle.

    Attributes:
        x, y: in rest-view widths right of and heights below its centre, -0.5 to 0.5.
    """

    x: float
    y: float

    @classmethod
    def at(cls, focus: Focus, framing: Framing, poses: Sequence[Pose]) -> Aim:
        """Such that the closest view of a path shows as much of the focus as it can."""
        closest = max([1.001, *(pose.view(_SUBJECT.near).scale for pose in poses)])
        width, height = framing.width / closest, framing.height / closest
        x = focus.pull(framing.x, width, focus.left, focus.right) - framing.x
        y = focus.pull(framing.y, height, focus.top, focus.bottom) - framing.y
        travel = 1.0 - 1.0 / closest
        return cls(
            float(np.clip(x / framing.width / travel, -0.5, 0.5)),
            float(np.clip(y / framing.height / travel, -0.5, 0.5)),
        )

    def follow(self, pose: Pose) -> Pose:
        """The pose, turned and moved so that it magnifies around the aim, in every layer."""
        far, near = _BEHIND, _SUBJECT.near
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


class Stage:
    """The part of a picture that a path shows, at the resolution that it needs.

    Attributes:
        picture: uint8, shape ``(height, width, 3)``, both even.
        centre: of the rest view, in its pixels.
        size: of the rest view, in its pixels.
    """

    def __init__(
        self,
        picture: Rgb,
        part: Box,
        centre: tuple[float, float],
        size: tuple[float, float],
    ) -> None:
        self.picture = picture
        self.centre = centre
        self.size = size
        self._part = part

    @classmethod
    def cut(cls, rgb: Rgb, framing: Framing, extent: Extent, width: int, density: float) -> Stage:
        """Cut out what the extent covers, ``density`` pixels to one of the rest view."""
        margin = 3 * framing.width / (width * density)  # the filters' reach
        left = max(framing.x + extent.left * framing.width - margin, 0.0)
        top = max(framing.y + extent.top * framing.height - margin, 0.0)
        right = min(framing.x + extent.right * framing.width + margin, rgb.shape[1])
        bottom = min(framing.y + extent.bottom * framing.height + margin, rgb.shape[0])
        scale = width * density / framing.width
        columns = max(round((right - left) * scale / 2) * 2, 16)
        rows = max(round((bottom - top) * scale / 2) * 2, 16)
        across, down = columns / (right - left), rows / (bottom - top)
        return cls(
            resize(rgb, columns, rows, (left, top, right, bottom)),
            (
                left / rgb.shape[1],
                top / rgb.shape[0],
                right / rgb.shape[1],
                bottom / rgb.shape[0],
            ),
            ((framing.x - left) * across, (framing.y - top) * down),
            (framing.width * across, framing.height * down),
        )

    def crop(self, plane: Plane) -> Plane:
        """The same part of a plane that covers the whole picture, at the same size."""
        height, width = plane.shape
        left, top, right, bottom = self._part
        box = (left * width, top * height, right * width, bottom * height)
        size = (self.picture.shape[1], self.picture.shape[0])
        with Image.fromarray(plane) as image:
            return np.asarray(image.resize(size, Image.Resampling.BICUBIC, box=box))

    def layer(self, planes: Planes, view: tuple[int, int], relief: Relief) -> Layer:
        """A layer of this part."""
        parts = [(planes.y, LUMA), (planes.u, CHROMA), (planes.v, CHROMA)]
        return Layer(parts, self.centre, self.size, view, relief)


class Subject:
    """The subject, cut out: its own colours and its matte, in a box around it."""

    def __init__(
        self, layer: Layer, box: tuple[float, float, float, float], view: tuple[int, int]
    ) -> None:
        self._layer = layer
        self._box = box
        self._view = view

    @classmethod
    def of(cls, picture: Rgb, alpha: Plane, stage: Stage, view: tuple[int, int]) -> Subject | None:
        """Cut it out of a stage's picture; ``None`` if the stage does not show it."""
        seen = alpha > 0
        columns, rows = np.flatnonzero(seen.any(axis=0)), np.flatnonzero(seen.any(axis=1))
        if len(columns) < 2 or len(rows) < 2:
            return None
        height, width = alpha.shape
        left, right = _padded(int(columns[0]), int(columns[-1]) + 1, width)
        top, bottom = _padded(int(rows[0]), int(rows[-1]) + 1, height)
        part = (slice(top, bottom), slice(left, right))
        planes = Planes.from_rgb(unmix(picture[part], alpha[part]))
        matte = np.ascontiguousarray(alpha[part])
        parts = [
            (planes.y, LUMA),
            (planes.u, CHROMA),
            (planes.v, CHROMA),
            (matte, LUMA),
            (half_size(matte), CHROMA),
        ]
        x, y = stage.centre
        layer = Layer(parts, (x - left, y - top), stage.size, view, _SUBJECT)
        box = (
            (left - x) / stage.size[0],
            (top - y) / stage.size[1],
            (right - x) / stage.size[0],
            (bottom - y) / stage.size[1],
        )
        return cls(layer, box, view)

    def over(self, planes: tuple[Plane, Plane, Plane], pose: Pose) -> None:
        """Lay the subject over a frame's planes, as a pose sees it."""
        window = self._window(pose)
        if window is None:
            return
        y, u, v, alpha, chroma_alpha = self._layer.draw(pose, window)
        for plane, drawn, matte, step in zip(
            planes, (y, u, v), (alpha, chroma_alpha, chroma_alpha), (1, 2, 2), strict=True
        ):
            blend(plane, drawn, matte, window.left // step, window.top // step)

    def _window(self, pose: Pose) -> Window | None:
        """Where in the view it can be seen."""
        width, height = self._view
        left, top, right, bottom = self._box
        seen = pose.view(_SUBJECT.near)
        across = (np.array([left, right, left, right]) - seen.x) * seen.scale * width
        down = (np.array([top, top, bottom, bottom]) - seen.y) * seen.scale * height
        cos, sin = np.cos(seen.roll), np.sin(seen.roll)
        x = cos * across + sin * down + width / 2
        y = cos * down - sin * across + height / 2
        x0, x1 = max(int(x.min()) // 2 * 2, 0), min((int(x.max()) + 2) // 2 * 2, width)
        y0, y1 = max(int(y.min()) // 2 * 2, 0), min((int(y.max()) + 2) // 2 * 2, height)
        return Window(x0, y0, x1, y1) if x1 - x0 >= 2 and y1 - y0 >= 2 else None


def _padded(start: int, end: int, limit: int) -> tuple[int, int]:
    """A range with room for the filters on both sides, on even samples, at least 16 long."""
    start = max(start - 6, 0) // 2 * 2
    end = min(max(end + 7, start + 16) // 2 * 2, limit)
    return max(min(start, end - 16), 0), end


def _touched(matte: Matte) -> tuple[bool, bool, bool, bool]:
    """Whether the subject is cut off by the picture's left, top, right and bottom side."""
    alpha = matte.alpha
    sides = (alpha[:, 0], alpha[0], alpha[:, -1], alpha[-1])
    left, top, right, bottom = (bool((side > 64).any()) for side in sides)
    return left, top, right, bottom


def _focus(matte: Matte, size: tuple[int, int]) -> Focus:
    left, top, right, bottom = matte.box
    return Focus(left * size[0], top * size[1], right * size[0], bottom * size[1])


def _ground(matte: Matte | None, framing: Framing, size: tuple[int, int]) -> Relief:
    """How near the ground is: under a subject's feet as near as the subject itself.

    So feet do not slide, and nothing opens below them. A subject that the picture cuts off
    has no feet, and what is beside it may be any distance behind it.
    """
    if not matte:
        return Relief(_BEHIND, _BELOW)
    foot = (matte.box[3] * size[1] - framing.y) / framing.height
    if _touched(matte)[3] or not 0.0 < foot < 1.0:
        return Relief.flat_at(_BEHIND)
    return Relief(_BEHIND, _SUBJECT.near, foot)


def _density(poses: Sequence[Pose], relief: Relief, framing: Framing, width: int) -> float:
    """Pixels of the stage to one of the rest view.

    Level flat layers can be drawn from much finer planes without aliasing, so they take what
    the closest view can use; the others only what four taps can bring down.
    """
    if not relief.flat or any(abs(pose.roll) > _LEVEL for pose in poses):
        return 1.25
    closest = max(pose.view(_SUBJECT.near).scale for pose in poses)
    there = framing.width / width
    return float(np.clip(min(1.25 * closest, there), 1.25, 2.5))
