"""The evidence that a region of a picture is its sky."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.inpainting.pull_push import pull_push
from kirin.vision.lab import Floats, colour_change, to_lab
from kirin.vision.planes import Rgb

Mask = NDArray[np.bool_]

_TEAL, _PURPLE = -22.0, 36.0  # of a*: no air is so green, or so purple
_SEEN = 8.0  # change of colour that an edge between sky and land has at least, in Lab


@dataclass(frozen=True, slots=True)
class SkyEvidence:
    """How much a region looks like sky.

    Attributes:
        share: of the picture that it covers.
        top: share of the top row that it covers.
        bottom: share of the bottom row.
        green: excess of green over the other two channels, 8-bit steps.
        teal: median a* of Lab, from green to red.
        warm: excess of red over blue.
        light: mean lightness over that of the rest.
        lightness: mean lightness, 0 to 100.
        even: mean gradient over that of the rest.
        clear: mean change of colour across its edge, in units of Lab.
        closed: share of its edge with a visible change.
        level: how far its lower edge departs from a horizontal, as a share of the height.
    """

    share: float
    top: float
    bottom: float
    green: float
    teal: float
    warm: float
    light: float
    lightness: float
    even: float
    clear: float
    closed: float
    level: float

    @classmethod
    def of(cls, small: Rgb, sky: Mask) -> SkyEvidence:
        """Measure a region of a picture."""
        lab, rest = to_lab(small), ~sky
        red, green, blue = small[sky].astype(np.float64).mean(axis=0)
        change = colour_change(lab)
        solid = sky.astype(np.uint8)
        square = np.ones((7, 7), np.uint8)
        inner, outer = cv2.erode(solid, square) > 0, cv2.dilate(solid, square) == 0
        across = _across(small, inner, outer)[_edge(solid)]
        calm = float(change[inner].mean()) if inner.any() else 9.0
        busy = float(change[outer].mean()) if outer.any() else 1.0
        lightness = float(lab[..., 0][sky].mean())
        below = float(lab[..., 0][rest].mean()) if rest.any() else lightness
        border = sky.shape[0] - np.argmax(sky[::-1], axis=0)[sky.any(axis=0)]
        return cls(
            share=float(sky.mean()),
            top=float(sky[0].mean()),
            bottom=float(sky[-1].mean()),
            green=float(green - max(red, blue)),
            teal=float(np.median(lab[..., 1][sky])),
            warm=float(red - blue),
            light=lightness / max(below, 1.0),
            lightness=lightness,
            even=calm / max(busy, 0.05),
            clear=float(across.mean()) if len(across) else 0.0,
            closed=float((across > _SEEN).mean()) if len(across) else 0.0,
            level=float(np.abs(border - np.median(border)).mean() / sky.shape[0]),
        )

    @property
    def possible(self) -> bool:
        """Whether a closer look pays."""
        if self.share < 0.03 or self.top < 0.3 or self.even > 1.0 or not self._coloured:
            return False
        return not self._grey or self.light > 1.52 or self.level < 0.06

    @property
    def convincing(self) -> bool:
        """Whether it is an even sky."""
        if self.share < 0.04 or self.top < 0.4 or self.bottom > 0.2 or self.even > 0.75:
            return False
        if self.clear < 11.5 or self.closed < 0.6 or not self._coloured:
            return False
        if self.even > 0.6 and not self.horizontal:
            return False  # as uneven as what is around it: a reflection, a blur
        # A grey one may be a wall: it must be much lighter than the rest.
        return not self._grey or self.horizontal or (self.light > 2.2 and self.even < 0.4)

    @property
    def unmistakable(self) -> bool:
        """Whether it must be a sky, though another border is likelier: level, or even and blue."""
        return self.horizontal or (self.blue and self.closed > 0.97 and self.even < 0.5)

    @property
    def confidence(self) -> float:
        """That it is a sky, 0.5 to 1, where one of the tests above has let it pass."""
        coloured = 0.25 if self.blue or self.warm > 25 else 0.1
        return min(1.0, 0.5 + coloured + 0.15 * self.horizontal + 0.15 * (self.light > 1.5))

    @property
    def blue(self) -> bool:
        """Whether it is blue."""
        return self.warm <= -20 and self.green <= -8

    @property
    def horizontal(self) -> bool:
        """Whether it ends in a level line, as over water or a plain."""
        return self.level < 0.03 and self.top > 0.9 and self.bottom == 0 and self.share < 0.8

    @property
    def dramatic(self) -> bool:
        """Whether it is a sky of dark and bright clouds."""
        return (
            0.12 < self.share < 0.8
            and self.top > 0.85
            and self.bottom == 0
            and self.closed > 0.8
            and self.clear > 20
            and self.light > 1.6
            and self.level < 0.045
            and self.green < 0
        )

    @property
    def _grey(self) -> bool:
        return abs(self.warm) < 25 and self.green > -15 and not self.blue

    @property
    def _coloured(self) -> bool:
        """Whether skies have such a colour: blue, white, grey, or of a sunset; dark ones blue."""
        if not _TEAL < self.teal < _PURPLE:
            return False
        if self.green > (20 if self.horizontal else 6):
            return False
        if self.warm > (150 if self.horizontal else 95 if self.lightness > 80 else 40):
            return False
        light, lightness = (0.65, 18.0) if self.blue or self.horizontal else (1.0, 30.0)
        return self.light > light and self.lightness > lightness


def _across(small: Rgb, inner: Mask, outer: Mask) -> Floats:
    """Difference between the colours of two regions where they would meet."""
    inside = pull_push(small, inner.astype(np.float32)) if inner.any() else small
    outside = pull_push(small, outer.astype(np.float32)) if outer.any() else small
    return cast(Floats, np.linalg.norm(to_lab(inside) - to_lab(outside), axis=2))


def _edge(solid: NDArray[np.uint8]) -> Mask:
    """The outline of a region inside of the picture."""
    edge = cv2.dilate(solid, np.ones((3, 3), np.uint8)) > solid
    edge[0] = edge[-1] = False
    edge[:, 0] = edge[:, -1] = False
    return edge
