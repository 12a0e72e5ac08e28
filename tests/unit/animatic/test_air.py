"""What is in the air of a picture: on drawn frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import cast

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from skimage import data

from kirin.domain.cast import Heading
from kirin.domain.frame import Frame
from kirin.domain.motion import (
    AirRequest,
    BodyMotion,
    BodyRequest,
    MatterMotion,
    MatterRequest,
    Particle,
    PictureMotion,
    Span,
    Substance,
)
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cinemagraph.air.contribution import add_air
from kirin.engines.animatic.cinemagraph.part import Cinemagraph, Rectangle, Still
from kirin.engines.animatic.cinemagraph.still import PictureTexture
from kirin.engines.animatic.photo.photo import Photo, PhotoOptions
from kirin.vision.matting.segmenter import Segmenter, SubjectMask
from kirin.vision.models import VisionModels
from kirin.vision.planes import Planes, Rgb, picture_to_frame

WIDTH, HEIGHT, FPS, COUNT = 640, 360, 24, 72

FILLING = [
    Particle.SNOW,
    Particle.RAIN,
    Particle.FOG,
    Particle.LEAVES,
    Particle.PETALS,
    Particle.DUST,
    Particle.EMBERS,
    Particle.SPARKS,
    Particle.BUBBLES,
    Particle.CONFETTI,
    Particle.FIREFLIES,
    Particle.SMOKE,
]
"""What any picture can have in its air."""


def flat(level: int) -> Rgb:
    """A grey picture."""
    return np.full((HEIGHT, WIDTH, 3), level, np.uint8)


def landscape(sky: tuple[int, int, int] = (150, 190, 235)) -> Rgb:
    """A sky over rough land; the same at each call."""
    rng = np.random.default_rng(3)
    rgb = np.empty((HEIGHT, WIDTH, 3), np.uint8)
    rgb[:200] = sky
    rgb[200:] = np.clip(rng.normal((70, 80, 45), 22, (HEIGHT - 200, WIDTH, 3)), 0, 255)
    return rgb


def sunset() -> Rgb:
    """A low sun with its glow over dark land."""
    rgb = landscape((120, 90, 80))
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    away = np.hypot(x - 420, y - 150)
    glow = np.clip(1 - away / 130, 0, 1) ** 2 * 150 + 255.0 * (away < 16)
    glow[200:] = 0
    return np.asarray(np.clip(rgb + glow[..., None], 0, 255), np.uint8)


def coffee() -> Rgb:
    """A cup of coffee, photographed from above (scikit-image)."""
    rgb: Rgb = data.coffee()  # type: ignore[no-untyped-call]
    small = cv2.resize(rgb[:337], (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)


def still_of(rgb: Rgb, poses: Sequence[Pose] = (), seed: int = 5) -> Still:
    """A picture at rest, all of it in the view."""
    return Still(
        picture=rgb,
        subject=None,
        own=None,
        own_box=None,
        mask=None,
        centre=(WIDTH / 2, HEIGHT / 2),
        scale=1.0,
        view=(WIDTH, HEIGHT),
        fps=Fraction(FPS),
        count=COUNT,
        seed=seed,
        poses=tuple(poses) or (Pose(),) * COUNT,
        models=VisionModels(),
    )


def made_of(still: Still, *requests: AirRequest) -> Cinemagraph:
    """What a picture has in its air."""
    made = Cinemagraph()
    add_air(PictureMotion(air=requests), still, made)
    return made


def drawn(made: Cinemagraph, rgb: Rgb, number: int, pose: Pose | None = None) -> Frame:
    """A frame: the picture at rest, and the air over it."""
    frame = picture_to_frame(rgb, WIDTH, HEIGHT)
    for part in sorted(made.air, key=lambda each: each.disparity):
        part.draw(Planes.of_frame(frame), pose or Pose(), number)
    return frame


def luma(frame: Frame) -> NDArray[np.float32]:
    """Luma as numbers that may be subtracted."""
    return frame[:HEIGHT].astype(np.float32)


def changed(made: Cinemagraph, rgb: Rgb, number: int) -> NDArray[np.float32]:
    """How much the air changes each pixel of a frame."""
    bed = luma(picture_to_frame(rgb, WIDTH, HEIGHT))
    return np.asarray(np.abs(luma(drawn(made, rgb, number)) - bed), np.float32)


def drift(made: Cinemagraph, rgb: Rgb, first: int = 40) -> tuple[float, float]:
    """Pixels right and down per frame that what is in the air moves: the peak of correlation."""
    found = []
    for number in range(first, first + 8):
        a, b = (luma(drawn(made, rgb, number + k)) for k in (0, 1))
        bed = luma(picture_to_frame(rgb, WIDTH, HEIGHT))
        window = np.outer(np.hanning(HEIGHT), np.hanning(WIDTH))
        spectra = [np.fft.fft2((plane - bed) * window) for plane in (a, b)]
        match = np.fft.ifft2(np.conj(spectra[0]) * spectra[1]).real
        near = np.roll(match, (30, 30), (0, 1))[:61, :61]
        y, x = np.unravel_index(int(near.argmax()), near.shape)
        found.append((float(x) - 30, float(y) - 30))
    right, down = np.median(np.array(found), axis=0)
    return float(right), float(down)


@pytest.mark.parametrize("particle", FILLING)
def test_the_air_fills_after_the_picture_itself(particle: Particle) -> None:
    rgb = flat(90)
    made = made_of(still_of(rgb), AirRequest("it", particle))
    assert not made.missing
    assert changed(made, rgb, 0).max() == 0
    assert changed(made, rgb, 30).max() > 4
    assert made.acted[0].what == particle.value
    assert made.acted[0].details["fades_in"] == pytest.approx(0.4)


@pytest.mark.parametrize("particle", FILLING)
def test_nothing_is_there_before_it_starts(particle: Particle) -> None:
    rgb = flat(90)
    made = made_of(still_of(rgb), AirRequest("it", particle, span=Span(0.5, 1.0)))
    untouched = picture_to_frame(rgb, WIDTH, HEIGHT)
    for number in (0, 20, 36):
        assert np.array_equal(drawn(made, rgb, number), untouched)
    assert changed(made, rgb, 66).max() > 4
    assert made.acted[0].details["from"] == 0.5


@pytest.mark.parametrize("particle", FILLING)
def test_the_same_seed_draws_the_same_pixels(particle: Particle) -> None:
    rgb = flat(90)
    request = AirRequest("it", particle)
    one, two = (made_of(still_of(rgb), request) for _ in range(2))
    assert np.array_equal(drawn(one, rgb, 50), drawn(two, rgb, 50))
    assert np.array_equal(drawn(one, rgb, 30), drawn(two, rgb, 30))  # in any order
    other = made_of(still_of(rgb, seed=6), request)
    assert not np.array_equal(drawn(one, rgb, 50), drawn(other, rgb, 50))


@pytest.mark.parametrize(("heading", "way"), [(Heading.RIGHT, 1), (Heading.LEFT, -1)])
def test_snow_falls_with_the_wind(heading: Heading, way: int) -> None:
    rgb = flat(60)
    made = made_of(still_of(rgb), AirRequest("snow", Particle.SNOW, heading))
    right, down = drift(made, rgb)
    assert down >= 1
    assert right * way >= 1


def test_embers_and_bubbles_rise() -> None:
    rgb = flat(60)
    for particle in (Particle.EMBERS, Particle.BUBBLES):
        made = made_of(still_of(rgb), AirRequest("it", particle))
        assert drift(made, rgb)[1] <= -1


def test_nearer_flakes_fall_faster() -> None:
    rgb = flat(60)
    made = made_of(still_of(rgb), AirRequest("snow", Particle.SNOW, Heading.RIGHT))
    far, near = made.air[0], made.air[3]
    assert far.disparity < 0.7 < near.disparity
    speeds = []
    for part in (far, near):
        alone = Cinemagraph(air=[part])
        speeds.append(drift(alone, rgb)[1])
    assert speeds[1] > 2 * speeds[0]


def test_snow_comes_in_from_the_top_and_grows_denser() -> None:
    rgb = flat(60)
    made = made_of(still_of(rgb), AirRequest("snow", Particle.SNOW, span=Span(0.2, 1.0)))
    amounts = [changed(made, rgb, number) for number in (20, 30, 50, 71)]
    sums = [float(each.sum()) for each in amounts]
    assert 0 < sums[0] < sums[1] < sums[2] < sums[3]
    early = amounts[0].sum(axis=1)
    assert early[: HEIGHT // 3].sum() > 5 * early[HEIGHT // 2 :].sum()


def test_no_flake_pops_in() -> None:
    """Between neighbouring frames no new flake appears in the middle of the view at once."""
    rgb = flat(60)
    made = made_of(still_of(rgb), AirRequest("snow", Particle.SNOW, span=Span(0.1, 1.0)))
    for number in range(10, 40, 3):
        before, after = (changed(made, rgb, number + k) for k in (0, 1))
        reached = cv2.dilate(before, np.ones((25, 25), np.uint8))
        appeared = np.where(reached < 1, after, 0)[40:, 20:-20]
        assert appeared.max() < 40


def test_when_it_stops_the_last_flakes_fall_out_of_the_frame() -> None:
    rgb = flat(60)
    still = replace(still_of(rgb), count=200)
    made = made_of(still, AirRequest("snow", Particle.SNOW, span=Span(0.0, 0.25)))
    during, after = changed(made, rgb, 48), changed(made, rgb, 72)
    assert 0 < after.sum() < 0.8 * during.sum()
    # The top clears first.
    rows = after.sum(axis=1)
    assert rows[HEIGHT // 2 :].sum() > 2 * rows[: HEIGHT // 3].sum()
    assert changed(made, rgb, 50 + 24 * 4).max() == 0
    assert made.acted[0].details["to"] == 0.25


def test_more_is_more() -> None:
    rgb = flat(60)
    for particle in (Particle.SNOW, Particle.RAIN, Particle.FOG, Particle.CONFETTI):
        little, much = (
            changed(made_of(still_of(rgb), AirRequest("it", particle, strength=s)), rgb, 40).sum()
            for s in (0.1, 0.9)
        )
        assert much > 1.5 * little


def test_snow_is_no_white_paint_at_night() -> None:
    def brightest(level: int) -> float:
        rgb = flat(level)
        made = made_of(still_of(rgb), AirRequest("snow", Particle.SNOW))
        return float(np.percentile(luma(drawn(made, rgb, 40)), 99.9))

    night, dusk, day = brightest(18), brightest(70), brightest(150)
    assert night < dusk < day
    assert night < 110
    assert day > 170


def test_flakes_are_grey_before_a_white_sky() -> None:
    rgb = flat(250)
    made = made_of(still_of(rgb), AirRequest("snow", Particle.SNOW))
    frame, bed = luma(drawn(made, rgb, 40)), luma(picture_to_frame(rgb, WIDTH, HEIGHT))
    assert (frame <= bed).all()
    assert (bed - frame).max() > 10


def test_embers_add_warm_light_and_hide_nothing() -> None:
    rgb = landscape()
    made = made_of(still_of(rgb), AirRequest("embers", Particle.EMBERS))
    frame, bed = drawn(made, rgb, 40), picture_to_frame(rgb, WIDTH, HEIGHT)
    assert (luma(frame) >= luma(bed)).all()
    there = Planes.of_frame(frame)
    lit = np.abs(there.v.astype(int) - Planes.of_frame(bed).v) > 6
    assert lit.any()
    assert there.v[lit].mean() > 128 > there.u[lit].mean()


def test_air_moves_with_the_camera_by_its_depth_without_a_seam() -> None:
    """Far fog aside, what is near crosses the view faster, and no border of its volume is seen."""
    rgb = flat(60)
    poses = [Pose(truck_x=0.02 * k) for k in range(COUNT)]
    made = made_of(still_of(rgb, poses), AirRequest("snow", Particle.SNOW, Heading.RIGHT))
    frames = [drawn(made, rgb, 40, pose) for pose in (Pose(), Pose(x=0.5), Pose(x=7.3))]
    bed = luma(picture_to_frame(rgb, WIDTH, HEIGHT))
    for frame in frames:
        columns = np.abs(luma(frame) - bed).sum(axis=0)
        eighths = columns.reshape(8, -1).sum(axis=1)
        assert eighths.min() > 0.3 * eighths.mean()
    for part, least, most in ((made.air[0], -3, 0), (made.air[3], -14, -8)):
        alone = Cinemagraph(air=[part])
        a, b = (luma(drawn(alone, rgb, 40, pose)) - bed for pose in (Pose(), poses[1]))
        match = np.fft.ifft2(np.conj(np.fft.fft2(a)) * np.fft.fft2(b)).real
        _, x = np.unravel_index(int(match.argmax()), match.shape)
        moved = int(x) - WIDTH * (int(x) > WIDTH // 2)
        assert least <= moved <= most


def test_several_depths_lie_on_both_sides_of_a_subject() -> None:
    for particle in (Particle.SNOW, Particle.RAIN, Particle.LEAVES, Particle.CONFETTI):
        made = made_of(still_of(flat(90)), AirRequest("it", particle))
        disparities = [part.disparity for part in made.air]
        assert 3 <= len(disparities) <= 5
        assert min(disparities) < 0.7 < max(disparities)
        assert made.acted[0].details["depths"] == len(disparities)


def test_steam_rises_from_the_cup() -> None:
    rgb = coffee()
    made = made_of(still_of(rgb), AirRequest("steam", Particle.STEAM, source="cup"))
    box = made.acted[0].box
    assert box is not None
    assert 0.25 < box[0] < 0.5 < box[2] < 0.75
    assert box[1] < 0.3 < box[3]
    assert changed(made, rgb, 0).max() == 0
    amount = np.sum([changed(made, rgb, number) for number in range(24, 72, 6)], axis=0)
    assert amount.max() > 40
    # Above and in the cup, and nowhere else.
    assert amount[int(0.6 * HEIGHT) :].max() == 0
    assert amount[:, : int(0.15 * WIDTH)].max() == 0
    assert drift(made, rgb)[1] <= 0


@pytest.mark.parametrize(
    ("rgb", "request_"),
    [
        (landscape(), AirRequest("steam", Particle.STEAM, source="cup")),
        (landscape(), AirRequest("steam", Particle.STEAM)),
        (flat(120), AirRequest("smoke", Particle.SMOKE, source="chimney")),
        (landscape(), AirRequest("smoke", Particle.SMOKE, source="dragon")),
        (flat(120), AirRequest("birds", Particle.BIRDS)),
        (coffee(), AirRequest("birds", Particle.BIRDS)),
        (flat(120), AirRequest("lightning", Particle.LIGHTNING)),
        (coffee(), AirRequest("lightning", Particle.LIGHTNING)),
        (landscape(), AirRequest("flare", Particle.FLARE)),
        (flat(120), AirRequest("rays", Particle.RAYS)),
    ],
)
def test_what_has_no_place_in_the_picture_is_missing(rgb: Rgb, request_: AirRequest) -> None:
    made = made_of(still_of(rgb), request_)
    assert [(each.word, each.kind) for each in made.missing] == [(request_.word, "motion")]
    assert not made.air
    assert not made.acted


def test_smoke_rises_from_a_chimney() -> None:
    rgb = landscape()
    rgb[130:200, 300:316] = (60, 50, 45)
    made = made_of(still_of(rgb), AirRequest("smoke", Particle.SMOKE, source="chimney"))
    box = made.acted[0].box
    assert box is not None
    assert box == pytest.approx((300 / WIDTH, 130 / HEIGHT, 316 / WIDTH, 200 / HEIGHT), abs=0.03)
    amount = changed(made, rgb, 60)
    rows = np.flatnonzero(amount.max(axis=1) > 3)
    assert rows.min() < 110
    assert rows.max() < 140


def test_birds_cross_the_sky_and_not_the_land() -> None:
    rgb = landscape()
    made = made_of(still_of(rgb), AirRequest("birds", Particle.BIRDS, Heading.RIGHT))
    places = []
    for number in (36, 60):
        amount = changed(made, rgb, number)
        assert amount[210:].max() == 0
        assert amount.max() > 40
        places.append(float((amount * np.arange(WIDTH)).sum() / amount.sum()))
    assert places[1] > places[0] + 40


def test_lightning_strikes_in_the_sky_and_lights_the_land() -> None:
    rgb = landscape((70, 75, 90))
    made = made_of(still_of(rgb), AirRequest("lightning", Particle.LIGHTNING))
    strikes = made.acted[0].details["strikes"]
    first = int(np.ceil(strikes[0] * FPS))
    assert changed(made, rgb, first - 1).max() == 0
    struck = changed(made, rgb, first)
    assert struck[:190].max() > 100
    assert struck[230:].mean() > 5
    later = changed(made, rgb, first + 8)
    assert later.mean() < 0.7 * struck.mean()


def test_rays_and_flare_come_from_the_sun() -> None:
    rgb = sunset()
    for particle in (Particle.RAYS, Particle.FLARE):
        made = made_of(still_of(rgb), AirRequest("light", particle))
        assert made.acted
        assert made.acted[0].box is not None
        left, top, right, bottom = made.acted[0].box
        assert left < 420 / WIDTH < right
        assert top < 150 / HEIGHT < bottom
        assert changed(made, rgb, 0).max() == 0
        assert changed(made, rgb, 40).max() > 3
        a, b = (luma(drawn(made, rgb, number)) for number in (40, 64))
        assert np.abs(a - b).max() >= 2  # they shimmer


def test_fog_is_thicker_in_the_distance() -> None:
    rgb = landscape((120, 150, 190))
    rng = np.random.default_rng(1)
    rgb[200:] = rng.integers(20, 90, (HEIGHT - 200, WIDTH, 3))
    made = made_of(still_of(rgb), AirRequest("fog", Particle.FOG))
    frame = luma(drawn(made, rgb, 40))
    bed = luma(picture_to_frame(rgb, WIDTH, HEIGHT))
    kept = [
        float(frame[rows].std() / bed[rows].std()) for rows in (slice(205, 235), slice(330, 360))
    ]
    assert kept[0] < kept[1]
    assert kept[0] < 0.75


def test_what_is_asked_of_the_air_alone_is_answered() -> None:
    motion = PictureMotion(
        matter=(MatterRequest("river", Substance.WATER, MatterMotion.FLOW),),
        body=(BodyRequest("rocket", "lifts off", BodyMotion.LIFT_OFF),),
        air=(AirRequest("snow", Particle.SNOW),),
    )
    made = Cinemagraph()
    add_air(motion, still_of(flat(90)), made)
    assert [each.word for each in made.acted] == ["snow"]
    assert not made.missing


def test_a_subject_has_its_share_in_the_light() -> None:
    """Steam rises from the top of a cut-out subject, at its depth."""
    rgb = flat(40)
    alpha = np.zeros((HEIGHT, WIDTH), np.uint8)
    cv2.circle(alpha, (320, 220), 70, 255, -1)
    own = np.full((160, 160, 3), 200, np.uint8)
    still = replace(still_of(rgb), subject=alpha, own=own, own_box=Rectangle(240, 140, 400, 300))
    made = made_of(still, AirRequest("steam", Particle.STEAM, source="dragon"))
    box = made.acted[0].box
    assert box == pytest.approx((250 / WIDTH, 150 / HEIGHT, 390 / WIDTH, 290 / HEIGHT), abs=0.02)
    assert made.air[0].disparity > 0.7


class DiscSegmenter:
    """Cuts out a disc in the middle."""

    def find(self, rgb: Rgb) -> SubjectMask:
        """The mask of the disc."""
        alpha = np.zeros(rgb.shape[:2], np.uint8)
        cv2.circle(alpha, (WIDTH // 2, HEIGHT // 2), 90, 255, -1)
        return SubjectMask(alpha, 0.2, 0.0)


def test_far_flakes_are_hidden_by_a_subject_and_near_ones_pass_before_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("kirin.engines.animatic.photo.sheet.split_layers", lambda *_: ())
    rgb = flat(70)
    cv2.circle(rgb, (WIDTH // 2, HEIGHT // 2), 90, (150, 60, 40), -1)
    hits = []
    for nearer in (False, True):

        def animate(texture: PictureTexture, nearer: bool = nearer) -> Cinemagraph:
            still = replace(
                still_of(texture.picture),
                subject=texture.subject,
                own=texture.own,
                own_box=texture.own_box,
                centre=texture.centre,
                scale=texture.scale,
            )
            made = made_of(still, AirRequest("snow", Particle.SNOW, strength=1.0))
            made.air = [part for part in made.air if (part.disparity >= 0.7) == nearer]
            return made

        segmenter = cast(Segmenter, DiscSegmenter())
        poses = [Pose()] * COUNT
        options = PhotoOptions(animate=animate, separate=True)
        photo = Photo.prepare(rgb, WIDTH, HEIGHT, poses, segmenter, options)
        assert photo.layered
        first = luma(photo.frame(Pose(), 0))
        inside = np.zeros((HEIGHT, WIDTH), np.uint8)
        cv2.circle(inside, (WIDTH // 2, HEIGHT // 2), 80, 1, -1)
        amount = np.max(
            [np.abs(luma(photo.frame(Pose(), n)) - first) for n in range(24, 72, 8)], axis=0
        )
        hits.append((float(amount[inside > 0].max()), float(amount[inside == 0].max())))
    (behind, around), (before, _) = hits
    assert behind == 0
    assert around > 20
    assert before > 20
