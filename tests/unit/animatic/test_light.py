"""That the light of a photograph changes as asked, where it should, and in nothing else."""

import cv2
import numpy as np
import pytest

from kirin.domain.cast import Missing
from kirin.domain.motion import Illumination, LightRequest, PictureMotion, Span
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cinemagraph.light.contribution import add_light
from kirin.engines.animatic.cinemagraph.light.flicker import broken_lamp, flame
from kirin.engines.animatic.cinemagraph.part import Cinemagraph, Still
from kirin.vision.models import VisionModels
from kirin.vision.planes import Planes, picture_to_frame, resize

WIDTH, HEIGHT, COUNT = 320, 192, 25
HORIZON, ROOF = 84, 40


def landscape(seed=3):
    """A blue sky over a rough meadow, with a dark tower that stands against it."""
    rng = np.random.default_rng(seed)
    y = np.mgrid[0:HEIGHT, 0:WIDTH][0][..., None] / HORIZON
    sky = np.array([95, 150, 215]) + y * np.array([75, 55, 25])
    meadow = np.array([96, 118, 60]) + rng.normal(0, 22, (HEIGHT, WIDTH, 1))
    picture = np.where(np.arange(HEIGHT)[:, None, None] < HORIZON, sky, meadow)
    picture[ROOF:HORIZON, 60:100] = np.array([70, 52, 44]) + rng.normal(
        0, 12, (HORIZON - ROOF, 40, 1)
    )
    return np.clip(picture, 0, 255).astype(np.uint8)


def room(lamps=((90, 60), (230, 80))):
    """A dim wall with round lamps that glow."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    rng = np.random.default_rng(1)
    picture = np.full((HEIGHT, WIDTH, 3), (62, 52, 44), np.float64)
    picture += rng.normal(0, 5, (HEIGHT, WIDTH, 1))
    for column, row in lamps:
        far = np.hypot(x - column, y - row)[..., None]
        picture += np.exp(-((far / 26) ** 2)) * np.array([90, 70, 45])
        picture = np.where(far < 9, (255, 250, 235), picture)
    return np.clip(picture, 0, 255).astype(np.uint8)


def front():
    """A light wall with two rows of dark windows."""
    rng = np.random.default_rng(2)
    picture = np.full((HEIGHT, WIDTH, 3), (150, 140, 128), np.float64)
    picture += rng.normal(0, 4, (HEIGHT, WIDTH, 1))
    for row in (40, 110):
        for column in (30, 100, 170, 240):
            picture[row : row + 34, column : column + 24] = (38, 42, 48)
    return np.clip(picture, 0, 255).astype(np.uint8)


def light(rgb, *becomes, span=None, word=None, **kwargs):
    """What is made of requests."""
    requests = [LightRequest(word or each.value, each, span or Span()) for each in becomes]
    return planned(rgb, requests, **kwargs)


def planned(rgb, requests, poses=None, count=COUNT):
    poses = poses or [Pose()] * count
    grown = resize(rgb, WIDTH * 5 // 4, HEIGHT * 5 // 4)
    still = Still(
        picture=grown,
        subject=None,
        own=None,
        own_box=None,
        mask=None,
        centre=(grown.shape[1] / 2, grown.shape[0] / 2),
        scale=1.25,
        view=(WIDTH, HEIGHT),
        fps=24,
        count=count,
        seed=7,
        poses=poses,
        models=VisionModels(),
    )
    made = Cinemagraph()
    add_light(PictureMotion(light=tuple(requests)), still, made)
    return made


def drawn(made, rgb, number, pose=None):
    """The planes of a frame; the camera's view of the picture is its input."""
    pose = pose or Pose()
    shift = np.float32([[1, 0, -pose.x * WIDTH], [0, 1, -pose.y * HEIGHT]])
    seen = cv2.warpAffine(rgb, shift, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REPLICATE)
    frame = picture_to_frame(seen, WIDTH, HEIGHT)
    for grade in made.grades:
        frame = grade.apply(frame, pose, number)
    return Planes.of_frame(frame)


def psnr(a, b):
    return 10 * np.log10(255**2 / max(float(np.mean((a.astype(float) - b) ** 2)), 1e-9))


DARKENING = [
    Illumination.NIGHT,
    Illumination.DUSK,
    Illumination.SUNSET,
    Illumination.DARKEN,
    Illumination.FADE_TO_BLACK,
]


@pytest.mark.parametrize("becomes", Illumination)
def test_the_first_frame_is_the_picture_itself(becomes):
    rgb = front() if becomes is Illumination.WINDOWS_ON else landscape()
    if becomes in (Illumination.LAMPS_ON, Illumination.LAMPS_OFF, Illumination.FLICKER):
        rgb = room()
    made = light(rgb, becomes)
    assert made.acted
    assert not made.missing
    plain = Planes.of_frame(picture_to_frame(rgb, WIDTH, HEIGHT))
    first = drawn(made, rgb, 0)
    for name in ("y", "u", "v"):
        assert np.array_equal(getattr(first, name), getattr(plain, name))


@pytest.mark.parametrize("becomes", DARKENING)
def test_it_gets_darker_from_frame_to_frame_and_stays_so(becomes):
    rgb = landscape()
    made = light(rgb, becomes, span=Span(0.2, 0.7))
    means = [float(drawn(made, rgb, number).y.mean()) for number in range(COUNT)]
    assert np.diff(means).max() <= 0.05
    assert means[4] == means[0]
    assert means[-1] == pytest.approx(means[-6], abs=0.05)  # stars twinkle
    assert means[-1] < 0.85 * means[0]


def test_an_early_frame_differs_little():
    rgb = landscape()
    made = light(rgb, Illumination.NIGHT, count=121)
    plain = Planes.of_frame(picture_to_frame(rgb, WIDTH, HEIGHT))
    assert psnr(drawn(made, rgb, 1).y, plain.y) > 45


def test_the_sky_turns_apart_from_the_land_up_to_the_edge_of_what_stands_against_it():
    rgb = landscape()
    made = light(rgb, Illumination.SUNSET)
    before, after = drawn(made, rgb, 0), drawn(made, rgb, COUNT - 1)
    low = np.s_[HORIZON // 2 - 10 : HORIZON // 2 - 4, 60:150]
    red = [p.to_rgb()[2 * low[0].start : 2 * low[0].stop, 120:] for p in (before, after)]
    assert red[1][..., 0].mean() > red[1][..., 2].mean()  # redder than blue, which it was
    assert red[0][..., 0].mean() < red[0][..., 2].mean()
    tower, sky = after.y[ROOF + 6 : HORIZON - 6, 64:96], after.y[ROOF + 6 : HORIZON - 6, 104:140]
    rim = after.y[ROOF + 6 : HORIZON - 6, 101:104]
    assert tower.mean() < sky.mean() - 40
    assert abs(float(rim.mean()) - float(sky[:, :6].mean())) < 12


def test_a_night_has_stars_in_a_clear_sky_alone():
    rgb = landscape()
    made = light(rgb, Illumination.NIGHT)
    assert made.acted[0].details["stars"] is True
    sky = drawn(made, rgb, COUNT - 1).y[:HORIZON].astype(int)
    spots = sky - cv2.medianBlur(sky.astype(np.uint8), 7).astype(int) > 12
    assert 5 < spots.sum() < 0.03 * sky.size
    assert not spots[ROOF:HORIZON, 62:98].any()
    indoors = light(room(), Illumination.NIGHT)
    assert "stars" not in indoors.acted[0].details


def test_a_picture_of_a_night_stays_as_it_is_nearly():
    dark = (landscape() * 0.16).astype(np.uint8)
    made = light(dark, Illumination.NIGHT)
    assert made.acted[0].details["already"] == "night"
    before, after = drawn(made, dark, 0), drawn(made, dark, COUNT - 1)
    below = np.s_[HORIZON + 8 :]
    assert after.y[below].mean() - 16 > 0.6 * (before.y[below].mean() - 16)
    assert after.y[below].std() > 0.5 * before.y[below].std()


def test_a_dark_wood_by_day_turns_to_night_and_keeps_no_green():
    wood = np.full((HEIGHT, WIDTH, 3), (18, 46, 14), np.float64)
    wood += np.random.default_rng(5).normal(0, 10, (HEIGHT, WIDTH, 1))
    wood = np.clip(wood, 0, 255).astype(np.uint8)
    made = light(wood, Illumination.NIGHT)
    assert "already" not in made.acted[0].details
    before, after = drawn(made, wood, 0), drawn(made, wood, COUNT - 1)
    assert after.y.mean() - 16 < 0.9 * (before.y.mean() - 16)
    assert before.u.mean() < 128 < after.u.mean()


def test_day_after_night_is_the_picture_again():
    rgb = landscape()
    count = 49
    night = LightRequest("night", Illumination.NIGHT, Span(0, 0.5))
    day = LightRequest("day", Illumination.DAY, Span(0.5, 1))
    made = planned(rgb, (night, day), count=count)
    first, middle, last = (drawn(made, rgb, number).y for number in (0, 24, 48))
    assert middle.mean() < 0.6 * first.mean()
    assert psnr(last[HORIZON:], first[HORIZON:]) > 40


def test_lamps_keep_their_light_as_night_falls_and_light_what_is_near():
    bright = np.clip(room().astype(int) + 60, 0, 255).astype(np.uint8)
    made = light(bright, Illumination.NIGHT)
    before, after = drawn(made, bright, 0).y, drawn(made, bright, COUNT - 1).y
    core, near, far = np.s_[56:64, 86:94], np.s_[56:64, 108:116], np.s_[150:180, 140:180]
    assert after[core].mean() > 0.95 * before[core].mean()
    fallen = [float((after[part].mean() - 16) / (before[part].mean() - 16)) for part in (near, far)]
    assert fallen[0] > fallen[1] + 0.08
    assert fallen[1] < 0.6


def test_lamps_go_off():
    rgb = room()
    made = light(rgb, Illumination.LAMPS_OFF)
    before, after = drawn(made, rgb, 0).y, drawn(made, rgb, COUNT - 1).y
    assert after[56:64, 86:94].mean() < 0.55 * before[56:64, 86:94].mean()
    assert after.mean() < before.mean() - 8
    left, top, right, bottom = made.acted[0].box
    assert left < 90 / WIDTH < 230 / WIDTH < right
    assert top < 60 / HEIGHT < 80 / HEIGHT < bottom


def test_windows_light_up_one_after_the_other_and_nothing_far_from_them_changes():
    rgb = front()
    made = light(rgb, Illumination.WINDOWS_ON)
    assert made.acted[0].details["windows"] == 8
    panes = [np.s_[r + 8 : r + 26, c + 6 : c + 18] for r in (40, 110) for c in (30, 100, 170, 240)]
    first = drawn(made, rgb, 0)
    lit = []
    for number in (COUNT // 3, 2 * COUNT // 3, COUNT - 1):
        frame = drawn(made, rgb, number)
        lit.append(sum(frame.y[pane].mean() > first.y[pane].mean() + 40 for pane in panes))
    assert 0 < lit[0] < lit[1] < lit[2] == 8
    assert frame.u[20:33, 18:24].mean() < first.u[20:33, 18:24].mean() - 4  # warm
    assert np.array_equal(frame.y[170:], first.y[170:])
    assert np.array_equal(frame.y[:16], first.y[:16])


@pytest.mark.parametrize(
    "becomes",
    [Illumination.LAMPS_ON, Illumination.LAMPS_OFF, Illumination.WINDOWS_ON, Illumination.FLICKER],
)
def test_a_picture_without_lamps_and_windows_says_so(becomes):
    made = light(landscape(), becomes, word="lantern")
    assert made.missing == [Missing("lantern", "motion")]
    assert not made.grades
    assert not made.acted


def test_a_glow_stays_on_its_lamp_under_a_pan():
    rgb = room(lamps=((160, 90),))
    poses = [Pose(x=-0.1 + 0.2 * i / (COUNT - 1)) for i in range(COUNT)]
    made = light(rgb, Illumination.LAMPS_ON, poses=poses, span=Span(0, 0.01))
    for number in (3, COUNT - 1):
        pose = poses[number]
        plain = drawn(Cinemagraph(), rgb, number, pose).y.astype(float)
        added = drawn(made, rgb, number, pose).y - plain
        added[plain > 160] = 0  # of the lamp itself
        weight = np.clip(added, 0, None)
        column = float((weight * np.arange(WIDTH)).sum() / weight.sum())
        assert abs(column - (160 - pose.x * WIDTH)) < 5


def test_a_dark_sky_has_neither_steps_nor_combs():
    rgb = landscape()
    made = light(rgb, Illumination.DUSK)
    sky = drawn(made, rgb, COUNT - 1).y[4 : HORIZON - 8, 120:]
    counts = np.bincount(sky.ravel(), minlength=256)
    inside = np.flatnonzero(counts)
    assert (counts[inside[0] : inside[-1] + 1] > 0).all()
    rows = sky.mean(axis=1)
    assert np.abs(np.diff(rows)).max() < 2.5


def test_raised_shadows_have_no_comb():
    rgb = (landscape() * 0.3).astype(np.uint8)
    made = light(rgb, Illumination.BRIGHTEN)
    counts = np.bincount(drawn(made, rgb, COUNT - 1).y[HORIZON + 4 :].ravel(), minlength=256)
    low, high = np.percentile(np.repeat(np.arange(256), counts), [2, 98]).astype(int)
    assert (counts[low : high + 1] > 0).all()


def test_a_cloud_comes_and_goes():
    rgb = landscape()
    made = light(rgb, Illumination.PASSING_CLOUD)
    frames = [drawn(made, rgb, number).y.astype(float) for number in range(COUNT)]
    loss = [float((frames[0] - each)[HORIZON + 8 :].mean()) for each in frames]
    assert max(loss) > 8
    assert loss[0] == loss[-1] == 0
    early, late = (frames[0] - frames[i] for i in (6, COUNT - 7))
    columns = np.arange(WIDTH)
    centres = [
        float((e[HORIZON + 8 :].sum(0) * columns).sum() / e[HORIZON + 8 :].sum())
        for e in (early, late)
    ]
    assert centres[1] > centres[0] + 20


@pytest.mark.parametrize("word", ["lamp", "candle"])
def test_flicker_is_no_hazard_and_no_rhythm(word):
    count = 240
    made = light(room(), Illumination.FLICKER, word=word, count=count)
    rgb = room()
    means = np.array([drawn(made, rgb, number).y[50:70, 80:100].mean() for number in range(count)])
    assert means.std() > 1
    linear = ((means - 16) / 219) ** 2.2
    assert _flashes(linear).max() <= 3
    steps = np.flatnonzero(np.diff(np.sign(np.diff(means))))
    assert len(set(np.diff(steps))) > 3


def _flashes(luminance, fps=24):
    """Pairs of opposing changes of a tenth or more, in each second (WCAG 2.3.1)."""
    turns, extreme, rising = [], luminance[0], None
    for number, value in enumerate(luminance):
        if rising is not True and value - extreme >= 0.1:
            turns.append(number)
            rising = True
        elif rising is not False and extreme - value >= 0.1:
            turns.append(number)
            rising = False
        if rising is None or (rising and value > extreme) or (not rising and value < extreme):
            extreme = value if rising is not None else extreme
    return np.array([sum(i <= t < i + fps for t in turns) / 2 for i in range(len(luminance))])


@pytest.mark.parametrize("wave", [broken_lamp, flame])
@pytest.mark.parametrize("seed", range(12))
def test_no_lamp_flashes_more_than_three_times_a_second(wave, seed):
    light_ = wave(480, 24.0, seed)
    assert light_[0] == pytest.approx(1, abs=1e-6)
    assert light_.std() > 0.01
    assert _flashes(light_).max() <= 3


@pytest.mark.usefixtures("looked_at_anew")
def test_the_same_seed_gives_the_same_pixels():
    rgb = landscape()
    one, two = (
        drawn(light(rgb, Illumination.NIGHT, Illumination.PASSING_CLOUD), rgb, 15).y
        for _ in range(2)
    )
    assert np.array_equal(one, two)
