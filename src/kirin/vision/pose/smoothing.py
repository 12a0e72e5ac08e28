"""Smoothing joints over time, without lag."""

from __future__ import annotations

import numpy as np

from kirin.vision.pose.landmarks import Values

_QUICK, _CALM = 0.03, 0.12  # seconds: sigma of the kernel for moving and for resting joints
_SLOW, _FAST = 0.08, 0.5  # person's sizes per second, between which the two are blended
_FAITH = 0.05  # weight of an invisible joint, whose position is still roughly right
_SPIKE = 0.04  # of the person's size: farther from the temporal median is an outlier


def interpolate_gaps(values: Values, seen: Values, times: Values, wanted: Values) -> Values:
    """Resample values linearly, across gaps; before the first and after the last, repeat them.

    Args:
        values: shape ``(frames, ...)``.
        seen: shape ``(frames,)``, bool: which values are known; at least one.
        times: of the frames in ascending seconds, shape ``(frames,)``.
        wanted: times of the result in seconds, shape ``(samples,)``.

    Returns:
        shape ``(samples, ...)``.
    """
    flat = values.reshape(len(values), -1)
    columns = [np.interp(wanted, times[seen], column[seen]) for column in flat.T]
    return np.stack(columns, axis=1).reshape(len(wanted), *values.shape[1:])


def smooth_landmarks(values: Values, trust: Values, fps: float, side: float) -> Values:
    """Smooth joints over time: strongly at rest, weakly in motion.

    Like the One-Euro filter (Casiez, Roussel, Vogel 2012) it smooths less the faster a joint
    moves. Unlike it, it looks both ways in time, so it has no lag, and fits parabolas, which
    keep the extremes of a swing.

    Args:
        values: shape ``(frames, joints, axes)``, pixels.
        trust: weights, shape ``(frames, joints)``, 0 to 1.
        fps: frames per second.
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
    """Replace outliers by the median of five frames."""
    padded = np.concatenate([values[:1], values[:1], values, values[-1:], values[-1:]])
    windows = np.stack([padded[i : i + len(values)] for i in range(5)])
    middle = np.median(windows, axis=0)
    far = np.linalg.norm(values - middle, axis=2, keepdims=True) > most
    return np.where(far, middle, values)


def _fitted(values: Values, weights: Values, deviation: float) -> Values:
    """Local quadratic regression: at each frame, the value of a parabola fitted around it.

    Least squares, weighted by ``weights`` and a Gaussian kernel of ``deviation`` frames.
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
