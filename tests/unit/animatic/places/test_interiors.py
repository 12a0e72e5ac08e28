"""Interiors: painted at every size, without holes, each recognisable, darker at night."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from kirin.concepts.library import library
from kirin.domain.intent import (
    Direction,
    Move,
    Place,
    SceneDescription,
    Season,
    Speed,
    Step,
    Terrain,
    Time,
    Weather,
)
from kirin.engines.animatic.camera.path import path
from kirin.engines.animatic.places.interior.plan import (
    brought_furniture,
    furniture,
    materials,
    named_surfaces,
    room_plans,
)
from kirin.engines.animatic.places.interior.rooms import grounds, lights, painters
from kirin.engines.animatic.scene.assembly import Drawable
from kirin.engines.animatic.scene.canvas import SceneCanvas
from kirin.engines.animatic.scene.layer import SceneLayer
from kirin.engines.animatic.scene.lens import Lens
from kirin.engines.animatic.scene.setting import Eye, Setting

WIDE, TALL, SQUARE = (192, 108), (108, 192), (120, 120)
MOVES = (Move.TRUCK_RIGHT, Move.CRANE_DOWN, Move.PUSH_IN)
PLACES = sorted(grounds())
ROOMS = [Place(name) for name in sorted(room_plans())]


def setting(
    place: Place, time: Time, size: tuple[int, int], *moves: Move, variety: int = 7
) -> Setting:
    scene = SceneDescription(
        time, Weather.CLEAR, Season.SUMMER, Terrain.FOREST, frozenset(), (), variety, place=place
    )
    steps = tuple(Step(move, Speed.NORMAL, 0, 1) for move in moves)
    lens = Lens(*size, path(Direction(steps), 5, 1))
    horizon = grounds()[place].horizon * size[1]
    reference = lens.focal * 0.1 / (size[1] / 2 - horizon)
    return Setting(
        scene, lights()[place](scene), lens, Eye(lens.focal, horizon, 0.1, reference), 5.0
    )


def luma(
    made: Setting, numbers: list[int], drawables: list[Drawable] | None = None
) -> list[NDArray[np.float32]]:
    """Frames of a setting, drawn over a value that no paint has."""
    parts = drawables or painters()[made.scene.place](made)
    canvas, frames = SceneCanvas(*made.lens.canvas()), []
    for number in numbers:
        for plane in (canvas.y, canvas.u, canvas.v):
            plane[:] = -1000.0
        for drawable in parts:
            first, _, end = drawable.span(made.lens, made.lens.poses[number], canvas)
            if end > first:
                drawable.draw(
                    canvas, made.lens, made.lens.poses[number], float(number), (first, end)
                )
        assert min(canvas.u.min(), canvas.v.min()) > 0
        frames.append(canvas.y.copy())
    return frames


@cache
def painted(place: Place) -> tuple[Setting, list[Drawable]]:
    """A place under a moving camera: painted once for all tests."""
    made = setting(place, Time.DAY, WIDE, *MOVES)
    return made, painters()[place](made)


@cache
def still(place: Place, time: Time = Time.DAY, variety: int = 7) -> NDArray[np.float32]:
    if time is Time.DAY and variety == 7:
        made, drawables = painted(place)
        return luma(made, [2], drawables)[0]
    return luma(setting(place, time, WIDE, *MOVES, variety=variety), [2])[0]


def test_every_interior_has_ground_paint_and_light() -> None:
    assert set(grounds()) == set(painters()) == set(lights())
    assert len(grounds()) == 22


def test_plans_name_furniture_and_materials_that_exist() -> None:
    named = {
        part.material for parts in furniture().values() for part in parts if part.shape != "card"
    }
    for plan in room_plans().values():
        named |= {*plan.floor, *plan.wall, *plan.sides, *plan.roof}
        assert {kind for placing in plan.placings for kind in placing.kinds} <= set(furniture())
    assert named <= set(materials())


@pytest.mark.parametrize(
    ("size", "place"),
    [
        *((WIDE, place) for place in PLACES),
        *((TALL, place) for place in PLACES),
        *((SQUARE, place) for place in PLACES[::4]),  # between the two
    ],
)
def test_layers_cover_the_frame_in_every_pose(place: Place, size: tuple[int, int]) -> None:
    made, drawables = setting(place, Time.DAY, size, *MOVES), None
    if size == WIDE:
        made, drawables = painted(place)
    for frame in luma(made, [0, 2, 4], drawables):
        assert frame.min() > 10
        assert frame.std() > 5


def test_rooms_are_laid_out_differently() -> None:
    blocks = np.stack(
        [still(place).reshape(12, 9, 16, 12).mean((1, 3)).ravel() for place in PLACES]
    )
    alike = np.corrcoef(blocks)[np.triu_indices(len(PLACES), 1)]
    assert alike.mean() < 0.35
    assert (alike > 0.85).mean() < 0.03


def test_two_prompts_give_two_rooms() -> None:
    for place in (Place.LIVING_ROOM, Place.CAFE, Place.ABSTRACT):
        assert np.abs(still(place) - still(place, variety=8)).mean() > 8


@pytest.mark.parametrize("place", [place for place in PLACES if place is not Place.ABSTRACT])
def test_night_is_darker_than_day(place: Place) -> None:
    assert still(place, Time.NIGHT).mean() < 0.97 * still(place).mean()


@pytest.mark.parametrize("place", ROOMS)
def test_the_floor_has_the_disparity_of_the_ground(place: Place) -> None:
    made, drawables = painted(place)
    ground = grounds()[place]
    floors = [
        layer
        for layer in drawables
        if isinstance(layer, SceneLayer) and not layer.depth.even and layer.depth.end > 0
    ]
    assert len(floors) == 1
    for disparity in (ground.back, 0.8, ground.front):
        row = np.array([ground.row(disparity) * made.lens.height])
        assert floors[0].depth.at(row)[0] == pytest.approx(disparity, abs=1e-6)


def test_the_same_scene_gives_the_same_pixels() -> None:
    again = luma(setting(Place.LIVING_ROOM, Time.DAY, WIDE, *MOVES), [2])[0]
    np.testing.assert_array_equal(again, still(Place.LIVING_ROOM))


@pytest.mark.parametrize("place", [Place.ABSTRACT, Place.THEATRE, Place.SPACESHIP])
def test_some_places_move_by_themselves(place: Place) -> None:
    first, last = luma(setting(place, Time.DAY, WIDE), [0, 4])
    assert np.abs(first - last).mean() > 0.3


@pytest.mark.parametrize("place", ROOMS)
def test_nothing_hides_the_faces_of_the_cast(place: Place) -> None:
    made, drawables = painted(place)
    width, height = made.lens.width, made.lens.height
    canvas = SceneCanvas(*made.lens.canvas())
    for layer in drawables:
        if not isinstance(layer, SceneLayer) or layer.depth.far < grounds()[place].back:
            continue
        canvas.y[:] = -1000.0
        layer.draw(canvas, made.lens, made.lens.poses[2], 0.0, (0, canvas.y.shape[0]))
        top, left = canvas.y.shape[0] // 2 - height // 5, canvas.y.shape[1] // 2 - width // 7
        faces = canvas.y[top:-top, left:-left]
        assert (faces > -900).mean() < 0.04


@pytest.mark.parametrize(
    ("place", "concept"), [(Place.BEDROOM, "bed"), (Place.LIVING_ROOM, "couch-and-lamp")]
)
def test_a_room_leaves_out_furniture_that_the_cast_brings(place: Place, concept: str) -> None:
    made, _ = painted(place)
    brought = luma(replace(made, brought=frozenset({concept})), [2])[0]
    assert np.abs(brought - still(place)).mean() > 3


def test_brought_concepts_and_furniture_exist() -> None:
    for concept, names in brought_furniture().items():
        assert library().get(concept).id == concept
        assert names <= set(furniture())


def test_a_table_top_and_a_backdrop_are_made_of_what_is_named() -> None:
    assert {surface.table for surface in named_surfaces().values()} <= set(materials())
    for place, pale, deep in (
        (Place.TABLE_TOP, "white_marble", "black_marble"),
        (Place.BACKDROP, "white", "black"),
    ):
        made = setting(place, Time.DAY, WIDE)
        light, dark = (
            luma(replace(made, scene=replace(made.scene, surface=name)), [0])[0][-30:].mean()
            for name in (pale, deep)
        )
        assert light > 1.8 * dark
