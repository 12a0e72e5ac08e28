"""That a camera which is told in numbers goes where they say: in its path, and in what is seen."""

from __future__ import annotations

from dataclasses import fields, replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image
from skimage import data

from kirin.domain.assets import Asset, AssetKind
from kirin.domain.camera import CameraControl, CameraPreset
from kirin.domain.intent import Move
from kirin.domain.storyboard import Driving, Orientation, Shot, Storyboard
from kirin.engines.animatic.camera.control import directed, part_of
from kirin.engines.animatic.camera.departure import Room, begin_at_rest, confine
from kirin.engines.animatic.camera.path import path
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.engine import AnimaticEngine
from kirin.media.encode import encode
from kirin.prompt.reader import read_intent
from kirin.vision.planes import resize
from support.motion import motion, some_frames

FPS = Fraction(8)
WIDTH, HEIGHT = 384, 216
COUNT = 6
AXES = [field.name for field in fields(CameraControl) if field.name != "preset"]
AMOUNTS = {"photograph": (-10, 0, 10), "drawing": (-10, -5, 0, 5, 10)}
"""A photograph takes long to prepare; that it is moved in proportion, the paths show."""

ROAD = "a parked red car on a road in the mountains, trees, static camera"


def journey(control, prompt="", count=25):
    intent = directed(read_intent(prompt), control)
    return path(intent.camera, count, 24, 0.9, 3)


def travelled(poses):
    """From the first pose to the last, with the logarithms of what magnifies."""
    ends = [
        np.array([p.x, p.y, np.log(p.zoom), p.roll, p.truck_x, p.truck_y, np.log1p(p.dolly)])
        for p in (poses[0], poses[-1])
    ]
    return ends[1] - ends[0]


# The path.


@pytest.mark.parametrize("axis", AXES)
def test_an_axis_goes_in_proportion_to_its_amount_and_nothing_else_moves(axis):
    whole, *others = (
        travelled(journey(CameraControl(**{axis: amount}))) for amount in (10, 5, 1, 0, -5, -10)
    )
    assert np.count_nonzero(np.abs(whole) > 1e-9) == 1
    for amount, travel in zip((5, 1, 0, -5, -10), others, strict=True):
        assert travel == pytest.approx(whole * amount / 10, abs=1e-9)


@pytest.mark.parametrize("axis", AXES)
def test_neither_the_guidance_nor_the_length_changes_how_far_it_goes(axis):
    camera = directed(read_intent(""), CameraControl(**{axis: 7})).camera
    short, long = path(camera, 24, 24, 0.0, 1), path(camera, 240, 24, 1.0, 2)
    assert travelled(short) == pytest.approx(travelled(long))


@pytest.mark.parametrize("axis", AXES)
def test_it_eases_in_and_out(axis):
    poses = journey(CameraControl(**{axis: 10}), count=101)
    travels = np.array([travelled((poses[0], pose)) for pose in poses])
    way = travels[:, np.argmax(np.abs(travels[-1]))]
    way = way / way[-1]
    steps = np.diff(way)
    assert (steps >= -1e-12).all()
    assert steps[0] < 1e-3
    assert steps[-1] < 1e-3
    assert np.abs(np.diff(steps)).max() < 1.5e-3


@pytest.mark.parametrize(
    ("preset", "moves"),
    [
        (CameraPreset.DOWN_BACK, {"truck_y": 1, "dolly": -1}),
        (CameraPreset.FORWARD_UP, {"dolly": 1, "y": -1}),
        (CameraPreset.RIGHT_TURN_FORWARD, {"x": 1, "dolly": 1}),
        (CameraPreset.LEFT_TURN_FORWARD, {"x": -1, "dolly": 1}),
    ],
)
def test_a_preset_combines_axes(preset, moves):
    first, *_, last = journey(CameraControl(preset=preset))
    changed = {
        field.name: np.sign(round(getattr(last, field.name) - getattr(first, field.name), 6))
        for field in fields(Pose)
    }
    assert {name: sign for name, sign in changed.items() if sign} == moves


def test_numbers_count_more_than_the_prompts_words():
    prompt = "a man walks, the camera follows him and zooms in, handheld"
    intent = directed(read_intent(prompt), CameraControl(tilt=-4))
    assert [step.move for step in intent.camera.steps] == [Move.PAN_LEFT]
    assert intent.camera.overruled
    assert intent.camera.understood == ()
    assert intent.cast.followed is None
    assert journey(CameraControl(tilt=-4), prompt) == journey(CameraControl(tilt=-4))


@pytest.mark.parametrize(
    ("prompt", "control", "overruled"),
    [
        ("a lake, pan left", CameraControl(tilt=-3), False),
        ("a lake", CameraControl(tilt=-3), False),
        ("a lake, pan right", CameraControl(tilt=-3), True),
        ("a lake, pan left and zoom in", CameraControl(tilt=-3), True),
        ("a lake, static camera", CameraControl(tilt=-3), True),
        ("a lake, static camera", CameraControl(), False),
        ("a lake, zoom in", CameraControl(), True),
    ],
)
def test_words_for_another_move_are_told_as_overruled(prompt, control, overruled):
    assert bool(directed(read_intent(prompt), control).camera.overruled) == overruled


@pytest.mark.parametrize("axis", AXES)
def test_over_a_picture_the_axes_keep_their_proportions_however_little_of_them_fits(axis):
    def shown(amount):
        camera = directed(read_intent(""), CameraControl(**{axis: amount})).camera
        poses = begin_at_rest(path(camera, 25, 24))
        part = part_of(camera)
        return confine(poses, Room(), 16 / 9, [0.0, 0.9], part=part).poses[-1]

    for sign in (-1, 1):
        half, whole = (shown(amount * sign) for amount in (5, 10))
        for name in ("x", "y", "roll", "truck_x", "truck_y"):
            assert getattr(whole, name) == pytest.approx(2 * getattr(half, name), abs=1e-9)
        if axis == "zoom":
            assert np.log(whole.zoom) == pytest.approx(2 * np.log(half.zoom), abs=1e-6)


# What is seen.


@pytest.fixture(scope="module")
def photograph(tmp_path_factory):
    """A photograph of the video's own shape, so that the first frame is the whole of it."""
    place = tmp_path_factory.mktemp("photograph") / "rocket.png"
    rocket = data.rocket()
    height = rocket.shape[1] * HEIGHT // WIDTH
    top = (rocket.shape[0] - height) // 2
    Image.fromarray(rocket[top : top + height]).save(place)
    return place


@pytest.fixture(scope="module")
def film(photograph, tmp_path_factory):
    """The first and the last picture of a video, as a viewer sees them."""
    folder = tmp_path_factory.mktemp("films")
    engine = AnimaticEngine()
    done = {}

    def make(medium, control):
        if (medium, control) not in done:
            with Image.open(photograph) as picture:
                size = picture.size
            asset = Asset("x", AssetKind.IMAGE, "image/png", 1, *size)
            first = asset if medium == "photograph" else None
            shot = Shot("" if first else ROAD, COUNT / FPS, first=first, camera=control)
            board = Storyboard("any", WIDTH, HEIGHT, FPS, (shot,), seed=1)
            assert engine.unsupported(board) == []
            clip = engine.render(board, lambda _: photograph, lambda _: None, lambda: False)
            place = folder / f"{len(done)}.mp4"
            encode(clip.frames, place, width=WIDTH, height=HEIGHT, fps=FPS)
            done[medium, control] = some_frames(place, 0, COUNT - 1), clip.notes
        return done[medium, control]

    return make


# How the picture moves where the amount is above 0; what is seen goes the other way.
SEEN = {
    "horizontal": lambda found: -found.right,
    "vertical": lambda found: found.down,
    "pan": lambda found: found.down,
    "tilt": lambda found: -found.right,
    "roll": lambda found: -found.turn,
    "zoom": lambda found: -np.log(found.scale),
}
LEAST = {"roll": 5.0, "zoom": 0.04}
"""Least change at the amount 10, in pixels, degrees and logarithms."""


@pytest.mark.slow
@pytest.mark.parametrize("medium", AMOUNTS)
@pytest.mark.parametrize("axis", AXES)
def test_what_is_seen_moves_as_the_numbers_say(medium, axis, film):
    seen = []
    for amount in AMOUNTS[medium]:
        (first, last), _ = film(medium, CameraControl(**{axis: amount}))
        seen.append(SEEN[axis](motion(first, last)))
    least = LEAST.get(axis, 12.0)
    for less, more in pairwise(seen):
        assert more - less > least / 4
    assert seen[0] < -least
    assert seen[-1] > least
    assert abs(seen[len(seen) // 2]) < least / 12


@pytest.mark.slow
def test_at_0_nothing_moves(film):
    (first, last), notes = film("photograph", CameraControl())
    assert np.abs(first.astype(int) - last).mean() < 0.5
    assert notes["direction"]["moves"][0]["move"] == "static"


@pytest.mark.slow
@pytest.mark.parametrize(
    "control",
    [
        *(CameraControl(**{axis: amount}) for axis in AXES for amount in (-10, 10)),
        *(CameraControl(preset=preset) for preset in CameraPreset),
    ],
)
def test_the_first_frame_of_a_photograph_is_the_photograph(control, film, photograph):
    (first, _), _ = film("photograph", control)
    with Image.open(photograph) as picture:
        whole = resize(np.asarray(picture), WIDTH, HEIGHT)
    error = np.mean((first.astype(float) - whole) ** 2)
    assert 10 * np.log10(255**2 / error) > 33


@pytest.mark.slow
def test_a_translation_has_parallax_and_a_rotation_has_none(film):
    def shifts(control):
        (first, last), _ = film("drawing", control)
        half = HEIGHT // 2
        return [
            motion(first[rows], last[rows]).right for rows in (slice(0, half), slice(half, None))
        ]

    far, near = shifts(CameraControl(horizontal=10))
    assert near < 2 * far < 0
    assert near < -20
    far, near = shifts(CameraControl(tilt=10))
    assert far == pytest.approx(near, rel=0.1)


@pytest.mark.slow
def test_what_a_picture_cannot_show_is_told(film):
    _, notes = film("photograph", CameraControl(zoom=10))
    (limit,) = notes["direction"]["limited"]
    assert limit["move"] == "zoom_out"
    assert 0 < limit["share"] < 1
    assert notes["direction"]["given"] is True


@pytest.mark.slow
def test_a_zoom_out_over_a_photograph_is_seen_and_is_as_large_as_it_is_told(film):
    widths = [1.0]
    for amount in (2.5, 5, 10):
        (first, last), notes = film("photograph", CameraControl(zoom=amount))
        (limit,) = notes["direction"]["limited"]
        widths.append(1 / motion(first, last).scale)
        assert widths[-1] == pytest.approx(1.8 ** (limit["share"] * amount / 10), abs=0.02)
    assert all(more > less + 0.02 for less, more in pairwise(widths))
    assert widths[-1] > 1.12  # the border cuts the rocket's pad off, which holds the view there


@pytest.mark.slow
def test_the_quote_tells_the_same_of_a_drawn_scene():
    engine = AnimaticEngine()
    shot = Shot("a red car on a road, the camera zooms in", 0.5, camera=CameraControl(tilt=8))
    board = Storyboard("any", WIDTH, HEIGHT, FPS, (shot,), seed=1)
    quoted = engine.preview(board)
    clip = engine.render(board, lambda _: None, lambda _: None, lambda: False)
    list(clip.frames)
    assert quoted["direction"] == clip.notes["direction"]
    assert quoted["not_followed"] == clip.notes["not_followed"]
    assert quoted["scene"] == clip.notes["scene"]


def test_a_camera_that_cannot_be_moved_is_refused():
    picture = Asset("x", AssetKind.IMAGE, "image/png", 1, 640, 360)
    shot = Shot("", 5, first=picture, camera=CameraControl(zoom=-3))
    board = Storyboard("any", WIDTH, HEIGHT, FPS, (shot,))
    engine = AnimaticEngine()
    assert engine.unsupported(board) == []
    tail = replace(board, shots=(replace(shot, last=picture),))
    driven = replace(board, driving=Driving(picture, Orientation.IMAGE, keep_sound=False))
    for refused in (tail, driven):
        assert [reason.field for reason in engine.unsupported(refused)] == ["shots.camera"]
