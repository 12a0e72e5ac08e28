"""That subjects of a picture blink, breathe and leave, and that nothing else changes."""

from dataclasses import replace
from fractions import Fraction

import cv2
import numpy as np
import pytest
from skimage import data

from kirin.domain.cast import Heading
from kirin.domain.motion import BodyMotion, BodyRequest, PictureMotion, Span
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cinemagraph.body.blinking import closed_lids
from kirin.engines.animatic.cinemagraph.body.breathing import breaths
from kirin.engines.animatic.cinemagraph.body.contribution import add_body
from kirin.engines.animatic.cinemagraph.body.shadow import cast_shadow
from kirin.engines.animatic.cinemagraph.part import Cinemagraph, Still
from kirin.engines.animatic.photo.photo import Photo, PhotoOptions
from kirin.vision.matting.segmenter import SubjectMask
from kirin.vision.models import VisionModels
from kirin.vision.planes import Planes, picture_to_frame

FPS, COUNT = 24.0, 120
MODELS = VisionModels()


@pytest.fixture(autouse=True, scope="module")
def _two_layers():
    """Subject and background, as where no depth layers are found."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kirin.engines.animatic.photo.sheet.split_layers", lambda *_: ())
        yield


class Segmentation:
    """Stands in for the segmenter: a mask that is given."""

    def __init__(self, alpha):
        self.alpha = alpha

    def find(self, rgb):
        return SubjectMask(self.alpha, float((self.alpha > 127).mean()), 0.05)


class Living:
    """A picture that moves under a camera at rest, rendered frame by frame."""

    def __init__(self, rgb, *requests, alpha=None, size=None, pose=None, seed=1):
        self.width, self.height = size or (rgb.shape[1] // 2 * 2, rgb.shape[0] // 2 * 2)
        self.rgb = rgb
        self.poses = [pose or Pose()] * COUNT
        self.motion = PictureMotion(body=requests)
        self.seed = seed
        finder = Segmentation(alpha) if alpha is not None else None
        options = PhotoOptions(animate=self._animate, separate=True)
        self.photo = Photo.prepare(rgb, self.width, self.height, self.poses, finder, options)

    def _animate(self, texture):
        made = Cinemagraph()
        still = Still(
            picture=texture.picture,
            subject=texture.subject,
            own=texture.own,
            own_box=texture.own_box,
            mask=None,
            centre=texture.centre,
            scale=texture.scale,
            view=(self.width, self.height),
            fps=Fraction(24),
            count=COUNT,
            seed=self.seed,
            poses=self.poses,
            models=MODELS,
            whole=texture.whole,
        )
        add_body(self.motion, still, made)
        return made

    @property
    def living(self):
        return self.photo.living

    def frame(self, number):
        return self.photo.frame(self.poses[number], number)

    def luma(self, number):
        return self.frame(number)[: self.height].astype(float)

    @property
    def missing(self):
        return [each.word for each in self.living.missing]


def blink(word="woman"):
    return BodyRequest(word, "blinks", BodyMotion.BLINK)


def psnr(a, b):
    error = ((a.astype(float) - b) ** 2).mean()
    return 99.0 if error == 0 else float(10 * np.log10(255**2 / error))


@pytest.fixture(scope="module")
def portrait():
    """A head and shoulders, and the mask of the person, told by eye."""
    rgb = cv2.resize(data.astronaut()[:400, :420], (630, 600), interpolation=cv2.INTER_CUBIC)
    alpha = np.zeros(rgb.shape[:2], np.uint8)
    cv2.ellipse(alpha, (339, 165), (96, 152), 0, 0, 360, 255, -1)
    body = np.array(
        [[110, 600], [75, 450], [150, 330], [280, 260], [400, 260], [520, 330], [530, 600]]
    )
    cv2.fillPoly(alpha, [body], 255)
    return rgb, cv2.GaussianBlur(alpha, (0, 0), 1.5)


# Blinking


@pytest.fixture(scope="module")
def blinking(portrait):
    return Living(portrait[0], blink())


def closed_frames(living):
    return np.array(closed_lids(COUNT, FPS, living.seed * 31))


def eye_box(living, frame_size):
    left, top, right, bottom = living.living.acted[0].box
    width, height = frame_size
    return np.s_[
        int(top * height) : int(np.ceil(bottom * height)),
        int(left * width) : int(np.ceil(right * width)),
    ]


def test_eyes_close_and_open_again(blinking):
    closed = closed_frames(blinking)
    shut = int(closed.argmax())
    rest, there = blinking.luma(0), blinking.luma(shut)
    box = eye_box(blinking, (blinking.width, blinking.height))
    # An eye has the darkest and the brightest spots of a face: a lid has neither.
    (face,) = MODELS.face_estimator.find(blinking.rgb)
    for iris in face.irises:
        x, y = iris[0].astype(int)
        spot = np.s_[y - 2 : y + 3, x - 4 : x + 5]
        assert there[spot].mean() > rest[spot].mean() + 25
        white = np.s_[y - 1 : y + 4, x - 12 : x + 13]
        assert np.ptp(there[white]) < 0.75 * np.ptp(rest[white])
    assert np.abs(there - rest)[box].mean() > 8


def test_only_eyes_change_and_only_while_they_blink(blinking):
    closed = closed_frames(blinking)
    rest = blinking.frame(0)
    still = [int(i) for i in np.flatnonzero(closed == 0)[::9]]
    for number in still:
        np.testing.assert_array_equal(blinking.frame(number), rest)
    shut = blinking.luma(int(closed.argmax()))
    changed = np.abs(shut - blinking.luma(0)) > 0
    rows, columns = np.flatnonzero(changed.any(1)), np.flatnonzero(changed.any(0))
    left, top, right, bottom = blinking.living.acted[0].box
    margin = 0.05
    assert rows[0] / blinking.height > top - margin
    assert rows[-1] / blinking.height < bottom + margin
    assert columns[0] / blinking.width > left - margin
    assert columns[-1] / blinking.width < right + margin


def test_a_blink_has_the_length_of_a_blink():
    for seed in range(30):
        closed = np.array(closed_lids(COUNT, FPS, seed))
        moving = np.flatnonzero(np.diff((closed > 0).astype(int)))
        starts, ends = moving[::2], moving[1::2]
        assert 1 <= len(starts) <= 3
        assert closed.max() > 0.99
        assert closed[0] == closed[-1] == 0
        for start, end in zip(starts, ends, strict=True):
            assert 0.25 <= (end - start) / FPS <= 0.45
            one = closed[start : end + 1]
            falls = int(one.argmax())
            assert falls < len(one) - 1 - int(one[::-1].argmax()) + 1 < len(one) - falls + 3
    pauses = {tuple(np.flatnonzero(np.array(closed_lids(COUNT, FPS, s)) > 0.99)) for s in range(9)}
    assert len(pauses) > 6  # at other moments for other seeds


def test_a_short_shot_has_a_blink_and_a_span_keeps_it_inside():
    assert max(closed_lids(36, FPS, 3)) > 0.99
    late = np.array(closed_lids(COUNT, FPS, 3, Span(0.5, 1.0)))
    assert late[: COUNT // 2].max() == 0
    assert late.max() > 0.99


def test_frames_come_in_any_order(blinking):
    shut = int(closed_frames(blinking).argmax())
    first = blinking.frame(shut)
    blinking.frame(0)
    np.testing.assert_array_equal(blinking.frame(shut), first)


def test_eyes_that_cannot_be_seen_to_close_are_missing(portrait):
    rgb, _ = portrait
    (face,) = MODELS.face_estimator.find(rgb)
    covered = rgb.copy()
    for iris in face.irises:
        x, y = iris[0].astype(int)
        cv2.ellipse(covered, (int(x), int(y) + 4), (34, 24), 0, 0, 360, (18, 18, 20), -1)
    assert Living(covered, blink()).missing == ["woman blinks"]
    tiny = cv2.resize(rgb, (210, 200), interpolation=cv2.INTER_AREA)
    assert Living(tiny, blink()).missing == ["woman blinks"]
    assert Living(data.chelsea(), blink("cat")).missing == ["cat blinks"]
    assert Living(rgb, blink("cat")).missing == ["cat blinks"]


def test_lids_of_a_cut_out_person_close_too(portrait):
    rgb, alpha = portrait
    living = Living(rgb, blink(), alpha=alpha)
    shut = int(closed_frames(living).argmax())
    assert len(living.living.subject) == 2
    box = eye_box(living, (living.width, living.height))
    assert np.abs(living.luma(shut) - living.luma(0))[box].mean() > 8


# Breathing


def person_width(luma, row, ground):
    """Width of what is brighter than the ground in a row, to a part of a pixel."""
    line = luma[row - 3 : row + 4].mean(axis=0)
    share = np.clip((line - ground) / (line[line.shape[0] // 2] - ground), 0, 1)
    return float(share.sum())


def test_breaths_are_regular_and_asymmetric():
    depth = np.array(breaths(480, FPS, (13, 17), 5))
    assert depth[0] == 0
    peaks = np.flatnonzero((depth[1:-1] > depth[:-2]) & (depth[1:-1] >= depth[2:])) + 1
    per_minute = 60 * FPS / np.diff(peaks).mean()
    assert 12 <= per_minute <= 18
    assert np.abs(np.diff(depth)).max() < 0.09
    first = int(peaks[0])
    out = int(np.flatnonzero(depth[first:] < 0.02)[0])
    assert out > 1.1 * first


@pytest.fixture(scope="module")
def animal():
    """A bright lying body on a dark ground with texture, and its mask."""
    noise = np.random.default_rng(2).integers(0, 30, (100, 150), np.uint8)
    ground = cv2.resize(noise, (600, 400), interpolation=cv2.INTER_CUBIC)[..., None]
    alpha = np.zeros((400, 600), np.uint8)
    cv2.ellipse(alpha, (300, 220), (170, 90), 0, 0, 360, 255, -1)
    alpha = cv2.GaussianBlur(alpha, (0, 0), 1.2)
    share = alpha[..., None] / 255
    rgb = ground * (1 - share) + np.array([200, 170, 140]) * share
    return np.round(rgb).astype(np.uint8), alpha


def test_a_flank_swells_by_a_hundredth_or_two(animal):
    rgb, alpha = animal
    living = Living(rgb, BodyRequest("dog", "breathes", BodyMotion.BREATHE), alpha=alpha)
    assert living.missing == []
    depth = np.array(breaths(COUNT, FPS, (18, 26), 1 * 17 + 3))
    full = int(depth[:60].argmax())
    row = 220

    def height_of(number):
        column = living.luma(number)[:, 297:304].mean(axis=1)
        return float(np.clip((column - 30) / (column[row] - 30), 0, 1).sum())

    rest, deep = height_of(0), height_of(full)
    assert 0.005 < deep / rest - 1 < 0.03
    half = height_of(int(np.flatnonzero(depth[:full] > 0.5)[0]))
    assert rest < half < deep
    out = int(np.flatnonzero(depth[full:60] < 0.02)[0]) + full
    assert abs(height_of(out) / rest - 1) < 0.003


def test_the_rest_is_still_while_somebody_breathes(animal):
    rgb, alpha = animal
    living = Living(rgb, BodyRequest("dog", "breathes", BodyMotion.BREATHE), alpha=alpha)
    depth = np.array(breaths(COUNT, FPS, (18, 26), 1 * 17 + 3))
    rest, deep = living.luma(0), living.luma(int(depth.argmax()))
    away = cv2.dilate((alpha > 0).astype(np.uint8), np.ones((15, 15), np.uint8)) == 0
    assert psnr(deep[away], rest[away]) > 60
    target = picture_to_frame(rgb, living.width, living.height)
    assert psnr(living.frame(0), target) > 40


def test_a_chest_widens_and_the_head_rises(portrait):
    rgb, alpha = portrait
    living = Living(rgb, BodyRequest("woman", "breathes", BodyMotion.BREATHE), alpha=alpha)
    assert living.missing == []
    depth = np.array(breaths(COUNT, FPS, (13, 17), 1 * 17 + 3))
    rest, deep = living.frame(0), living.frame(int(depth.argmax()))
    pictures = [Planes.of_frame(frame).to_rgb() for frame in (rest, deep)]
    before, after = (MODELS.face_estimator.find(picture)[0] for picture in pictures)
    rise = float((before.points - after.points)[:, 1].mean())
    assert 1.0 < rise < 8.0
    width = float(np.ptp(before.points[:, 0]))
    assert abs(float(np.ptp(after.points[:, 0])) / width - 1) < 0.01  # a head does not swell
    assert psnr(rest[20:300, :60], deep[20:300, :60]) > 45
    assert psnr(rest, picture_to_frame(rgb, living.width, living.height)) > 38


def test_what_does_not_breathe_is_missing(portrait, animal):
    rgb, alpha = portrait
    breathe = BodyRequest("rocket", "breathes", BodyMotion.BREATHE)
    assert Living(rgb, breathe, alpha=alpha).missing == ["rocket breathes"]
    as_cat = replace(breathe, word="cat")
    assert Living(rgb, as_cat, alpha=alpha).missing == ["cat breathes"]
    as_woman = replace(breathe, word="woman")
    assert Living(animal[0], as_woman, alpha=animal[1]).missing == ["woman breathes"]


# Leaving


@pytest.fixture(scope="module")
def scene():
    """A red thing on a lawn that has texture, with a shadow at its foot, and its mask."""
    noise = np.random.default_rng(4).integers(-14, 14, (54, 96, 1))
    lawn = cv2.resize((noise + 110).astype(np.float32), (480, 270), interpolation=cv2.INTER_CUBIC)
    rgb = np.stack([lawn * 0.7, lawn * 1.1, lawn * 0.6], axis=2)
    cv2.ellipse(rgb, (262, 197), (52, 11), 0, 0, 360, (25, 38, 22), -1)
    alpha = np.zeros((270, 480), np.uint8)
    cv2.ellipse(alpha, (240, 150), (38, 50), 0, 0, 360, 255, -1)
    alpha = cv2.GaussianBlur(alpha, (0, 0), 1.0)
    share = alpha[..., None] / 255
    rgb = rgb * (1 - share) + np.array([210, 40, 40]) * share
    return np.clip(np.round(rgb), 0, 255).astype(np.uint8), alpha


def redness(living, number):
    """Centre and area of what is red in a frame."""
    v = Planes.of_frame(living.frame(number)).v.astype(float)
    weight = np.clip(v - 150, 0, None)
    if weight.sum() < 100:
        return None
    y, x = np.mgrid[0 : v.shape[0], 0 : v.shape[1]]
    return (
        2 * (x * weight).sum() / weight.sum(),
        2 * (y * weight).sum() / weight.sum(),
        weight.sum(),
    )


def request(motion, word="rocket", heading=None, **options):
    return BodyRequest(word, motion.value, motion, heading, **options)


@pytest.fixture(scope="module")
def launch(scene):
    return Living(scene[0], request(BodyMotion.LIFT_OFF, "drone"), alpha=scene[1])


def test_a_flame_drives_a_rocket(launch, scene):
    rocket = Living(scene[0], request(BodyMotion.LIFT_OFF), alpha=scene[1])
    np.testing.assert_array_equal(rocket.frame(0), launch.frame(0))
    number = 60
    _, y, _ = redness(launch, number)
    lit = rocket.luma(number) - launch.luma(number)
    below = lit[int(y) + 54 : int(y) + 70, 236:244]
    assert below.mean() > 40  # under its end, which is half its height below
    assert abs(lit[: int(y) - 60]).max() < 4  # the glow around it
    assert abs(lit[:, :20]).max() == 0
    assert lit.min() > -3


def test_a_rocket_lifts_off_ever_faster_and_is_gone(launch):
    heights = [redness(launch, number) for number in range(0, 116, 8)]
    assert heights[-1] is None
    rows = np.array([place[1] for place in heights if place])
    assert (np.diff(rows) <= 0).all()
    steps = -np.diff(rows[rows > 60])[2:]  # while all of it is in the view
    assert len(steps) > 4
    assert (steps > 0).all()
    assert (np.diff(steps) > 0).all()
    assert launch.missing == []
    assert launch.living.acted[0].motion == "lift_off"


def test_where_it_stood_is_like_its_surroundings(launch, scene):
    _rgb, _alpha = scene
    last = launch.luma(COUNT - 1)
    around = last[120:240, 40:120]
    stood = last[110:195, 205:275]
    shaded = last[192:206, 240:310]  # of the shadow that it cast
    for part in (stood, shaded):
        assert abs(part.mean() - around.mean()) < 8
        assert part.std() < 2 * around.std()
    assert np.abs(last[188:207, 205:318] - around.mean()).max() < 60


def test_the_rest_stays_and_the_first_frame_is_the_picture(launch, scene):
    rgb, _alpha = scene
    target = picture_to_frame(rgb, launch.width, launch.height)
    assert psnr(launch.frame(0), target) > 38
    rest, last = launch.luma(0), launch.luma(COUNT - 1)
    away = np.s_[:, :150]
    assert psnr(last[away], rest[away]) > 45
    assert psnr(last[:80], rest[:80]) > 45
    # Nothing jumps when it begins to move.
    steps = [np.abs(launch.luma(i + 1) - launch.luma(i)).mean() for i in range(0, 24)]
    assert steps[0] < 0.05
    assert max(steps) < 1.0


@pytest.mark.parametrize(
    ("motion", "heading", "way"),
    [
        (BodyMotion.LEAVE, Heading.RIGHT, (1, 0)),
        (BodyMotion.LEAVE, Heading.LEFT, (-1, 0)),
        (BodyMotion.LEAVE, Heading.UP, (0, -1)),
        (BodyMotion.RISE, None, (0, -1)),
        (BodyMotion.FALL, None, (0, 1)),
        (BodyMotion.FLOAT, Heading.RIGHT, (1, 0)),
    ],
)
def test_things_move_the_way_they_should(scene, motion, heading, way):
    living = Living(scene[0], request(motion, "balloon", heading), alpha=scene[1])
    start, later = redness(living, 0), redness(living, 60) or redness(living, 12)
    moved = np.array(later[:2]) - start[:2]
    if motion is BodyMotion.FALL:
        moved = np.array(redness(living, 15)[:2]) - start[:2]
    assert moved @ way > 8
    assert abs(moved @ way[::-1]) < 8


def test_what_goes_away_shrinks_and_what_comes_grows(scene):
    area = {}
    for motion, heading in ((BodyMotion.LEAVE, Heading.AWAY), (BodyMotion.APPROACH, None)):
        living = Living(scene[0], request(motion, "car", heading), alpha=scene[1])
        area[motion] = redness(living, COUNT - 1)[2] / redness(living, 0)[2]
    assert area[BodyMotion.LEAVE] < 0.15
    assert 1.5 < area[BodyMotion.APPROACH] < 2.2


def test_a_boat_rocks_about_its_waterline(scene):
    rgb, alpha = scene[0].copy(), np.zeros_like(scene[1])
    rgb[60:200, 225:255] = (210, 40, 40)  # its mast, that shows how it leans
    alpha[60:200, 225:255] = 255
    living = Living(rgb, request(BodyMotion.ROCK, "boat"), alpha=alpha)
    tops, foots = [], []
    for number in range(0, COUNT, 6):
        v = Planes.of_frame(living.frame(number)).v.astype(float)
        for rows, places in ((slice(34, 40), tops), (slice(84, 90), foots)):
            weight = np.clip(v[rows] - 150, 0, None).sum(axis=0)
            places.append(2 * (np.arange(v.shape[1]) * weight).sum() / weight.sum())
    assert np.ptp(tops) > 4
    assert np.ptp(foots) < np.ptp(tops) / 4
    # It stays, and so does its shadow.
    shade = np.s_[198:204, 290:306]
    assert abs(living.luma(COUNT - 1)[shade].mean() - living.luma(0)[shade].mean()) < 3


def test_a_span_says_when(scene):
    living = Living(
        scene[0], request(BodyMotion.LIFT_OFF, "drone", span=Span(0.5, 1.0)), alpha=scene[1]
    )
    before = living.frame(0)
    np.testing.assert_array_equal(living.frame(COUNT // 2 - 2), before)
    assert redness(living, COUNT - 4) is None
    assert living.living.acted[0].details == {"from": 0.5, "to": 1.0}


def test_the_subject_follows_the_camera_while_it_moves(scene):
    pose = Pose(x=0.04, y=-0.02, zoom=1.3, roll=0.1)
    moved = Living(scene[0], request(BodyMotion.FLOAT, "balloon"), alpha=scene[1], pose=pose)
    x, y, _ = redness(moved, 0)
    still = Living(scene[0], alpha=scene[1], pose=pose)
    assert np.hypot(x - redness(still, 0)[0], y - redness(still, 0)[1]) < 0.5
    for number in (40, 80):
        there = redness(moved, number)
        assert np.hypot(there[0] - x, there[1] - y) < 20


# What cannot be


def test_what_cannot_be_cut_out_is_missing(scene):
    assert Living(scene[0], request(BodyMotion.LIFT_OFF)).missing == ["rocket lift_off"]


def test_a_word_for_another_thing_is_missing(portrait):
    rgb, alpha = portrait
    assert Living(rgb, request(BodyMotion.LIFT_OFF), alpha=alpha).missing == ["rocket lift_off"]


def test_a_cut_edge_never_enters_the_view(scene):
    rgb, alpha = scene
    cut = alpha.copy()
    cut[150:, 220:262] = 255  # down to the lower border
    up = Living(rgb, request(BodyMotion.LIFT_OFF), alpha=cut)
    assert up.missing == ["rocket lift_off"]
    assert Living(rgb, request(BodyMotion.ROCK, "boat"), alpha=cut).missing == ["boat rock"]
    aside = Living(rgb, request(BodyMotion.LEAVE, "car", Heading.RIGHT), alpha=cut)
    assert aside.missing == []


def test_who_would_have_to_walk_is_missing(portrait, scene):
    away = request(BodyMotion.LEAVE, "man")
    assert Living(portrait[0], away, alpha=portrait[1]).missing == ["man leave"]
    as_dog = request(BodyMotion.LEAVE, "dog")
    assert Living(scene[0], as_dog, alpha=scene[1]).missing == ["dog leave"]


def test_nothing_asked_changes_nothing(scene):
    living = Living(scene[0], alpha=scene[1])
    assert not living.living.acted
    assert not living.living.behind


def test_a_shadow_is_what_is_dark_at_the_foot(scene):
    rgb, alpha = scene
    shadow = cast_shadow(rgb, alpha)
    assert shadow is not None
    assert shadow[197, 300] == 255
    assert shadow[120, 150] == 0
    flying = rgb.copy()
    flying[alpha < 1] = (100, 140, 90)
    assert cast_shadow(flying, alpha) is None
