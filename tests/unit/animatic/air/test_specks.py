"""Flakes, drops and embers: how they move, and how they look."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import cv2
import numpy as np
import pytest

from kirin.domain.cast import Heading
from kirin.domain.motion import (
    AirRequest,
    Particle,
    Span,
)
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cinemagraph.air.atmosphere import Atmosphere
from kirin.engines.animatic.cinemagraph.air.kinds import SPECKS
from kirin.engines.animatic.cinemagraph.air.presence import Presence
from kirin.engines.animatic.cinemagraph.air.specks import Specks
from kirin.engines.animatic.cinemagraph.air.swarm import Sighting, Swarm
from kirin.engines.animatic.cinemagraph.part import Cinemagraph, Rectangle, Still
from kirin.engines.animatic.cinemagraph.still import PictureTexture
from kirin.engines.animatic.photo.photo import Photo, PhotoOptions
from kirin.vision.face.face import Face
from kirin.vision.matting.segmenter import Segmenter, SubjectMask
from kirin.vision.planes import Planes, Rgb, picture_to_frame
from support.air import (
    COUNT,
    HEIGHT,
    WIDTH,
    changed,
    drawn,
    drift,
    flat,
    landscape,
    luma,
    made_of,
    still_of,
)


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


def test_rain_falls_in_straight_lines_that_lie_one_way() -> None:
    """All streaks of a frame point the same way to 2 degrees, at any distance."""
    request = AirRequest("rain", Particle.RAIN, Heading.RIGHT)
    atmosphere = Atmosphere.of(still_of(flat(60)))
    presence = Presence.of(request.span, atmosphere.still)
    kind = SPECKS[Particle.RAIN]
    for number in (20, 45):
        angles = []
        for key, level in enumerate(kind.levels):
            rng = atmosphere.rng(key)
            swarm = Swarm(kind.course, level, request, atmosphere, presence, rng)
            seen = swarm.sighting(Pose(), number)
            assert seen is not None
            angles.append(np.degrees(np.arctan2(seen.x1 - seen.x0, seen.y1 - seen.y0)))
        every = np.concatenate(angles)
        assert every.mean() > 10
        assert np.abs(every - every.mean()).max() < 2


def test_a_streak_has_no_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """The middle of a thin steep streak lies on its line in each row, and is as light all along."""
    request = AirRequest("rain", Particle.RAIN, Heading.RIGHT)
    atmosphere = Atmosphere.of(still_of(flat(60)))
    presence = Presence.of(request.span, atmosphere.still)
    kind = SPECKS[Particle.RAIN]
    part = Specks(kind, kind.levels[1], request, atmosphere, presence, 3)

    def one(*_: object) -> Sighting:
        x0, y0, x1, y1, along = (
            np.full(part._swarm.count, value, np.float32)
            for value in (100.3, 60.0, 112.3, 140.0, 0.5)
        )
        shown = (np.arange(part._swarm.count) == 0).astype(np.float32)
        return Sighting(x0, y0, x1, y1, along, shown, np.float32(1), 0.0, 1.0)

    monkeypatch.setattr(part._swarm, "sighting", one)
    frame = picture_to_frame(flat(20), WIDTH, HEIGHT)
    bed = luma(frame)
    part.draw(Planes.of_frame(frame), Pose(), 30)
    light = (luma(frame) - bed)[70:130]
    across = (light * (np.arange(WIDTH) + 0.5)).sum(axis=1) / light.sum(axis=1)
    line = 100.3 + 12.0 * (np.arange(70, 130) + 0.5 - 60) / 80
    assert np.abs(across - line).max() < 0.3
    peaks = light.max(axis=1)
    assert peaks.min() > 0.7 * peaks.max()


def test_flakes_spare_a_face(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before a face pass fewer and fainter flakes than beside it, and none turns it grey."""
    rgb = flat(190)
    subject = np.zeros((HEIGHT, WIDTH), np.uint8)
    subject[:, 160:480] = 255
    whole = Rectangle(0, 0, WIDTH, HEIGHT)
    still = replace(still_of(rgb), subject=subject, own=rgb, own_box=whole)
    angle = np.linspace(0, 2 * np.pi, 468)
    points = np.stack([320 + 60 * np.cos(angle), 180 + 80 * np.sin(angle)], axis=1)
    face = Face(points, np.zeros(468), np.zeros((2, 5, 2)), 0.9)
    amounts = []
    for faces in ([face], []):
        monkeypatch.setattr(Still, "faces", faces)
        made = made_of(still, AirRequest("snow", Particle.SNOW))
        near = Cinemagraph(air=[each for each in made.air if each.disparity > 0.7])
        frames = [luma(drawn(near, rgb, number)) for number in range(24, 72, 4)]
        bed = luma(picture_to_frame(rgb, WIDTH, HEIGHT))
        change = np.stack(frames) - bed
        assert change[:, :, 170:470].min() >= 0  # nothing grey before what is light itself
        amounts.append(change[:, 130:230, 280:360].sum())
    assert amounts[0] < 0.3 * amounts[1]
