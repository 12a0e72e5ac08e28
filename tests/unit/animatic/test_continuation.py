"""How far a view may open beyond a picture: as far as the picture itself can be made up."""

from __future__ import annotations

import numpy as np
import pytest

from kirin.domain.camera import CameraControl
from kirin.engines.animatic.camera.control import directed
from kirin.engines.animatic.camera.departure import Room, begin_at_rest, confine
from kirin.engines.animatic.camera.path import path
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.photo.continuation import hidden_difference, widest_margin
from kirin.engines.animatic.photo.photo import Photo, PhotoOptions
from kirin.prompt.reader import read_intent
from kirin.vision.planes import Planes, Rgb, resize

HEIGHT, WIDTH = 180, 320


def sky() -> Rgb:
    down = np.linspace(0, 1, HEIGHT)[:, None, None]
    colours = (1 - down) * np.array([90, 130, 210]) + down * np.array([200, 215, 235])
    return np.broadcast_to(colours, (HEIGHT, WIDTH, 3)).astype(np.uint8).copy()


def houses() -> Rgb:
    """Blocks of which none is like another."""
    blocks = np.random.default_rng(5).integers(0, 256, (9, 16, 3), np.uint8)
    return np.repeat(np.repeat(blocks, HEIGHT // 9, 0), WIDTH // 16, 1)


def test_a_sky_may_be_continued_farther_than_a_row_of_houses() -> None:
    assert hidden_difference(sky()) < 3
    assert hidden_difference(houses()) > 20
    assert widest_margin(sky()) > 1.5 * widest_margin(houses()) > 0.1


def test_it_is_told_of_the_picture_and_not_of_its_size() -> None:
    for picture in (sky(), houses()):
        large = resize(picture, 3 * WIDTH, 3 * HEIGHT)
        assert widest_margin(large) == pytest.approx(widest_margin(picture), abs=0.02)


@pytest.mark.parametrize("size", [(16, 16), (2, 400), (400, 2), (1, 1)])
def test_any_picture_has_an_answer(size: tuple[int, int]) -> None:
    picture = np.random.default_rng(1).integers(0, 256, (*size, 3), np.uint8)
    everything = np.full(size, 255, np.uint8)
    assert 0 < widest_margin(picture) <= 0.16
    assert 0 < widest_margin(picture, everything) <= 0.16


@pytest.mark.parametrize("around", [0.06, 0.1, 0.2])
def test_the_view_opens_as_far_as_that(around: float) -> None:
    poses = [Pose(zoom=1.0), Pose(zoom=0.75), Pose(zoom=0.5)]
    shown = confine(poses, Room(), 16 / 9, [0.0, 0.9], around=around)
    assert 1 / shown.poses[-1].zoom == pytest.approx(1 + 2 * around, rel=1e-4)
    assert shown.closer == pytest.approx(1.0)
    assert shown.poses[0] == Pose()


def test_a_zoom_out_over_a_sky_shows_a_third_more_and_begins_with_the_picture() -> None:
    camera = directed(read_intent(""), CameraControl(zoom=10)).camera
    poses = begin_at_rest(path(camera, 5, 24))
    photo = Photo.prepare(sky(), WIDTH, HEIGHT, poses, None, PhotoOptions(confined=True, part=1.0))
    frames = [Planes.of_frame(photo.frame_at(number)).to_rgb() for number in (0, 4)]
    assert np.abs(frames[0].astype(int) - sky()).mean() < 1.5
    # The sky's steps from top to bottom are as much closer together as the view is wider.
    spans = [
        int(np.argmax(rows > 170) - np.argmax(rows > 110))
        for rows in (frame[..., 0].mean(axis=1) for frame in frames)
    ]
    assert spans[0] / spans[1] == pytest.approx(1.32, abs=0.06)
    assert 1 / photo.departure.poses[-1].zoom == pytest.approx(1.32, abs=0.01)
