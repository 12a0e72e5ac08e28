"""What stands on the ground is cut out, as near as its foot; what is not sure is left in it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import cv2
import numpy as np
import pytest

from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.photo.photo import Photo
from kirin.vision.analysis import PictureAnalysis
from kirin.vision.depth.layers import LayerKind, split_layers
from kirin.vision.depth.upright import find_upright, foot_line
from kirin.vision.lab import to_lab
from kirin.vision.planes import Planes, Rgb, resize
from kirin.vision.sky.sky import find_sky

WIDTH, HEIGHT = 480, 320
POSTS = ((100, 60, 200), (240, 0, 250), (390, 90, 282))
"""Middle, top and foot of each, in pixels; the second goes on beyond the top."""
THICK = 6
DARK = (60, 35, 25)


def landscape(posts: tuple[tuple[int, int, int], ...] = POSTS) -> Rgb:
    """A sky, a meadow from row 150, and dark posts."""
    rng = np.random.default_rng(5)
    y = np.mgrid[0:HEIGHT, 0:WIDTH][0].astype(np.float32)
    rough = cv2.GaussianBlur(rng.normal(0, 30, (HEIGHT, WIDTH)).astype(np.float32), (0, 0), 1.5)
    sky = np.dstack([110 + y / 4, 160 + y / 5, 230 - y / 20])
    meadow = np.dstack([80 + rough, 150 + rough, 50 + rough / 2])
    rgb = np.where((y < 150)[..., None], sky, meadow)
    for middle, top, foot in posts:
        rgb[top:foot, middle - THICK : middle + THICK] = DARK
    rgb = cv2.GaussianBlur(rgb.astype(np.float32), (0, 0), 0.7)
    return np.clip(rgb + rng.normal(0, 1.5, rgb.shape), 0, 255).astype(np.uint8)


def found(rgb: Rgb, start: float = 150 / HEIGHT) -> list[Any]:
    small = resize(rgb, 320, round(320 * HEIGHT / WIDTH))
    return find_upright(to_lab(small), start, np.zeros(small.shape[:2], np.uint8))


def forest() -> Rgb:
    """Trunks so close that what is between two of them might be one too."""
    rgb = landscape(())
    for middle in range(20, WIDTH, 26):
        rgb[: 205 + middle % 11, middle - 7 : middle + 6] = DARK
    return rgb


def test_of_what_cannot_be_told_apart_the_foot_is_found() -> None:
    small = resize(forest(), 320, round(320 * HEIGHT / WIDTH))
    nobody = np.zeros(small.shape[:2], np.uint8)
    lab = to_lab(small)
    assert foot_line(lab, 150 / HEIGHT, nobody, []) == pytest.approx(212 / HEIGHT, abs=0.03)
    assert foot_line(lab, 150 / HEIGHT, nobody + 1, []) is None
    bare = to_lab(resize(landscape(()), 320, round(320 * HEIGHT / WIDTH)))
    assert foot_line(bare, 150 / HEIGHT, nobody, []) is None


def looked_at(rgb: Rgb) -> PictureAnalysis:
    """A picture in which nobody is."""
    seen = SimpleNamespace(rgb=rgb, work=rgb, sky=find_sky(rgb), subjects=())
    return cast(PictureAnalysis, seen)


def test_posts_are_found_with_their_feet() -> None:
    things = found(landscape())
    assert len(things) == len(POSTS)
    for thing, (middle, top, foot) in zip(things, POSTS, strict=True):
        assert float((thing.left + thing.right).mean() / 2) == pytest.approx(
            middle / WIDTH, abs=0.006
        )
        assert float((thing.right - thing.left).mean()) == pytest.approx(
            2 * THICK / WIDTH, abs=0.006
        )
        assert thing.foot == pytest.approx(foot / HEIGHT, abs=0.03)
        assert thing.top == pytest.approx(top / HEIGHT, abs=0.03)


@pytest.mark.parametrize(
    "posts",
    [
        (),
        ((100, 60, 130),),  # in the air
        ((100, 200, 320),),  # its foot is not in the picture
        ((100, 180, 215),),  # short
    ],
    ids=["nothing", "hangs", "cut off", "short"],
)
def test_what_is_not_sure_to_stand_is_left(posts: tuple[tuple[int, int, int], ...]) -> None:
    assert found(landscape(posts)) == []


def test_a_gap_between_two_walls_is_no_thing() -> None:
    rgb = landscape(())
    rgb[20:240, :230] = rgb[20:240, 250:] = DARK
    assert found(rgb) == []


def test_what_is_cut_out_already_is_not_cut_out_again() -> None:
    small = resize(landscape(), 320, round(320 * HEIGHT / WIDTH))
    everywhere = np.ones(small.shape[:2], np.uint8)
    assert find_upright(to_lab(small), 150 / HEIGHT, everywhere) == []


def test_they_are_layers_as_near_as_the_ground_at_their_feet() -> None:
    layers = split_layers(looked_at(landscape()))
    ground = next(each for each in layers if each.kind is LayerKind.GROUND)
    posts = [each for each in layers if each.kind is LayerKind.UPRIGHT]
    assert [each.near for each in posts] == sorted(each.near for each in posts)
    expected = [ground.at(foot / HEIGHT) for _, _, foot in POSTS]
    assert [each.near for each in posts] == pytest.approx(expected, abs=0.05)
    assert all(each.far == each.near for each in posts)


def column(luma: np.ndarray, row: int, near: float) -> float:
    """Middle of the dark run in a row, near a column."""
    span = slice(max(round(near) - 40, 0), round(near) + 40)
    weight = np.clip(70 - luma[row, span].astype(float), 0, None)
    return float((weight * np.arange(*span.indices(luma.shape[1]))).sum() / weight.sum())


def test_the_ground_comes_nearer_from_the_feet_of_a_forest_on_and_as_gently() -> None:
    bare, wooded = (
        next(each for each in split_layers(looked_at(rgb)) if each.kind is LayerKind.GROUND)
        for rgb in (landscape(()), forest())
    )
    assert bare.head < 0.5
    assert wooded.head > 0.6
    slopes = [(each.near - each.far) / (1 - each.head) for each in (bare, wooded)]
    assert slopes[1] == pytest.approx(slopes[0], rel=0.05)


def test_under_a_truck_a_post_stays_straight(monkeypatch: pytest.MonkeyPatch) -> None:
    rgb = landscape()
    monkeypatch.setattr(
        "kirin.engines.animatic.photo.sheet.PictureAnalysis", lambda rgb, _: looked_at(rgb)
    )
    poses = [Pose(), Pose(truck_x=0.1), Pose(truck_x=0.2)]
    photo = Photo.prepare(rgb, WIDTH, HEIGHT, poses, cast(Any, object()))
    assert LayerKind.UPRIGHT.value in photo.kinds
    first, _, last = (Planes.of_frame(photo.frame(pose)).y for pose in poses)
    middle, _, foot = POSTS[1]
    starts = [column(first, row, middle) for row in (30, 120, 180, foot - 12)]
    guess = middle - 0.2 * 0.5 * WIDTH
    ends = [column(last, row, guess) for row in (30, 120, 180, foot - 12)]
    moved = np.subtract(ends, starts)
    assert moved.max() - moved.min() < 2  # on the ground's ramp it leans by 20
    assert moved.mean() < -20
