"""Planting: feet that stand where they are while the driver's do."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.pose.skeleton import Values

Flags = NDArray[np.bool_]

_STILL = 0.75  # torso lengths a second up to which a foot stands
_RAISED = 0.30  # torso lengths above the other foot from which it hangs in the air
_LEAST = 0.10  # seconds that a foot stands at least
_EASE = 0.08  # seconds in which a foot is caught and let go


def planted(feet: Values, size: Values, fps: float) -> Flags:
    """When feet stand.

    Args:
        feet: shape (frames, feet, 2), where they are, in pixels.
        size: shape (frames,): torso length in pixels.
        fps: frames a second.
    """
    moved = np.gradient(smooth(feet, 0.03 * fps), axis=0) * fps
    speed = np.hypot(moved[..., 0], moved[..., 1]) / size[:, None]
    lowest = feet[..., 1].max(axis=1, keepdims=True)
    still = (speed < _STILL) & (feet[..., 1] > lowest - _RAISED * size[:, None])
    for foot in range(feet.shape[1]):
        for start, end in spells(still[:, foot]):
            if end - start < _LEAST * fps:
                still[start:end, foot] = False
    return np.asarray(still)


def spells(flags: Flags) -> Iterator[tuple[int, int]]:
    """Beginning and end (exclusive) of each run of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)


def steadied(feet: Values, stand: Flags, fps: float) -> Values:
    """How the whole body must move so that standing feet slide as little as they can.

    Sideways this may go on for ever, as steps do that are longer than the driver's; up and
    down it comes back within a second.

    Args:
        feet: shape (frames, feet, 2): where they would be.
        stand: shape (frames, feet).

    Returns:
        shifts, shape (frames, 2).
    """
    step = np.diff(feet, axis=0)
    both = (stand[1:] & stand[:-1]).astype(np.float64)[..., None]
    slide = (step * both).sum(axis=1) / np.maximum(both.sum(axis=1), 1.0)
    shift = np.concatenate([np.zeros((1, 2)), -np.cumsum(slide, axis=0)])
    shift[:, 1] -= smooth(shift[:, 1], 0.5 * fps)
    return shift


def pinned(feet: Values, stand: Flags, fps: float) -> Values:
    """Where feet are to be: at one place for as long as they stand.

    Args:
        feet, stand: as for :func:`steadied`.

    Returns:
        positions, shape (frames, feet, 2).
    """
    wanted = feet.copy()
    ease = max(round(_EASE * fps), 1)
    ramp = np.arange(1, ease + 1) / (ease + 1)
    count = len(feet)
    for foot in range(feet.shape[1]):
        pull = np.zeros(count)
        place = feet[:, foot].copy()
        for start, end in spells(stand[:, foot]):
            spot = np.median(feet[start:end, foot], axis=0)
            before, after = max(start - ease, 0), min(end + ease, count)
            rise = np.ones(after - before)
            rise[: start - before] = ramp[ease - (start - before) :]
            rise[len(rise) - (after - end) :] = ramp[::-1][: after - end]
            stronger = rise > pull[before:after]
            place[before:after][stronger] = spot
            pull[before:after] = np.maximum(pull[before:after], rise)
        wanted[:, foot] += pull[:, None] * (place - feet[:, foot])
    return wanted


def smooth(values: Values, sigma: float) -> Values:
    """Along the first axis, by a Gaussian of so many frames; both ends go on as they are."""
    if sigma < 0.3 or len(values) < 2:
        return values.copy()
    flat = np.ascontiguousarray(values.reshape(len(values), -1))
    reach = min(round(3 * sigma), len(values) - 1)
    kernel = cv2.getGaussianKernel(2 * reach + 1, sigma)
    soft = cv2.filter2D(flat, cv2.CV_64F, kernel, borderType=cv2.BORDER_REPLICATE)
    smoothed: Values = np.asarray(soft, np.float64).reshape(values.shape)
    return smoothed
