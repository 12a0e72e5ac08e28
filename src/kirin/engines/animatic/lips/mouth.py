"""A mouth as columns: where lips, nose and chin are, and where speech moves them.

All is measured along the face: x along the line of the eyes, y down from the middle of the mouth,
in pixels of the frame. The unit of anatomy is the distance of the outer corners of the eyes, about
90 mm (Farkas 1994, "Anthropometry of the Head and Face").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kirin.vision.face.face import CHIN, INNER_LIPS, LOWER_LIDS, OVAL
from kirin.vision.pose.landmarks import Values

_SUBNASALE: Final = 2  # mesh point below the nose
_NOSE_HEIGHT: Final = 1.8  # units over the distance from the eyes to below the nose

_OPEN: Final = 0.17  # units: gap of the lips of a loud /a/, 15 mm
_ROUND_OPEN: Final = 0.55  # of it, for rounded lips
_SPREAD_OPEN: Final = 0.8  # of it, for spread lips
_UPPER: Final = 0.16  # share of the gap by which the upper lip rises; the jaw does the rest
_JAW: Final = 0.85  # of the lower lip's way: the chin's
_CLOSING: Final = 0.38  # share of a gap that the upper lip closes; the lower lip does the rest
_RAISED: Final = 0.35  # of the lower lip's way up: the chin's, which smiles hardly lower
_CORNER: Final = 0.38  # of the chin's way: the corners of the mouth and the lower cheeks
_MIDDLE: Final = 0.06  # of it: the middle of the upper lip
_LEVEL: Final = 0.5  # share of a smile's bow that a wide open mouth loses
_STAYS: Final = 0.4  # of the half mouth: where that lowers and raises nothing
_LEVEL_AT: Final = 0.13  # units: the gap at which it does
_EASED: Final = 0.06  # of the half mouth: how far a grin's corners come in to speak
_GRIN: Final = 0.08  # units: the gap of a grin
_OVAL: Final = 0.08  # of the half mouth: how far the corners of an open one come in
_PURSED: Final = 0.22  # of the half mouth: how far the corners of rounded lips come in
_SPREAD: Final = 0.07  # of it: how far those of spread lips go out
_NARROW: Final = 0.84  # of the half mouth's width: where the gap of an open mouth ends
_NARROWER: Final = (0.2, 0.1)  # of it: less for rounded lips, more for spread ones
_LENS: Final = 0.6  # exponent of the gap's profile across the mouth: 0.5 is an ellipse
_NOISE: Final = 0.018  # units: a gap of the mesh that is none
_EDGE: Final = 0.012  # units: soft edge of lips that goes with an open mouth's inside
_OPEN_FROM: Final = 0.05  # units: a gap from which that edge is whole
_BEYOND: Final = 1.2  # of the half mouth: where it ends
_SETTLE: Final = 0.02  # units, standard deviation: smoothing of contours across the columns


@dataclass(frozen=True, slots=True)
class Utterance:
    """What a mouth does at a moment; all from 0 to 1.

    Attributes:
        opening, rounding, spreading: as in :class:`~kirin.audio.visemes.Visemes`.
        weight: how far it has gone over from the video's mouth to this one.
    """

    opening: float
    rounding: float
    spreading: float
    weight: float


@dataclass(frozen=True, slots=True, eq=False)
class MouthColumns:
    """Lips, nose and chin for each column across a face.

    Attributes:
        origin: of the columns' coordinates in the frame, shape (2,).
        axis: cosine and sine of the face's roll.
        unit: distance of the outer corners of the eyes, pixels.
        left: x of the first column; they are a pixel apart.
        centre, half: x of the middle of the mouth, and half of its width.
        table: shape (8, n): y of the upper and the lower lip in the frame (0, 1) and in speech
            (2, 3), of the nose's base (4), of the chin (5), how far the jaw has dropped (6), and
            where the mouth's corners hang (7); all float32.
        squeeze: pixels by which the corners come in; negative where they go out.
        gap: largest distance of the lips in speech, pixels.
        weight: as in :class:`Utterance`.
        oval: outline of the face in speech, shape (36, 2), pixels of the frame.
    """

    origin: Values
    axis: tuple[float, float]
    unit: float
    left: int
    centre: float
    half: float
    table: NDArray[np.float32]
    squeeze: float
    gap: float
    weight: float
    oval: Values

    @classmethod
    def of(cls, points: Values, said: Utterance) -> MouthColumns:
        """Place the lips of a mesh.

        Args:
            points: the mesh, shape (468, 2), pixels of the frame.
            said: what the mouth does.
        """
        right, left = points[LOWER_LIDS[0][0]], points[LOWER_LIDS[1][0]]
        eyes = float(np.hypot(*(left - right)))
        axis = (float(left[0] - right[0]) / eyes, float(left[1] - right[1]) / eyes)
        nose = float(np.hypot(*(points[_SUBNASALE] - (left + right) / 2)))
        unit = max(eyes, _NOSE_HEIGHT * nose)
        lips = points[[*INNER_LIPS[0], *INNER_LIPS[1]]]
        origin = lips.mean(axis=0)
        turn = np.array([[axis[0], -axis[1]], [axis[1], axis[0]]])
        along = (points - origin) @ turn
        upper, lower = along[list(INNER_LIPS[0])], along[list(INNER_LIPS[1])]
        oval = along[list(OVAL)]
        first, last = int(np.floor(oval[:, 0].min())), int(np.ceil(oval[:, 0].max()))
        columns = np.arange(first, last + 1, dtype=np.float64)
        centre = float(upper[0, 0] + upper[-1, 0]) / 2
        half = max(float(upper[-1, 0] - upper[0, 0]) / 2, 1.0)
        across = np.abs(columns - centre) / half
        up, down = _parted(columns, across, (upper, lower), unit)
        there = float((down - up).max())
        meet = up + (down - up) * _CLOSING
        gap = _gap(said) * unit
        upper_said, lower_said = _spoken(meet, across, gap, unit, said)
        closed_by = there * (1 - _CLOSING)
        way = (1 - _UPPER) * gap - closed_by
        drop = (_JAW if way > 0 else _RAISED) * way * said.weight
        jaw = drop * _hinge(columns, centre, oval)
        hang = jaw * (_MIDDLE + (_CORNER - _MIDDLE) * np.clip(across, 0, 1) ** 2)
        table = np.stack(
            [
                up,
                down,
                up + (upper_said - up) * said.weight + hang,
                down + (lower_said - down) * said.weight + hang,
                np.full(len(columns), along[_SUBNASALE, 1]),
                np.full(len(columns), along[CHIN, 1]),
                jaw,
                hang,
            ]
        ).astype(np.float32)
        oval[:, 1] += np.interp(oval[:, 0], columns, jaw) * np.clip(oval[:, 1] / half, 0, 1)
        squeeze = _squeezed(said, min(there / (_GRIN * unit), 1.0)) * half
        return cls(
            origin,
            axis,
            unit,
            first,
            centre,
            half,
            table,
            squeeze,
            float((table[3] - table[2]).max()),
            said.weight,
            oval @ turn.T + origin,
        )


def _gap(said: Utterance) -> float:
    """How far the lips are apart, in units."""
    shaped = 1 - (1 - _ROUND_OPEN) * said.rounding
    shaped *= 1 - (1 - _SPREAD_OPEN) * said.spreading
    return _OPEN * said.opening * shaped


def _parted(
    columns: Values, across: Values, lips: tuple[Values, Values], unit: float
) -> tuple[Values, Values]:
    """Edges of the upper and the lower lip in the frame; ``across`` in half mouths."""
    up, down = (_contour(columns, lip[:, 0], lip[:, 1], _SETTLE * unit) for lip in lips)
    there = np.maximum(down - up - _NOISE * unit, 0)
    there[across >= 1] = 0
    middle = (up + down) / 2
    # The dark corners of an open mouth reach a little beyond the mesh's.
    open_ = min(float(there.max()) / (_OPEN_FROM * unit), 1.0)
    edge = _EDGE * unit * open_ * np.clip((_BEYOND - across) / (_BEYOND - 1), 0, 1)
    return middle - there / 2 - edge, middle + there / 2 + edge


def _spoken(
    meet: Values, across: Values, gap: float, unit: float, said: Utterance
) -> tuple[Values, Values]:
    """Edges of the upper and the lower lip in speech, around where closed ones meet."""
    narrow = _NARROW * (1 - _NARROWER[0] * said.rounding + _NARROWER[1] * said.spreading)
    profile = np.clip(1 - (across / narrow) ** 2, 0, 1) ** _LENS
    # A smile's bow flattens as the jaw drops; else its gap would be a half-moon.
    ring = np.abs(across - _STAYS)
    level = float(meet[ring <= ring.min() + 0.05].mean())
    flat = min(gap / (_LEVEL_AT * unit), 1.0) * _LEVEL * _faded(across)
    meet = meet - flat * (meet - level)
    return meet - _UPPER * gap * profile, meet + (1 - _UPPER) * gap * profile


def _squeezed(said: Utterance, grin: float) -> float:
    """Half mouths by which the corners come in; ``grin``: 0 to 1, how far the video's mouth is."""
    way = _PURSED * said.rounding - _SPREAD * said.spreading + _EASED * grin
    return (way + _OVAL * said.opening * (1 - said.spreading)) * said.weight


def _faded(across: Values) -> Values:
    """1 between the corners of a mouth, falling to 0 beyond them; ``across`` in half mouths."""
    t = np.clip((across - 0.9) / 1.1, 0, 1)
    faded: Values = 1 - t * t * (3 - 2 * t)
    return faded


def _hinge(columns: Values, centre: float, oval: Values) -> Values:
    """How much of the jaw's way each column goes: all of it at the chin, nothing at the edges."""
    reach = np.where(columns < centre, centre - oval[:, 0].min(), oval[:, 0].max() - centre)
    away = np.clip((np.abs(columns - centre) / np.maximum(reach, 1) - 0.25) / 0.7, 0, 1)
    hinge: Values = 1 - away * away * (3 - 2 * away)
    return hinge


def _contour(columns: Values, x: Values, y: Values, deviation: float) -> Values:
    """A contour through points, smooth, and level beyond its ends."""
    order = np.argsort(x, kind="stable")
    line = np.interp(columns, x[order], y[order])
    reach = max(1, int(np.ceil(2.5 * deviation)))
    bell = np.exp(-0.5 * (np.arange(-reach, reach + 1) / max(deviation, 0.3)) ** 2)
    smooth: Values = np.convolve(np.pad(line, reach, mode="edge"), bell / bell.sum(), "valid")
    return smooth
