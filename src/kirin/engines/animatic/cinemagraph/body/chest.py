"""Where a body moves when it breathes: fields of displacement."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.kernels import Plane
from kirin.vision.pose.landmarks import Joint, Landmarks

Floats = NDArray[np.float32]

# At rest a chest widens by 1 to 2 % and its shoulders rise by about as much of the torso.
_WIDER = 0.018  # of the chest's width
_RISES = 0.010  # of the torso's length
_CHEST = 0.72  # of the torso's length above the hips, where a chest is widest
_TORSO = 1.35  # shoulder widths: length of a torso whose hips are not seen
_SEEN = 0.5  # visibility of a joint
_SWELLS = 0.03  # of the flank's radius
_BROADER, _TALLER = 0.012, 0.009  # of an upright body's or a head's width and height
_LYING = 1.15  # width by height from which a body is seen from its side
_AROUND = 0.04  # of a body's size: how softly its motion fades out around it
_SCRAP = 0.08  # of the subject's area: smaller parts are no bodies
_NODS = 0.008  # of the picture's height: how far a head that fills it rises
_FADE = 0.3  # of the torso's length: above the picture's border, where nothing may come in


def torso_field(person: Landmarks, size: tuple[int, int], cut_below: bool) -> Floats | None:
    """A person's breath: the chest widens, the shoulders and the head rise.

    Args:
        person: in pixels of the texture.
        size: width and height of the texture.
        cut_below: whether the texture's lower border cuts the person off.

    Returns:
        displacement in pixels, shape ``(height, width, 2)``; ``None`` without visible shoulders.
    """
    points, seen = person.points, person.visibility
    if min(seen[Joint.LEFT_SHOULDER], seen[Joint.RIGHT_SHOULDER]) < _SEEN:
        return None
    shoulders = points[[Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER]]
    middle = shoulders.mean(axis=0)
    width = float(np.hypot(*(shoulders[0] - shoulders[1])))
    hips = points[[Joint.LEFT_HIP, Joint.RIGHT_HIP]].mean(axis=0)
    spine = middle - hips
    if min(seen[Joint.LEFT_HIP], seen[Joint.RIGHT_HIP]) < _SEEN or np.hypot(*spine) < width / 2:
        spine = np.array([0.0, -_TORSO * width])
    length = float(np.hypot(*spine))
    up = spine / length
    side = np.array([-up[1], up[0]])
    half = max(width, 0.4 * length) / 2 * 1.1
    y, x = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float32) + np.float32(0.5)
    above = ((x - middle[0]) * up[0] + (y - middle[1]) * up[1]) / length + 1
    across = ((x - middle[0]) * side[0] + (y - middle[1]) * side[1]) / half
    # A chest moves its own width; beyond, arms are carried along.
    aside = across / (1 + across**4) ** np.float32(0.25)
    wide = _step(above, 0.05, _CHEST) * (1 - _step(above, 0.8, 1.15)) * np.float32(_WIDER * half)
    high = _step(above, 0.1, 0.95) * np.float32(_RISES * length)
    if cut_below:
        room = (np.float32(size[1]) - y) / np.float32(_FADE * length)
        fade = _step(room, 0, 1)
        wide, high = wide * (np.float32(0.3) + np.float32(0.7) * fade), high * fade
    field = np.stack([aside * wide * d + high * u for d, u in zip(side, up, strict=True)], axis=2)
    return field.astype(np.float32)


def flank_field(alpha: Plane, close: bool) -> Floats:
    """The breath of animals: a flank swells, an upright body or a head grows from its base.

    Args:
        alpha: of the animal, shape ``(height, width)``.
        close: whether it is seen so close that no flank is in the picture.

    Returns:
        displacement in pixels, shape ``(height, width, 2)``.
    """
    height, width = alpha.shape
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) + np.float32(0.5)
    if close:
        soft = cv2.GaussianBlur(alpha, (0, 0), 0.05 * height).astype(np.float32) / 255
        low = _step((np.float32(height) - y) / np.float32(0.8 * height), 0, 1)
        rise = soft * low * np.float32(-_NODS * height)
        return np.stack([np.zeros_like(rise), rise], axis=2)
    solid = (alpha > 127).astype(np.uint8)
    count, labels, facts, _ = cv2.connectedComponentsWithStats(solid)
    field = np.zeros((height, width, 2), np.float32)
    weights = np.full((height, width), 1e-3, np.float32)
    for label in range(1, count):
        left, top, wide, high, area = (int(each) for each in facts[label][:5])
        if area < _SCRAP * solid.sum():
            continue
        one = (labels == label).astype(np.uint8)
        # The whole body moves, and what is next to it less and less.
        spread = _AROUND * max(wide, high)
        reach = round(4 * spread) // 2 * 2 + 1
        near = cv2.dilate(one, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach)))
        weight = cv2.GaussianBlur(near.astype(np.float32), (0, 0), spread)
        if wide > _LYING * high:
            dx, dy = _swelling(one, x, y)
        else:
            dx = (x - np.float32(left + wide / 2)) * np.float32(_BROADER)
            dy = np.minimum(y - np.float32(top + high), 0) * np.float32(_TALLER)
        field += np.stack([dx, dy], axis=2) * weight[..., None]
        weights += weight
    field /= np.maximum(weights, np.float32(1))[..., None]
    return field


def _swelling(body: Plane, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """A body seen from the side swells where it is broadest: around its largest inner circle."""
    depth = cv2.distanceTransform(np.pad(body, 1, mode="edge"), cv2.DIST_L2, 5)[1:-1, 1:-1]
    row, column = np.unravel_index(int(depth.argmax()), depth.shape)
    radius = float(depth[row, column])
    dx, dy = x - np.float32(column), y - np.float32(row)
    near = np.exp(-(dx**2 + dy**2) / np.float32((1.5 * radius) ** 2)) * np.float32(_SWELLS)
    return dx * near, dy * near


def _step(values: Floats, low: float, high: float) -> Floats:
    t = np.clip((values - np.float32(low)) / np.float32(high - low), 0, 1)
    smooth: Floats = t * t * (3 - 2 * t)
    return smooth
