"""Smoothing of joints over time, without lag."""

from __future__ import annotations

import numpy as np

from kirin.vision.pose.landmarks import Values

_QUICK, _CALM = 0.03, 0.12  # seconds, deviation of the kernels for moving and for resting joints
_SLOW, _FAST = 0.08, 0.5  # person's sides a second, between which one becomes the other
_FAITH = 0.05  # least weight of a joint that is not seen: it is at least near
_SPIKE = 0.04  # of a side: what is further from the median of its neighbours is a mistake


def bridged(values: Values, seen: Values, times: Values, wanted: Values) -> Values:
    """Values at other times than they were seen: straight lines between, at rest before and after.

    Args:
        values: shape ``(frames, ...)``.
        seen: shape ``(frames,)``, bool; somewhere true.
        times: shape ``(frames,)``, ascending seconds.
        wanted: shape ``(moments,)``, seconds.

    Returns:
        shape ``(moments, ...)``.
    """
    flat = values.reshape(len(values), -1)
    columns = [np.interp(wanted, times[seen], column[seen]) for column in flat.T]
    return np.stack(columns, axis=1).reshape(len(wanted), *values.shape[1:])


def smoothed(values: Values, trust: Values, fps: float, side: float) -> Values:
    """Joints over time, quiet where they rest and prompt where they move.

    As the One-Euro filter does (Casiez, Roussel, Vogel 2012), it smooths less the faster a joint
    moves; but it looks at both sides in time, so nothing comes late, and it fits parabolas, so
    the ends of a swing are not cut off.

    Args:
        values: shape ``(frames, joints, axes)``, pixels.
        trust: shape ``(frames, joints)``, 0 to 1: how much each is to be believed.
        fps: frames a second.
        side: size of the person, pixels.
    """
    weights = np.maximum(trust, _FAITH)[..., None]
    clean = _without_spikes(values, _SPIKE * side)
    calm = _fitted(clean, weights, _CALM * fps)
    quick = _fitted(clean, weights, _QUICK * fps)
    if len(values) < 2:
        return quick
    speed = np.linalg.norm(np.gradient(calm, axis=0), axis=2, keepdims=True) * (fps / side)
    t = np.clip((speed - _SLOW) / (_FAST - _SLOW), 0, 1)
    share = t * t * (3 - 2 * t)
    blended: Values = share * quick + (1 - share) * calm
    return blended


def _without_spikes(values: Values, most: float) -> Values:
    """Replace what jumps off and back within two frames."""
    padded = np.concatenate([values[:1], values[:1], values, values[-1:], values[-1:]])
    windows = np.stack([padded[i : i + len(values)] for i in range(5)])
    middle = np.median(windows, axis=0)
    far = np.linalg.norm(values - middle, axis=2, keepdims=True) > most
    return np.where(far, middle, values)


def _fitted(values: Values, weights: Values, deviation: float) -> Values:
    """At each moment, the middle of a parabola fitted to what is around it.

    Weighted least squares with a Gaussian kernel.
    """
    frames = len(values)
    reach = max(1, min(round(3 * deviation), frames - 1)) if frames > 1 else 0
    moments = np.zeros((5, *values.shape))
    sums = np.zeros((3, *values.shape))
    for step in range(-reach, reach + 1):
        kernel = np.exp(-0.5 * (step / max(deviation, 1e-6)) ** 2)
        to = slice(max(0, -step), min(frames, frames - step))
        of = slice(max(0, step), min(frames, frames + step))
        weight = kernel * weights[of]
        for power in range(5):
            moments[power, to] += weight * step**power
        for power in range(3):
            sums[power, to] += weight * values[of] * step**power
    return _at_zero(moments, sums, reach)


def _at_zero(moments: Values, sums: Values, reach: int) -> Values:
    s0, s1, s2, s3, s4 = moments
    t0, t1, t2 = sums
    straight = s0 * s2 - s1 * s1
    line = np.where(straight > 1e-9, (s2 * t0 - s1 * t1) / np.maximum(straight, 1e-9), t0 / s0)
    if reach < 2:
        mean: Values = t0 / s0
        return mean
    c0, c1, c2 = s2 * s4 - s3 * s3, s2 * s3 - s1 * s4, s1 * s3 - s2 * s2
    bent = s0 * c0 + s1 * c1 + s2 * c2
    curve = (c0 * t0 + c1 * t1 + c2 * t2) / np.where(np.abs(bent) > 1e-9, bent, 1.0)
    fitted: Values = np.where(np.abs(bent) > 1e-9, curve, line)
    return fitted
