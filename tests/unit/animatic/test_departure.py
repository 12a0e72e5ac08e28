"""That camera moves over a photograph begin with the picture itself, and go where they are told."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import cv2
import numpy as np
import pytest
from skimage import data

from kirin.engines.animatic.camera.departure import begin_at_rest
from kirin.engines.animatic.camera.path import held_angle, path
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.photo.arrival import Arrival
from kirin.engines.animatic.photo.photo import Photo, PhotoOptions
from kirin.engines.animatic.photo.shutter import Shutter
from kirin.prompt.direction import read_direction
from kirin.vision.matting.segmenter import SubjectMask
from kirin.vision.planes import Planes, picture_to_frame, resize

WIDTH, HEIGHT, FPS = 320, 180, Fraction(24)


class Disc:
    """Stands in for the segmenter: the subject is a disc."""

    def __init__(self, x=0.5, y=0.5, radius=0.2):
        self.x, self.y, self.radius = x, y, radius

    def find(self, rgb):
        height, width = rgb.shape[:2]
        y, x = np.mgrid[0:height, 0:width] + 0.5
        away = np.hypot(x - self.x * width, y - self.y * height)
        alpha = (np.clip(self.radius * height - away + 0.5, 0, 1) * 255).astype(np.uint8)
        return SubjectMask(alpha, 0.2, 0.0)


class Nothing:
    def find(self, rgb):
        return SubjectMask(np.zeros(rgb.shape[:2], np.uint8), 0.0, 1.0)


@pytest.fixture(autouse=True)
def without_networks(monkeypatch):
    monkeypatch.setattr("kirin.engines.animatic.photo.sheet.split_layers", lambda *_: ())


def cloth(width=960, height=540, seed=3):
    """A picture with detail of all sizes."""
    rng = np.random.default_rng(seed)
    total = np.zeros((height, width, 3), np.float32)
    for side in (6, 14, 40, 120):
        size = (width // side + 2, height // side + 2)
        noise = rng.normal(size=(size[1], size[0], 3)).astype(np.float32)
        total += cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.clip(128 + 28 * total, 0, 255).astype(np.uint8)


def film(prompt, rgb, segmenter=None, seconds=2.5, size=(WIDTH, HEIGHT), **more):
    direction = read_direction(prompt)
    count = round(seconds * 24)

    def journey(pivot):
        poses = path(direction, count, FPS, 0.5, 3, pivot=pivot)
        return begin_at_rest(poses, held_angle(direction), 24.0)

    options = PhotoOptions(confined=True, shutter=True, path=journey, **more)
    return Photo.prepare(rgb, *size, journey(0.7), segmenter, options)


def luma(frame):
    return Planes.of_frame(frame).y.astype(np.float32)


def decibels(a, b):
    return 10 * np.log10(255**2 / max(float(np.mean((a.astype(float) - b) ** 2)), 1e-6))


def moved(photo, first, last):
    """Displacement of what is in the middle, in pixels right and down, by phase correlation."""
    total = np.zeros(2)
    step = 4
    for a, b in pairwise(range(first, last + 1, step)):
        one, two = (luma(photo.frame_at(i))[40:-40, 70:-70] for i in (a, b))
        window = cv2.createHanningWindow(one.shape[::-1], cv2.CV_32F)
        total += cv2.phaseCorrelate(one, two, window)[0]
    return total


MOVES = [
    "push in", "pull out", "zoom in", "zoom out", "pan left", "pan right", "tilt up", "truck left",
    "crane up", "orbit right", "roll clockwise", "dolly zoom", "whip pan right", "handheld",
    "dutch angle", "high angle", "static shot",
]  # fmt: skip


@pytest.mark.parametrize("prompt", MOVES)
def test_the_first_frame_is_the_picture(prompt):
    coffee = data.coffee()
    photo = film(prompt, coffee, Disc(), 1.0)
    height = 600 * HEIGHT / WIDTH
    box = (0, photo.framing.y - height / 2, 600, photo.framing.y + height / 2)
    picture = picture_to_frame(resize(coffee, WIDTH, HEIGHT, box), WIDTH, HEIGHT)
    assert decibels(photo.frame_at(0), picture) > 48


@pytest.mark.parametrize(
    ("prompt", "axis", "sign"),
    [
        ("pan left", 0, 1),
        ("pan right", 0, -1),
        ("tilt up", 1, 1),
        ("tilt down", 1, -1),
        ("truck left", 0, 1),
        ("truck right", 0, -1),
        ("crane up", 1, 1),
        ("crane down", 1, -1),
    ],
)
def test_the_picture_goes_the_other_way(prompt, axis, sign):
    shift = moved(film(prompt, cloth()), 8, 48)
    assert shift[axis] * sign > 8
    assert abs(shift[1 - axis]) < 0.4 * abs(shift[axis])


@pytest.mark.parametrize(
    ("prompt", "larger"),
    [("push in", True), ("zoom in", True), ("pull out", False), ("zoom out", False)],
)
def test_what_is_in_the_picture_grows_or_shrinks(prompt, larger):
    y, x = np.mgrid[0:540, 0:960] + 0.5
    disc = np.where(np.hypot(x - 480, y - 270)[..., None] < 120, 220, 40)
    photo = film(prompt, np.repeat(disc, 3, axis=2).astype(np.uint8))
    first, last = ((luma(photo.frame_at(i)) > 120).sum() for i in (0, 59))
    assert last > 1.1 * first if larger else last < 0.93 * first


def test_a_roll_turns_the_picture_and_begins_level():
    y = np.mgrid[0:540, 0:960][0]
    photo = film(
        "roll clockwise", np.where(y > 270, 60, 200)[..., None].repeat(3, 2).astype(np.uint8)
    )
    edges = [
        (luma(photo.frame_at(i))[:, [60, 260]] > 120).sum(axis=0).astype(float) for i in (0, 59)
    ]
    assert abs(edges[0][0] - edges[0][1]) < 1
    assert edges[1][0] > edges[1][1] + 5 or edges[1][1] > edges[1][0] + 5


@pytest.mark.parametrize("prompt", ["pull out", "truck left", "roll clockwise", "tilt up"])
def test_no_border_no_hole_and_nothing_stretched(prompt):
    photo = film(prompt, cloth(), Nothing())
    last = luma(photo.frame_at(59))
    grain = np.abs(np.diff(last, axis=0)).mean(), np.abs(np.diff(last, axis=1)).mean()
    for side in (last[:6], last[-6:], last[:, :6].T, last[:, -6:].T):
        # A stretched border is constant across it; a hole is constant along it.
        assert np.abs(np.diff(side, axis=0)).mean() > 0.25 * min(grain)
        assert np.abs(np.diff(side, axis=1)).mean() > 0.25 * min(grain)


def test_a_dolly_zoom_keeps_the_subject_and_changes_what_is_behind_it():
    y, x = np.mgrid[0:540, 0:960] + 0.5
    picture = np.full((540, 960, 3), 70, np.uint8)
    picture[:, ::80] = picture[:, 1::80] = picture[:, 2::80] = 130  # posts far behind
    picture[np.hypot(x - 480, y - 270) < 100] = (240, 240, 240)
    photo = film("dolly zoom", picture, Disc(radius=0.19), 4)
    assert photo.layered

    def measured(index):
        frame = luma(photo.frame_at(index))
        posts = np.flatnonzero(np.diff((frame[12] > 90).astype(int)) == 1)
        return (frame > 190).sum() ** 0.5, float(np.diff(posts).mean())

    (subject, posts), (subject_after, posts_after) = measured(0), measured(95)
    assert subject_after == pytest.approx(subject, rel=0.03)
    assert posts_after < 0.92 * posts


def test_a_whip_is_fast_blurred_along_its_way_and_ends_in_rest():
    photo = film("whip pan right", cloth(), None, 3)
    poses = photo.departure.poses
    speeds = np.abs(np.diff([pose.view(0.25).x * pose.zoom for pose in poses]))
    assert speeds.max() > 1.0 / 24  # views a frame: more than a view a second
    assert np.flatnonzero(speeds > 1e-9).size <= 12
    fastest = int(speeds.argmax())
    moving, ended = luma(photo.frame_at(fastest)), luma(photo.frame_at(71))
    across, down = (np.abs(np.diff(moving, axis=axis)).mean() for axis in (1, 0))
    still = [np.abs(np.diff(ended, axis=axis)).mean() for axis in (1, 0)]
    assert across < 0.5 * still[0]
    assert across / down < 0.7 * still[0] / still[1]
    np.testing.assert_array_equal(photo.frame_at(70), photo.frame_at(71))


def test_slow_moves_are_not_blurred():
    poses = begin_at_rest(path(read_direction("pan left"), 120, FPS))
    assert Shutter.of(poses, 1920) is None


def test_handheld_never_repeats_and_stays_near_the_picture():
    photo = film("handheld", cloth(), None, 5)
    across = np.array([pose.view(0.25).x for pose in photo.departure.poses])
    assert across[0] == 0
    assert 0.004 < np.ptp(across) < 0.06
    assert all(0.95 < pose.zoom < 1.1 for pose in photo.departure.poses)


def test_a_held_angle_grows_out_of_the_picture():
    rolls = [pose.roll for pose in film("dutch angle", cloth(), None, 3).departure.poses]
    assert rolls[0] == 0
    assert rolls[-1] > 0.1
    assert rolls[40:] == pytest.approx([rolls[-1]] * len(rolls[40:]))


def test_what_is_limited_is_said():
    direction = read_direction("fast zoom out")
    photo = film("fast zoom out", cloth(), None, 5)
    (limited,) = photo.departure.describe(direction)["limited"]
    assert limited["move"] == "zoom_out"
    assert 0.2 < limited["share"] < 1
    assert "limited" not in film("push in", cloth()).departure.describe(read_direction("push in"))


@pytest.mark.parametrize("size", [(180, 320), (240, 240)])
def test_other_aspects_keep_their_subject_in_frame(size):
    finder = Disc(x=0.82, y=0.5, radius=0.15)
    photo = film("push in", cloth(), finder, 2, size)
    for index in (0, 47):
        pose = photo.departure.poses[index].view(0.7)
        for edge in (0.82 * 960 - 0.15 * 540, 0.82 * 960 + 0.15 * 540):
            across = (edge - photo.framing.x) / photo.framing.width
            assert abs((across - pose.x) * pose.scale) < 0.5


@pytest.mark.parametrize("prompt", ["push in", "truck left", "pull out"])
def test_an_arrival_ends_with_exactly_the_picture_and_gets_there_gently(prompt):
    rgb = cloth()
    poses = path(read_direction(prompt), 40, FPS)
    arrival = Arrival.prepare(rgb, WIDTH, HEIGHT, poses, Disc())
    picture = picture_to_frame(rgb, WIDTH, HEIGHT)
    np.testing.assert_array_equal(arrival.frame(39), picture)
    assert decibels(arrival.frame(38), picture) > 33
    assert decibels(arrival.frame(0), picture) < 30
    assert arrival.departure.poses[-1] == Pose()
