"""A scene that changes: which scene is seen when, and that shapes do not jump."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from kirin.domain.frame import Frame
from kirin.domain.intent import Extra, SceneDescription, Time, Weather
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.look.transition import FADE, ChangingScene
from kirin.engines.animatic.scene.canvas import SceneCanvas
from kirin.engines.animatic.scene.city import city_rows
from kirin.engines.animatic.scene.layer import SceneLayer
from kirin.engines.animatic.scene.lens import Lens
from kirin.engines.animatic.scene.light import light_of
from kirin.engines.animatic.scene.setting import Setting
from kirin.engines.animatic.stage.scene import Scene
from kirin.prompt.reader import read_intent
from kirin.vision.planes import Planes

COUNT = 101


class Flat:
    """A stage of one grey that counts its frames."""

    def __init__(self, value: int) -> None:
        self.value, self.drawn = value, 0

    def describe(self) -> dict[str, Any]:
        return {"value": self.value}

    def frame(self, number: int) -> Frame:
        self.drawn += 1
        return np.full((12, 8), self.value, np.uint8)


def test_it_holds_the_first_then_fades_then_holds_the_last() -> None:
    first, last = Flat(40), Flat(200)
    scene = ChangingScene(first, last, COUNT)
    values = np.array([scene.frame(number).mean() for number in range(COUNT)])
    assert (values[: round(FADE[0] * 100) + 1] == 40).all()
    assert (values[round(FADE[1] * 100) :] == 200).all()
    assert (np.diff(values) >= 0).all()
    assert np.diff(values).max() < 6
    assert abs(values[51] - 120) < 4
    assert scene.describe() == {"value": 40, "becomes": {"value": 200}}


def test_both_are_drawn_only_while_one_becomes_the_other() -> None:
    first, last = Flat(40), Flat(200)
    scene = ChangingScene(first, last, COUNT)
    for number in (0, 10, 20):
        scene.frame(number)
    assert (first.drawn, last.drawn) == (3, 0)
    for number in (82, 100):
        scene.frame(number)
    assert (first.drawn, last.drawn) == (3, 2)


def test_a_shot_of_one_frame_shows_the_first() -> None:
    assert ChangingScene(Flat(40), Flat(200), 1).frame(0).mean() == 40


def _cover(drawn: SceneLayer, lens: Lens) -> NDArray[np.float32]:
    """Where a layer hides what is behind it."""
    planes = []
    for behind in (0.0, 200.0):
        canvas = SceneCanvas(*lens.canvas())
        for plane in (canvas.y, canvas.u, canvas.v):
            plane.fill(behind)
        drawn.draw(canvas, lens, lens.poses[0], 0.0, (0, canvas.y.shape[0]))
        planes.append(canvas.y)
    return np.asarray(1 - (planes[1] - planes[0]) / 200, np.float32)


@pytest.mark.slow
@pytest.mark.parametrize("night", [Time.NIGHT, Time.DAWN])
def test_towers_have_the_same_shapes_at_each_time_of_day(night: Time) -> None:
    lens = Lens(384, 216, (Pose(),))
    day = read_intent("a city skyline by day", seed=4).scene
    rows = [
        city_rows(Setting.of(replace(day, time=time), lens, 1.0), 2.2) for time in (Time.DAY, night)
    ]
    for one, other in zip(*rows, strict=True):
        assert np.abs(_cover(one, lens) - _cover(other, lens)).max() < 0.02


def test_clouds_are_the_same_at_each_time_of_day() -> None:
    day = read_intent("a forest by day", seed=4).scene
    lights = [light_of(replace(day, time=time, extras=frozenset({Extra.MOON}))) for time in Time]
    assert len({light.cover for light in lights}) == 1
    assert len({light.side for light in lights}) == 1


@pytest.mark.slow
@pytest.mark.parametrize("prompt", ["a forest by day", "mountains by day"])
def test_land_has_the_same_outline_by_night(prompt: str) -> None:
    day = replace(read_intent(prompt, seed=4).scene, extras=frozenset({Extra.TREES}))
    night = replace(day, time=Time.NIGHT)
    other = replace(day, variety=day.variety + 1)

    def outline(scene: SceneDescription) -> NDArray[np.int64]:
        """Row of the strongest edge in each column."""
        y = Planes.of_frame(Scene(scene, 384, 216, 24, (Pose(),)).frame(0)).y.astype(float)
        edges = np.hypot(np.gradient(y, axis=0), np.gradient(y, axis=1))
        return np.asarray(edges[40:110].argmax(axis=0), np.int64)

    same = np.abs(outline(day) - outline(night))
    assert np.median(same) <= 2
    assert np.median(same) < np.median(np.abs(outline(day) - outline(other)))


@pytest.mark.slow
def test_snow_begins_over_the_same_land() -> None:
    clear = replace(read_intent("a pine forest by day", seed=4).scene, weather=Weather.CLEAR)
    scene = ChangingScene(
        Scene(clear, 192, 108, 24, (Pose(),) * 40),
        Scene(replace(clear, weather=Weather.SNOW), 192, 108, 24, (Pose(),) * 40),
        40,
    )
    frames = [Planes.of_frame(scene.frame(number)).y.astype(float) for number in range(0, 40, 3)]
    steps = [np.abs(a - b).mean() for a, b in pairwise(frames)]
    assert max(steps) < 18
    assert np.abs(frames[0] - frames[-1]).mean() > 10
