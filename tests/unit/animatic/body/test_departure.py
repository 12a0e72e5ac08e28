"""That subjects of a picture leave it, and what is left behind."""

import numpy as np
import pytest

from kirin.domain.cast import Heading
from kirin.domain.motion import BodyMotion, Span
from kirin.engines.animatic.camera.pose import Pose
from kirin.vision.depth.layer import DepthLayer, LayerKind
from kirin.vision.matting.shadow import cast_shadow
from kirin.vision.planes import Planes, picture_to_frame
from support.bodies import COUNT, Living, psnr, redness, request


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


@pytest.mark.parametrize("near", [0.42, 0.85])
def test_a_flame_stays_under_its_rocket_as_the_camera_travels(scene, monkeypatch, near):
    rgb, alpha = scene
    layers = (
        DepthLayer(LayerKind.FAR, np.full_like(alpha, 255), 0.2, 0.2),
        DepthLayer(LayerKind.SUBJECT, alpha, near, near),
    )
    monkeypatch.setattr("kirin.engines.animatic.photo.sheet.split_layers", lambda *_: layers)
    pose = Pose(truck_x=0.25, truck_y=0.1, dolly=0.1)
    rocket = Living(rgb, request(BodyMotion.LIFT_OFF), alpha=alpha, pose=pose)
    without = Living(rgb, request(BodyMotion.LIFT_OFF, "drone"), alpha=alpha, pose=pose)
    for number in (48, 60):
        x, y, _ = redness(without, number)
        foot = round(y + 50 * (1 + 0.1 * near))  # half its height below
        lit = rocket.luma(number) - without.luma(number)
        assert abs(_middle(lit[foot + 4 : foot + 20]) - x) < 3
        assert lit[foot - 70 : foot - 10, round(x) - 10 : round(x) + 10].max() < 4  # behind it


def test_a_flame_is_under_the_foot_and_not_under_what_sticks_out(scene):
    rgb, alpha = scene[0].copy(), scene[1].copy()
    rgb[130:140, 270:330], alpha[130:140, 270:330] = (210, 40, 40), 255  # an arm
    rocket = Living(rgb, request(BodyMotion.LIFT_OFF), alpha=alpha)
    without = Living(rgb, request(BodyMotion.LIFT_OFF, "drone"), alpha=alpha)
    lit = rocket.luma(48) - without.luma(48)
    hot = np.argwhere(lit > 40)
    foot = int(hot[:, 0].min())
    assert abs(_middle(lit[foot + 4 : foot + 20]) - 240) < 3


def _middle(lit):
    """Where light that is added is, across."""
    weight = np.clip(lit - 30, 0, None).sum(axis=0)
    return float((np.arange(len(weight)) + 0.5) @ weight / weight.sum())


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
