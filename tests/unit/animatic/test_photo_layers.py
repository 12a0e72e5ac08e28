"""Layers of a photograph: parallax, parts that move in them, air between them, and focus."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
import pytest

from kirin.domain.motion import FocusPull
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cinemagraph.part import Cinemagraph, Rectangle
from kirin.engines.animatic.photo.photo import Photo, PhotoOptions
from kirin.vision.depth.layers import DepthLayer, LayerKind
from kirin.vision.planes import Planes, picture_to_frame, resize

WIDTH, HEIGHT = 320, 180
REST = Pose()
SKY, RIDGE, FLOOR = 60, 90, 150  # luma of the four parts of the picture
SUBJECT = 230


def scene():
    """Sky, ridge, floor and a disc that stands on the floor, all with a little texture."""
    y, x = np.mgrid[0:540, 0:960] + 0.5
    luma = np.where(y < 180, SKY, np.where(y < 300, RIDGE, FLOOR)).astype(np.float32)
    luma = np.where(np.hypot(x - 480, y - 290) < 80, SUBJECT, luma)
    noise = np.random.default_rng(1).normal(size=(90, 160)).astype(np.float32)
    luma += 6 * cv2.resize(noise, (960, 540), interpolation=cv2.INTER_CUBIC)
    return np.clip(luma, 0, 255).astype(np.uint8)[..., None].repeat(3, axis=2)


def four_layers(picture, *_):
    height, width = picture.rgb.shape[:2]
    y, x = np.mgrid[0:height, 0:width] + 0.5

    def alpha(inside):
        soft = cv2.GaussianBlur(inside.astype(np.float32), (0, 0), 1.0)
        return np.round(soft * 255).astype(np.uint8)

    disc = alpha(np.hypot(x - width / 2, y - height * 290 / 540) < height * 80 / 540)
    return (
        DepthLayer(LayerKind.SKY, np.full((height, width), 255, np.uint8), 0.0, 0.0),
        DepthLayer(LayerKind.FAR, alpha(y > height / 3), 0.2, 0.2),
        DepthLayer(LayerKind.GROUND, alpha(y > height * 5 / 9), 0.25, 0.8, 1.0, 5 / 9),
        DepthLayer(LayerKind.SUBJECT, disc, 0.45, 0.45),
    )


class Nobody:
    def find(self, rgb):
        raise AssertionError("the layers know the subjects")


@pytest.fixture(autouse=True)
def split(monkeypatch):
    monkeypatch.setattr("kirin.engines.animatic.photo.sheet.split_layers", four_layers)


class Stain:
    """A texture part that darkens its box from the second frame on."""

    def __init__(self, box):
        self.box = box

    def draw(self, planes, number):
        if number:
            box = self.box
            planes.y[box.top : box.bottom, box.left : box.right] = 20 + number


class Steady(Stain):
    """The same, which says when it changes, and counts how often it is drawn."""

    drawn = 0

    def state(self, number):
        return max(number, 3)

    def draw(self, planes, number):
        self.drawn += 1
        super().draw(planes, 20 if max(number, 3) == 3 else number)


class Dots:
    """Air: a white square that goes across the view."""

    def __init__(self, disparity):
        self.disparity = disparity

    def draw(self, planes, pose, number):
        planes.y[60:120, 20 * number : 20 * number + 40] = 235


class Rise:
    """The subject goes up from the third frame on."""

    def pose(self, pose, number):
        return pose if number < 2 else Pose(x=pose.x, y=pose.y + 0.05 * number, zoom=pose.zoom)


def photo(poses, made=None, **more):
    options = PhotoOptions(animate=lambda _: made or Cinemagraph(), separate=True, **more)
    return Photo.prepare(scene(), WIDTH, HEIGHT, poses, Nobody(), options)


def luma(frame):
    return Planes.of_frame(frame).y.astype(np.float32)


def trucking(count=9, way=0.2):
    return [Pose(truck_x=way * i / (count - 1)) for i in range(count)]


def test_four_layers_are_exactly_the_picture_at_rest():
    for poses in ([REST] * 4, trucking()):
        taken = photo(poses)
        assert taken.kinds == ("sky", "far", "ground", "subject")
        picture = picture_to_frame(resize(scene(), WIDTH, HEIGHT), WIDTH, HEIGHT)
        assert np.abs(taken.frame_at(0).astype(int) - picture).max() <= 1


def test_what_is_nearer_moves_more():
    taken = photo(trucking())
    first, last = luma(taken.frame_at(0)), luma(taken.frame_at(8))

    def shift(rows, columns=slice(0, WIDTH)):
        one, two = (
            np.ascontiguousarray(frame[rows, columns]).astype(np.float64) for frame in (first, last)
        )
        window = cv2.createHanningWindow(one.shape[::-1], cv2.CV_64F)
        return -cv2.phaseCorrelate(one - one.mean(), two - two.mean(), window)[0][0]

    def middle(frame):
        return float(np.flatnonzero(frame[97] > 200).mean())

    sky, ridge = shift(slice(4, 52)), shift(slice(66, 94), slice(0, 110))
    floor = shift(slice(150, 180))
    subject = middle(first) - middle(last)
    assert abs(sky) < 1
    assert ridge == pytest.approx(0.2 * 0.2 * WIDTH, abs=2)
    assert subject == pytest.approx(0.45 * 0.2 * WIDTH, abs=1.5)
    assert floor > subject > ridge > sky


def test_no_halo_and_no_hole():
    taken = photo(trucking())
    frame = luma(taken.frame_at(8))
    # Beside the subject there is nothing darker or lighter than what is behind it.
    subject = np.flatnonzero(frame[97] > 200)
    beside = np.r_[frame[97, subject[0] - 24 : subject[0] - 3], frame[97, subject[-1] + 4 :]]
    behind = 16 + 219 / 255 * RIDGE
    assert np.abs(beside - behind).max() < 24
    assert frame.min() > 30


def test_a_part_is_seen_on_all_layers_that_it_lies_in():
    part = Stain(Rectangle(40, 20, 60, 170))  # from the sky over the ridge to the floor
    taken = photo([REST] * 4, Cinemagraph(behind=[part]))
    frame = luma(taken.frame_at(3))
    assert np.abs(frame[22:168, 42:58] - 23).max() < 6
    moving = photo(trucking(), Cinemagraph(behind=[Stain(Rectangle(80, 30, 120, 200))]))
    dark = luma(moving.frame_at(8)) < 45
    assert dark[30].sum() > 20
    assert dark[80].sum() > 20
    assert dark[140].sum() > 20
    lefts = [int(np.flatnonzero(dark[row])[0]) for row in (30, 80, 150)]
    assert lefts[0] > lefts[1] > lefts[2]  # each goes with its layer


@pytest.mark.parametrize(
    "made",
    [
        Cinemagraph(),
        Cinemagraph(behind=[Stain(Rectangle(40, 20, 60, 170))]),
        Cinemagraph(subject=[Stain(Rectangle(20, 20, 40, 40))]),
        Cinemagraph(behind=[Stain(Rectangle(40, 20, 60, 170))], air=[Dots(0.3), Dots(0.9)]),
        Cinemagraph(air=[Dots(0.1)], moved=Rise()),
    ],
    ids=["nothing", "part", "part of the subject", "air", "moved"],
)
def test_a_camera_at_rest_draws_the_same_frames_as_any(made):
    taken = photo([REST] * 6, made)
    for number in (0, 3, 1, 5):
        np.testing.assert_array_equal(
            taken.frame_at(number), taken._composer.frame(REST, number), str(number)
        )


@pytest.mark.parametrize("pose", [REST, Pose(zoom=1.02)], ids=["at rest", "moved"])
def test_what_stays_as_it_is_is_not_drawn_again(pose):
    part = Steady(Rectangle(40, 20, 60, 170))
    taken = photo([pose] * 6, Cinemagraph(behind=[part]))
    frames = [taken.frame_at(number) for number in range(6)]
    assert part.drawn <= 4
    for one, two in pairwise(frames[:4]):
        np.testing.assert_array_equal(one, two)
    assert (frames[3] != frames[4]).any()
    again = [taken.frame_at(number) for number in (5, 2, 4)]
    for number, frame in zip((5, 2, 4), again, strict=True):
        np.testing.assert_array_equal(frame, frames[number])


def test_outside_of_what_moves_a_camera_at_rest_changes_no_bit():
    box = Rectangle(40, 20, 60, 170)
    taken = photo([REST] * 6, Cinemagraph(behind=[Stain(box)]))
    frames = [Planes.of_frame(taken.frame_at(number)) for number in range(6)]
    for one, two in pairwise(frames):
        for plane, other, step in ((one.y, two.y, 1), (one.u, two.u, 2), (one.v, two.v, 2)):
            changed = np.argwhere(plane != other) * step
            if len(changed):
                (top, left), (bottom, right) = changed.min(axis=0), changed.max(axis=0)
                assert box.top <= top <= bottom < box.bottom
                assert box.left <= left <= right < box.right
    assert (frames[0].y != frames[5].y).any()


def test_air_goes_behind_what_is_nearer():
    taken = photo([REST] * 9, Cinemagraph(air=[Dots(0.3)]))
    frame = luma(taken.frame_at(7))  # the square is at columns 140 to 180: over the subject
    still = luma(taken.frame_at(0))
    assert np.abs(frame[90:102, 150:170] - still[90:102, 150:170]).max() < 3
    assert (luma(taken.frame_at(2))[70:110, 45:75] > 230).all()


def test_the_focus_is_pulled_from_the_subject_to_the_background():
    def sharpness(frame, part):
        return float(np.abs(cv2.Laplacian(luma(frame)[part], cv2.CV_32F)).mean())

    stripes = scene()
    stripes[:, ::12] = stripes[:, ::12] // 2 + 20
    options = PhotoOptions(separate=True, focus=FocusPull.TO_BACKGROUND, fps=24)
    taken = Photo.prepare(stripes, WIDTH, HEIGHT, [REST] * 72, Nobody(), options)
    subject, ridge = np.s_[86:108, 150:170], np.s_[66:94, 20:100]
    first, held, last = (taken.frame_at(number) for number in (0, 20, 71))
    picture = picture_to_frame(resize(stripes, WIDTH, HEIGHT), WIDTH, HEIGHT)
    assert np.abs(first.astype(int) - picture).max() <= 1
    assert sharpness(held, subject) > 0.9 * sharpness(first, subject)
    assert sharpness(held, ridge) < 0.7 * sharpness(first, ridge)
    assert sharpness(last, ridge) > 0.9 * sharpness(first, ridge)
    assert sharpness(last, subject) < 0.7 * sharpness(first, subject)
    # Each frame is a little different from the one before: the pull has no steps.
    steps = [
        np.abs(taken.frame_at(i).astype(int) - taken.frame_at(i + 1)).mean() for i in range(22, 54)
    ]
    assert max(steps) < 4 * np.median(steps) + 0.2


def test_what_is_out_of_focus_still_moves():
    part = Stain(Rectangle(60, 70, 100, 90))
    made = Cinemagraph(behind=[part])
    taken = photo([REST] * 48, made, focus=FocusPull.HELD_ON_SUBJECT)
    assert luma(taken.frame_at(30))[74:86, 70:90].mean() == pytest.approx(50, abs=6)
    assert luma(taken.frame_at(0))[74:86, 70:90].mean() > 80


def test_what_stays_as_it_is_is_as_soft_in_every_frame():
    steady = Cinemagraph(behind=[Steady(Rectangle(60, 70, 100, 90))])
    taken = photo([REST] * 48, steady, focus=FocusPull.HELD_ON_SUBJECT)
    once = taken.frame_at(2)
    for _ in range(3):
        np.testing.assert_array_equal(taken.frame_at(2), once)


def two_on_gravel():
    """A gravel of much contrast, a disc on it and a red post beside the disc."""
    rng = np.random.default_rng(4)
    grains = cv2.resize(rng.normal(110, 45, (135, 240)).astype(np.float32), (960, 540))
    rgb = np.clip(grains, 0, 255).astype(np.uint8)[..., None].repeat(3, axis=2)
    cv2.circle(rgb, (330, 290), 110, (230, 230, 230), -1)
    rgb[200:400, 560:640] = (220, 20, 20)
    return rgb


def two_subjects(picture, *_):
    height, width = picture.rgb.shape[:2]
    y, x = np.mgrid[0:height, 0:width] + 0.5
    scale = width / 960
    disc = np.hypot(x - 330 * scale, y - 290 * scale) < 111 * scale
    post = (np.abs(x - 600 * scale) < 41 * scale) & (np.abs(y - 300 * scale) < 101 * scale)
    alphas = [cv2.GaussianBlur(255.0 * each, (0, 0), 1.0).astype(np.uint8) for each in (post, disc)]
    return (
        DepthLayer(LayerKind.GROUND, np.full((height, width), 255, np.uint8), 0.0, 0.0),
        DepthLayer(LayerKind.SUBJECT, alphas[0], 0.6, 0.6),
        DepthLayer(LayerKind.SUBJECT, alphas[1], 0.7, 0.7),
    )


def test_what_is_behind_each_subject_is_filled(monkeypatch):
    """Where a smaller subject was, there is gravel: no mere continuation of its surroundings."""
    monkeypatch.setattr("kirin.engines.animatic.photo.sheet.split_layers", two_subjects)
    options = PhotoOptions(separate=True)
    taken = Photo.prepare(two_on_gravel(), WIDTH, HEIGHT, trucking(way=0.16), Nobody(), options)
    assert taken.kinds == ("ground", "subject", "subject")
    picture = picture_to_frame(resize(two_on_gravel(), WIDTH, HEIGHT), WIDTH, HEIGHT)
    assert np.abs(taken.frame_at(0).astype(int) - picture).max() <= 1
    planes = Planes.of_frame(taken.frame_at(8))
    # The post has gone left by 0.6 * 0.16 of the width: by 31 pixels, of its 27.
    reddish = np.flatnonzero(planes.v[50] > 160)
    assert reddish.max() * 2 < 190
    gap = planes.y[76:126, 189:211].astype(float)
    beside = planes.y[76:126, 240:262].astype(float)
    assert gap.std() > 0.5 * beside.std()
    assert np.abs(planes.v[38:63, 95:105].astype(int) - 128).max() < 12
