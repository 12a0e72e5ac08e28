"""The pose of the camera in one frame, and how it shows a layer of some disparity.

Disparity is inverse depth, normalised: 0 at infinity (the horizon), 1 for the nearest subject.
Under a sideways move of a pinhole camera a point shifts in proportion to its disparity, and under
a small forward move it is magnified in proportion to it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class View:
    """How a flat layer appears in a pose.

    Attributes:
        x, y: position of the view's centre in the layer, in widths right of and heights below
            the layer's centre.
        scale: magnification.
        roll: rotation in radians.
    """

    x: float
    y: float
    scale: float
    roll: float


@dataclass(frozen=True, slots=True)
class Pose:
    """The camera's position, relative to the rest view of the picture's centre.

    Attributes:
        x, y: pan and tilt, which shift all depths alike, in view widths (positive: right) and
            heights (positive: down).
        zoom: magnification by the lens, the same for all depths; 1 at rest.
        roll: rotation about the lens axis in radians; positive turns the camera clockwise, and
            so the picture counter-clockwise.
        truck_x, truck_y: sideways travel, which shifts a layer in proportion to its disparity;
            in the units of ``x`` and ``y``, for a disparity of 1.
        dolly: forward travel; a layer of disparity 1 is magnified by ``1 + dolly``.
    """

    x: float = 0.0
    y: float = 0.0
    zoom: float = 1.0
    roll: float = 0.0
    truck_x: float = 0.0
    truck_y: float = 0.0
    dolly: float = 0.0

    def view(self, disparity: float) -> View:
        """How a layer of this disparity appears."""
        return View(
            x=self.x + self.truck_x * disparity,
            y=self.y + self.truck_y * disparity,
            scale=self.zoom * (1.0 + self.dolly * disparity),
            roll=self.roll,
        )
