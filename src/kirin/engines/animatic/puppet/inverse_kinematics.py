"""Two-bone inverse kinematics for legs, and 2-D vector helpers."""

from __future__ import annotations

import numpy as np

from kirin.vision.pose.skeleton import Values


def solve_leg_ik(chain: Values, foot: Values) -> Values:
    """Bend legs so that their ankles reach the targets, by the law of cosines.

    The knee bends to the same side as in ``chain``. A target out of reach
    stretches the leg by up to 6%.

    Args:
        chain: hip, knee, ankle and toe, shape (frames, 4, 2).
        foot: targets of the ankle, shape (frames, 2).

    Returns:
        the chain with its new positions.
    """
    hip, knee, ankle, toe = (chain[:, k] for k in range(4))
    upper, lower = np.hypot(*(knee - hip).T), np.hypot(*(ankle - knee).T)
    line = foot - hip
    away = np.hypot(*line.T)
    stretch = np.clip(away / np.maximum(upper + lower, 1e-6), 1.0, 1.06)
    upper, lower = upper * stretch, lower * stretch
    far = np.clip(away, np.abs(upper - lower) + 1e-3, upper + lower)
    cos = (upper**2 + far**2 - lower**2) / np.maximum(2 * upper * far, 1e-6)
    was = _cross(ankle - hip, knee - hip)
    bend = np.where(was >= 0, 1.0, -1.0) * np.arccos(np.clip(cos, -1, 1))
    unit = line / np.maximum(away, 1e-6)[:, None]
    new_knee = hip + rotated(unit, bend) * upper[:, None]
    new_ankle = hip + unit * far[:, None]
    return np.stack([hip, new_knee, new_ankle, toe + new_ankle - ankle], axis=1)


def _cross(a: Values, b: Values) -> Values:
    return np.asarray(a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0])


def rotated(line: Values, angle: Values) -> Values:
    """Rotate vectors, shape ``(..., 2)``, by angles in radians."""
    cos, sin = np.cos(angle), np.sin(angle)
    x, y = line[..., 0], line[..., 1]
    return np.stack([cos * x - sin * y, sin * x + cos * y], axis=-1)
