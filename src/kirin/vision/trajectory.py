"""A trajectory: the path that somebody drew, and where a thing on it is in each frame."""

from __future__ import annotations

import numpy as np

from kirin.vision.easing import Floats, ease, even

TOLERANCE = 1.0
"""Pixels of the video by which the way may leave the drawn line: hands tremble, and a mouse
gives whole pixels."""

_SPACING = 0.5  # pixels between the points that the way is made of
_MOST = 2048  # such points; a longer way has them farther apart


class Trajectory:
    """A way from the first point of a path to its last, passed at a steady pace.

    Args:
        points: what was drawn, shape ``(n, 2)``, x and y in pixels; points that coincide with
            the one before count once.
        tolerance: pixels by which the way may leave the straight lines between them. It rounds
            what is rough and begins and ends exactly where they do.
    """

    def __init__(self, points: Floats, tolerance: float = TOLERANCE) -> None:
        self._way = _smoothed(_even(points), tolerance)
        self._run = _run(self._way)

    @property
    def length(self) -> float:
        """Of the way, in pixels."""
        return float(self._run[-1])

    def at(self, shares: Floats) -> Floats:
        """Positions at shares of the length, 0 to 1; shape ``(len(shares), 2)``."""
        run = shares * self.length
        return np.stack([np.interp(run, self._run, self._way[:, i]) for i in (0, 1)], axis=1)

    def offsets(self, count: int) -> Floats:
        """How far a thing has been moved in each of ``count`` frames, shape ``(count, 2)``.

        Setting off and arriving are gentle; in between, equal times pass equal lengths,
        however close together points were drawn.
        """
        places = self.at(ease(even(count)))
        moved: Floats = places - places[0]
        return moved


def _run(points: Floats) -> Floats:
    """Length of the way to each point."""
    steps = np.hypot(*np.diff(points, axis=0).T)
    return np.concatenate([np.zeros(1), np.cumsum(steps)])


def _even(points: Floats) -> Floats:
    """The same lines, by points at equal distances; at least two."""
    run = _run(points)
    moved = np.concatenate([np.ones(1, bool), np.diff(run) > 0])
    points, run = points[moved], run[moved]
    count = int(np.clip(np.ceil(run[-1] / _SPACING) + 1, 2, _MOST))
    at = np.linspace(0.0, run[-1], count)
    return np.stack([np.interp(at, run, points[:, i]) for i in (0, 1)], axis=1)


def _smoothed(line: Floats, tolerance: float) -> Floats:
    """As smooth as a Gaussian makes it without moving any point farther than the tolerance."""
    sigma = len(line) / 8
    while sigma > 0.5:
        smooth = _blurred(line, sigma)
        if np.hypot(*(smooth - line).T).max() <= tolerance:
            return smooth
        sigma *= 0.7
    return line


def _blurred(line: Floats, sigma: float) -> Floats:
    """Blur along the line; its ends stay, for it is taken to go on turned about them."""
    reach = min(int(np.ceil(3 * sigma)), len(line) - 1)
    before, after = line[reach:0:-1], line[-2 : -reach - 2 : -1]
    longer = np.concatenate([2 * line[0] - before, line, 2 * line[-1] - after])
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    kernel /= kernel.sum()
    return np.stack([np.convolve(longer[:, i], kernel, "valid") for i in (0, 1)], axis=1)
