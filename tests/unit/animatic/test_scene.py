"""Scenes: their frames, what moves in them, and what they depend on."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from kirin.domain.frame import Frame
from kirin.engines.animatic.camera.path import path
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.scene.lens import DEEP, Depth, Lens
from kirin.engines.animatic.stage.scene import Scene
from kirin.prompt.direction import read_direction
from kirin.prompt.reader import read_intent
from kirin.vision.planes import Planes

pytestmark = pytest.mark.slow

WIDTH, HEIGHT, FPS, COUNT = 192, 108, 24, 48
STILL = (Pose(),) * COUNT
PROMPTS = [
    "a lighthouse, storm at night, rain",
    "sunrise over misty mountains",
    "a city skyline at night",
    "wheat fields at sunset with birds and trees",
    "desert dunes at noon",
    "snow falling on a pine forest at dusk",
    "stars over the sea, a sailing boat",
    "a nebula and a planet in space",
    "foggy mountain lake at dawn",
]


def scene(prompt: str, negative: str = "", poses: tuple[Pose, ...] = STILL, seed: int = 1) -> Scene:
    """A scene that is painted anew."""
    return Scene(read_intent(prompt, negative, seed=seed).scene, WIDTH, HEIGHT, FPS, poses)


@cache
def painted(prompt: str, seed: int = 1) -> Scene:
    """A scene before a still camera, painted once for all tests that look at its frames."""
    return scene(prompt, seed=seed)


def luma(frame: Frame) -> NDArray[np.float64]:
    return Planes.of_frame(frame).y.astype(float)


def calm(frame: Frame) -> NDArray[np.float64]:
    """Luma without the grain: means of 4 x 4 pixels."""
    return luma(frame).reshape(HEIGHT // 4, 4, WIDTH // 4, 4).mean(axis=(1, 3))


def apart(a: Frame, b: Frame) -> float:
    return float(np.abs(luma(a) - luma(b)).mean())


@pytest.mark.parametrize("prompt", PROMPTS)
def test_frames_are_limited_range_and_not_flat(prompt: str) -> None:
    frame = painted(prompt).frame(10)
    assert frame.shape == (HEIGHT * 3 // 2, WIDTH)
    assert frame.dtype == np.uint8
    assert frame.flags.c_contiguous
    y = luma(frame)
    assert y.min() >= 16
    assert y.max() <= 235
    assert y.std() > 3
    assert len(np.unique(y)) > 25
    for plane in (Planes.of_frame(frame).u, Planes.of_frame(frame).v):
        assert plane.min() >= 16
        assert plane.max() <= 240


@pytest.mark.parametrize("prompt", PROMPTS)
def test_something_moves_before_a_still_camera(prompt: str) -> None:
    still = painted(prompt)
    change = np.abs(calm(still.frame(2)) - calm(still.frame(44)))
    assert np.percentile(change, 99) > 1.5


@pytest.mark.parametrize("prompt", PROMPTS[:3])
def test_same_arguments_give_the_same_frames_in_any_order_and_thread(prompt: str) -> None:
    first, second = scene(prompt), scene(prompt)
    numbers = [0, 7, 30]
    frames = [first.frame(number) for number in numbers]
    with ThreadPoolExecutor(1) as pool:
        again = list(pool.map(second.frame, reversed(numbers)))[::-1]
    for one, other in zip(frames, again, strict=True):
        assert (one == other).all()
    assert frames[0] is not first.frame(0)


def test_prompts_and_seeds_look_different() -> None:
    frames = [painted(prompt).frame(5) for prompt in PROMPTS]
    frames.append(painted(PROMPTS[1], seed=2).frame(5))
    for i, one in enumerate(frames):
        for other in frames[:i]:
            assert apart(one, other) > 4


def test_negative_prompt_keeps_the_rain_away() -> None:
    def flicker(negative: str) -> float:
        frames = scene("a city in the rain by day", negative)
        sky = [luma(frames.frame(number))[:30] for number in (20, 21)]
        return float(np.abs(sky[0] - sky[1]).mean())

    assert flicker("rain") < 0.6 * flicker("")


@pytest.mark.parametrize("prompt", PROMPTS)
def test_camera_moves_the_picture_smoothly(prompt: str) -> None:
    poses = path(read_direction("pan right"), COUNT, FPS)
    moving = scene(prompt, "lightning", poses)
    steps = [apart(moving.frame(i), moving.frame(i + 1)) for i in range(20, 28)]
    assert max(steps) < 2.2 * min(steps) + 1.0


@pytest.mark.parametrize("depth", [DEEP, Depth(1.0, 1.0), Depth(0.1, 1.0, 5.0, 60.0)])
def test_a_patch_covers_every_view_of_the_path(depth: Depth) -> None:
    words = "fast pull out, orbit left, crane up, roll clockwise, handheld, pan left"
    lens = Lens(WIDTH, HEIGHT, path(read_direction(words), 30, 6, guidance=1.0))
    across, down = lens.canvas()
    patch = lens.patch(depth, -np.inf, np.inf, drift=9.0)
    right = patch.left + patch.step * (patch.width - 1)
    bottom = patch.top + patch.step * (patch.height - 1)
    y = np.linspace(-down / 2, down / 2, 40)
    for pose in lens.poses:
        rows = lens.rows(pose, depth, y)
        assert rows.place.min() > patch.top
        assert rows.place.max() < bottom
        for drift in (0.0, 9.0):
            half = across / 2 / rows.scale
            assert (rows.shift - half - drift).min() > patch.left
            assert (rows.shift + half - drift).max() < right


def test_portrait_and_rolled_views_are_drawn() -> None:
    poses = path(read_direction("roll clockwise, handheld"), 12, 24)
    tall = Scene(read_intent("the sea at dawn", seed=3).scene, 108, 192, 24, poses)
    frame = tall.frame(11)
    assert frame.shape == (288, 108)
    assert luma(frame).std() > 3


def test_describe_says_that_it_is_procedural() -> None:
    described = painted(PROMPTS[1]).describe()
    assert described["kind"] == "procedural scene"
    assert described["terrain"] == "mountains"
    assert "mist" in described["understood"]
