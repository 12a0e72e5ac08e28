"""An eyelid that closes over an eye and opens again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.engines.animatic.cinemagraph.part import Rectangle
from kirin.vision.face.face import EyeLandmarks
from kirin.vision.kernels import Plane
from kirin.vision.planes import Planes

Floats = NDArray[np.float32]
Curve = NDArray[np.float64]

_DEGREE = 4  # of the polynomials that follow the lids: nine points each
_LOWER = 0.12  # of the eye's opening that the lower lid closes
_SHEET = 0.6  # where the skin that stretches begins, of the way from the crease up to the brow
_LASH = 0.09  # of the eye's height: half the band at the lid's edge that moves without stretching
_LASH_WIDTH = 0.045  # of the eye's width: deviation of the dark line of the lashes
_DENSE = 0.62  # opacity of the lashes of a closed eye
_PLAIN = 0.6  # how much of a closed lid is plain skin, without the crease that was stretched
_BULGE = 0.05  # of the skin's brightness that the middle of a closed lid has more
_BEYOND = 0.07  # of the eye's width: deviation with which the opening fades out at its corners
_CHEEK = 1.2  # eye heights below the eye to which the lower lid's rise is felt


@dataclass(frozen=True, slots=True)
class _Curves:
    """The lids in samples of one plane, as distances below the line of the corners, in pixels.

    Attributes:
        along: of the way from the outer to the inner corner, 0 to 1; beyond it outside.
        below: distance of each sample from the line, positive towards the chin.
        sheet, crease, upper, lower: likewise, for the column of each sample.
        gap: from the upper to the lower lid, at least 0; it fades out beyond the corners, where
            lashes are still.
    """

    along: Floats
    below: Floats
    sheet: Floats
    crease: Floats
    upper: Floats
    lower: Floats
    gap: Floats


class _EyeFrame:
    """Coordinates along and across an eye."""

    def __init__(self, eye: EyeLandmarks) -> None:
        self._origin = eye.upper[0]
        self.width = eye.width
        self._along = (eye.upper[-1] - eye.upper[0]) / eye.width
        across = np.array([-self._along[1], self._along[0]])
        brow = float((eye.brow.mean(axis=0) - self._origin) @ across)
        self.down = across if brow < 0 else -across
        self.height = eye.height
        upper, lower, crease = (self._fit(each) for each in (eye.upper, eye.lower, eye.crease))
        self._curves = (upper, lower, crease)
        self._brow = brow if brow < 0 else -brow
        self._steps = np.linspace(-0.5, 1.5, 201)
        inside = (self._steps > 0) & (self._steps < 1)
        opening = np.polyval(lower, self._steps) - np.polyval(upper, self._steps)
        opening = np.where(inside, np.maximum(opening, 0), 0)
        self._gap = _softened(opening, _BEYOND / 0.01)
        self._gap[self._gap < 0.01 * self.height] = 0

    def _fit(self, points: Curve) -> Curve:
        along = (points - self._origin) @ self._along / self.width
        fitted: Curve = np.polyfit(along, (points - self._origin) @ self.down, _DEGREE)
        return fitted

    def at(self, x: Curve, y: Curve) -> _Curves:
        """The curves at points of the picture."""
        dx, dy = x - self._origin[0], y - self._origin[1]
        along = (dx * self._along[0] + dy * self._along[1]) / self.width
        below = dx * self.down[0] + dy * self.down[1]
        column = np.clip(along, 0, 1)
        upper, lower, crease = (np.polyval(each, column) for each in self._curves)
        lower = np.maximum(lower, upper)
        crease = np.minimum(crease, upper - 1.5 * _LASH * self.height)
        sheet = crease + _SHEET * np.minimum(self._brow - crease, -0.3 * self.height)
        gap = np.interp(along, self._steps, self._gap)
        parts = (along, below, sheet, crease, upper, lower, gap)
        return _Curves(*(each.astype(np.float32) for each in parts))


class EyelidPart:
    """Both lids of one eye, closed by another share in each frame.

    The skin below the brow is stretched down over the eye, its edge with the lashes is moved and
    not stretched, and the lower lid rises a little.

    Args:
        eye: in pixels of the texture.
        closed: share by which it is closed in each frame, 0 to 1.
        size: width and height of the texture.
    """

    def __init__(self, eye: EyeLandmarks, closed: Sequence[float], size: tuple[int, int]) -> None:
        self._frame = _EyeFrame(eye)
        self._closed = closed
        points = np.concatenate([eye.upper, eye.lower, eye.crease, eye.brow])
        margin = 1.5 * eye.height
        left, top = np.maximum(np.floor((points.min(axis=0) - margin) / 2) * 2, 0).astype(int)
        right, bottom = np.ceil((points.max(axis=0) + margin) / 2).astype(int) * 2
        self.box = Rectangle(
            int(left),
            int(top),
            min(int(right), size[0] // 2 * 2),
            min(int(bottom), size[1] // 2 * 2),
        )
        self._luma = self._curves(1, 0.5, 0.5)
        self._chroma = self._curves(2, 0.5, 1.0)

    def _curves(self, step: int, x: float, y: float) -> _Curves:
        box = self.box
        columns = np.arange(box.left, box.right, step) + x
        rows = np.arange(box.top, box.bottom, step) + y
        return self._frame.at(*np.meshgrid(columns, rows))

    def state(self, number: int) -> float:
        """How far the lids are closed."""
        return float(self._closed[number])

    def draw(self, planes: Planes, number: int) -> None:
        """Close the eye as far as it is closed in a frame."""
        closed = float(self._closed[number])
        if closed <= 0:
            return
        box = self.box
        for plane, step, curves in (
            (planes.y, 1, self._luma),
            (planes.u, 2, self._chroma),
            (planes.v, 2, self._chroma),
        ):
            cut = np.s_[box.top // step : box.bottom // step, box.left // step : box.right // step]
            plane[cut] = self._closed_plane(plane[cut], curves, closed, step)

    def _closed_plane(self, rest: Plane, at: _Curves, closed: float, step: int) -> Plane:
        height, gap = np.float32(self._frame.height), at.gap
        lash = np.float32(_LASH) * height
        edge = at.upper + np.float32(closed * (1 - _LOWER)) * gap
        floor = at.lower - np.float32(closed * _LOWER) * gap
        source = at.below.copy()
        # The sheet of skin stretches from its upper end to the band at the edge of the lid.
        stretch = (at.upper - lash - at.sheet) / np.maximum(edge - lash - at.sheet, 1e-3)
        on_sheet = (at.below > at.sheet) & (at.below <= edge - lash)
        source = np.where(on_sheet, at.sheet + (at.below - at.sheet) * stretch, source)
        on_edge = (at.below > edge - lash) & (at.below <= edge + lash)
        source = np.where(on_edge, at.below - edge + at.upper, source)
        cheek = at.lower + np.float32(_CHEEK) * height
        pull = (cheek - at.lower) / np.maximum(cheek - floor, 1e-3)
        under = (at.below > floor) & (at.below < cheek) & (at.below > edge + lash)
        source = np.where(under, cheek - (cheek - at.below) * pull, source)
        moved = self._sampled(rest, source - at.below, step)
        covered = moved + self._lid(rest, moved, at, edge, closed)
        # Above the edge it is skin, below it what was there, within a soft sample.
        soft = np.clip((edge + lash - at.below) / np.float32(step) + np.float32(0.5), 0, 1)
        below = self._sampled(rest, np.where(under, source - at.below, 0), step)
        mixed = np.where(at.below > edge, covered * soft + below * (1 - soft), covered)
        mixed = self._with_lashes(mixed, rest, at, edge, closed)
        near = (at.below > at.sheet) & (at.below < cheek) & (gap > 0)
        out: Plane = np.where(near, np.clip(np.round(mixed), 0, 255), rest).astype(np.uint8)
        return out

    def _sampled(self, rest: Plane, down: Floats, step: int) -> Floats:
        """A plane sampled farther down along the eye's own axis, in pixels of the texture."""
        rows, columns = np.indices(rest.shape, np.float32)
        across = self._frame.down
        x = columns + down * np.float32(across[0] / step)
        y = rows + down * np.float32(across[1] / step)
        values = rest.astype(np.float32)
        moved = cv2.remap(values, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        return moved.astype(np.float32, copy=False)

    def _lid(self, rest: Plane, moved: Floats, at: _Curves, edge: Floats, closed: float) -> Floats:
        """What makes the stretched lid plain skin again, lit from above."""
        skin = (at.below > at.sheet) & (at.below < at.crease) & (at.gap > 0)
        if not skin.any():
            return np.zeros_like(moved)
        # The skin's colour by column: a line fitted along the eye.
        slope, level = np.polyfit(at.along[skin], rest[skin].astype(np.float64), 1)
        plain = np.float32(slope) * at.along + np.float32(level)
        fold = at.crease + np.float32(0.3) * (edge - at.upper)
        t = np.clip((at.below - fold) / np.maximum(edge - fold, 1e-3), 0, 1)
        if rest.shape[0] == self._luma.below.shape[0]:
            plain = plain * (1 + np.float32(_BULGE) * np.sin(np.pi * t) - np.float32(0.10) * t**4)
        start = np.clip((at.below - at.sheet) / np.maximum(fold - at.sheet, 1e-3), 0, 1)
        weight = start * start * np.float32(_PLAIN * closed)
        weight = weight * np.clip(at.gap / np.float32(self._frame.height), 0, 1) ** np.float32(0.3)
        mend: Floats = np.where(at.below <= edge, weight * (plain - moved), 0)
        return mend

    def _with_lashes(
        self, drawn: Floats, rest: Plane, at: _Curves, edge: Floats, closed: float
    ) -> Floats:
        """The dark line at the edge of the lid, thinner towards the inner corner."""
        width = np.float32(_LASH_WIDTH * self._frame.width)
        line = (np.abs(at.below - at.upper) < width) & (at.gap > 0)
        if not line.any():
            return drawn
        luma = rest.shape[0] == self._luma.below.shape[0]
        dark = np.float32(np.percentile(rest[line], 15 if luma else 50))
        away = at.below - edge
        spread = width * (np.float32(1.25) - np.float32(0.6) * np.clip(at.along, 0, 1))
        spread = np.maximum(np.where(away > 0, np.float32(1.3) * spread, spread), np.float32(0.6))
        ends = np.clip(np.minimum(at.along + 0.06, 1 - at.along) * 8, 0, 1)
        weight = np.float32(_DENSE * np.sqrt(closed)) * np.exp(-((away / spread) ** 2)) * ends
        mixed: Floats = drawn + weight * (np.minimum(dark, drawn) - drawn if luma else dark - drawn)
        return mixed


def _softened(values: Curve, deviation: float) -> Curve:
    """Values after a Gaussian filter of a standard deviation in samples, cut off at four of them
    and mirrored at the ends."""
    reach = round(4 * deviation)
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / deviation) ** 2)
    soft: Curve = np.convolve(np.pad(values, reach, "symmetric"), weights / weights.sum(), "valid")
    return soft
