"""A picture with figures in front of it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from kirin.domain.frame import Frame
from kirin.engines.animatic.camera.framing import Focus, Framing, PathExtent, Relief
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cinemagraph.part import Rectangle
from kirin.engines.animatic.composition.figure import DENSITY, Figure, Screen
from kirin.engines.animatic.composition.subject_shape import StandingGround
from kirin.engines.animatic.photo.crop import CroppedPicture
from kirin.engines.animatic.scene.lighting import Lighting
from kirin.vision.planes import Planes, Rgb, new_frame

RELIEF = Relief(0.25, 0.65)
"""Disparities of a picture from its top to its bottom, as in ``Photo``."""

FEET = (0.28, 0.42)
"""Rows between which feet stand in a picture whose ground is unknown, in rest-view heights below
the centre."""


class PhotoLocation:
    """A camera move over a picture, with figures in front of it.

    Args:
        rgb: the picture.
        width, height: of the video, even.
        fps: frames per second.
        poses: of the camera, one per frame.
        name: of the location in the metadata.
        foot: row at which the picture's own subject stands, as a share of its height.
        focus: region of the picture to keep in view, in its pixels.
        before: disparity of all figures, for a picture without visible ground; else 0.
        flat: whether the picture has constant disparity.
        lighting: by default estimated from the picture.
    """

    def __init__(
        self,
        rgb: Rgb,
        width: int,
        height: int,
        fps: Fraction,
        poses: Sequence[Pose],
        name: str,
        *,
        foot: float | None = None,
        focus: Focus | None = None,
        before: float = 0.0,
        flat: bool = False,
        lighting: Lighting | None = None,
    ) -> None:
        size, aspect = (rgb.shape[1], rgb.shape[0]), width / height
        parallax = any(pose.truck_x or pose.truck_y or pose.dolly for pose in poses)
        relief = RELIEF if parallax and not flat else Relief.flat_at(RELIEF.far)
        extent = PathExtent.of(poses, relief, aspect)
        self.framing = Framing.fit(size, extent, aspect, focus)
        crop = CroppedPicture.cut(rgb, self.framing, extent, width, DENSITY)
        self._background = crop.layer(Planes.from_rgb(crop.picture), (width, height), relief)
        self._poses, self._fps, self._name = poses, fps, name
        self._figures: Sequence[Figure] = ()
        self.screen = Screen(width, height, (width, height))
        self.lighting = lighting or Lighting.of_picture(rgb)
        farthest, nearest = FEET
        if foot is not None:
            row = (foot * rgb.shape[0] - self.framing.y) / self.framing.height
            farthest, nearest = np.clip([row - 0.05, row + 0.06], 0.05, 0.46).tolist()
        self.ground = StandingGround(nearest, farthest, RELIEF.at)
        if before:
            self.ground = StandingGround(
                0.46, 0.36, lambda row: np.full_like(row, before), floating=True
            )

    def disparity(self, row: float) -> float:
        """Disparity of the picture at a row, in rest-view heights below the centre."""
        return float(RELIEF.at(np.array([row]))[0])

    def add_figures(self, figures: Sequence[Figure]) -> None:
        """Insert the figures."""
        self._figures = list(figures)

    def describe(self) -> dict[str, Any]:
        """What the location is."""
        return {"kind": self._name}

    def frame(self, index: int) -> Frame:
        """Draw a frame."""
        pose, screen = self._poses[index], self.screen
        frame = new_frame(screen.width, screen.height)
        target = Planes.of_frame(frame)
        planes = (target.y, target.u, target.v)
        self._background.draw(pose, Rectangle(0, 0, screen.width, screen.height), planes)
        for figure in self._figures:
            figure.draw(planes, pose, index / float(self._fps))
        return frame
