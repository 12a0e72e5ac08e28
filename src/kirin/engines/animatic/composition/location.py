"""Where the figures of a composition stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from kirin.domain.frame import Frame
from kirin.engines.animatic.composition.figure import Figure, Screen
from kirin.engines.animatic.composition.subject_shape import StandingGround
from kirin.engines.animatic.scene.lighting import Lighting


class Location(Protocol):
    """The background of a shot, into which figures are inserted.

    Attributes:
        screen: that figures are drawn on.
        lighting: that figures are lit by.
        ground: that figures stand on.
    """

    screen: Screen
    lighting: Lighting
    ground: StandingGround

    def add_figures(self, figures: Sequence[Figure]) -> None:
        """Insert the figures, from back to front."""
        ...

    def describe(self) -> dict[str, Any]:
        """What the location is, as JSON values, for the metadata."""
        ...

    def frame(self, index: int) -> Frame:
        """Draw a frame with the figures."""
        ...
