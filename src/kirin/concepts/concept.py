"""A concept: a thing that can be drawn, and the facts that staging needs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What sort of thing a concept is."""

    PERSON = "person"
    ANIMAL = "animal"
    VEHICLE = "vehicle"
    FOOD = "food"
    PLANT = "plant"
    OBJECT = "object"
    BUILDING = "building"
    SKY = "sky"  # sun, cloud, rainbow, planet
    SYMBOL = "symbol"  # letters, arrows, flags: drawn only when they are named exactly


class Habitat(StrEnum):
    """Where it usually is."""

    GROUND = "ground"
    WATER = "water"
    AIR = "air"
    TABLE = "table"
    WALL = "wall"


class Gait(StrEnum):
    """How it moves when it moves of itself."""

    WALK = "walk"  # legs
    HOP = "hop"
    FLAP = "flap"  # wings
    SWIM = "swim"  # body and tail
    CRAWL = "crawl"
    DRIVE = "drive"  # wheels on the ground
    SAIL = "sail"  # floats on water
    GLIDE = "glide"  # through the air without flapping: aeroplane, balloon, rocket
    ROLL = "roll"  # a ball
    STILL = "still"


class Facing(StrEnum):
    """Which way the art looks."""

    LEFT = "left"
    RIGHT = "right"
    FRONT = "front"


class Extent(StrEnum):
    """How much of it the art shows."""

    WHOLE = "whole"
    BUST = "bust"  # cut off below the chest
    HEAD = "head"
    PART = "part"  # a hand, a paw print


@dataclass(frozen=True, slots=True)
class Concept:
    """A thing that can be drawn.

    Attributes:
        id: name of its art: lower case with hyphens.
        english, chinese: its name, for reports.
        kind, habitat, gait, facing, extent: facts for staging.
        size: metres, of the larger side of its art.
        box: left, top, right and bottom of what is drawn, in shares of the square art.
    """

    id: str
    english: str
    chinese: str
    kind: Kind
    habitat: Habitat
    gait: Gait
    facing: Facing
    extent: Extent
    size: float
    box: tuple[float, float, float, float]

    @property
    def aspect(self) -> float:
        """Width of what is drawn by its height."""
        left, top, right, bottom = self.box
        return (right - left) / (bottom - top)


def plain_name(concept_id: str) -> str:
    """The id of a concept for reports: a whole figure bears the name of what it is a figure of.

    >>> plain_name("fox-standing")
    'fox'
    """
    return concept_id.removesuffix("-standing")
