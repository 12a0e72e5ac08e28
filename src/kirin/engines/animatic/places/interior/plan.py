"""The plan of a room: walls, windows, lamps and furniture, read from data files."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Material:
    """What a surface is made of.

    Attributes:
        pattern: as in :data:`kirin.engines.animatic.places.interior.patterns.PATTERNS`.
        pitch: size of the pattern in metres.
        colours: reflectances, of which a room takes one.
        second: second colour of the pattern.
        gloss: 0 to 1; 1 is a mirror.
        glow: radiance of its own light, as a factor of its colour; ``night`` after dark.
    """

    pattern: str = "plain"
    pitch: float = 1.0
    colours: tuple[str, ...] = ("#cccccc",)
    second: str = "#888888"
    gloss: float = 0.0
    glow: float = 0.0
    night: float | None = None


@dataclass(frozen=True, slots=True)
class FurniturePart:
    """A solid or a card of a piece of furniture.

    Attributes:
        shape: "box", "cyl", "ball" or "card".
        material: name, or the concept of a card.
        place: x, y of the lower end and z in metres; the front of a piece faces -z.
        size: width, height and depth in metres; a card has its height alone.
        lean: metres to the right and away per metre up.
    """

    shape: str
    material: str
    place: tuple[float, float, float]
    size: tuple[float, float, float]
    lean: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Placing:
    """Where a piece of furniture stands in a room.

    Attributes:
        where: "on" the floor, "back", "left" or "right" wall, "side" (one of the two), "roof", or
            "front" of the cast and out of focus.
        kinds: one of them is chosen.
        a, b: on the floor and under the roof: share of the half width from -1 to 1, and metres from
            the back wall. On the back wall: share and height. On a side wall: metres from the back
            wall and height. In front: share and disparity.
        turn: degrees about the vertical.
        row, deep: how many side by side and one behind the other, and metres between them.
        wide: whether it is left out where the view is narrow.
        always: whether its place does not vary.
    """

    where: str
    kinds: tuple[str, ...]
    a: float
    b: float
    turn: float = 0.0
    row: tuple[int, float] = (1, 0.0)
    deep: tuple[int, float] = (1, 0.0)
    wide: bool = False
    always: bool = False


@dataclass(frozen=True, slots=True)
class RoomPlan:
    """A room.

    Attributes:
        horizon: row in view heights below the centre.
        eye: height of the viewpoint in metres.
        half: half of the room's width in metres.
        back: disparity of the back wall.
        ceiling: its height in metres.
        floor, wall, sides, roof: materials; of several, one is chosen.
        windows: "wall a y width height [bars]": along the back wall ``a`` is a share of the half
            width, along a side the distance from the back wall in metres.
        lamps: "a b y width depth power colour": a panel that shines down; a depth of 0 is a bulb.
        day: power of the lamps by day, 0 to 1.
        bright: mean irradiance by day and by night.
        placings: furniture.
    """

    horizon: float
    eye: float
    half: float
    back: float
    ceiling: float
    floor: tuple[str, ...]
    wall: tuple[str, ...]
    sides: tuple[str, ...]
    roof: tuple[str, ...]
    windows: tuple[str, ...] = ()
    lamps: tuple[str, ...] = ()
    day: float = 0.0
    bright: tuple[float, float] = (0.95, 0.42)
    surface: str = "floor"
    ambient: str = "#fff4e6"
    placings: tuple[Placing, ...] = field(default=())


def ground_back(plan: RoomPlan) -> float:
    """Smallest disparity at which the cast may stand in a room."""
    return min(plan.back + 0.10, 0.75)


def _data(name: str) -> dict[str, Any]:
    text = (files(__package__) / "data" / f"{name}.toml").read_text("utf-8")
    return tomllib.loads(text)


def _names(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


@lru_cache(maxsize=1)
def materials() -> Mapping[str, Material]:
    """All materials by name."""
    return {
        name: Material(**{**row, "colours": tuple(row["colours"])})
        for name, row in _data("materials").items()
    }


@lru_cache(maxsize=1)
def furniture() -> Mapping[str, tuple[FurniturePart, ...]]:
    """The parts of all pieces of furniture by name."""
    return {
        name: tuple(_part(line) for line in lines) for name, lines in _data("furniture").items()
    }


@dataclass(frozen=True, slots=True)
class NamedSurface:
    """What a table top or a backdrop is made of.

    Attributes:
        table: material of a table top.
        paper: colour of a roll of paper.
        lights: numbers of the lights that go with it.
    """

    table: str
    paper: str
    lights: tuple[int, ...]


@lru_cache(maxsize=1)
def named_surfaces() -> Mapping[str, NamedSurface]:
    """Surfaces by the names that the reader gives them."""
    return {
        name: NamedSurface(row["table"], row["paper"], tuple(row["lights"]))
        for name, row in _data("surfaces").items()
    }


@lru_cache(maxsize=1)
def brought_furniture() -> Mapping[str, frozenset[str]]:
    """Names of the furniture that a concept in the cast stands for."""
    return {concept: frozenset(names) for concept, names in _data("brought").items()}


def _part(text: str) -> FurniturePart:
    """Read "shape material x y z width height depth [lean-x lean-z]"."""
    shape, material, *rest = text.split()
    n = [float(word) for word in rest]
    if shape == "card":
        return FurniturePart(shape, material, (n[0], n[1], n[2]), (n[3], n[3], 0.0))
    lean = (n[6], n[7]) if len(n) > 6 else (0.0, 0.0)
    return FurniturePart(shape, material, (n[0], n[1], n[2]), (n[3], n[4], n[5]), lean)


def _placing(text: str) -> Placing:
    """Read "where kind|kind a b [turn=..] [row=3x1.2] [deep=..] [wide] [always]"."""
    where, kinds, a, b, *flags = text.split()
    facts: dict[str, Any] = {}
    for flag in flags:
        name, _, value = flag.partition("=")
        if name in ("row", "deep"):
            count, _, gap = value.partition("x")
            facts[name] = int(count), float(gap)
        else:
            facts[name] = float(value) if value else True
    return Placing(where, tuple(kinds.split("|")), float(a), float(b), **facts)


@lru_cache(maxsize=1)
def room_plans() -> Mapping[str, RoomPlan]:
    """All rooms by the name of their place."""
    plans = {}
    for name, row in _data("rooms").items():
        facts = dict(row)
        items = facts.pop("items", [])
        for key in ("floor", "wall", "sides", "roof"):
            facts[key] = _names(facts[key] if key in facts else facts["wall"])
        for key in ("windows", "lamps", "bright"):
            if key in facts:
                facts[key] = tuple(facts[key])
        plans[name] = RoomPlan(**facts, placings=tuple(_placing(item) for item in items))
    return plans
