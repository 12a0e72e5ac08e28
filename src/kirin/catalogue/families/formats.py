"""Formats: frame rate, sizes and effort of a model's videos."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from kirin.catalogue.common import AREAS, FPS_24, FPS_30, QUALITY, watermarked
from kirin.catalogue.sizes import BY_RATIO, FULL_HD, HD, Size, keeping_aspect
from kirin.catalogue.structures import Values
from kirin.domain.assets import Asset
from kirin.domain.storyboard import Shot, Storyboard


@dataclass(frozen=True, slots=True)
class Format:
    """What the videos of a model are like.

    Attributes:
        fps: frames a second.
        areas: pixels of a frame by mode. A model without modes always works as ``pro`` does.
    """

    fps: Fraction
    areas: Mapping[str, int]

    def by_ratio(self, values: Values) -> Size:
        """The size for the requested aspect ratio."""
        return BY_RATIO[self.areas[mode_of(values)]][values["aspect_ratio"]]

    def like(self, picture: Asset, values: Values) -> Size:
        """The size with a picture's aspect ratio."""
        return keeping_aspect(picture, self.areas[mode_of(values)])

    def storyboard(
        self, model: str, values: Values, size: Size, shots: Sequence[Shot], seed: int
    ) -> Storyboard:
        """The storyboard of these shots, with what the request says about all of them."""
        guidance = {"guidance": values["cfg_scale"]} if "cfg_scale" in values else {}
        return Storyboard(
            model=model,
            width=size[0],
            height=size[1],
            fps=self.fps,
            shots=tuple(shots),
            sound=values.get("sound") == "on",
            negative_prompt=values.get("negative_prompt", ""),
            seed=seed,
            quality=QUALITY[mode_of(values)],
            watermark=watermarked(values),
            **guidance,
        )


def mode_of(values: Values) -> str:
    """The mode that a request is made in."""
    mode: str = values.get("mode", "pro")
    return mode


HD_30 = Format(FPS_30, {"std": HD, "pro": HD})
BY_MODE_30 = Format(FPS_30, AREAS)
BY_MODE_24 = Format(FPS_24, AREAS)
MASTER_HD_24 = Format(FPS_24, {"pro": HD})
MASTER_FULL_HD_24 = Format(FPS_24, {"pro": FULL_HD})
