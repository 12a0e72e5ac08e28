"""Shallow focus: what is not at the subject's distance gets soft, and lights become discs."""

from __future__ import annotations

from functools import cached_property

import cv2
import numpy as np

from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.look.frame_style import Field
from kirin.engines.animatic.scene.canvas import SceneCanvas
from kirin.engines.animatic.scene.ground import Ground
from kirin.engines.animatic.scene.lens import Lens
from kirin.vision.compiled import compiled

_APERTURE = 0.022
"""Radius of the circle of confusion of infinity at strength 1, in short sides of the view."""
_GLARE = 7.0
"""How much more a full white weighs in a mean than a black: in linear light it would be more, but
a display's white is clipped."""


class FocusBlur:
    """Softens all that is drawn before it; a drawable, placed just behind the subject.

    The ground is sharp at the subject's feet and softer behind and before them.

    Args:
        strength: 0 to about 1.5; 1 is a portrait lens, 1.5 a macro lens.
        lens: of the scene.
        ground: on which the subject stands.
        focus: disparity of the subject.
    """

    def __init__(self, strength: float, lens: Lens, ground: Ground, focus: float) -> None:
        self._strength, self._ground, self._focus = strength, ground, focus
        self._radius = strength * _APERTURE * min(lens.width, lens.height)
        # The mean over a large disc is smooth: it is computed at a reduced size.
        self._factor = 2 * max(1, round(self._radius / 7))

    def nearness(self, seconds: float) -> float:  # noqa: ARG002
        """Just behind the subject."""
        return 0.975 * self._focus

    def span(self, lens: Lens, pose: Pose, canvas: SceneCanvas) -> tuple[int, int, int]:  # noqa: ARG002
        """All rows, none of them opaque."""
        height = canvas.y.shape[0]
        return 0, height, height

    def draw(
        self,
        canvas: SceneCanvas,
        lens: Lens,
        pose: Pose,
        seconds: float,  # noqa: ARG002
        rows: tuple[int, int],
    ) -> None:
        """Soften rows of a canvas."""
        first, end = rows[0], min(rows[1] + rows[1] % 2, canvas.y.shape[0])
        if end - first < 2 or self._radius < 0.5:
            return
        share = self._share(lens, pose, canvas.rows(first, end).astype(np.float32))
        y = canvas.y[first:end]
        u, v = (plane[first // 2 : end // 2] for plane in (canvas.u, canvas.v))
        factor = self._factor
        size = -(-y.shape[0] // factor), -(-y.shape[1] // factor)
        sums = np.zeros((4, *size), np.float32)
        _gather(y, u, v, factor, _GLARE, sums)
        soft = [
            cv2.filter2D(part, -1, self._disc, borderType=cv2.BORDER_REPLICATE) for part in sums
        ]
        for plane, part in ((y, soft[0]), (u, soft[1]), (v, soft[2])):
            mean = np.asarray(part / soft[3], np.float32)
            large = _fitted(mean, plane.shape, factor, y.shape[0] // plane.shape[0])
            by = share[:: y.shape[0] // plane.shape[0]][: plane.shape[0], None]
            plane[:] = plane + (large - plane) * by

    @cached_property
    def _disc(self) -> Field:
        """The aperture, at the reduced size, with a smooth rim."""
        radius = max(self._radius / self._factor, 0.6)
        side = int(np.ceil(radius + 0.5))
        at = np.arange(-side, side + 1, dtype=np.float32)
        distance = np.sqrt(at[None] ** 2 + at[:, None] ** 2)
        disc = np.clip(radius + 0.5 - distance, 0, 1)
        return np.asarray(disc / disc.sum(), np.float32)

    def _share(self, lens: Lens, pose: Pose, y: Field) -> Field:
        """How soft each row is, 0 to 1, by the disparity of the ground there."""
        disparity = np.linspace(0, 1.15, 116)
        seen = np.array([self._seen(lens, pose, float(each)) for each in disparity])
        at = np.interp(y, np.maximum.accumulate(seen), disparity)
        apart = np.abs(at - self._focus) / max(self._focus, 0.1)
        # A band around the feet is sharp.
        return np.asarray(np.clip((apart - 0.06) / 0.42, 0, 1), np.float32)

    def _seen(self, lens: Lens, pose: Pose, disparity: float) -> float:
        view = pose.view(disparity)
        return (self._ground.row(disparity) - view.y) * lens.height * view.scale


@compiled
def _gather(y: Field, u: Field, v: Field, factor: int, glare: float, out: Field) -> None:
    """Sums over squares of Y, U, V and 1, all weighed by brightness; ``factor`` is even."""
    rows, columns = y.shape
    for i in range(rows):
        k = i // factor
        for x in range(columns):
            share = max(y[i, x] - np.float32(16), np.float32(0)) / np.float32(219)
            cube = share * share * share
            w = np.float32(0.15) + np.float32(glare) * cube * share
            n = x // factor
            out[0, k, n] += w * y[i, x]
            out[1, k, n] += w * u[min(i >> 1, u.shape[0] - 1), min(x >> 1, u.shape[1] - 1)]
            out[2, k, n] += w * v[min(i >> 1, v.shape[0] - 1), min(x >> 1, v.shape[1] - 1)]
            out[3, k, n] += w


def _fitted(small: Field, shape: tuple[int, ...], factor: int, step: int) -> Field:
    """A reduced plane enlarged onto a plane of the canvas."""
    pitch = factor / step
    place = np.array([[1 / pitch, 0, 0.5 / pitch - 0.5], [0, 1 / pitch, 0.5 / pitch - 0.5]])
    return np.asarray(
        cv2.warpAffine(
            small,
            place,
            (shape[1], shape[0]),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        ),
        np.float32,
    )
