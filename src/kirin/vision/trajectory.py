"""Trajectories: a drawn path, smoothed, and the position along it in each frame."""

from __future__ import annotations

import numpy as np

from kirin.vision.easing import Floats, ease, frame_times

TOLERANCE = 1.0
"""Pixels of the video by which smoothing may leave the drawn line: hands are unsteady, and a
mouse reports whole pixels."""

_SPACING = 0.5  # pixels between the resampled points
_MOST = 2048  # resampled points; a longer path has them farther apart


class Trajectory:
    """A smooth path from the first drawn point to the last, parametrised by arc length.

    Args:
        points: the drawn points, shape ``(n, 2)``, x and y in pixels; repeated points count
            once.
        tolerance: pixels by which smoothing may leave the polyline through them. The ends are
            kept exactly.
    """

    def __init__(self, points: Floats, tolerance: float = TOLERANCE) -> None:
        self._path = _smoothed(_resampled(points), tolerance)
        self._run = _arc_lengths(self._path)

    @property
    def length(self) -> float:
        """Arc length in pixels."""
        return float(self._run[-1])

    def at(self, shares: Floats) -> Floats:
        """Positions at fractions of the length, 0 to 1; shape ``(len(shares), 2)``."""
        run = shares * self.length
        return np.stack([np.interp(run, self._run, self._path[:, i]) for i in (0, 1)], axis=1)

    def offsets(self, count: int) -> Floats:
        """Displacement from the start in each of ``count`` frames, shape ``(count, 2)``.

        The speed eases in and out and is constant in between, however unevenly the points were
        drawn.
        """
        places = self.at(ease(frame_times(count)))
        moved: Floats = places - places[0]
        return moved


def _arc_lengths(points: Floats) -> Floats:
    """Arc length up to each point."""
    steps = np.hypot(*np.diff(points, axis=0).T)
    return np.concatenate([np.zeros(1), np.cumsum(steps)])


def _resampled(points: Floats) -> Floats:
    """The same polyline by at least two points at equal distances."""
    run = _arc_lengths(points)
    moved = np.concatenate([np.ones(1, bool), np.diff(run) > 0])
    points, run = points[moved], run[moved]
    count = int(np.clip(np.ceil(run[-1] / _SPACING) + 1, 2, _MOST))
    at = np.linspace(0.0, run[-1], count)
    return np.stack([np.interp(at, run, points[:, i]) for i in (0, 1)], axis=1)


def _smoothed(line: Floats, tolerance: float) -> Floats:
    """Blur by the widest Gaussian that moves no point farther than the tolerance."""
    sigma = len(line) / 8
    while sigma > 0.5:
        smooth = _blurred(line, sigma)
        if np.hypot(*(smooth - line).T).max() <= tolerance:
            return smooth
        sigma *= 0.7
    return line


def _blurred(line: Floats, sigma: float) -> Floats:
    """Blur along the line, which is extended by point reflection so that its ends stay."""
    reach = min(int(np.ceil(3 * sigma)), len(line) - 1)
    before, after = line[reach:0:-1], line[-2 : -reach - 2 : -1]
    longer = np.concatenate([2 * line[0] - before, line, 2 * line[-1] - after])
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    kernel /= kernel.sum()
    return np.stack([np.convolve(longer[:, i], kernel, "valid") for i in (0, 1)], axis=1)
