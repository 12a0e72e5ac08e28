"""What finders of regions look at: a small copy of a picture, and figures of every pixel of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.kernels import Plane
from kirin.vision.lab import to_lab
from kirin.vision.matting.guided_filter import Floats
from kirin.vision.planes import Rgb, resize
from kirin.vision.sky.sky import Sky, find_sky

SIDE = 320
"""Pixels of the longer side of the small copy."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Survey:
    """A picture at :data:`SIDE` pixels. All planes are float32 of the same height and width.

    Attributes:
        rgb: the small copy, uint8.
        light: L* of CIELAB, 0 to 100.
        a, b: a* (green to red) and b* (blue to yellow) of CIELAB, about -100 to 100.
        chroma: distance from grey in a*, b*.
        fine: standard deviation of L* within about 1% of the side: grain, leaves, gravel.
        edge: magnitude of the gradient of L*, per pixel.
        level: share of the local gradient's energy that is vertical, 0 to 1: horizontal streaks
            are near 1, upright ones near 0, no preference is 0.5.
        coherence: how much the local gradients agree on one direction, 0 to 1.
        row, column: position, 0 to 1.
        free: whether a pixel is not of the subject, bool.
        look_up: finds the sky of the picture.
    """

    rgb: Rgb
    light: Floats
    a: Floats
    b: Floats
    chroma: Floats
    fine: Floats
    edge: Floats
    level: Floats
    coherence: Floats
    row: Floats
    column: Floats
    free: Mask
    look_up: Callable[[], Sky | None]

    @cached_property
    def sky(self) -> Sky | None:
        """The sky of the picture; ``None`` if none is seen."""
        return self.look_up()

    @cached_property
    def above(self) -> Mask | None:
        """Which pixels are sky, at the size of the survey."""
        return None if self.sky is None else self.of_sky(self.sky.mask)

    def of_sky(self, part: Mask) -> Mask:
        """A part of the sky, at the size of the survey."""
        size = (self.shape[1], self.shape[0])
        return cv2.resize(part.astype(np.float32), size, interpolation=cv2.INTER_LINEAR) > 0.5

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width."""
        return cast(tuple[int, int], self.light.shape)

    @classmethod
    def of(
        cls,
        picture: Rgb,
        subject: Plane | None = None,
        look_up: Callable[[], Sky | None] | None = None,
    ) -> Survey:
        """Look at a picture.

        Args:
            picture: the picture.
            subject: opacity of what is no part of any region.
            look_up: gives its sky, where it has been found before.
        """
        scale = min(1.0, SIDE / max(picture.shape[:2]))
        width = max(round(picture.shape[1] * scale), 16)
        height = max(round(picture.shape[0] * scale), 16)
        rgb = resize(picture, width, height)
        lab = to_lab(rgb)
        light, a, b = (cast(Floats, np.ascontiguousarray(lab[..., i])) for i in range(3))
        gx = cv2.Scharr(light, cv2.CV_32F, 1, 0) / 32
        gy = cv2.Scharr(light, cv2.CV_32F, 0, 1) / 32
        xx, yy, xy = (blurred(cast(Floats, each), 4.0) for each in (gx * gx, gy * gy, gx * gy))
        energy = xx + yy + np.float32(1e-6)
        spread = blurred(light * light, 1.6) - blurred(light, 1.6) ** 2
        free = np.ones((height, width), bool)
        if subject is not None:
            small = cv2.resize(subject, (width, height), interpolation=cv2.INTER_AREA)
            free = cv2.dilate(small, np.ones((3, 3), np.uint8)) < 64
        row, column = np.mgrid[0:height, 0:width].astype(np.float32)
        return cls(
            rgb=rgb,
            light=light,
            a=a,
            b=b,
            chroma=np.hypot(a, b),
            fine=np.sqrt(np.maximum(spread, 0)),
            edge=np.hypot(gx, gy),
            level=yy / energy,
            coherence=np.sqrt((xx - yy) ** 2 + 4 * xy**2) / energy,
            row=row / np.float32(height - 1),
            column=column / np.float32(width - 1),
            free=free,
            look_up=look_up or (lambda: find_sky(picture)),
        )


@dataclass(frozen=True, slots=True)
class Find:
    """What a finder answers.

    Attributes:
        mask: 0 to 1, of the survey's size.
        confidence: 0 to 1; below :data:`kirin.vision.regions.find.ENOUGH` it counts as nothing.
    """

    mask: Floats
    confidence: float


def blurred(values: Floats, sigma: float) -> Floats:
    """A Gaussian blur, mirrored at the border."""
    return cast(Floats, cv2.GaussianBlur(values, (0, 0), sigma, borderType=cv2.BORDER_REFLECT))


def components(mask: Mask, least: float) -> list[Mask]:
    """The connected parts of a mask that cover at least a share of the picture, largest first."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    order = sorted(range(1, count), key=lambda each: -int(stats[each, cv2.CC_STAT_AREA]))
    return [labels == i for i in order if stats[i, cv2.CC_STAT_AREA] >= least * mask.size]
