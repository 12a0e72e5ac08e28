"""What rises from something in the picture, and what has no place in it."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from kirin.domain.motion import (
    AirRequest,
    Particle,
)
from kirin.engines.animatic.cinemagraph.part import Rectangle
from kirin.vision.planes import Rgb
from support.air import (
    HEIGHT,
    WIDTH,
    changed,
    coffee,
    drift,
    flat,
    landscape,
    made_of,
    still_of,
)


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


def test_steam_begins_on_what_is_in_the_cup() -> None:
    """Its lowest part is inside of the rim, it sets in softly, and it goes on above the rim."""
    rgb = coffee()
    made = made_of(still_of(rgb), AirRequest("steam", Particle.STEAM, source="cup"))
    box = made.acted[0].box
    assert box is not None
    amount = np.max([changed(made, rgb, number) for number in range(24, 72, 3)], axis=0)
    rows = amount.max(axis=1)
    seen = np.flatnonzero(rows > 3)
    top, bottom = box[1] * HEIGHT, box[3] * HEIGHT
    assert top + 0.5 * (bottom - top) < seen.max() < bottom
    assert seen.min() < top
    # From nothing to half of the most takes an eighth of the opening.
    half = np.flatnonzero(rows > 0.5 * rows.max()).max()
    assert seen.max() - half > 0.125 * (bottom - top)


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
