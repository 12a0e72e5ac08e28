"""That a photograph is seen exactly as each pose says, and little beyond its edge."""

import numpy as np
import pytest

from kirin.engines.animatic.camera.departure import MARGIN
from kirin.engines.animatic.camera.framing import PathExtent, Relief, Sight
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.photo.photo import Photo, PhotoOptions
from kirin.vision.matting.segmenter import SubjectMask
from kirin.vision.planes import Planes

WIDTH, HEIGHT = 192, 108
REST = Pose()


def path(end: Pose, start: Pose = REST, count: int = 9) -> list[Pose]:
    def between(a, b, t):
        return a + (b - a) * t

    fields = Pose.__dataclass_fields__
    return [
        Pose(**{f: between(getattr(start, f), getattr(end, f), i / (count - 1)) for f in fields})
        for i in range(count)
    ]


def spot(x: float, y: float, width=384, height=216, sigma=6.0):
    """A soft orange spot on grey, centred at a position in pixels."""
    yy, xx = np.mgrid[0:height, 0:width] + 0.5
    glow = np.exp(-((xx - x) ** 2 + (yy - y) ** 2) / (2 * sigma**2))[..., None]
    return np.round(90 + glow * np.array([150, 60, -60])).astype(np.uint8)


def centroid(plane, ground) -> tuple[float, float]:
    """Centre of what differs from the ground, in samples."""
    weight = np.abs(plane.astype(float) - ground)
    y, x = np.mgrid[0 : plane.shape[0], 0 : plane.shape[1]]
    return float((weight * x).sum() / weight.sum()), float((weight * y).sum() / weight.sum())


def textured(width=400, height=300, seed=5):
    size = (height // 8 + 1, width // 8 + 1, 3)
    noise = np.random.default_rng(seed).integers(0, 255, size, np.uint8)
    return noise.repeat(8, 0).repeat(8, 1)[:height, :width]


@pytest.fixture(autouse=True)
def two_layers(monkeypatch):
    """Subject and background, as where no depth layers are found."""
    monkeypatch.setattr("kirin.engines.animatic.photo.sheet.split_layers", lambda *_: ())


class Finder:
    """Stands in for the segmenter: the subject is a disc in the middle, or one cut off below."""

    def __init__(self, doubt=0.0, centre=(0.5, 0.45), radius=0.18):
        self.doubt, self.centre, self.radius = doubt, centre, radius

    def find(self, rgb):
        height, width = rgb.shape[:2]
        y, x = np.mgrid[0:height, 0:width] + 0.5
        far = np.hypot(x - self.centre[0] * width, y - self.centre[1] * height)
        alpha = (np.clip(self.radius * height - far + 0.5, 0, 1) * 255).astype(np.uint8)
        return SubjectMask(alpha, 0.2, self.doubt)


@pytest.mark.parametrize(
    "pose",
    [
        REST,
        Pose(x=0.1, y=-0.07),
        Pose(zoom=1.5),
        Pose(roll=0.3),
        Pose(x=0.05, y=0.04, zoom=1.2, roll=-0.2),
        Pose(truck_x=0.2, dolly=0.3),
        Pose(truck_x=0.15, truck_y=-0.1, dolly=0.2, roll=0.15),
    ],
    ids=["rest", "turn", "zoom", "roll", "all of the lens", "travel", "travel and roll"],
)
def test_a_point_is_seen_where_the_pose_says(pose):
    x, y = 215.3, 118.6
    photo = Photo.prepare(spot(x, y), WIDTH, HEIGHT, [REST, pose])
    place = photo.framing
    across, down = (x - place.x) / place.width, (y - place.y) / place.height
    travels = bool(pose.truck_x or pose.dolly)
    disparity = float(Relief(0.25, 0.65).at(np.array([down]))[0]) if travels else 0.25
    seen = pose.view(disparity)
    # Pose: the view's centre lies (x, y) from the layer's, is magnified about it, and turned.
    right = (across - seen.x) * seen.scale * WIDTH
    below = (down - seen.y) * seen.scale * HEIGHT
    cos, sin = np.cos(seen.roll), np.sin(seen.roll)
    expected = (WIDTH / 2 + cos * right + sin * below, HEIGHT / 2 - sin * right + cos * below)
    planes = Planes.of_frame(photo.frame(pose))
    luma = centroid(planes.y, planes.y[0, 0])
    assert np.hypot(luma[0] + 0.5 - expected[0], luma[1] + 0.5 - expected[1]) < 0.1
    # Chroma sample (i, j) sits at column 2 j + 1/2 and row 2 i + 1 of the picture's plane.
    chroma = centroid(planes.v, planes.v[0, 0])
    assert np.hypot(2 * chroma[0] + 0.5 - expected[0], 2 * chroma[1] + 1 - expected[1]) < 0.2


@pytest.mark.parametrize(
    "end",
    [
        Pose(x=0.2),
        Pose(y=-0.15, zoom=1.3),
        Pose(zoom=0.6),
        Pose(roll=0.2),
        Pose(roll=-0.1, x=0.1, y=0.1),
        Pose(truck_x=-0.3, dolly=0.2),
        Pose(x=0.9, truck_y=0.4),
    ],
)
@pytest.mark.parametrize("size", [(400, 300), (300, 400), (800, 200)])
def test_no_view_shows_more_than_a_margin_beyond_the_picture(end, size):
    options = PhotoOptions(confined=True)
    photo = Photo.prepare(textured(*size), WIDTH, HEIGHT, path(end), None, options)
    framing, poses = photo.framing, photo.departure.poses
    assert poses[0] == REST
    relief = Relief(0.25, 0.65) if end.truck_x or end.truck_y or end.dolly else Relief.flat_at(0.25)
    extent = PathExtent.of(poses, relief, WIDTH / HEIGHT)
    across, down = size[0] / framing.width / 2, size[1] / framing.height / 2
    assert max(-extent.left, extent.right) <= across + MARGIN + 0.01
    assert max(-extent.top, extent.bottom) <= down + MARGIN + 0.01
    # It goes where it was told, as far as it can, and steadily.
    for name in ("x", "y", "roll", "truck_x", "truck_y"):
        told, shown = getattr(end, name), np.array([getattr(pose, name) for pose in poses])
        assert (np.diff(shown) * np.sign(told) >= -1e-9).all()
        assert abs(shown[-1]) >= 0.25 * abs(told)


def test_pushing_in_begins_with_the_whole_picture():
    framing = Photo.prepare(textured(480, 270), WIDTH, HEIGHT, path(Pose(zoom=1.4))).framing
    assert (framing.x, framing.y, framing.width, framing.height) == (240, 135, 480, 270)


@pytest.mark.parametrize("end", [Pose(x=0.2), Pose(zoom=0.8), Pose(roll=0.3), Pose(truck_x=0.3)])
def test_the_rest_view_is_as_much_of_the_picture_as_fits(end):
    framing = Photo.prepare(textured(480, 270), WIDTH, HEIGHT, path(end)).framing
    assert (framing.x, framing.y, framing.width, framing.height) == (240, 135, 480, 270)


def test_the_rest_view_is_the_picture():
    smooth = spot(200, 100, sigma=25)
    photo = Photo.prepare(smooth, 384, 216, [REST])
    rgb = Planes.of_frame(photo.frame(REST)).to_rgb().astype(int)
    assert np.abs(rgb - smooth).mean() < 1.5


def test_the_finest_stripes_do_not_shimmer_as_the_camera_creeps():
    stripes = np.zeros((720, 1280, 3), np.uint8)
    stripes[:, ::2] = 255
    photo = Photo.prepare(stripes, 320, 180, path(Pose(zoom=1.05)))
    lumas = [Planes.of_frame(photo.frame(p)).y[20:-20, 20:-20] for p in path(Pose(zoom=1.05))]
    assert max(np.ptp(luma.astype(int)) for luma in lumas) <= 8


@pytest.mark.parametrize("roll", [0.0, 0.02], ids=["level", "rolled"])
def test_a_slow_pan_neither_steps_nor_jitters(roll):
    poses = path(Pose(x=0.01, roll=roll), Pose(roll=roll), 41)  # 0.048 px a frame
    photo = Photo.prepare(spot(200, 108, sigma=12), WIDTH, HEIGHT, poses)
    lumas = np.array([Planes.of_frame(photo.frame(pose)).y for pose in poses], float)
    # Least squares: the shift that best explains what changed, given the slopes.
    slope = np.gradient((lumas[1:] + lumas[:-1]) / 2, axis=2)
    steps = -(np.diff(lumas, axis=0) * slope).sum(axis=(1, 2)) / (slope**2).sum(axis=(1, 2))
    assert steps.mean() == pytest.approx(-0.01 * WIDTH / 40 * np.cos(roll), rel=0.03)
    assert np.std(steps) < 0.02


def test_a_frame_that_was_handed_over_is_never_written_again():
    photo = Photo.prepare(textured(), WIDTH, HEIGHT, path(Pose(x=0.2)))
    first = photo.frame(REST)
    copy = first.copy()
    photo.frame(Pose(x=0.2))
    np.testing.assert_array_equal(first, copy)
    assert first.shape == (HEIGHT * 3 // 2, WIDTH)
    assert first.flags.c_contiguous


def test_travel_moves_the_subject_more_than_what_is_behind_it():
    picture = np.full((216, 384, 3), 60, np.uint8)
    y, x = np.mgrid[0:216, 0:384] + 0.5
    picture[np.hypot(x - 192, y - 97) < 39] = 200  # the subject
    picture[:, 60:64] = 150  # a post far behind
    poses = path(Pose(truck_x=0.1))
    finder = Finder(radius=0.185, centre=(0.5, 0.449))
    photo = Photo.prepare(picture, WIDTH, HEIGHT, poses, finder)
    assert photo.layered

    def seen(pose):
        row = Planes.of_frame(photo.frame(pose)).y[3 * HEIGHT // 10].astype(float)
        post = np.where(np.abs(row - row[-1]) > 20, 1, 0)
        return np.flatnonzero(post)[0], np.flatnonzero(row > 150)[-1]

    (post, subject), (post_after, subject_after) = seen(REST), seen(poses[-1])
    assert subject - subject_after > post - post_after + 3
    assert post > post_after


def test_without_travel_or_with_a_doubtful_subject_nothing_is_cut_out():
    assert not Photo.prepare(textured(), WIDTH, HEIGHT, path(Pose(x=0.1)), Finder()).layered
    travel = path(Pose(truck_x=0.1))
    assert not Photo.prepare(textured(), WIDTH, HEIGHT, travel, Finder(doubt=0.9)).layered
    assert Photo.prepare(textured(), WIDTH, HEIGHT, travel, Finder()).layered


def test_cutting_out_leaves_no_seam_at_rest():
    picture = spot(200, 100, sigma=40)
    poses = [REST, Pose(truck_x=0.0001)]
    cut = Photo.prepare(picture, 384, 216, poses, Finder()).frame(REST).astype(int)
    whole = Photo.prepare(picture, 384, 216, poses).frame(REST).astype(int)
    assert np.abs(cut - whole).mean() < 1.5
    assert np.percentile(np.abs(cut - whole), 99) < 12


def test_pushing_in_keeps_the_head_in_view():
    portrait = textured(300, 300)
    standing = Finder(centre=(0.5, 0.2), radius=0.17)
    poses = path(Pose(zoom=1.5))
    photo = Photo.prepare(portrait, 160, 160, poses, standing)
    aimed = photo._target.apply(poses[-1])
    top = photo.framing.y + (aimed.y - 0.5 / 1.5) * photo.framing.height
    assert top < 0.03 * 300
    assert top > -0.01


def test_a_crop_keeps_the_subject():
    tall = textured(300, 900)
    low = Finder(centre=(0.5, 0.8), radius=0.08)
    framing = Photo.prepare(tall, WIDTH, HEIGHT, [REST], low).framing
    assert framing.y + framing.height / 2 > 0.88 * 900


def test_a_sight_finds_rows_and_lines_both_ways():
    sight = Sight(Pose(y=0.1, truck_x=0.2, truck_y=0.1, dolly=0.2, zoom=1.1), Relief(0.2, 0.8, 0.3))
    rows = np.linspace(-0.4, 0.4, 9)
    height, _ = sight.rows(rows)
    np.testing.assert_allclose(sight.lines(height).row, rows, atol=1e-4)


def test_the_ground_rises_evenly_to_the_foot_and_stays_there():
    relief = Relief(0.2, 0.7, 0.3)
    disparity = relief.at(np.linspace(-0.5, 0.7, 121))
    assert disparity[0] == pytest.approx(0.2)
    assert disparity[-1] == pytest.approx(0.7)
    assert (np.diff(disparity) >= -1e-12).all()
    assert np.abs(np.diff(disparity, 2)).max() < 1e-3
