"""The flame below a rocket that lifts off."""

from __future__ import annotations

import random

import numpy as np
from numpy.typing import NDArray

from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cinemagraph.body.travel import SubjectTravel
from kirin.vision.kernels import Plane
from kirin.vision.planes import Planes

Floats = NDArray[np.float32]

_LENGTH = 0.75  # of the rocket's height, at most
_WIDTH = (
    0.6  # of the width of the rocket's foot: the jet's deviation at the nozzle, doubled at its end
)
_HALO = 4.0  # jet widths: deviation of the glow around the nozzle
_IGNITES = 0.6  # seconds until the flame has its full length
_FLICKER = 0.07
_BEHIND = 0.001  # of the disparities: so that it is drawn behind the rocket
_EDGE, _CORE = 172.0, 233.0  # luma
_ORANGE = (76.0, 166.0)  # chroma of its edge; its core is white


class ExhaustPart:
    """A jet of flame that hangs on the subject's lower end. Drawn behind the subject.

    Args:
        mover: moves the subject.
        box: left, top, right and bottom of the subject, pixels of the video from the centre.
        foot: left and right of its lower end, likewise.
        view: width and height of the video.
        fps: of the shot.
        start: seconds at which it ignites.
        seed: of its flicker.
    """

    def __init__(
        self,
        mover: SubjectTravel,
        box: tuple[float, float, float, float],
        foot: tuple[float, float],
        view: tuple[int, int],
        fps: float,
        start: float,
        seed: int,
    ) -> None:
        top, bottom = box[1], box[3]
        left, right = foot
        self.disparity = mover.near - _BEHIND
        self._mover = mover
        self._nozzle = np.array([(left + right) / 2, bottom - 0.01 * (bottom - top)])
        self._width = _WIDTH * min(right - left, 0.4 * (bottom - top))
        self._length = _LENGTH * (bottom - top)
        self._view = np.array(view, np.float64)
        count = len(mover.travel.y)
        burning = np.clip((np.arange(count) / fps - start) / _IGNITES, 0, 1)
        chance = random.Random(seed)  # noqa: S311  # not a secret
        uneven = [1 + chance.uniform(-_FLICKER, _FLICKER) for _ in range(count)]
        self._burning = np.sqrt(burning) * uneven

    def draw(self, planes: Planes, pose: Pose, number: int) -> None:
        """Draw the flame of a frame."""
        burns = float(self._burning[number])
        moved = self._mover.pose(pose, number)
        if burns <= 0 or moved is None:
            return
        seen = moved.view(self._mover.near)
        at = np.array([seen.x, seen.y]) * self._view
        nozzle = self._seen(self._nozzle - at, seen.scale, seen.roll)
        width, length = self._width * seen.scale, self._length * seen.scale * burns
        reach = max(3 * _HALO * width, 4 * width)
        columns, rows = planes.y.shape[1], planes.y.shape[0]
        left = max(int(nozzle[0] - reach - length * abs(np.sin(seen.roll))) // 2 * 2, 0)
        right = min(int(nozzle[0] + reach + length * abs(np.sin(seen.roll)) + 2) // 2 * 2, columns)
        top = max(int(nozzle[1] - reach) // 2 * 2, 0)
        bottom = min(int(nozzle[1] + max(reach, length) + 2) // 2 * 2, rows)
        if right - left < 2 or bottom - top < 2:
            return
        y, x = np.mgrid[top:bottom, left:right].astype(np.float32)
        dx, dy = x + np.float32(0.5 - nozzle[0]), y + np.float32(0.5 - nozzle[1])
        cos, sin = np.float32(np.cos(seen.roll)), np.float32(np.sin(seen.roll))
        along, aside = (cos * dy + sin * dx) / np.float32(length), cos * dx - sin * dy
        jet, core = _jet(along, aside / np.float32(width))
        halo = np.float32(0.35 * burns) * np.exp(
            -(dx * dx + dy * dy) / np.float32((_HALO * width) ** 2)
        )
        light = np.maximum(jet, halo)
        hot = np.float32(_EDGE) + np.float32(_CORE - _EDGE) * core
        luma = planes.y[top:bottom, left:right]
        _mix(luma, light, np.maximum(hot, luma))  # light never darkens
        cut = np.s_[top // 2 : bottom // 2, left // 2 : right // 2]
        half, white = light[::2, ::2], core[::2, ::2]
        for plane, tint in zip((planes.u, planes.v), _ORANGE, strict=True):
            _mix(plane[cut], half, np.float32(tint) + (np.float32(128) - np.float32(tint)) * white)

    def _seen(self, offset: NDArray[np.float64], scale: float, roll: float) -> NDArray[np.float64]:
        """Where the view shows an offset from the camera's centre, pixels of the video."""
        cos, sin = np.cos(roll), np.sin(roll)
        x, y = offset * scale
        return np.array([cos * x + sin * y, cos * y - sin * x]) + self._view / 2


def _jet(along: Floats, aside: Floats) -> tuple[Floats, Floats]:
    """Opacity of the flame and of its white core: ``along`` is 1 at its end."""
    inside = np.clip(1 - along, 0, 1) * (along > -0.02)
    spread = aside / (np.float32(0.8) + np.clip(along, 0, 1))
    jet: Floats = np.exp(-spread * spread) * np.minimum(inside * np.float32(1.6), 1) ** 1.3
    core: Floats = np.exp(-4 * spread * spread) * inside
    return jet, core


def _mix(plane: Plane, share: Floats, colour: Floats) -> None:
    drawn = plane.astype(np.float32)
    drawn += np.clip(share, 0, 1) * (colour - drawn)
    np.copyto(plane, np.round(drawn).astype(np.uint8))
