"""A cut-out subject that moves as a whole: where it is in each frame, and what was behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cinemagraph.part import Rectangle
from kirin.vision.planes import Planes, Rgb

Track = NDArray[np.float64]
"""A value for each frame."""

_REST = 1e-9


@dataclass(frozen=True, slots=True)
class Travel:
    """How a subject moves: it is turned and scaled about a point of itself, then shifted.

    Attributes:
        x, y: shift to the right and down, pixels of the video at rest.
        scale: 1 at rest.
        roll: clockwise in the picture, radians; up to 1.
        pivot: the point, in pixels of the video from the centre of the rest view.
    """

    x: Track
    y: Track
    scale: Track
    roll: Track
    pivot: tuple[float, float]

    @classmethod
    def still(cls, count: int, pivot: tuple[float, float]) -> Travel:
        """No motion."""
        return cls(np.zeros(count), np.zeros(count), np.ones(count), np.zeros(count), pivot)

    def and_then(self, other: Travel) -> Travel:
        """Both motions at once, about the pivot of this one."""
        return Travel(
            self.x + other.x,
            self.y + other.y,
            self.scale * other.scale,
            self.roll + other.roll,
            self.pivot,
        )

    def corners(self, box: tuple[float, float, float, float]) -> NDArray[np.float64]:
        """Where the corners of a box are in each frame, shape ``(count, 4, 2)``.

        Args:
            box: left, top, right and bottom in pixels of the video from the centre.
        """
        left, top, right, bottom = box
        at = np.array([[left, top], [right, top], [right, bottom], [left, bottom]]) - self.pivot
        cos, sin = np.cos(self.roll) * self.scale, np.sin(self.roll) * self.scale
        x = cos[:, None] * at[:, 0] - sin[:, None] * at[:, 1] + self.x[:, None]
        y = sin[:, None] * at[:, 0] + cos[:, None] * at[:, 1] + self.y[:, None]
        return np.stack([x, y], axis=2) + self.pivot


class SubjectTravel:
    """Moves the subject by a travel.

    Args:
        travel: of the shot.
        view: width and height of the video.
        near: the subject's disparity.
    """

    def __init__(self, travel: Travel, view: tuple[int, int], near: float) -> None:
        self.travel = travel
        self.near = near
        self._view = np.array(view, np.float64)

    def pose(self, pose: Pose, number: int) -> Pose | None:
        """The camera as the subject sees it.

        A point p of the subject is seen at k R(-r) (p - t), with the camera's magnification k,
        roll r and position t. Moved to c + d + s R(a) (p - c), it is seen as by a camera of
        magnification k s, roll r - a and position c - R(-a) (c + d - t) / s.
        """
        travel = self.travel
        d = np.array([travel.x[number], travel.y[number]])
        s, a = float(travel.scale[number]), float(travel.roll[number])
        if np.abs(d).max() < _REST and abs(s - 1) < _REST and abs(a) < _REST:
            return pose
        seen = pose.view(self.near)
        t = np.array([seen.x, seen.y]) * self._view
        c = np.array(travel.pivot)
        cos, sin = np.cos(a), np.sin(a)
        back = np.array([[cos, sin], [-sin, cos]]) / s
        x, y = (c - back @ (c + d - t) - t) / self._view
        return replace(
            pose,
            x=pose.x + float(x),
            y=pose.y + float(y),
            zoom=pose.zoom * s,
            roll=pose.roll - a,
        )


class UncoveringPart:
    """The picture itself behind a subject at rest, and what was filled in once it has left.

    So that a frame at rest is the picture: cutting a subject out and laying it back leaves
    traces along its edge.

    Args:
        texture: what the background is drawn from, uint8, shape ``(height, width, 3)``.
        whole: the picture with the subject in it.
        behind: what is to be seen once the subject has left.
        gone: how far that is so in each frame, 0 to 1.

    Raises:
        ValueError: there is nothing to uncover.
    """

    def __init__(self, texture: Rgb, whole: Rgb, behind: Rgb, gone: Sequence[float]) -> None:
        self._gone = gone
        differs = (texture != whole).any(axis=2) | (texture != behind).any(axis=2)
        rows, columns = np.flatnonzero(differs.any(1)), np.flatnonzero(differs.any(0))
        if not len(rows):
            raise ValueError("there is nothing to uncover")
        height, width = texture.shape[0] // 2 * 2, texture.shape[1] // 2 * 2
        self.box = Rectangle(
            max(int(columns[0]) // 2 * 2 - 2, 0),
            max(int(rows[0]) // 2 * 2 - 2, 0),
            min((int(columns[-1]) + 4) // 2 * 2, width),
            min((int(rows[-1]) + 4) // 2 * 2, height),
        )
        base = self._planes(texture)
        self._whole = [a - b for a, b in zip(self._planes(whole), base, strict=True)]
        self._behind = [a - b for a, b in zip(self._planes(behind), base, strict=True)]

    def _planes(self, rgb: Rgb) -> list[NDArray[np.int16]]:
        planes, box = Planes.from_rgb(rgb), self.box
        return [
            plane[
                box.top // step : box.bottom // step, box.left // step : box.right // step
            ].astype(np.int16)
            for plane, step in ((planes.y, 1), (planes.u, 2), (planes.v, 2))
        ]

    def state(self, number: int) -> float:
        """How far the subject has left."""
        return float(self._gone[number])

    def draw(self, planes: Planes, number: int) -> None:
        """Blend the picture in as far as the subject has not left."""
        gone, box = float(self._gone[number]), self.box
        for plane, step, whole, behind in zip(
            (planes.y, planes.u, planes.v), (1, 2, 2), self._whole, self._behind, strict=True
        ):
            cut = np.s_[box.top // step : box.bottom // step, box.left // step : box.right // step]
            # As differences, so that what has moved here before is kept.
            change = whole if gone <= 0 else behind
            if 0 < gone < 1:
                mixed = cv2.addWeighted(behind, gone, whole, 1 - gone, 0)
                change = mixed.astype(np.int16, copy=False)
            plane[cut] = cv2.add(plane[cut], change, dtype=cv2.CV_8U)
