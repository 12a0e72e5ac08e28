"""Sets outdoors and open country: they cover the frame, differ, and agree with their grounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from kirin.domain.intent import (
    Extra,
    Place,
    SceneDescription,
    Season,
    Terrain,
    Time,
    Weather,
)
from kirin.engines.animatic.camera.path import path
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.places.outdoor import DRAWABLES, GROUNDS, LIGHTS, ground_of
from kirin.engines.animatic.places.outdoor.grounds import SHORE
from kirin.engines.animatic.scene.assembly import Drawable, drawables
from kirin.engines.animatic.scene.canvas import SceneCanvas
from kirin.engines.animatic.scene.crops import CROPS
from kirin.engines.animatic.scene.floor import EDGE
from kirin.engines.animatic.scene.layer import SceneLayer
from kirin.engines.animatic.scene.lens import Lens
from kirin.engines.animatic.scene.setting import Setting
from kirin.engines.animatic.scene.snow import Snow
from kirin.prompt.direction import read_direction
from kirin.prompt.reader import read_intent

STILL = (Pose(),)
SETS = sorted(DRAWABLES)
OPEN = [Place(terrain.value) for terrain in Terrain]
Planes3 = tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]


def described(
    place: Place,
    time: Time = Time.DAY,
    weather: Weather = Weather.CLEAR,
    variety: int = 7,
    **more: object,
) -> SceneDescription:
    terrain = Terrain(place.value) if place in OPEN else Terrain.FIELDS
    extras: set[Extra] = set()
    if time in (Time.DAWN, Time.SUNSET) and weather is Weather.CLEAR:
        extras = {Extra.SUN}
    if time is Time.NIGHT and weather is Weather.CLEAR:
        extras = {Extra.MOON, Extra.STARS}
    base = SceneDescription(
        time, weather, Season.SUMMER, terrain, frozenset(extras), (), variety, place=place
    )
    return replace(base, **more)  # type: ignore[arg-type]


def built(
    scene: SceneDescription, width: int, height: int, poses: Sequence[Pose] = STILL
) -> tuple[Setting, list[Drawable]]:
    setting = Setting.of(scene, Lens(width, height, tuple(poses)), 5.0)
    if scene.place in LIGHTS:
        setting = replace(setting, light=LIGHTS[scene.place](scene))
    return setting, DRAWABLES.get(scene.place, drawables)(setting)


@lru_cache(maxsize=64)
def by_day(place: Place) -> tuple[Setting, list[Drawable]]:
    """A place as most tests look at it: painted once, which takes much longer than to draw it."""
    return built(described(place), 192, 108)


def drawn(
    setting: Setting, parts: Sequence[Drawable], pose: Pose = STILL[0], seconds: float = 1.0
) -> Planes3:
    canvas = SceneCanvas(*setting.lens.canvas())
    for plane in (canvas.y, canvas.u, canvas.v):
        plane[:] = -5000.0  # what nothing has painted stays far outside
    for part in parts:
        first, _, end = part.span(setting.lens, pose, canvas)
        if end > first:
            part.draw(canvas, setting.lens, pose, seconds, (first, end))
    return canvas.y, canvas.u, canvas.v


@lru_cache(maxsize=128)
def picture(scene: SceneDescription, width: int = 192, height: int = 108) -> Planes3:
    if (scene, width, height) == (described(scene.place), 192, 108):
        return drawn(*by_day(scene.place))
    return drawn(*built(scene, width, height))


def layout(luma: NDArray[np.float32]) -> NDArray[np.float32]:
    """Luminance on 16 x 9 fields, normalised."""
    small = cv2.resize(luma, (16, 9), interpolation=cv2.INTER_AREA).ravel()
    return np.asarray((small - small.mean()) / (small.std() + 1e-6), np.float32)


def alike(pictures: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    """Correlation of the layouts of all pairs."""
    rows = np.stack([layout(luma) for luma in pictures])
    table = rows @ rows.T / rows.shape[1]
    return np.asarray(table[np.triu_indices(len(rows), 1)])


def test_every_place_outdoors_has_a_ground_and_every_set_a_painter() -> None:
    assert len(SETS) == 20
    assert set(GROUNDS) == {*SETS, *OPEN}
    assert SHORE == EDGE


@pytest.mark.parametrize(
    ("size", "place"),
    [
        *(((192, 108), place) for place in SETS),
        *(((108, 192), place) for place in SETS),
        *(((128, 128), place) for place in SETS[::4]),  # between the two
    ],
)
def test_a_set_is_painted_at_every_aspect(place: Place, size: tuple[int, int]) -> None:
    y, u, v = picture(described(place), *size)
    assert y.shape == (size[1], size[0])
    assert y.min() > 0
    assert y.max() < 300
    assert min(u.min(), v.min()) > 0
    assert y.std() > 5


@pytest.mark.parametrize("place", [*SETS, *OPEN])
def test_layers_cover_the_frame_at_every_pose(place: Place) -> None:
    words = "fast pull out, orbit left, crane up, roll clockwise, handheld, pan left"
    poses = path(read_direction(words), 10, 2, guidance=1.0)
    setting, parts = built(described(place, variety=5), 128, 72, poses)
    for pose in (poses[0], poses[5], poses[-1]):
        y, u, v = drawn(setting, parts, pose)
        assert min(y.min(), u.min(), v.min()) > 0


@pytest.mark.parametrize("place", [p for p in SETS if p not in (Place.SKY, Place.REEF)])
def test_the_ground_begins_below_its_horizon(place: Place) -> None:
    setting, parts = by_day(place)
    ground = ground_of(setting.scene)
    assert ground.horizon == pytest.approx(setting.eye.horizon / 108)
    assert abs(ground.horizon - GROUNDS[place].horizon) < 0.25
    assert ground.horizon < ground.row(ground.back) < ground.row(ground.front) < 0.5
    planes = [p for p in parts if isinstance(p, SceneLayer) and not p.depth.even]
    nearest = planes[-1].depth
    # Feet at a disparity are on the row where the painted ground has that disparity.
    rows = np.array([ground.row(d) * 108 for d in (ground.back, 0.6, ground.front)])
    expected = [ground.back, 0.6, ground.front]
    if place not in (Place.RAILWAY,):  # its nearest ground is a rail, which begins in front
        assert nearest.at(rows) == pytest.approx(expected, abs=0.02)


def test_the_water_begins_where_the_ground_says() -> None:
    setting, parts = by_day(Place.HARBOUR)
    ground = ground_of(setting.scene)
    assert ground.shore is not None
    quay = [p for p in parts if isinstance(p, SceneLayer) and not p.depth.even][-1]
    bare = drawn(setting, [p for p in parts if p is not quay])[0]
    whole = drawn(setting, parts)[0]
    changed = np.abs(bare - whole).mean(axis=1) > 2.0
    first = int(np.flatnonzero(changed)[0])
    assert first == pytest.approx(54 + ground.row(ground.shore) * 108, abs=2)


def test_places_look_different() -> None:
    times = (Time.DAY, Time.SUNSET, Time.DAY, Time.NIGHT, Time.DAWN)
    shown = [
        picture(described(place, times[n % 5], variety=100 + n))[0]
        for n, place in enumerate([*SETS, *OPEN])
    ]
    values = alike(shown)
    assert values.mean() <= 0.45  # all outdoors; with rooms among them it is lower
    assert (values > 0.8).mean() <= 0.04


def test_one_place_has_many_compositions() -> None:
    for place in (Place.SEA, Place.FIELDS, Place.CITY):
        shown = [picture(described(place, variety=n))[0] for n in range(8)]
        horizons = [ground_of(described(place, variety=n)).horizon for n in range(8)]
        assert np.ptp(horizons) > 0.1
        assert (alike(shown) > 0.95).mean() < 0.25


@pytest.mark.parametrize("place", [p for p in SETS if p is not Place.STADIUM])
def test_night_is_darker_than_day(place: Place) -> None:
    day, night = (picture(described(place, time))[0] for time in (Time.DAY, Time.NIGHT))
    assert night.mean() < 0.85 * day.mean()


@pytest.mark.parametrize("place", [Place.STREET, Place.REEF, Place.SEA])
def test_the_same_scene_has_the_same_pixels(place: Place) -> None:
    scene = described(place, variety=12)
    first, second = (drawn(*built(scene, 128, 72)) for _ in range(2))
    for one, other in zip(first, second, strict=True):
        assert (one == other).all()
    assert (drawn(*built(replace(scene, variety=13), 128, 72))[0] != first[0]).any()


def test_a_neon_street_has_bright_colours_and_mirrors_them() -> None:
    plain = picture(described(Place.STREET, Time.NIGHT))
    neon = picture(described(Place.STREET, Time.NIGHT, neon=True))

    def vivid(planes: Planes3, rows: slice) -> float:
        chroma = np.hypot(planes[1] - 128, planes[2] - 128)[rows]
        return float(np.percentile(chroma, 97))

    assert vivid(neon, slice(0, 30)) > 1.5 * vivid(plain, slice(0, 30))
    assert vivid(neon, slice(34, 54)) > 1.15 * vivid(plain, slice(34, 54))


@pytest.mark.parametrize("truck", [-0.3, 0.0, 0.3])
def test_the_glitter_is_below_the_sun_at_every_truck(truck: float) -> None:
    poses = (Pose(truck_x=-0.3), Pose(), Pose(truck_x=0.3))
    scene = described(Place.SEA, Time.SUNSET, variety=21)
    setting, parts = built(scene, 320, 180, poses)
    y = drawn(setting, parts, Pose(truck_x=truck))[0]
    sun = 160 + setting.light.side * setting.lens.focal
    first = 90 + int(setting.eye.horizon)
    for rows in (slice(first + 2, first + 12), slice(first + 12, first + 30)):
        line = cv2.blur(y[rows].mean(axis=0)[None], (31, 1))[0]
        inside = line[20:300]
        assert abs(20 + int(inside.argmax()) - sun) < 26


def ring_share(scene: SceneDescription) -> float:
    """How much wider than high what a planet adds to the picture is."""
    with_it = picture(scene, 320, 180)[0]
    without = picture(replace(scene, extras=frozenset()), 320, 180)[0]
    rows, columns = np.nonzero(np.abs(with_it - without) > 12)
    return float(np.ptp(columns) / np.ptp(rows))


def test_a_ringed_planet_has_a_ring() -> None:
    for variety in (2, 5):
        plain = described(Place.SPACE, variety=variety, extras=frozenset({Extra.PLANET}))
        ringed = replace(plain, extras=frozenset({Extra.PLANET, Extra.RING}))
        assert ring_share(ringed) > 1.25 * ring_share(plain)


@pytest.mark.parametrize("weather", [Weather.RAIN, Weather.SNOW, Weather.STORM])
@pytest.mark.parametrize("time", [Time.DAY, Time.SUNSET])
def test_a_sky_of_rain_or_snow_has_no_blue_gaps_and_no_red(weather: Weather, time: Time) -> None:
    scene = described(Place.FIELDS, time, weather, variety=4)
    setting, parts = built(scene, 192, 108)
    _, u, v = drawn(setting, parts[:1])
    rows = slice(0, 27 + int(setting.eye.horizon / 2) - 2)
    assert np.abs(u[rows] - 128).max() < 14
    assert (v[rows] - 128).max() < (14 if weather is Weather.SNOW else 9)
    assert u[rows].std() < 3


def test_snowflakes_vary_in_size() -> None:
    sizes = Snow(np.random.default_rng(1), Lens(1280, 720, STILL), 1.0, 200.0).sizes
    assert np.percentile(sizes, 95) > 3.5 * np.percentile(sizes, 5)
    assert sizes.max() > 5


@pytest.mark.parametrize("prompt", ["A bamboo forest at noon", "正午的竹林"])
def test_a_forest_of_bamboo_is_none_of_pines(prompt: str) -> None:
    """Culms let the sky through, and are a light green: pines are dark and dense."""
    read = read_intent(prompt, seed=1).scene
    description = replace(described(read.place, variety=5), crop=read.crop)
    assert description.crop == "bamboo"
    pines, bamboos = (
        picture(replace(description, crop=crop, extras=frozenset())) for crop in (None, "bamboo")
    )
    rows = slice(len(pines[0]) // 5, len(pines[0]) * 9 // 20)
    stands = np.abs(pines[0][rows] - bamboos[0][rows]) > 16
    assert stands.mean() > 0.05
    assert bamboos[0][rows][stands].mean() > pines[0][rows][stands].mean() + 20


def test_crops_colour_the_fields() -> None:
    def chroma(crop: str | None) -> tuple[float, float]:
        _, u, v = picture(described(Place.FIELDS, crop=crop, variety=6))
        return float(u[36:50, 20:76].mean()), float(v[36:50, 20:76].mean())

    wheat, lavender, tulips, rice = (chroma(c) for c in ("wheat", "lavender", "tulips", "rice"))
    assert chroma(None) == wheat
    assert lavender[0] > wheat[0] + 8  # bluer
    assert tulips[1] > rice[1] + 8  # redder
    assert rice[1] < 124  # green
    assert {"sunflowers", "poppies", "rapeseed"} <= set(CROPS)


def test_the_sea_by_day_is_not_plain() -> None:
    for variety in range(3):
        scene = described(Place.SEA, variety=variety)
        setting, parts = built(scene, 320, 180)
        y, u, _ = drawn(setting, parts)
        first = 90 + int(setting.eye.horizon) + 6
        assert y[first:].std() > 9
        assert u[first // 2 :].mean() > 134
