"""What is seen beyond a picture's border: its surroundings, without a seam, and nothing twice."""

from __future__ import annotations

from fractions import Fraction

import cv2
import numpy as np
import pytest

from kirin.engines.animatic.camera.departure import CutSide, Room, begin_at_rest, confine
from kirin.engines.animatic.camera.path import path
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.photo.border import continue_border, fill_border, mirrored
from kirin.engines.animatic.photo.conspicuous import conspicuous
from kirin.engines.animatic.photo.photo import Photo, PhotoOptions
from kirin.prompt.direction import read_direction
from kirin.vision.matting.segmenter import SubjectMask
from kirin.vision.planes import Planes, picture_to_frame

WIDTH, HEIGHT, FPS = 480, 270, Fraction(24)
RADIUS, GAP = 30, 10
PLACES = {
    "left": (RADIUS + GAP, 135),
    "top": (240, RADIUS + GAP),
    "right": (WIDTH - RADIUS - GAP, 135),
    "bottom": (240, HEIGHT - RADIUS - GAP),
}
"""Centres of a disc that ends 10 px from a border."""


class Found:
    """Stands in for the segmenter: it finds what is vivid, or nothing."""

    def __init__(self, sees: bool) -> None:
        self.sees = sees

    def find(self, rgb):
        alpha = (vivid(rgb) * 255).astype(np.uint8) * np.uint8(self.sees)
        return SubjectMask(alpha, 0.2 if self.sees else 0.0, 0.0 if self.sees else 1.0)


@pytest.fixture(autouse=True)
def without_networks(monkeypatch):
    monkeypatch.setattr("kirin.engines.animatic.photo.sheet.split_layers", lambda *_: ())


def vivid(rgb):
    red, green, blue = (rgb[..., i].astype(int) for i in range(3))
    return (red - np.maximum(green, blue)) > 60


def meadow(seed=2):
    rng = np.random.default_rng(seed)
    noise = cv2.GaussianBlur(rng.normal(0, 40, (HEIGHT, WIDTH, 1)).astype(np.float32), (0, 0), 1.5)
    return np.clip(np.array([90, 120, 70]) + noise[..., None], 0, 255).astype(np.uint8)


def with_disc(centre, rgb=None):
    rgb = meadow() if rgb is None else rgb
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH] + 0.5
    rgb[np.hypot(x - centre[0], y - centre[1]) < RADIUS] = (230, 30, 30)
    return rgb


def film(prompt, rgb, segmenter):
    direction = read_direction(prompt)
    poses = begin_at_rest(path(direction, 49, FPS, 0.5, 3), None, 24.0)
    options = PhotoOptions(confined=True)
    return Photo.prepare(rgb, WIDTH, HEIGHT, poses, segmenter, options)


def seen(photo, index):
    return Planes.of_frame(photo.frame_at(index)).to_rgb()


def beyond(photo, index, depth=0.0):
    """Where a frame shows what lies beyond the picture."""
    pose = photo.departure.poses[index].view(depth)
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH] + 0.5
    x, y = x - WIDTH / 2, y - HEIGHT / 2
    across, down = x / pose.scale / WIDTH + pose.x, y / pose.scale / HEIGHT + pose.y
    hair = 3 / HEIGHT
    return (np.abs(across) > 0.5 + hair) | (np.abs(down) > 0.5 + hair)


@pytest.mark.parametrize(
    ("prompt", "sees"),
    [("pull out", True), ("zoom out", True), ("zoom out", False)],
    ids=["a layer", "a subject", "no subject"],
)
@pytest.mark.parametrize("side", PLACES)
def test_what_is_near_the_border_is_not_seen_again_beyond_it(side, prompt, sees):
    picture = with_disc(PLACES[side])
    photo = film(prompt, picture, Found(sees))
    last, outside = seen(photo, 48), beyond(photo, 48, 0.25)
    assert outside.mean() > 0.05
    assert vivid(last).sum() > 1000  # it is still seen where it is
    assert (vivid(last) & outside).sum() == 0
    count, *_ = cv2.connectedComponents(vivid(last).astype(np.uint8))
    assert count == 2  # the rest, and one disc
    first = picture_to_frame(picture, WIDTH, HEIGHT).astype(float)
    assert 10 * np.log10(255**2 / max(np.mean((photo.frame_at(0) - first) ** 2), 1e-6)) >= 48


@pytest.mark.parametrize("centre", [None, *PLACES.values()], ids=["empty", *PLACES])
def test_no_seam_is_seen_at_the_border(centre):
    picture = meadow() if centre is None else with_disc(centre)
    pad = 32
    wide = mirrored(picture, pad, pad, pad, pad)
    inner = (pad, pad, WIDTH + pad, HEIGHT + pad)
    fill = fill_border(wide, inner, None)
    assert fill is not None
    within = np.abs(np.diff(picture.astype(float), axis=0)).mean()
    continue_border(wide, inner, fill)
    np.testing.assert_array_equal(wide[pad:-pad, pad:-pad], picture)
    left, right = pad, WIDTH + pad
    top, bottom = pad, HEIGHT + pad
    for one, two in [
        (wide[pad:-pad, left - 1], wide[pad:-pad, left]),
        (wide[pad:-pad, right - 1], wide[pad:-pad, right]),
        (wide[top - 1, pad:-pad], wide[top, pad:-pad]),
        (wide[bottom - 1, pad:-pad], wide[bottom, pad:-pad]),
    ]:
        assert np.abs(one.astype(float) - two).mean() < 1.1 * within


def test_what_goes_on_at_the_border_does_not_stand_out():
    picture = meadow()
    picture[:, 100:120] = (20, 20, 30)  # a pole from top to bottom
    assert not conspicuous(picture).any()
    found = conspicuous(with_disc(PLACES["bottom"], picture))
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH] + 0.5
    disc = np.hypot(x - 240, y - PLACES["bottom"][1]) < RADIUS - 2
    assert found[disc].all()
    assert not found[:, 100:120].any()


def test_a_subject_that_the_border_cuts_off_keeps_to_it():
    picture = with_disc((240, HEIGHT - 5))
    photo = film("pull out", picture, Found(True))
    lowest = max(pose.view(0.7).y + 0.5 / pose.view(0.7).scale for pose in photo.departure.poses)
    assert lowest <= 0.511
    highest = min(pose.view(0.25).y - 0.5 / pose.view(0.25).scale for pose in photo.departure.poses)
    assert highest < -0.54  # it pulls back all the same, to the other sides
    said = photo.departure.describe(read_direction("pull out"))["limited"]
    assert said[0]["held"] == ["bottom"]
    free = film("pull out", with_disc((240, 135)), Found(True)).departure
    assert "held" not in free.describe(read_direction("pull out")).get("limited", [{}])[0]


def test_between_two_such_borders_nothing_widens():
    poses = [Pose(zoom=1 - i / 40) for i in range(9)]
    cut = [CutSide(1, 0.7), CutSide(3, 0.7)]
    tight = confine(poses, Room(), 16 / 9, [0.25], cut=cut)
    assert 1 / tight.poses[-1].zoom <= 1.0201
    assert tight.held == ()
    assert tight.wide < 0.2
    roomy = confine(poses, Room(top=0.2, bottom=0.2), 16 / 9, [0.25], cut=cut)
    assert roomy.poses[-1].zoom == pytest.approx(0.5 / 0.56)  # as the other sides allow
