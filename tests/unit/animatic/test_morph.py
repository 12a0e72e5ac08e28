"""That a picture turns into another one that shows the same, and gives way to any other."""

import itertools

import numpy as np
import pytest
from skimage import data

from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.camera.rest import end_at_rest, start_at_rest
from kirin.engines.animatic.photo.arrival import Arrival
from kirin.engines.animatic.transition.dissolve import Dissolve
from kirin.engines.animatic.transition.face_match import FaceMatch
from kirin.engines.animatic.transition.morph import Morph
from kirin.engines.animatic.transition.portrait_morph import PortraitMorph
from kirin.vision.face.estimator import FaceEstimator
from kirin.vision.flow.alignment import Alignment
from kirin.vision.flow.flow import Flow
from kirin.vision.flow.rife import Rife
from kirin.vision.planes import Planes, picture_to_frame, resize

pytestmark = pytest.mark.slow

WIDTH, HEIGHT = 480, 320
STEREO = data.stereo_motorcycle()


@pytest.fixture(scope="module")
def network():
    return Rife()


def part(left, top, width, picture=None):
    picture = STEREO[0] if picture is None else picture
    return resize(picture, WIDTH, HEIGHT, (left, top, left + width, top + width * HEIGHT / WIDTH))


def likeness(a, b):
    """PSNR in dB."""
    return 10 * np.log10(255**2 / max(np.mean((a.astype(float) - b) ** 2), 1e-6))


def morph(first, last, network):
    alignment = Alignment.find(first, last)
    return Morph(first, last, WIDTH, HEIGHT, Flow.find(first, last, alignment, network))


def luma(frame):
    return Planes.of_frame(frame).y


PAIRS = {
    "stereo": (resize(STEREO[0], WIDTH, HEIGHT), resize(STEREO[1], WIDTH, HEIGHT)),
    "pan": (part(0, 60, 420), part(150, 60, 420)),
    "zoom": (part(0, 0, 700), part(150, 100, 380)),
    "dusk": (part(0, 0, 700), (part(0, 0, 700) * 0.5).astype(np.uint8)),
}


@pytest.mark.parametrize("pair", PAIRS)
def test_two_views_of_one_thing_are_related(pair):
    assert Alignment.find(*PAIRS[pair]).agreement > 0.6


@pytest.mark.parametrize("picture", [data.coffee, data.chelsea, data.astronaut, data.rocket])
def test_different_things_are_not_related(picture):
    other = resize(picture(), WIDTH, HEIGHT)
    assert Alignment.find(PAIRS["stereo"][0], other).agreement < 0.1


@pytest.mark.parametrize(
    ("first", "middle", "last"),
    [
        ((0, 60, 420), (75, 60, 420), (150, 60, 420)),
        # Places move evenly when a zoom's magnification does.
        ((0, 0, 700), (97.9, 65.3, 492.2), (150, 100, 380)),
    ],
    ids=["pan", "zoom"],
)
def test_halfway_lies_what_a_camera_would_have_seen(first, middle, last, network):
    """The cross-dissolve that it replaces reaches 15 dB here."""
    film = morph(part(*first), part(*last), network)
    truth = Planes.from_rgb(part(*middle)).y
    blurred = Planes.from_rgb(part(*first)).y / 2.0 + Planes.from_rgb(part(*last)).y / 2.0
    found = likeness(luma(film.frame(0.5)), truth)
    assert found > 25
    assert found > likeness(blurred, truth) + 6


@pytest.mark.parametrize("pair", PAIRS)
def test_a_morph_begins_and_ends_with_its_pictures_and_does_not_jump(pair, network):
    first, last = PAIRS[pair]
    film = morph(first, last, network)
    assert (film.frame(0.0) == picture_to_frame(first, WIDTH, HEIGHT)).all()
    assert (film.frame(1.0) == picture_to_frame(last, WIDTH, HEIGHT)).all()
    assert likeness(luma(film.frame(1e-4)), luma(film.frame(0.0))) > 40
    assert likeness(luma(film.frame(1 - 1e-4)), luma(film.frame(1.0))) > 40
    for time in (0.1, 1 / 6, 0.42, 0.5, 5 / 6):
        near = likeness(luma(film.frame(time)), luma(film.frame(time + 0.002)))
        assert near > 30, time


def test_a_picture_morphed_into_itself_stays(network):
    first = PAIRS["stereo"][0]
    film = morph(first, first, network)
    assert likeness(luma(film.frame(0.4)), Planes.from_rgb(first).y) > 33


def test_a_transition_begins_and_ends_with_its_pictures():
    first, last = (resize(picture, WIDTH, HEIGHT) for picture in (data.coffee(), data.chelsea()))
    film = Dissolve.prepare(first, last, WIDTH, HEIGHT)
    assert (film.frame(0.0) == picture_to_frame(first, WIDTH, HEIGHT)).all()
    assert (film.frame(1.0) == picture_to_frame(last, WIDTH, HEIGHT)).all()
    frames = [luma(film.frame(t)).astype(int) for t in np.linspace(0, 1, 121)]
    steps = [np.abs(b - a).mean() for a, b in itertools.pairwise(frames)]
    assert max(steps) < 8
    assert min(steps[3:-3]) > 0


@pytest.mark.parametrize(
    "end",
    [
        Pose(x=0.2),
        Pose(zoom=1.4),
        Pose(dolly=0.3, truck_x=0.2),
        Pose(roll=0.2, y=-0.1),
        Pose(x=0.9, truck_y=0.8),
    ],
    ids=["pan", "zoom in", "travel", "roll", "too far"],
)
def test_an_arrival_ends_with_all_of_the_picture(end):
    poses = [
        Pose(
            x=end.x * i / 8,
            y=end.y * i / 8,
            zoom=1 + (end.zoom - 1) * i / 8,
            roll=end.roll * i / 8,
            truck_x=end.truck_x * i / 8,
            truck_y=end.truck_y * i / 8,
            dolly=end.dolly * i / 8,
        )
        for i in range(9)
    ]
    aspect = WIDTH / HEIGHT
    path = end_at_rest(poses, aspect)
    assert path[-1] == Pose()
    assert start_at_rest(poses, aspect)[0] == Pose()
    for pose in path:
        for depth in (0.0, 0.5, 1.0):
            view = pose.view(depth)
            assert max(abs(view.x), abs(view.y)) + 0.5 / view.scale <= 0.5 + 1e-9
    film = Arrival.prepare(PAIRS["stereo"][0], WIDTH, HEIGHT, poses)
    assert film.departure.poses[-1] == Pose()
    assert all(pose.view(0.5).scale > 0.8 for pose in film.departure.poses)
    assert (film.frame(8) == picture_to_frame(PAIRS["stereo"][0], WIDTH, HEIGHT)).all()
    assert likeness(luma(film.frame(0)), luma(film.frame(8))) < 30


def portrait(left, top, side):
    """A part of the portrait of an astronaut."""
    box = (left, top, left + side, top + side)
    return resize(data.astronaut(), FACE_SIDE, FACE_SIDE, box)


FACE_SIDE = 360


def faces_of(estimator, *pictures):
    found = [estimator.find(picture)[0] for picture in pictures]
    return found[0], found[1]


def test_faces_meet_in_one_place_on_the_way():
    estimator = FaceEstimator()
    first = portrait(0, 0, 512)
    last = np.ascontiguousarray(portrait(120, 10, 260)[:, ::-1])
    faces = faces_of(estimator, first, last)
    assert np.hypot(*(faces[0].points.mean(axis=0) - faces[1].points.mean(axis=0))) > 20
    match = FaceMatch.find(faces, (FACE_SIDE, FACE_SIDE))
    film = PortraitMorph(first, last, FACE_SIDE, FACE_SIDE, match)
    assert likeness(film.frame(0.0), picture_to_frame(first, FACE_SIDE, FACE_SIDE)) > 38
    assert likeness(film.frame(1.0), picture_to_frame(last, FACE_SIDE, FACE_SIDE)) > 38
    # Just before and after the cross-fade one picture is seen alone: its face has the same place.
    met = [Planes.of_frame(film.frame(time)).to_rgb() for time in (0.34, 0.66)]
    one, other = (face.box for face in faces_of(estimator, *met))
    assert np.abs(np.subtract(one, other)).max() < 0.1 * (one[3] - one[1])
    steps = [luma(film.frame(time)).astype(int) for time in np.linspace(0.3, 0.7, 41)]
    assert max(np.abs(b - a).mean() for a, b in itertools.pairwise(steps)) < 8


def test_faces_of_too_different_sizes_do_not_meet():
    estimator = FaceEstimator()
    small = portrait(0, 0, 512)
    large = portrait(160, 60, 130)
    faces = faces_of(estimator, small, large)
    assert FaceMatch.find(faces, (FACE_SIDE, FACE_SIDE)) is None
