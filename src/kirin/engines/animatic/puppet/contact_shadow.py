"""The contact shadow: what darkens the ground under a character's feet."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from kirin.engines.animatic.puppet.puppet import CharacterPlacement, Posture
from kirin.vision.planes import Planes
from kirin.vision.pose.foot_contact import foot_contacts, gaussian_smooth
from kirin.vision.pose.skeleton import Node, Values

_FEET = ((Node.LEFT_ANKLE, Node.LEFT_TOE), (Node.RIGHT_ANKLE, Node.RIGHT_TOE))
_WINDOW = 1.2  # seconds in which at least one foot is on the ground
_STEP = 0.3  # torso lengths: greatest change of the ground's height in that time
_FADE = 0.22  # torso lengths above the ground over which a foot's shadow fades to 1 / e
_FOOT = (0.30, 0.085)  # half axes of a foot's shadow, in torso lengths
_BODY = (0.62, 0.13)  # half axes of the body's, which is soft
_DARK = (0.38, 0.24)  # how much of the light foot and body take at most
_SPREAD = 0.8  # growth of a foot's shadow per torso length above the ground
_DIM = 70.0  # luma of a ground that is so dark that shadows are half as strong
_BLACK = 16.0  # luma of black


class ContactShadow:
    """Shadows of the feet, and one of the body between them, all soft.

    They multiply the light of the ground, so they are as strong as it is bright. Their place is
    the ground and not the foot: a foot that is lifted leaves a shadow that fades and widens.

    Args:
        postures: of the character, one per frame.
        place: its position in the video.
        torso: its length in its pixels.
        sole: how far its lowest pixel is below its feet's nodes, in its pixels.
        fps: frames per second.
    """

    def __init__(
        self,
        postures: Sequence[Posture],
        place: CharacterPlacement,
        torso: float,
        sole: float,
        fps: float,
    ) -> None:
        drawn = np.array([_drawn(each) for each in postures])
        scales = np.array([each.scale for each in postures])
        feet = np.array([drawn[:, list(pair)].mean(axis=1) for pair in _FEET]).swapaxes(0, 1)
        low = np.array([drawn[:, list(pair), 1].max(axis=1) for pair in _FEET]).T
        low = low + (sole * scales)[:, None]
        size = torso * scales
        ground = gaussian_smooth(_ground(feet, low, size, fps), 0.06 * fps)
        self._lifted = np.maximum(ground[:, None] - low, 0.0) / size[:, None]
        self._x = place.to_video(np.stack([feet[..., 0], low], axis=-1))[..., 0]
        self._ground = place.to_video(np.stack([ground, ground], axis=-1))[..., 1]
        self._size = size / place.density

    def draw(self, planes: Planes, index: int) -> None:
        """Darken the ground of a frame, in place."""
        size, ground = float(self._size[index]), float(self._ground[index])
        near = np.exp(-self._lifted[index] / _FADE)
        middle = float((self._x[index] * (0.05 + near)).sum() / (0.05 + near).sum())
        strength = 0.4 * float(near.max()) + 0.6 * float(near.mean())
        _darken(planes, middle, ground, (_BODY[0] * size, _BODY[1] * size), _DARK[1] * strength)
        for x, lifted, share in zip(self._x[index], self._lifted[index], near, strict=True):
            wide = size * (1 + _SPREAD * float(lifted))
            _darken(
                planes,
                float(x),
                ground,
                (_FOOT[0] * wide, _FOOT[1] * wide),
                _DARK[0] * float(share),
            )


def _drawn(posture: Posture) -> Values:
    root = posture.nodes[Node.PELVIS]
    return np.asarray(root + posture.scale * (posture.nodes - root))


def _ground(feet: Values, low: Values, size: Values, fps: float) -> Values:
    """Height of the ground in each frame: that of the feet that stand, else in between."""
    lowest = low.max(axis=1)
    stand = foot_contacts(np.stack([feet[..., 0], low], axis=-1), size, fps)
    # At the top of a jump feet are as slow as on the ground, but higher than before and after.
    around = _running_max(lowest, round(_WINDOW * fps))
    stand &= low > (around - _STEP * size)[:, None]
    heights = np.where(stand, low, -np.inf).max(axis=1)
    known = np.flatnonzero(np.isfinite(heights))
    if not len(known):
        return around
    between = np.interp(np.arange(len(low)), known, heights[known])
    return np.asarray(np.maximum(between, lowest))


def _running_max(values: Values, window: int) -> Values:
    reach = max(window // 2, 1)
    padded = np.pad(values, reach, mode="edge")
    return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1).max(axis=1))


def _darken(planes: Planes, x: float, y: float, axes: tuple[float, float], strength: float) -> None:
    """Multiply an ellipse of luma by ``1 - strength`` in its middle, fading to its edge."""
    rows, columns = planes.y.shape
    left, right = max(int(x - axes[0]), 0), min(int(x + axes[0]) + 1, columns)
    top, bottom = max(int(y - axes[1]), 0), min(int(y + axes[1]) + 1, rows)
    if strength < 0.01 or right <= left or bottom <= top or min(axes) < 1:
        return
    across = ((np.arange(left, right, dtype=np.float32) + 0.5 - x) / axes[0]) ** 2
    down = ((np.arange(top, bottom, dtype=np.float32) + 0.5 - y) / axes[1]) ** 2
    inside = np.maximum(1 - across[None] - down[:, None], 0)
    part = planes.y[top:bottom, left:right]
    light = float(cv2.mean(part)[0])
    strength *= 0.5 + 0.5 * min(max(light - _BLACK, 0.0) / (_DIM - _BLACK), 1.0)
    kept = 1 - np.float32(strength) * inside * inside * (3 - 2 * inside)
    part[:] = np.round(_BLACK + (part - np.float32(_BLACK)) * kept).astype(np.uint8)
