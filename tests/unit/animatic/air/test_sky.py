"""What is in the sky of a picture: birds, lightning, and the light of the sun."""

from __future__ import annotations

import numpy as np

from kirin.domain.cast import Heading
from kirin.domain.motion import (
    AirRequest,
    Particle,
)
from support.air import (
    FPS,
    HEIGHT,
    WIDTH,
    changed,
    drawn,
    landscape,
    luma,
    made_of,
    still_of,
    sunset,
)


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
