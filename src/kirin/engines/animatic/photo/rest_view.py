"""The rest view: exactly the picture, which drawn layers are only close to."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from kirin.domain.frame import Frame
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cinemagraph.part import Rectangle
from kirin.vision.compiled import compiled

NEAR: Final = 0.0015
"""Of the view: distance from rest within which the picture itself is made up for."""

Difference = NDArray[np.int16]


class RestView:
    """What the layers lack of the picture at rest, after resampling and cutting out.

    It is added to frames, less the farther the camera is from rest: the softness of resampling
    must not set in within a single frame.

    Args:
        picture: the rest view of the picture itself.
        drawn: the layers' at rest.
    """

    def __init__(self, picture: Frame, drawn: Frame) -> None:
        self.lacking: Difference = picture.astype(np.int16) - drawn
        rows = np.flatnonzero(self.lacking.any(axis=1))
        self._rows = slice(int(rows[0]), int(rows[-1]) + 1) if len(rows) else slice(0, 0)

    def complete(self, frame: Frame, distance: float) -> None:
        """Add what is lacking, in place.

        Args:
            frame: as drawn.
            distance: of the camera from rest, in views.
        """
        share = 1 - distance / NEAR
        if share > 0 and self._rows.stop:
            _add(frame[self._rows], self.lacking[self._rows], 0, frame.shape[1], share)

    def complete_window(self, frame: Frame, window: Rectangle) -> None:
        """Add all that is lacking in a window of the view, in place."""
        height, width = frame.shape[0] * 2 // 3, frame.shape[1]
        luma, chroma = height * width, height * width // 4
        for plane, lacking in zip(
            (frame.reshape(-1)[:luma], *np.split(frame.reshape(-1)[luma:], [chroma])),
            (
                self.lacking.reshape(-1)[:luma],
                *np.split(self.lacking.reshape(-1)[luma:], [chroma]),
            ),
            strict=True,
        ):
            step = 1 if len(plane) == luma else 2
            shape = (height // step, width // step)
            rows = slice(window.top // step, window.bottom // step)
            _add(
                plane.reshape(shape)[rows],
                lacking.reshape(shape)[rows],
                window.left // step,
                window.right // step,
                1.0,
            )


def distance_from(pose: Pose, other: Pose) -> float:
    """How far apart two poses show the nearest and the farthest, in views."""
    far, near = ((pose.view(depth), other.view(depth)) for depth in (0.0, 1.0))
    return max(
        max(
            abs(one.x - two.x),
            abs(one.y - two.y),
            abs(one.scale / two.scale - 1) / 2,
            abs(one.roll - two.roll) / 2,
        )
        for one, two in (far, near)
    )


@compiled
def _add(frame: Frame, lacking: Difference, left: int, right: int, share: float) -> None:
    """``frame + share * lacking`` in some columns, rounded and saturated."""
    part = np.int32(round(share * 256))
    for i in range(len(frame)):
        line, more = frame[i, left:right], lacking[i, left:right]
        for x in range(len(line)):
            value = np.int32(line[x]) + ((np.int32(more[x]) * part + np.int32(128)) >> np.int32(8))
            line[x] = np.uint8(min(max(value, np.int32(0)), np.int32(255)))
