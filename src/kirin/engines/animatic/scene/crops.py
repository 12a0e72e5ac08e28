"""Crops of fields: the colours of their leaves and heads, by the names that prompts use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kirin.domain.intent import Season


@dataclass(frozen=True, slots=True)
class Crop:
    """What grows in a field, in colours ``#rrggbb``.

    Attributes:
        near, other: of the field from afar, and of its neighbour.
        foot, tip: of a blade.
        heads: of flowers; without any, blades end in ears where ``ears`` says so.
        ears: whether there are ears.
        tall: height, in view heights at the nearest disparity.
        soil: share of bare soil between the rows.
    """

    near: str
    other: str
    foot: str
    tip: str
    heads: tuple[str, ...] = ()
    ears: bool = False
    tall: float = 0.13
    soil: float = 0.0


BAMBOO = "bamboo"
"""The crop that stands in a forest in the place of its pines."""

CROPS: Mapping[str, Crop] = {
    "wheat": Crop("#dcae4e", "#7f9440", "#6e5220", "#e0b45a", ears=True, tall=0.17),
    "lavender": Crop("#7a5cae", "#8a9a52", "#3f4a30", "#8e78b8", ("#7a54b8", "#9a78d4"), soil=0.5),
    "tulips": Crop(
        "#d8403c", "#e8b02e", "#2f5a24", "#5f8a3a", ("#e0322e", "#f4c62c", "#f07ab0"), soil=0.35
    ),
    "sunflowers": Crop(
        "#e8b820", "#6f8a38", "#3a5420", "#6f8c34", ("#f6c21c", "#f0aa14"), tall=0.20
    ),
    "poppies": Crop("#c84a34", "#8aa04a", "#4a6428", "#8fa650", ("#dc2a1e", "#e84a2a")),
    "rapeseed": Crop("#e8d22e", "#7f9a44", "#54702a", "#a8b040", ("#f4e03a", "#ecd024")),
    "rice": Crop("#6fae44", "#8abf52", "#3f7a2a", "#9ad05a", tall=0.11, soil=0.25),
    "corn": Crop("#6a8a34", "#88a040", "#3a5a20", "#8aa846", tall=0.22),
    BAMBOO: Crop("#7f9c48", "#6a8a3c", "#3a5a20", "#8aa846", tall=0.22),
    "grass": Crop("#86a04c", "#5f803c", "#3a4f1e", "#9ab45a"),
}
"""Values of ``SceneDescription.crop``."""


def crop_of(name: str | None, season: Season) -> Crop:
    """The crop of a name, or what stands in the fields in a season."""
    if name is not None and name in CROPS:
        return CROPS[name]
    if season is Season.SPRING:
        return CROPS["grass"]
    if season is Season.AUTUMN:
        return Crop("#d2a048", "#8f7a3a", "#6e5220", "#e0b45a", ears=True, tall=0.17)
    return CROPS["wheat"]
