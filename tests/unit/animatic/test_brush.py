"""That painted parts follow their paths, and that what is to stay still does."""

import cv2
import numpy as np
import pytest
from skimage import data

from kirin.domain.intent import Direction, Move, Speed, Step
from kirin.engines.animatic.brush.brush import Brush, BrushRegion
from kirin.engines.animatic.brush.hold import Hold
from kirin.engines.animatic.camera.followed import HELD, NO_MOVES, describe_not_followed
from kirin.engines.animatic.camera.pose import Pose
from kirin.vision.inpainting.holes import inpaint_holes
from kirin.vision.matting.painted_mask import refine_painted_mask
from kirin.vision.planes import Planes, resize
from kirin.vision.trajectory import Trajectory

pytestmark = pytest.mark.slow

WIDTH, HEIGHT = 480, 320
REST = Pose()


def noise(seed=4):
    """Soft grey clouds: something to inpaint, without a colour of its own."""
    rough = np.random.default_rng(seed).normal(0, 1, (HEIGHT, WIDTH)).astype(np.float32)
    soft = cv2.GaussianBlur(rough, (0, 0), 4)
    grey = np.clip(110 + soft * 90, 60, 160).astype(np.uint8)
    return np.dstack([grey] * 3)


def disc(x, y, radius, width=WIDTH, height=HEIGHT):
    yy, xx = np.mgrid[0:height, 0:width] + 0.5
    away = np.hypot((xx - x) * WIDTH / width, (yy - y) * HEIGHT / height)
    return (np.clip(radius - away + 0.5, 0, 1) * 255).astype(np.uint8)


def painted(*discs):
    """Clouds with discs of a colour: x, y, radius, colour."""
    picture = noise()
    for x, y, radius, colour in discs:
        share = disc(x, y, radius)[..., None] / 255
        picture = picture * (1 - share) + np.array(colour) * share
    return np.round(picture).astype(np.uint8)


RED, BLUE = (220, 30, 30), (40, 60, 220)


def centroid(frame, red=True):
    """Where the red (or blue) of a frame lies, in pixels."""
    planes = Planes.of_frame(frame)
    hue = (planes.v if red else planes.u).astype(float) - 128
    weight = np.where(hue > 25, hue, 0)
    y, x = np.mgrid[0 : hue.shape[0], 0 : hue.shape[1]]
    return np.array([(weight * x).sum() * 2 + 0.5, (weight * y).sum() * 2 + 1.0]) / weight.sum()


def brush(picture, parts, count, still=None, poses=None):
    return Brush.prepare(picture, WIDTH, HEIGHT, poses or [REST] * count, parts, still)


def test_a_part_follows_its_path_to_within_half_a_pixel():
    angle = np.linspace(0, 4, 77)
    points = np.stack([240 + 120 * np.cos(angle), 160 + 90 * np.sin(angle)], 1)
    offsets = Trajectory(points).offsets(25)
    picture = painted((360, 160, 28, RED))
    film = brush(picture, [BrushRegion(disc(360, 160, 28), offsets)], 25)
    found = np.array([centroid(film.frame(i)) for i in range(25)])
    assert np.abs(found - found[0] - offsets).max() < 0.5
    assert np.abs(found[0] - [360, 160]).max() < 1


def test_a_loosely_painted_part_leaves_its_background_behind():
    picture = painted((150, 160, 30, RED))
    offsets = Trajectory(np.array([[0.0, 0], [180, 0]])).offsets(9)
    film = brush(picture, [BrushRegion(disc(150, 160, 44), offsets)], 9)
    rgb = Planes.of_frame(film.frame(8)).to_rgb().astype(int)
    # What was painted beyond the disc stayed: clouds change nowhere but where they were hidden.
    ring = (disc(330, 160, 44) > 127) & (disc(330, 160, 36) == 0)
    assert np.abs(rgb - picture)[ring].mean() < 4
    assert np.abs(np.ptp(rgb[disc(150, 160, 30) > 127], axis=1)).mean() < 12  # no red is left


def test_the_first_frame_is_the_picture():
    picture = painted((150, 160, 30, RED))
    offsets = Trajectory(np.array([[0.0, 0], [100, 0]])).offsets(5)
    film = brush(picture, [BrushRegion(disc(150, 160, 40), offsets)], 5)
    whole = Planes.from_rgb(picture)
    assert (Planes.of_frame(film.frame(0)).y == whole.y).all()


def test_what_is_painted_later_lies_on_top():
    picture = painted((120, 160, 34, RED), (360, 160, 34, BLUE))
    right = Trajectory(np.array([[0.0, 0], [120, 0]])).offsets(5)
    red, blue = BrushRegion(disc(120, 160, 34), right), BrushRegion(disc(360, 160, 34), -right)
    for parts, chroma in (([red, blue], "u"), ([blue, red], "v")):
        planes = Planes.of_frame(brush(picture, parts, 5).frame(4))
        assert getattr(planes, chroma)[80, 120] > 170


def test_what_masks_share_goes_with_the_later_one_only():
    picture = painted((200, 160, 50, BLUE), (200, 160, 20, RED))
    stays = BrushRegion(disc(200, 160, 50), np.zeros((5, 2)))
    goes = BrushRegion(disc(200, 160, 20), Trajectory(np.array([[0.0, 0], [150, 0]])).offsets(5))
    planes = Planes.of_frame(brush(picture, [stays, goes], 5).frame(4))
    assert planes.v[80, 100] < 140  # the red disc has left the blue one
    assert planes.v[80, 175] > 170


def test_still_pixels_never_change_even_under_a_moving_part():
    picture = painted((120, 160, 34, RED))
    still = np.zeros((HEIGHT, WIDTH), np.uint8)
    still[:, 240:330] = 255
    offsets = Trajectory(np.array([[0.0, 0], [300, 0]])).offsets(13)
    film = brush(picture, [BrushRegion(disc(120, 160, 34), offsets)], 13, still)
    frames = [Planes.of_frame(film.frame(i)) for i in range(13)]
    for plane, part in (
        ("y", np.s_[:, 240:330]),
        ("u", np.s_[:, 120:165]),
        ("v", np.s_[:, 120:165]),
    ):
        seen = np.stack([getattr(frame, plane)[part] for frame in frames]).astype(int)
        assert np.ptp(seen, axis=0).max() == 0
    assert centroid(film.frame(12))[0] > 400  # it came out on the other side


def test_a_camera_that_moves_takes_parts_along():
    picture = painted((240, 160, 30, RED))
    poses = [Pose(x=-0.1 + 0.05 * i) for i in range(5)]
    film = brush(picture, [BrushRegion(disc(240, 160, 30), np.zeros((5, 2)))], 5, poses=poses)
    found = np.array([centroid(film.frame(i))[0] for i in range(5)])
    assert np.diff(found) == pytest.approx([-0.05 * WIDTH] * 4, abs=0.5)


def test_a_mask_of_one_pixel_moves_next_to_nothing():
    picture = painted((240, 160, 30, RED))
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    mask[20, 20] = 255
    offsets = Trajectory(np.array([[0.0, 0], [100, 50]])).offsets(5)
    frame = Planes.of_frame(brush(picture, [BrushRegion(mask, offsets)], 5).frame(4))
    changed = np.abs(frame.y.astype(int) - Planes.from_rgb(picture).y) > 8
    assert changed.mean() < 0.01


def test_a_mask_of_the_whole_picture_moves_all_of_it_and_tears_nothing():
    picture = resize(data.coffee(), WIDTH, HEIGHT)
    mask = np.full((HEIGHT, WIDTH), 255, np.uint8)
    offsets = Trajectory(np.array([[0.0, 0], [60, 0]])).offsets(5)
    frame = Planes.of_frame(brush(picture, [BrushRegion(mask, offsets)], 5).frame(4))
    whole = Planes.from_rgb(picture).y
    assert np.abs(frame.y[:, 60:].astype(int) - whole[:, :-60]).mean() < 3
    assert np.abs(frame.y[:, 55].astype(int) - whole[:, 5]).mean() < 12  # it goes on, mirrored


def test_a_part_that_the_picture_cuts_off_goes_on_when_it_moves_in():
    picture = painted()
    picture[HEIGHT - 80 :, 180:300] = RED
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    mask[HEIGHT - 80 :, 180:300] = 255
    offsets = Trajectory(np.array([[0.0, 0], [0, -60]])).offsets(5)
    planes = Planes.of_frame(brush(picture, [BrushRegion(mask, offsets)], 5).frame(4))
    assert (planes.v[-25:, 100:140] > 180).all()


@pytest.mark.usefixtures("looked_at_anew")
def test_the_same_strokes_give_the_same_frames():
    picture = resize(data.coffee(), WIDTH, HEIGHT)
    part = BrushRegion(disc(250, 160, 90), Trajectory(np.array([[0.0, 0], [60, 9]])).offsets(3))
    one, two = (brush(picture, [part], 3).frame(2) for _ in range(2))
    assert (one == two).all()


@pytest.mark.parametrize("pose", [Pose(x=0.1), Pose(zoom=1.3), Pose(roll=0.1)])
def test_around_a_held_part_the_rest_moves_and_nothing_jumps(pose):
    picture = resize(data.coffee(), WIDTH, HEIGHT)
    mask = disc(240, 160, 60)
    count = 9
    poses = [
        Pose(x=pose.x * i / 8, zoom=1 + (pose.zoom - 1) * i / 8, roll=pose.roll * i / 8)
        for i in range(count)
    ]
    film = Hold.prepare(picture, WIDTH, HEIGHT, poses, mask)
    frames = [Planes.of_frame(film.frame(i)).y.astype(int) for i in range(count)]
    assert np.ptp(np.stack(frames)[:, mask > 0], axis=0).max() == 0
    assert (frames[0] == Planes.from_rgb(picture).y).all()
    assert np.abs(frames[-1] - frames[0])[:, :40].mean() > 2


def test_a_mask_that_holds_nothing_or_everything():
    picture = resize(data.coffee(), WIDTH, HEIGHT)
    poses = [Pose(zoom=1 + i / 10) for i in range(3)]
    whole = Planes.from_rgb(picture).y.astype(int)
    for value, moves in ((0, True), (255, False)):
        film = Hold.prepare(
            picture, WIDTH, HEIGHT, poses, np.full((HEIGHT, WIDTH), value, np.uint8)
        )
        last = Planes.of_frame(film.frame(2)).y
        assert bool((last != whole).any()) is moves


def test_a_stem_goes_on_through_the_hole_where_something_sat_on_it():
    picture = np.full((HEIGHT, WIDTH, 3), (70, 90, 60), np.uint8)
    cv2.line(picture, (0, 100), (WIDTH, 220), (150, 220, 120), 16, cv2.LINE_AA)
    beetle = disc(240, 160, 40)
    covered = np.where(beetle[..., None] > 127, np.uint8(30), picture)
    filled = inpaint_holes(covered, beetle).astype(int)
    stem = (picture[..., 1] > 200) & (beetle > 200)
    assert np.abs(filled - picture)[stem].mean() < 25


def test_a_mask_grows_to_the_tip_that_the_paint_missed():
    picture = np.full((HEIGHT, WIDTH, 3), (60, 110, 180), np.uint8)
    kite = np.array([[200, 120], [270, 140], [230, 190]])
    cv2.fillPoly(picture, [kite], (230, 200, 40), cv2.LINE_AA)
    thing = np.zeros((HEIGHT, WIDTH), np.uint8)
    cv2.fillPoly(thing, [kite], 255)
    mask = np.where(np.mgrid[0:HEIGHT, 0:WIDTH][1] < 255, cv2.dilate(thing, np.ones((5, 5))), 0)
    refined = refine_painted_mask(picture, mask.astype(np.uint8))
    tip = (thing > 0) & (np.mgrid[0:HEIGHT, 0:WIDTH][1] > 257)
    assert refined[tip].mean() > 200
    assert refined[:, 280:].max() < 20


@pytest.mark.parametrize(
    ("moves", "unfollowed", "told"),
    [
        ((Move.PAN_LEFT,), NO_MOVES, ["these words"]),
        ((Move.STATIC,), NO_MOVES, None),
        ((Move.PAN_LEFT,), HELD, None),
        ((Move.PAN_LEFT, Move.LOW_ANGLE), HELD, ["low angle"]),
    ],
)
def test_camera_words_that_are_not_followed_are_told(moves, unfollowed, told):
    direction = Direction(
        tuple(Step(move, Speed.NORMAL, 0.0, 1.0) for move in moves), ("these words",)
    )
    assert describe_not_followed(direction, unfollowed).get("not_followed") == told
