"""The pose of the camera at one moment, and how a layer at some depth is seen from it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class View:
    """How one flat layer is seen: its centre, magnification and turn.

    ``x`` is in view widths (positive: the view's centre lies right of the layer's), ``y`` in
    view heights (positive: below), ``scale`` is a magnification, ``roll`` in radians.
    """

    x: float
    y: float
    scale: float
    roll: float


@dataclass(frozen=True, slots=True)
class Pose:
    """Where the camera is, relative to the rest view that shows the picture's middle.

    Attributes:
        x, y: turn of the camera (pan, tilt), which moves all depths alike, in view widths
            (right positive) and heights (down positive).
        zoom: magnification by the lens, alike for all depths; 1 at rest.
        roll: turn about the lens axis in radians, positive when the camera turns clockwise
            (so that the picture turns counter-clockwise).
        truck_x, truck_y: sideways travel, which moves a layer in proportion to its nearness;
            same units as ``x`` and ``y``, for a layer of nearness 1.
        dolly: forward travel; a layer of nearness 1 is magnified by ``1 + dolly``.
    """

    x: float = 0.0
    y: float = 0.0
    zoom: float = 1.0
    roll: float = 0.0
    truck_x: float = 0.0
    truck_y: float = 0.0
    dolly: float = 0.0

    def view(self, nearness: float) -> View:
        """How a layer is seen; ``nearness`` 0 is the horizon, 1 the nearest subject."""
        return View(
            x=self.x + self.truck_x * nearness,
            y=self.y + self.truck_y * nearness,
            scale=self.zoom * (1.0 + self.dolly * nearness),
            roll=self.roll,
        )
