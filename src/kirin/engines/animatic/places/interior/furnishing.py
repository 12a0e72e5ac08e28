"""Furnishing a room: its plan turned into solids, cards, windows and lamps, varied by the scene."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from kirin.engines.animatic.places.interior.patterns import PATTERNS
from kirin.engines.animatic.places.interior.plan import (
    FurniturePart,
    Material,
    Placing,
    RoomPlan,
    brought_furniture,
    furniture,
    materials,
)
from kirin.engines.animatic.places.interior.tracing import COLUMNS, MATERIAL, Table
from kirin.engines.animatic.scene.colour import pigment

_SHAPES = {"box": 0, "cyl": 1, "ball": 2}


@dataclass(frozen=True, slots=True)
class ArtCard:
    """Art that stands upright and faces the viewpoint: concept, foot in metres, height."""

    concept: str
    x: float
    y: float
    z: float
    height: float


@dataclass(slots=True)
class FurnitureGroup:
    """A piece of furniture in place.

    Attributes:
        mount: "on", "back", "left", "right", "roof" or "front".
        z: distance of its middle in metres.
        rows: of solids.
        cards: on it.
    """

    mount: str
    z: float
    rows: list[Table] = field(default_factory=list)
    cards: list[ArtCard] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Measures:
    """The size of a room under a lens; metres, and pixels of the rest view.

    Attributes:
        half, ceiling, deep: half width, height, distance of the back wall.
        eye: height of the viewpoint.
        near: distance of disparity 1.
        focal: pixels per metre at a distance of one metre.
        horizon: row in pixels below the centre.
        unit: pixels per metre at disparity 1.
        view: half width of the view in pixels.
        narrow: whether the view is too narrow for all the furniture.
    """

    half: float
    ceiling: float
    deep: float
    eye: float
    near: float
    focal: float
    horizon: float
    unit: float
    view: float
    narrow: bool

    @classmethod
    def of(cls, plan: RoomPlan, width: int, height: int) -> Measures:
        """Measure a plan: its depth does not depend on the aspect, its width does."""
        focal = 1.267 * height
        horizon = plan.horizon * height
        unit = (height / 2 - horizon) / plan.eye
        near = focal / unit
        # A narrow view gets a narrower, higher room.
        visible = width / 2 / (unit * plan.back)
        narrow = visible < 0.7 * plan.half
        half = min(plan.half, max(1.08 * visible, 1.3))
        ceiling = plan.ceiling * (1.25 if narrow else 1.0)
        deep = near / plan.back
        return cls(half, ceiling, deep, plan.eye, near, focal, horizon, unit, width / 2, narrow)


class Furnisher:
    """Turns placings into groups of solids.

    Args:
        plan: of the room.
        measures: of it.
        rng: chooses, moves and colours.
        dark: whether lamps are lit.
        brought: concepts of the cast, which are not furnished again.
    """

    def __init__(
        self,
        plan: RoomPlan,
        measures: Measures,
        rng: np.random.Generator,
        dark: bool,
        brought: frozenset[str] = frozenset(),
    ) -> None:
        self._brought = brought
        named = (brought_furniture().get(concept, frozenset()) for concept in brought)
        self._left_out = frozenset[str]().union(*named)
        self._plan, self._size, self._rng, self._dark = plan, measures, rng, dark
        self.flip = float(rng.choice([-1.0, 1.0]))
        self._tint: dict[str, int] = {}

    def pick(self, names: tuple[str, ...]) -> str:
        """One of several names."""
        return names[int(self._rng.integers(len(names)))]

    def material(self, name: str) -> Table:
        """The columns of a material; a room has it in one colour."""
        material: Material = materials()[name]
        if name not in self._tint:
            self._tint[name] = int(self._rng.integers(len(material.colours)))
        colour = pigment(material.colours[self._tint[name]])
        glow = material.night if self._dark and material.night is not None else material.glow
        row = np.zeros(MATERIAL, np.float32)
        row[0], row[1] = PATTERNS.index(material.pattern), material.pitch
        row[2:5], row[5:8] = colour, pigment(material.second)
        row[8], row[9], row[10] = material.gloss, glow, int(self._rng.integers(1, 2000))
        return row

    def groups(self) -> list[FurnitureGroup]:
        """All furniture in place."""
        made: list[FurnitureGroup | None] = []
        for placing in self._plan.placings:
            if placing.wide and self._size.narrow:
                continue
            made += self._place(placing)
        return [group for group in made if group is not None]

    def _place(self, placing: Placing) -> list[FurnitureGroup | None]:
        kind, rng, size = self.pick(placing.kinds), self._rng, self._size
        where = placing.where
        if where == "side":
            where = "left" if self.flip < 0 else "right"
        elif where in ("left", "right") and self.flip < 0:
            where = {"left": "right", "right": "left"}[where]
        loose = 0.0 if placing.always else 1.0
        made: list[FurnitureGroup | None] = []
        for i in range(placing.row[0]):
            for k in range(placing.deep[0]):
                step = (i - (placing.row[0] - 1) / 2) * placing.row[1]
                x = self.flip * placing.a * size.half + step + loose * rng.uniform(-0.08, 0.08)
                z = size.deep - placing.b - k * placing.deep[1]
                y, turn = 0.0, placing.turn * self.flip
                if where == "back":
                    y, z = placing.b, size.deep
                elif where in ("left", "right"):
                    sign = -1.0 if where == "left" else 1.0
                    x, y, z = (
                        sign * size.half,
                        placing.b,
                        size.deep - placing.a - k * placing.deep[1],
                    )
                    turn = -90.0 * sign
                elif where == "roof":
                    y = size.ceiling
                elif where == "front":
                    z = size.near / placing.b
                    # A narrow view has less room beside the cast.
                    edge = 1.25 * size.view if size.narrow else size.view
                    x = self.flip * placing.a * edge * z / size.focal
                made.append(self._build(kind, where, (x, y, z), turn))
        return made

    def _build(
        self, kind: str, where: str, at: tuple[float, float, float], turn: float
    ) -> FurnitureGroup | None:
        if kind in self._left_out:
            return None
        group = FurnitureGroup(where, at[2])
        angle = math.radians(turn)
        cos, sin = math.cos(angle), math.sin(angle)
        for part in furniture()[kind]:
            x, z = part.place[0], part.place[2]
            px, pz = at[0] + cos * x - sin * z, at[2] + cos * z + sin * x
            py = at[1] + part.place[1]
            if part.shape == "card" and part.material in self._brought:
                continue
            if part.shape == "card":
                group.cards.append(ArtCard(part.material, px, py, pz, part.size[0]))
                if where in ("on", "front"):
                    group.rows.append(self._proxy(px, py, pz, part.size[0]))
                continue
            group.rows.append(self._row(part, (px, py, pz), (cos, sin)))
        return group

    def _row(
        self, part: FurniturePart, at: tuple[float, float, float], turn: tuple[float, float]
    ) -> Table:
        row = np.zeros(COLUMNS, np.float32)
        width, height, depth = part.size
        row[0] = _SHAPES[part.shape]
        row[1:4] = (
            at[0] + 0.5 * height * part.lean[0],
            at[1] + height / 2,
            at[2] + 0.5 * height * part.lean[1],
        )
        row[4:7] = width / 2, height / 2, depth / 2
        row[7:9], row[9:11], row[11] = turn, part.lean, 1.0
        row[MATERIAL:] = self.material(part.material)
        return row

    def _proxy(self, x: float, y: float, z: float, height: float) -> Table:
        """What throws the shadow of a card."""
        row = np.zeros(COLUMNS, np.float32)
        row[:7] = 2, x, y + 0.45 * height, z, 0.30 * height, 0.45 * height, 0.2 * height
        row[7] = 1.0
        return row


def extent(row: Table) -> tuple[Table, Table]:
    """The lowest and the highest corner of the bounding box of a solid."""
    half = row[4:7] + np.array([abs(row[9]) * row[5], 0.0, abs(row[10]) * row[5]])
    cos, sin = abs(row[7]), abs(row[8])
    turned = np.array(
        [cos * half[0] + sin * half[2], half[1], cos * half[2] + sin * half[0]], np.float32
    )
    return row[1:4] - turned - np.float32(1e-3), row[1:4] + turned + np.float32(1e-3)


def boxes(groups: list[FurnitureGroup]) -> tuple[Table, Table]:
    """All solids, and the bounding box and the range of those of each group."""
    solids: list[Table] = []
    table = []
    for group in groups:
        first = len(solids)
        solids += group.rows
        low, high = np.full(3, 1e6), np.full(3, -1e6)
        for row in group.rows:
            lowest, highest = extent(row)
            low, high = np.minimum(low, lowest), np.maximum(high, highest)
        table.append([*low, *high, first, len(solids)])
    if not solids:
        return np.zeros((0, COLUMNS), np.float32), np.zeros((0, 8), np.float32)
    return np.array(solids, np.float32), np.array(table, np.float32)
