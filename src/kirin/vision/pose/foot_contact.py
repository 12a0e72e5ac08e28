"""Foot contact detection, and foot locking: feet do not slide while they are on the ground."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.pose.skeleton import Values

Flags = NDArray[np.bool_]

_STILL = 0.75  # torso lengths per second: the greatest speed of a foot in contact
_RAISED = 0.30  # torso lengths above the other foot from which a foot is in the air
_LEAST = 0.10  # seconds: the shortest contact
_EASE = 0.08  # seconds of blending into and out of a lock


def foot_contacts(feet: Values, size: Values, fps: float) -> Flags:
    """Detect when feet are in contact with the ground: slow, and not above the other foot.

    Args:
        feet: positions in pixels, shape (frames, feet, 2).
        size: torso length in pixels, shape (frames,).
        fps: frames per second.

    Returns:
        shape (frames, feet).
    """
    moved = np.gradient(gaussian_smooth(feet, 0.03 * fps), axis=0) * fps
    speed = np.hypot(moved[..., 0], moved[..., 1]) / size[:, None]
    lowest = feet[..., 1].max(axis=1, keepdims=True)
    still = (speed < _STILL) & (feet[..., 1] > lowest - _RAISED * size[:, None])
    for foot in range(feet.shape[1]):
        for start, end in runs(still[:, foot]):
            if end - start < _LEAST * fps:
                still[start:end, foot] = False
    return np.asarray(still)


def runs(flags: Flags) -> Iterator[tuple[int, int]]:
    """Start and end (exclusive) of each run of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)


def root_correction(feet: Values, stand: Flags, fps: float) -> Values:
    """Displacement of the whole body that minimises the sliding of feet in contact.

    Horizontally it accumulates, for a character with longer steps than its driver; vertically
    it decays within a second.

    Args:
        feet: positions without correction, shape (frames, feet, 2).
        stand: contacts, shape (frames, feet).
        fps: frames per second.

    Returns:
        shape (frames, 2).
    """
    step = np.diff(feet, axis=0)
    both = (stand[1:] & stand[:-1]).astype(np.float64)[..., None]
    slide = (step * both).sum(axis=1) / np.maximum(both.sum(axis=1), 1.0)
    shift = np.concatenate([np.zeros((1, 2)), -np.cumsum(slide, axis=0)])
    shift[:, 1] -= gaussian_smooth(shift[:, 1], 0.5 * fps)
    return shift


def locked_positions(feet: Values, stand: Flags, fps: float) -> Values:
    """Positions of the feet, constant during each contact and blended around it.

    Args:
        feet, stand, fps: as for :func:`root_correction`.

    Returns:
        shape (frames, feet, 2).
    """
    wanted = feet.copy()
    ease = max(round(_EASE * fps), 1)
    ramp = np.arange(1, ease + 1) / (ease + 1)
    count = len(feet)
    for foot in range(feet.shape[1]):
        pull = np.zeros(count)
        place = feet[:, foot].copy()
        for start, end in runs(stand[:, foot]):
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


def gaussian_smooth(values: Values, sigma: float) -> Values:
    """Smooth along the first axis by a Gaussian of ``sigma`` frames; both ends are repeated."""
    if sigma < 0.3 or len(values) < 2:
        return values.copy()
    flat = np.ascontiguousarray(values.reshape(len(values), -1))
    reach = min(round(3 * sigma), len(values) - 1)
    kernel = cv2.getGaussianKernel(2 * reach + 1, sigma)
    soft = cv2.filter2D(flat, cv2.CV_64F, kernel, borderType=cv2.BORDER_REPLICATE)
    smoothed: Values = np.asarray(soft, np.float64).reshape(values.shape)
    return smoothed
