"""How things that were cut out move: with the accelerations that their kind has."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from kirin.domain.cast import Heading
from kirin.domain.motion import BodyMotion, BodyRequest
from kirin.engines.animatic.cinemagraph.body.travel import Track, Travel


@dataclass(frozen=True, slots=True)
class Journey:
    """What a trajectory is made from.

    Attributes:
        box: left, top, right and bottom of the subject, pixels of the video from its centre.
        view: width and height of the video.
        times: of the frames, seconds since the motion begins; negative before.
        seconds: how long it lasts at most.
        heading: which way, if that is known.
        light: whether it is so light that air carries it: a leaf, a feather.
        chance: for what is irregular.
    """

    box: tuple[float, float, float, float]
    view: tuple[int, int]
    times: Track
    seconds: float
    heading: Heading | None
    light: bool
    chance: random.Random

    @classmethod
    def of(
        cls,
        request: BodyRequest,
        box: tuple[float, float, float, float],
        view: tuple[int, int],
        count: int,
        fps: float,
        light: bool,
        seed: int,
    ) -> Journey:
        """What a request asks of a subject in a shot."""
        length, span = count / fps, request.span
        times = np.arange(count) / fps - span.start * length
        seconds = max((span.end - span.start) * length, 0.2)
        chance = random.Random(seed)  # noqa: S311  # not a secret
        return cls(box, view, times, seconds, request.heading, light, chance)

    @property
    def middle(self) -> tuple[float, float]:
        """Of the box."""
        left, top, right, bottom = self.box
        return (left + right) / 2, (top + bottom) / 2

    @property
    def running(self) -> Track:
        """Seconds that the motion has lasted in each frame: 0 before, and no more after it."""
        return np.clip(self.times, 0, self.seconds)

    def growing(self, seconds: float) -> Track:
        """From 0 to 1 within some seconds, smoothly."""
        t = np.clip(self.times / min(seconds, self.seconds), 0, 1)
        grown: Track = t * t * (3 - 2 * t)
        return grown

    def still(self, pivot: tuple[float, float] | None = None) -> Travel:
        """The subject at rest."""
        return Travel.still(len(self.times), pivot or self.middle)


def _lift_off(journey: Journey) -> Travel:
    """Straight up, ever faster: a constant thrust."""
    rest = journey.still()
    t = np.maximum(journey.running - min(0.3, 0.1 * journey.seconds), 0)
    height = journey.view[1]
    out = journey.box[3] + height / 2 + 0.05 * height
    lasts = float(np.clip(0.8 * journey.seconds, 0.5, 4.5))
    rest.y[:] = -out * (t / lasts) ** 2
    return rest


def _rise(journey: Journey) -> Travel:
    """Up at a steady pace after a gentle start, swaying a little."""
    rest = journey.still()
    t = journey.running
    start = 1.2
    gone = np.where(t < start, t * t / (2 * start), t - start / 2)  # full speed after the start
    rest.y[:] = -0.11 * journey.view[1] * gone
    rest.x[:] = 0.012 * journey.view[0] * _sway(journey, 0.22) * journey.growing(2)
    rest.roll[:] = np.radians(1.8) * _sway(journey, 0.22, 0.25) * journey.growing(2)
    return rest


def _float(journey: Journey) -> Travel:
    """On the spot, up and down and to and fro; along with the wind where the prompt says so."""
    rest = journey.still()
    grows = journey.growing(1.5)
    width, height = journey.view
    rest.y[:] = -0.016 * height * np.sin(2 * np.pi * 0.28 * journey.running) * grows
    rest.x[:] = 0.008 * width * _sway(journey, 0.17) * grows
    rest.roll[:] = np.radians(1.6) * _sway(journey, 0.23, 0.3) * grows
    along = _WAYS.get(journey.heading) if journey.heading else None
    if along:
        t = journey.running
        gone = np.where(t < 1.5, t * t / 3, t - 0.75)
        rest.x[:] += 0.06 * width * along[0] * gone
        rest.y[:] += 0.06 * height * along[1] * gone
    return rest


def _fall(journey: Journey) -> Travel:
    """Down and out of the view: freely, or fluttering where the thing is light."""
    t = np.maximum(journey.running - min(0.25, 0.1 * journey.seconds), 0)
    width, height = journey.view
    if not journey.light:
        rest = journey.still()
        # As if the view were three metres high, so that a fall through it takes 0.8 s.
        rest.y[:] = 0.5 * _GRAVITY / 3.0 * height * t * t
        return rest
    rest = journey.still()
    rest.y[:] = 0.2 * height * np.where(t < 0.6, t * t / 1.2, t - 0.3)
    grows = journey.growing(1.0)
    rest.x[:] = 0.035 * width * np.sin(2 * np.pi * 0.55 * t) * grows
    rest.roll[:] = np.radians(14) * np.cos(2 * np.pi * 0.55 * t) * grows
    return rest


def _leave(journey: Journey) -> Travel:
    """Out of the view by its side, from standing; or into the distance, or up into the air."""
    left, top, right, bottom = journey.box
    width, height = journey.view
    lasts = float(np.clip(0.75 * journey.seconds, 0.5, 4.0))
    t = journey.running / lasts
    if journey.heading is Heading.AWAY:
        # Towards a vanishing point on the horizon, which an eye of its own height sees there.
        rest = journey.still((0.35 * (left + right) / 2, top + 0.25 * (bottom - top)))
        rest.scale[:] = 1 / (1 + 3.5 * t * t)
        return rest
    rest = journey.still()
    if journey.heading is Heading.UP:
        rest.y[:] = -(bottom + height / 2 + 0.05 * height) * t * t
        return rest
    rightward = journey.heading is Heading.RIGHT
    if journey.heading not in (Heading.LEFT, Heading.RIGHT):
        rightward = left + right > 0  # the shorter way out
    out = width / 2 - left if rightward else right + width / 2
    rest.x[:] = (1 if rightward else -1) * (out + 0.03 * width) * t * t
    return rest


def _approach(journey: Journey) -> Travel:
    """Nearer along the ground: larger, and lower in the view."""
    left, top, right, bottom = journey.box
    rest = journey.still(((left + right) / 2, top + 0.25 * (bottom - top)))
    share = journey.running / journey.seconds
    share = share * share * (3 - 2 * share)
    rest.scale[:] = 1 / (1 - 0.28 * share)
    return rest


def _rock(journey: Journey) -> Travel:
    """To and fro about the waterline, and a little up and down."""
    left, top, right, bottom = journey.box
    rest = journey.still(((left + right) / 2, bottom - 0.18 * (bottom - top)))
    grows = journey.growing(1.5)
    rest.roll[:] = np.radians(2.2) * _sway(journey, 0.3) * grows
    rest.y[:] = 0.006 * journey.view[1] * _sway(journey, 0.24, 0.4) * grows
    return rest


def _sway(journey: Journey, rate: float, phase: float = 0.0) -> Track:
    """A slightly irregular swing between -1 and 1: two sines whose rates do not repeat."""
    turn = 2 * np.pi * rate * journey.running
    other = journey.chance.uniform(1.5, 1.8)
    shift = 2 * np.pi * phase
    swing: Track = 0.75 * np.sin(turn + shift) + 0.25 * np.sin(other * turn + shift)
    return swing


_GRAVITY = 9.81  # metres per second squared

_WAYS: Final[dict[Heading, tuple[float, float]]] = {
    Heading.LEFT: (-1.0, 0.0),
    Heading.RIGHT: (1.0, 0.0),
    Heading.UP: (0.0, -1.0),
    Heading.DOWN: (0.0, 1.0),
}

TRAJECTORIES: Final[dict[BodyMotion, Callable[[Journey], Travel]]] = {
    BodyMotion.LIFT_OFF: _lift_off,
    BodyMotion.RISE: _rise,
    BodyMotion.FLOAT: _float,
    BodyMotion.FALL: _fall,
    BodyMotion.LEAVE: _leave,
    BodyMotion.APPROACH: _approach,
    BodyMotion.ROCK: _rock,
}
