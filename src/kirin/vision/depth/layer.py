"""A depth layer: a part of a photograph at one disparity, or on one ramp of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kirin.vision.kernels import Plane


class LayerKind(StrEnum):
    """What a layer shows."""

    SKY = "sky"
    FAR = "far"
    GROUND = "ground"
    UPRIGHT = "upright things"
    SHADOW = "shadow"
    SUBJECT = "subject"

    @property
    def cut_out(self) -> bool:
        """Whether it stands before the scenery, which goes on behind it."""
        return self in (LayerKind.UPRIGHT, LayerKind.SHADOW, LayerKind.SUBJECT)


@dataclass(frozen=True, slots=True, eq=False)
class DepthLayer:
    """A layer of a picture. Their alphas, composited back to front, reproduce the picture.

    Attributes:
        kind: what it shows.
        alpha: opacity, uint8, of the picture's aspect; its longest side is at most 1024. The
            backmost layer is opaque everywhere.
        far: disparity at ``head`` and above: 0 at the horizon, 1 nearest.
        near: disparity at ``foot`` and below; equal to ``far`` for a flat layer.
        foot: row where the ramp ends, as a share of the picture's height; ``None`` is its end.
        head: row where the ramp starts, as a share of the picture's height.
    """

    kind: LayerKind
    alpha: Plane
    far: float
    near: float
    foot: float | None = None
    head: float = 0.0

    def at(self, row: float) -> float:
        """Disparity of a row, which is given as a share of the picture's height."""
        foot = 1.0 if self.foot is None else self.foot
        rise = (row - self.head) / max(foot - self.head, 1e-6)
        return self.far + (self.near - self.far) * min(max(rise, 0.0), 1.0)
