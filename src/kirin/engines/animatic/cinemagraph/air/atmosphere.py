"""What particles need to know of a picture: its light, its sky, and how it is seen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final, cast

import cv2
import numpy as np

from kirin.engines.animatic.camera.path import PIVOT
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cinemagraph.part import Still
from kirin.engines.animatic.scene.noise import Field
from kirin.vision.kernels import Plane
from kirin.vision.planes import Planes, Rgb
from kirin.vision.sky.sky import Sky

_BACKGROUND: Final = 0.25  # disparity of the picture at the top of the rest view
_GROUND: Final = 0.65  # and at its foot, where no subject is cut out
_HAIR: Final = 0.15  # of a face's sides: how far its hair goes on around it
_SOFT: Final = 0.012  # of the width: the edge of a face for what passes before it
_SMALL: Final = 288  # width of the picture in which things are looked for


@dataclass(frozen=True)
class Atmosphere:
    """The air of one picture.

    Attributes:
        still: the picture.
        small: the rest view with its subject, uint8 RGB, ``_SMALL`` pixels wide.
        cut: opacity of the subject there, 0 to 1; ``None`` without one.
    """

    still: Still
    small: Rgb
    cut: Field | None

    @classmethod
    def of(cls, still: Still) -> Atmosphere:
        """Look at a picture."""
        width, height = still.view
        size = (_SMALL, max(round(_SMALL * height / width), 8))
        place = _place(still, size)
        blur = (max(int(place[0, 0]), 1),) * 2
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        soft = cv2.blur(still.seen, blur)
        small = cv2.warpAffine(soft, place, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
        cut: Field | None = None
        if still.subject is not None and still.own is not None:
            opacity = cv2.blur(still.subject, blur)
            cut = np.asarray(cv2.warpAffine(opacity, place, size, flags=flags), np.float32)
            cut = np.asarray(cut / 255, np.float32)
        return cls(still, np.ascontiguousarray(small), cut)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the view in pixels."""
        return self.still.view

    @cached_property
    def unit(self) -> float:
        """Pixels of the view for one of a view of 720 rows."""
        width, height = self.size
        return float(np.sqrt(width * height / (1280 * 720)))

    def rng(self, key: int) -> np.random.Generator:
        """Random numbers of the seed, for one use."""
        return np.random.default_rng([self.still.seed & 0xFFFFFFFF, 4017, key])

    def seconds(self, number: int) -> float:
        """Time of a frame."""
        return number / float(self.still.fps)

    @cached_property
    def sky(self) -> Sky | None:
        """The sky of the rest view; ``None`` where none is seen."""
        sky = self.still.sky
        if sky is None:
            return None
        rows, columns = self.small.shape[:2]
        place = _place(self.still, (columns, rows))
        # From pixels of the picture to those in which its sky was found.
        for axis, along in ((0, 1), (1, 0)):
            share = sky.mask.shape[along] / self.still.picture.shape[along]
            place[axis] *= share
            place[axis, 2] += share / 2 - 0.5
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        seen = cv2.warpAffine(
            sky.alpha, place, (columns, rows), flags=flags, borderMode=cv2.BORDER_REPLICATE
        )
        mask = seen > 0.5
        return Sky(self.small, mask, sky.confidence) if mask.any() else None

    @cached_property
    def luma(self) -> Field:
        """Luma of the small picture, 16 to 235."""
        return _luma(self.small)

    @cached_property
    def _local(self) -> Field:
        """Luma of the surroundings of every place."""
        rows, columns = self.luma.shape
        soft = cv2.GaussianBlur(self.luma, (0, 0), 0.03 * columns)
        return np.asarray(cv2.resize(soft, (max(columns // 4, 2), max(rows // 4, 2))), np.float32)

    @cached_property
    def ambient(self) -> tuple[float, float, float]:
        """Y, U and V of something white in the light of the picture.

        The lightest tenth of a picture is taken to be lit by what lights it all. Eyes and
        cameras balance white, so only a part of its tint is kept.
        """
        luma = self.luma
        bright = luma >= np.percentile(luma, 88)
        y = float(0.65 * np.percentile(luma, 92) + 0.35 * luma.mean())
        colour = self.small[bright].mean(axis=0) if bright.any() else np.full(3, 128.0)
        _, u, v = yuv(colour)
        return y, 128.0 + 0.45 * (u - 128.0), 128.0 + 0.45 * (v - 128.0)

    @cached_property
    def night(self) -> float:
        """0 for a picture by day, 1 for a dark one."""
        return float(np.clip((95.0 - self.ambient[0]) / 45.0, 0.0, 1.0))

    def lit(self, x: Field, y: Field, pose: Pose) -> Field:
        """Luma of the surroundings of places of the view, in pixels."""
        return self._sampled(self._local, (x, y), pose, _BACKGROUND)

    def before_subject(self, x: Field, y: Field, pose: Pose) -> Field:
        """Opacity of the subject at places of the view, in pixels: 0 to 1."""
        if self.cut is None:
            return np.zeros_like(x)
        return self._sampled(self.cut, (x, y), pose, PIVOT)

    def before_faces(self, x: Field, y: Field, pose: Pose) -> Field:
        """How much places of the view, in pixels, are on a face of the subject: 0 to 1."""
        if self._faces is None:
            return np.zeros_like(x)
        return self._sampled(self._faces, (x, y), pose, PIVOT)

    def _sampled(
        self, field: Field, places: tuple[Field, Field], pose: Pose, disparity: float
    ) -> Field:
        """A field over the rest view at places of the view, in pixels."""
        width, height = self.size
        seen = pose.view(disparity)
        across = (places[0] / width - 0.5) / seen.scale + seen.x + 0.5
        down = (places[1] / height - 0.5) / seen.scale + seen.y + 0.5
        rows, columns = field.shape
        j = np.clip(across * columns, 0, columns - 1).astype(np.int32)
        i = np.clip(down * rows, 0, rows - 1).astype(np.int32)
        return np.asarray(field[i, j], np.float32)

    @cached_property
    def _faces(self) -> Field | None:
        """Faces of the subject with their hair, over the rest view; ``None`` without any."""
        if self.cut is None:
            return None
        rows, columns = self.cut.shape
        there = np.zeros((rows, columns), np.float32)
        place = cv2.invertAffineTransform(_place(self.still, (columns, rows)))
        for face in self.still.faces:
            points = face.points[:, :2] @ place[:, :2].T + place[:, 2]
            left, top = points.min(axis=0)
            right, bottom = points.max(axis=0)
            middle = (left + right) / 2, (top + bottom) / 2 - _HAIR * (bottom - top)
            half = (0.5 + _HAIR) * (right - left), (0.5 + _HAIR) * (bottom - top)
            ellipse = (middle, (2 * half[0], 2 * half[1]), 0.0)
            cv2.ellipse(there, ellipse, 1.0, -1)
        if not there.any():
            return None
        return np.asarray(cv2.GaussianBlur(there, (0, 0), _SOFT * columns), np.float32)

    def placed(self, x: float, y: float, pose: Pose, disparity: float) -> tuple[float, float]:
        """Where a point of the rest view, in shares of it, appears: pixels of the view."""
        width, height = self.size
        seen = pose.view(disparity)
        across = (x - 0.5 - seen.x) * seen.scale * width
        down = (y - 0.5 - seen.y) * seen.scale * height
        cos, sin = np.cos(seen.roll), np.sin(seen.roll)
        return (
            float(cos * across + sin * down + width / 2),
            float(cos * down - sin * across + height / 2),
        )

    def in_view(
        self, field: Plane, pose: Pose, disparity: float, size: tuple[int, int] | None = None
    ) -> Plane:
        """A coarse plane that covers the rest view, as the camera sees it.

        Args:
            field: any number of pixels; its border repeats beyond the rest view.
            pose: of the camera.
            disparity: at which it lies.
            size: width and height of the result; that of the view without it.
        """
        width, height = size or self.size
        rows, columns = field.shape
        seen = pose.view(disparity)
        if seen.x == seen.y == seen.roll == 0.0 and seen.scale == 1.0:
            return cast(Plane, cv2.resize(field, (width, height), interpolation=cv2.INTER_LINEAR))
        cos, sin = np.cos(seen.roll) / seen.scale, np.sin(seen.roll) / seen.scale
        aspect = self.size[0] / self.size[1]
        # From pixels of the result to shares of the rest view, and to samples of the field.
        matrix = np.array(
            [[cos / width, -sin / aspect / height], [sin * aspect / width, cos / height]]
        )
        middle = np.array([width / 2 - 0.5, height / 2 - 0.5])
        offset = np.array([seen.x + 0.5, seen.y + 0.5]) - matrix @ middle
        grid = np.array([columns, rows])[:, None]
        place = np.hstack([matrix * grid, offset[:, None] * grid - 0.5])
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        seen_field = cv2.warpAffine(
            field, place, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE
        )
        return cast(Plane, seen_field)

    def disparity_at(self, row: float) -> float:
        """Disparity of the picture's background at a row, as a share of the height."""
        if self.cut is None:
            return _BACKGROUND + (_GROUND - _BACKGROUND) * min(max(row, 0.0), 1.0)
        rows = np.flatnonzero((self.cut > 0.25).any(axis=1))
        if not len(rows) or rows[-1] >= len(self.cut) - 3:
            return _BACKGROUND
        foot = (float(rows[-1]) + 1.0) / len(self.cut)
        return _BACKGROUND + (PIVOT - _BACKGROUND) * min(max(row / foot, 0.0), 1.0)


def _place(still: Still, size: tuple[int, int]) -> Field:
    """From pixels of a small copy of the rest view to those of the picture, shape ``(2, 3)``."""
    ratio = still.scale * still.view[0] / size[0]
    left, top = (still.centre[i] - still.scale * still.view[i] / 2 for i in (0, 1))
    corner = ratio / 2 - 0.5
    return np.array([[ratio, 0, left + corner], [0, ratio, top + corner]], np.float32)


def yuv(colour: np.ndarray | tuple[float, float, float]) -> tuple[float, float, float]:
    """Y, U and V of an RGB colour, 0 to 255."""
    red, green, blue = (float(c) for c in colour)
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue  # BT.709-6, item 3.2
    u = (blue - y) / 1.8556
    v = (red - y) / 1.5748
    return 16 + y * 219 / 255, 128 + u * 224 / 255, 128 + v * 224 / 255


def _luma(rgb: Rgb) -> Field:
    rows, columns = rgb.shape[:2]
    even = np.pad(rgb, ((0, rows % 2), (0, columns % 2), (0, 0)), mode="edge")
    return Planes.from_rgb(even).y[:rows, :columns].astype(np.float32)
