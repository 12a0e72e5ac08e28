"""What kinds of specks there are, as tables: snow, rain, dust, embers, fireflies.

Lengths are in pixels of a view of 720 rows, speeds in view heights per second. Sizes and speeds
of a kind grow with disparity, as they do for one thing at several distances; what is close to
the lens is out of focus, and so large, soft and faint.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kirin.domain.motion import Particle


@dataclass(frozen=True, slots=True)
class SpeckLevel:
    """Specks at one distance.

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
class SpeckKind:
    """How specks of a kind move and look.

    Attributes:
        levels: from far to near.
        fall: 1 down, -1 up, 0 where they float.
        slant: pixels sideways per pixel of the fall, in wind; or view heights per second for
            what floats.
        breeze: share of that where the prompt names no wind.
        sway: amplitude for a disparity of 1.
        rate: of the sway, in radians per second.
        shutter: seconds that a frame is exposed.
        glow: colours of light, RGB; none for what is lit by the picture.
        lift: luma above that of the surroundings, of what is lit; it is darker by a third of
            that in front of what is white already.
        own: share of the picture's light in the luma, the rest being that of the surroundings.
        twinkle: 0 steady, 1 for what goes out at times.
        pulse: of the twinkle, radians per second.
        band: rows of the view in which they stay, as shares; ``None`` for all rows.
        cools: whether they go out on their way.
    """

    levels: tuple[SpeckLevel, ...]
    fall: float = 1.0
    slant: float = 0.9
    breeze: float = 0.12
    sway: float = 0.0
    rate: tuple[float, float] = (0.8, 2.0)
    shutter: float = 1 / 48
    glow: tuple[tuple[int, int, int], ...] = ()
    lift: float = 40.0
    own: float = 0.5
    twinkle: float = 0.0
    pulse: tuple[float, float] = (2.0, 6.0)
    band: tuple[float, float] | None = None
    cools: bool = False


SPECKS: Final[dict[Particle, SpeckKind]] = {
    Particle.SNOW: SpeckKind(
        levels=(
            SpeckLevel(0.12, 1300, (0.9, 1.7), 0.8, 0.11, 0.75),
            SpeckLevel(0.35, 620, (1.3, 2.7), 0.9, 0.19, 0.9),
            SpeckLevel(0.58, 260, (2.2, 4.4), 1.3, 0.30, 0.92),
            SpeckLevel(0.82, 70, (3.8, 7.5), 3.0, 0.50, 0.75),
            SpeckLevel(1.0, 14, (11.0, 22.0), 6.0, 0.85, 0.30),
        ),
        slant=1.1,
        sway=16.0,
        lift=52.0,
        own=0.62,
    ),
    Particle.RAIN: SpeckKind(
        levels=(
            SpeckLevel(0.15, 640, (0.45, 0.6), 0.55, 1.5, 0.16),
            SpeckLevel(0.4, 380, (0.5, 0.75), 0.6, 2.6, 0.21),
            SpeckLevel(0.6, 170, (0.7, 1.0), 0.7, 3.9, 0.25),
            SpeckLevel(0.85, 60, (1.1, 1.6), 1.0, 6.0, 0.22),
            SpeckLevel(1.0, 10, (2.6, 4.4), 2.4, 9.0, 0.10),
        ),
        slant=0.42,
        breeze=0.25,
        lift=74.0,
        own=0.55,
    ),
    Particle.DUST: SpeckKind(
        levels=(
            SpeckLevel(0.2, 150, (0.5, 0.9), 0.8, 0.008, 0.10),
            SpeckLevel(0.45, 110, (0.7, 1.3), 1.0, 0.012, 0.14),
            SpeckLevel(0.75, 46, (1.2, 2.4), 1.8, 0.02, 0.13),
            SpeckLevel(1.0, 16, (4.0, 9.0), 4.0, 0.035, 0.045),
        ),
        fall=0.0,
        slant=0.05,
        breeze=0.3,
        sway=26.0,
        rate=(0.25, 0.8),
        glow=((255, 236, 205),),
        twinkle=0.55,
        pulse=(0.8, 2.6),
    ),
    Particle.EMBERS: SpeckKind(
        levels=(
            SpeckLevel(0.2, 70, (0.7, 1.1), 3.0, 0.10, 0.7),
            SpeckLevel(0.45, 52, (0.9, 1.6), 4.5, 0.17, 1.2),
            SpeckLevel(0.75, 26, (1.4, 2.6), 8.0, 0.28, 1.5),
            SpeckLevel(1.0, 8, (4.0, 8.0), 12.0, 0.45, 0.35),
        ),
        fall=-1.0,
        slant=0.8,
        sway=30.0,
        rate=(0.8, 2.4),
        glow=((255, 120, 24), (255, 86, 12), (255, 160, 60)),
        twinkle=0.5,
        pulse=(5.0, 13.0),
        cools=True,
    ),
    Particle.FIREFLIES: SpeckKind(
        levels=(
            SpeckLevel(0.25, 26, (0.8, 1.2), 5.0, 0.0, 0.75),
            SpeckLevel(0.5, 18, (1.2, 1.8), 9.0, 0.0, 1.1),
            SpeckLevel(0.8, 9, (2.0, 3.2), 16.0, 0.0, 1.2),
            SpeckLevel(1.0, 3, (7.0, 11.0), 14.0, 0.0, 0.28),
        ),
        fall=0.0,
        slant=0.012,
        breeze=1.0,
        sway=85.0,
        rate=(0.35, 1.1),
        glow=((200, 255, 70), (226, 246, 80), (255, 226, 90)),
        twinkle=1.0,
        pulse=(1.1, 2.4),
        band=(0.22, 0.98),
    ),
}
