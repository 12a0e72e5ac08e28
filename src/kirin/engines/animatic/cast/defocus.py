"""Depth of field: a shallow focus blurs what is behind the subject."""

from __future__ import annotations

import cv2
import numpy as np

from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.scene.canvas import SceneCanvas
from kirin.engines.animatic.scene.ground import Ground
from kirin.engines.animatic.scene.lens import Lens
from kirin.vision.compiled import compiled

_REDUCED = 4  # the blur is computed on a canvas of this fraction


class Defocus:
    """Blurs all that is drawn before it: it stands just behind the subject.

    Args:
        ground: of the place; its rows near the subject's foot stay sharp.
        lead: disparity of the subject.
        radius: standard deviation of the blur at the horizon, in pixels.
    """

    def __init__(self, ground: Ground, lead: float, radius: float) -> None:
        self._ground, self._lead, self._radius = ground, lead, radius

    def nearness(self, seconds: float) -> float:  # noqa: ARG002
        """Just behind the subject."""
        return self._lead * 0.975

    def span(self, lens: Lens, pose: Pose, canvas: SceneCanvas) -> tuple[int, int, int]:  # noqa: ARG002
        """All rows, none of them opaque."""
        height = canvas.y.shape[0]
        return 0, height, height

    def draw(
        self, canvas: SceneCanvas, lens: Lens, pose: Pose, seconds: float, rows: tuple[int, int]
    ) -> None:
        """Blur the rows that something was drawn on; others hold an older frame."""
        del seconds
        first, end = rows[0] // 2 * 2, rows[1] // 2 * 2
        if end - first < 16:
            return
        # Where the view's rows are on the ground, in rest-view heights.
        scale = pose.view(0.5 * self._lead).scale
        place = canvas.rows(first, end) / lens.height / scale + pose.view(self._lead).y
        disparity = np.clip((place - self._ground.horizon) / (0.5 - self._ground.horizon), 0.0, 1.0)
        away = np.clip((self._lead - disparity) / self._lead, 0.0, 1.0)
        share = np.clip(away / 0.45, 0.0, 1.0).astype(np.float32)
        for plane, step in ((canvas.y, 1), (canvas.u, 2), (canvas.v, 2)):
            part = plane[first // step : end // step]
            size = (max(part.shape[1] // _REDUCED, 2), max(part.shape[0] // _REDUCED, 2))
            small = cv2.resize(part, size, interpolation=cv2.INTER_AREA)
            sigma = self._radius / step / _REDUCED
            soft = cv2.GaussianBlur(small, (0, 0), max(sigma, 0.5), borderType=cv2.BORDER_REFLECT)
            wide = cv2.resize(soft, (part.shape[1], part.shape[0]), interpolation=cv2.INTER_LINEAR)
            _mix(part, wide, np.ascontiguousarray(share[::step]))


@compiled
def _mix(plane: np.ndarray, soft: np.ndarray, share: np.ndarray) -> None:
    """Blend rows of a plane towards another."""
    for i in range(plane.shape[0]):
        weight = share[i]
        for j in range(plane.shape[1]):
            plane[i, j] += (soft[i, j] - plane[i, j]) * weight
