"""Windows that light up one after the other."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from kirin.domain.motion import Span
from kirin.engines.animatic.camera.framing import Floats
from kirin.engines.animatic.cinemagraph.light.turning import progress
from kirin.vision.kernels import Plane
from kirin.vision.planes import Planes
from kirin.vision.regions.lights import PictureLight

_LUMA = (128.0, 205.0)  # of a lit window
_U = (-40.0, -14.0)  # from a candle's colour to that of a bright lamp
_V_PER_U = -0.62  # warm whites are on this line: blackbodies of 2200 K to 4000 K
_HALO = 0.10  # of the luma of a window, around it
_TAKES = 0.12  # of the span that a single window takes
_FINE = 4  # bits of a pixel's fraction


class LitWindows:
    """Panes that are filled with the warm light of a room, each at its time."""

    def __init__(
        self,
        windows: Sequence[PictureLight],
        size: tuple[int, int],
        span: Span,
        count: int,
        seed: int,
    ) -> None:
        """Args:
        windows: dark ones.
        size: width and height of the texture in pixels.
        span: when the first goes on and the last is on.
        count: of the shot's frames.
        seed: of their order and colours.
        """
        rng = np.random.default_rng(seed)
        self._outlines = [np.array(each.outline) * size for each in windows]
        starts = np.linspace(0, 1 - _TAKES, max(len(windows), 1))
        long = span.end - span.start
        self._spans = [
            Span(span.start + long * float(start), span.start + long * float(start + _TAKES))
            for start in rng.permutation(starts)
        ]
        self._luma = rng.uniform(*_LUMA, len(windows))
        self._u = rng.uniform(*_U, len(windows))
        self._count = count

    def draw(self, planes: Planes, matrix: Floats, cover: Plane, number: int) -> None:
        """Draw them into a view, in place."""
        for outline, span, luma, u in zip(
            self._outlines, self._spans, self._luma, self._u, strict=True
        ):
            share = progress(span, number, self._count)
            if share > 0:
                corners = outline @ matrix[:, :2].T + matrix[:, 2]
                _light(planes, cover, corners, share, (float(luma), float(u)))


def _light(
    planes: Planes, cover: Plane, corners: Floats, share: float, colour: tuple[float, float]
) -> None:
    """Fill one pane and add its halo, in place."""
    height, width = planes.y.shape
    tall = float(np.ptp(corners[:, 1]))
    pad = int(0.8 * tall) + 6
    left, top = (int(v) // 2 * 2 - pad // 2 * 2 for v in corners.min(axis=0))
    right, bottom = (int(v) // 2 * 2 + pad // 2 * 2 + 2 for v in corners.max(axis=0))
    left, top, right, bottom = max(left, 0), max(top, 0), min(right, width), min(bottom, height)
    if right - left < 4 or bottom - top < 4:
        return
    mask = np.zeros((bottom - top, right - left), np.uint8)
    points = np.round((corners - (left + 0.5, top + 0.5)) * 2**_FINE).astype(np.int32)
    cv2.fillConvexPoly(mask, points, 255, cv2.LINE_AA, _FINE)
    pane = mask.astype(np.float32) / 255
    halo = cv2.GaussianBlur(pane, (0, 0), max(0.25 * tall, 1.5)) * (1 - pane)
    half = np.s_[top // 2 : bottom // 2, left // 2 : right // 2]
    clear = 1 - cover[half].astype(np.float32) / 255
    pane *= cv2.resize(clear, (pane.shape[1], pane.shape[0]), interpolation=cv2.INTER_NEAREST)
    part = planes.y[top:bottom, left:right].astype(np.float32)
    # What is in the window, its bars and curtains, stays to be seen; more light is below.
    rows = np.linspace(0.9, 1.08, part.shape[0], dtype=np.float32)[:, None]
    own = np.clip((part - 16) / 60, 0, 1) * 30
    lit = np.clip(colour[0] * rows + own, 16, 235)
    part += (lit - part) * pane * share + halo * (colour[0] * _HALO * share)
    planes.y[top:bottom, left:right] = np.clip(part + 0.5, 16, 235).astype(np.uint8)
    size = (right - left) // 2, (bottom - top) // 2
    small = cv2.resize(pane, size, interpolation=cv2.INTER_AREA)
    ring = cv2.resize(halo, size, interpolation=cv2.INTER_AREA)
    for plane, value in ((planes.u, colour[1]), (planes.v, colour[1] * _V_PER_U)):
        chroma = plane[half].astype(np.float32)
        chroma += (128 + value - chroma) * np.clip(small + 0.35 * ring, 0, 1) * share
        plane[half] = np.clip(chroma + 0.5, 16, 240).astype(np.uint8)
