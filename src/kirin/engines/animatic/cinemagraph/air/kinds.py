"""What kinds of particles there are, as tables: how they move and look.

Lengths are in pixels of a view of 720 rows, speeds in view heights per second. Sizes and speeds
of a kind grow with disparity, as they do for one thing at several distances; what is close to
the lens is out of focus, and so large, soft and faint.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kirin.domain.motion import Particle

Colour = tuple[int, int, int]
"""RGB, 0 to 255."""


@dataclass(frozen=True, slots=True)
class Level:
    """Particles at one distance.

    Attributes:
        disparity: 0 far, 1 near; the subject is at 0.7.
        count: at full density, in a view of 16:9.
        radius: least and greatest.
        soft: width of the edge.
        speed: along the fall.
        alpha: opacity of the middle, or its light.
    """

    disparity: float
    count: int
    radius: tuple[float, float]
    soft: float
    speed: float
    alpha: float


@dataclass(frozen=True, slots=True)
class Course:
    """How particles move.

    Attributes:
        fall: 1 down, -1 up, 0 where they float.
        slant: pixels sideways per pixel of the fall, in wind; or view heights per second for
            what floats.
        breeze: share of that where the prompt names no wind.
        sway: amplitude for a disparity of 1.
        rate: of the sway, in radians per second.
        spread: by how much single ones are faster or slower than the rest, as a share.
        gust: by how much the wind is stronger or weaker at times, as a share.
        shutter: seconds that a frame is exposed.
        band: rows of the view in which they stay, as shares; ``None`` for all rows.
    """

    fall: float = 1.0
    slant: float = 0.9
    breeze: float = 0.12
    sway: float = 0.0
    rate: tuple[float, float] = (0.8, 2.0)
    spread: float = 0.2
    gust: float = 0.225
    shutter: float = 1 / 48
    band: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class SpeckKind:
    """Particles that are points of light or dots.

    Attributes:
        course: how they move.
        levels: from far to near.
        glow: colours of light; none for what is lit by the picture.
        lift: luma above that of the surroundings, of what is lit; it is darker by a third of
            that in front of what is white already.
        own: share of the picture's light in the luma, the rest being that of the surroundings.
        twinkle: 0 steady, 1 for what goes out at times.
        pulse: of the twinkle, radians per second.
        cools: whether they go out on their way.
        streaks: whether they are drawn out by their speed, with the alpha of the whole streak.
    """

    course: Course
    levels: tuple[Level, ...]
    glow: tuple[Colour, ...] = ()
    lift: float = 40.0
    own: float = 0.5
    twinkle: float = 0.0
    pulse: tuple[float, float] = (2.0, 6.0)
    cools: bool = False
    streaks: bool = False


SPECKS: Final[dict[Particle, SpeckKind]] = {
    Particle.SNOW: SpeckKind(
        Course(slant=1.1, sway=16.0),
        (
            Level(0.12, 1200, (0.9, 1.7), 0.8, 0.11, 0.8),
            Level(0.35, 600, (1.3, 2.7), 0.9, 0.19, 0.92),
            Level(0.58, 260, (2.2, 4.4), 1.3, 0.30, 0.95),
            Level(0.82, 74, (3.8, 7.5), 3.0, 0.50, 0.8),
            Level(1.0, 15, (11.0, 22.0), 6.0, 0.85, 0.32),
        ),
        lift=60.0,
        own=0.78,
    ),
    Particle.RAIN: SpeckKind(
        # Drops all but share one direction: streaks that cross look like bent ones.
        Course(slant=0.42, breeze=0.25, spread=0.04, gust=0.03),
        (
            Level(0.15, 560, (0.45, 0.6), 0.55, 1.5, 0.28),
            Level(0.4, 340, (0.5, 0.75), 0.6, 2.6, 0.34),
            Level(0.6, 160, (0.7, 1.0), 0.7, 3.9, 0.36),
            Level(0.85, 60, (1.1, 1.6), 1.0, 6.0, 0.3),
            Level(1.0, 10, (2.6, 4.4), 2.4, 9.0, 0.15),
        ),
        lift=80.0,
        own=0.6,
        streaks=True,
    ),
    Particle.DUST: SpeckKind(
        Course(fall=0.0, slant=0.05, breeze=0.3, sway=26.0, rate=(0.25, 0.8)),
        (
            Level(0.2, 220, (0.6, 1.1), 1.4, 0.008, 0.36),
            Level(0.45, 150, (0.8, 1.6), 2.0, 0.012, 0.5),
            Level(0.75, 60, (1.5, 3.0), 3.2, 0.02, 0.45),
            Level(1.0, 22, (5.0, 11.0), 7.0, 0.035, 0.17),
        ),
        glow=((255, 236, 205),),
        twinkle=0.55,
        pulse=(0.8, 2.6),
    ),
    Particle.EMBERS: SpeckKind(
        Course(fall=-1.0, slant=0.8, sway=30.0, rate=(0.8, 2.4)),
        (
            Level(0.2, 90, (0.8, 1.4), 4.0, 0.10, 0.9),
            Level(0.45, 70, (1.1, 2.2), 7.0, 0.17, 1.5),
            Level(0.75, 34, (1.8, 3.4), 12.0, 0.28, 1.9),
            Level(1.0, 9, (4.5, 9.0), 14.0, 0.45, 0.5),
        ),
        glow=((255, 120, 24), (255, 86, 12), (255, 160, 60)),
        twinkle=0.5,
        pulse=(5.0, 13.0),
        cools=True,
    ),
    Particle.FIREFLIES: SpeckKind(
        Course(0.0, 0.012, 1.0, 85.0, (0.35, 1.1), band=(0.22, 0.98)),
        (
            Level(0.25, 44, (1.0, 1.7), 8.0, 0.0, 1.1),
            Level(0.5, 30, (1.6, 2.6), 15.0, 0.0, 1.6),
            Level(0.8, 15, (2.8, 4.4), 26.0, 0.0, 1.7),
            Level(1.0, 4, (8.0, 13.0), 20.0, 0.0, 0.4),
        ),
        glow=((200, 255, 70), (226, 246, 80), (255, 226, 90)),
        twinkle=1.0,
        pulse=(1.1, 2.4),
    ),
}
