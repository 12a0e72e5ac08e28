"""What fills the air of a picture: when, how much, and on which sides of a subject."""

from __future__ import annotations

import numpy as np
import pytest

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
from kirin.engines.animatic.cinemagraph.air.contribution import add_air
from kirin.engines.animatic.cinemagraph.part import Cinemagraph
from kirin.vision.planes import picture_to_frame
from support.air import (
    FILLING,
    HEIGHT,
    WIDTH,
    changed,
    drawn,
    flat,
    made_of,
    still_of,
)


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


def test_more_is_more() -> None:
    rgb = flat(60)
    for particle in (Particle.SNOW, Particle.RAIN, Particle.FOG, Particle.CONFETTI):
        little, much = (
            changed(made_of(still_of(rgb), AirRequest("it", particle, strength=s)), rgb, 40).sum()
            for s in (0.1, 0.9)
        )
        assert much > 1.5 * little


def test_several_depths_lie_on_both_sides_of_a_subject() -> None:
    for particle in (Particle.SNOW, Particle.RAIN, Particle.LEAVES, Particle.CONFETTI):
        made = made_of(still_of(flat(90)), AirRequest("it", particle))
        disparities = [part.disparity for part in made.air]
        assert 3 <= len(disparities) <= 5
        assert min(disparities) < 0.7 < max(disparities)
        assert made.acted[0].details["depths"] == len(disparities)


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
