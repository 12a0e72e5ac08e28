"""The rehearsal: what the actions work on, and the motions that all of them share."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from kirin.concepts.concept import Concept, Gait, Kind
from kirin.domain.cast import Action, Cast, Heading, Style
from kirin.engines.animatic.cast.costume import Costume, known, prop
from kirin.engines.animatic.cast.marks import Viewfinder
from kirin.engines.animatic.cast.medium import Medium
from kirin.engines.animatic.cast.motion import Curve, Motion
from kirin.vision.easing import ease

# Cycles per second of a gait at an easy pace, for art of half the frame's height.
_RATES = {
    Gait.WALK: 1.5,
    Gait.HOP: 1.5,
    Gait.FLAP: 2.4,
    Gait.SWIM: 1.1,
    Gait.CRAWL: 0.8,
    Gait.DRIVE: 1.3,
    Gait.SAIL: 0.35,
    Gait.GLIDE: 0.3,
    Gait.ROLL: 0.8,
    Gait.STILL: 0.25,
}
_PACE = {Style.SLOW_MOTION: 0.4, Style.TIME_LAPSE: 2.2}


@dataclass(slots=True, eq=False)
class Rehearsal:
    """Everything that an action may need, and the motions that it changes.

    Attributes:
        cast, concepts: of the shot.
        view: the frame.
        seconds: of each frame.
        rng: of what is left to chance.
        motions: of the instances of each member.
        mediums: what carries each member.
        extras: props and effects.
        carried: members that move along with the camera.
    """

    cast: Cast
    concepts: Sequence[Concept]
    view: Viewfinder
    seconds: Curve
    rng: np.random.Generator
    motions: list[list[Motion]]
    mediums: list[Medium]
    extras: list[Motion] = field(default_factory=list)
    carried: set[int] = field(default_factory=set)

    @property
    def frames(self) -> int:
        """Number of frames."""
        return len(self.seconds)

    @property
    def length(self) -> float:
        """Seconds from the first frame to the last."""
        return max(float(self.seconds[-1]), 1e-3)

    @property
    def share(self) -> Curve:
        """Time as a share of the shot, 0 to 1."""
        return np.asarray(self.seconds / self.length)

    @property
    def pace(self) -> float:
        """Speed of gaits relative to the usual one."""
        return float(np.prod([_PACE.get(style, 1.0) for style in self.cast.styles]))

    def eased(self, start: float = 0.0, end: float = 1.0) -> Curve:
        """0 before a share of the shot, 1 after another, eased between."""
        place = np.clip((self.share - start) / max(end - start, 1e-6), 0.0, 1.0)
        return ease(place)

    def heading(self, index: int) -> float:
        """Which way a member moves across: -1 left, 1 right."""
        member = self.cast.members[index]
        if member.heading is Heading.LEFT:
            return -1.0
        if member.heading is Heading.RIGHT:
            return 1.0
        goal = member.target if member.target is not None else member.anchor
        if goal is not None and goal != index and self.motions[goal]:
            away = float(self.motions[goal][0].x[0] - self.motions[index][0].x[0])
            if abs(away) > 0.03:
                return math.copysign(1.0, away)
        for other, each in enumerate(self.cast.members):
            # Whoever is chased runs away from its chaser.
            if each.target == index and each.action is Action.CHASE:
                return self._drawn(other)
        return self._drawn(index)

    def _drawn(self, index: int) -> float:
        facing = self.motions[index][0].costume.facing.value if self.motions[index] else "front"
        if facing != "front":
            return 1.0 if facing == "right" else -1.0
        return -1.0 if self.motions[index][0].x[0] > 0 else 1.0

    def room(self, index: int) -> tuple[float, float]:
        """How far all instances of a member may move to the left and the right."""
        group = self.motions[index]
        left, _, right, _ = self.view.safe(float(group[0].disparity[0]))
        halves = [0.5 * float(m.width(self.view.aspect)[0]) + 0.012 for m in group]
        low = left - min(float(m.x[0]) - h for m, h in zip(group, halves, strict=True))
        high = right - max(float(m.x[0]) + h for m, h in zip(group, halves, strict=True))
        return min(low, 0.0), max(high, 0.0)

    def cross(self, index: int, share: float, start: float = 0.0, end: float = 1.0) -> Curve:
        """Move a member across a share of the room that the frame leaves, and look that way.

        Returns:
            the displacement.
        """
        sign = self.heading(index)
        for motion in self.motions[index]:
            motion.heading[:] = sign
        if index in self.carried:
            return np.zeros(self.frames)
        low, high = self.room(index)
        reach = share * (high - low) * min(1.0, 0.35 + 0.13 * self.length)
        centre = min(max(0.0, low + reach / 2), high - reach / 2)
        along = np.clip((self.share - start) / (end - start), 0.0, 1.0) - 0.5
        moved = centre + sign * reach * along
        for motion in self.motions[index]:
            motion.x = motion.x + moved
        return np.asarray(moved)

    def step(self, index: int, rate: float = 1.0, stride: float = 1.0) -> None:
        """Move legs, wings, wheels or fins."""
        gait = self.concepts[index].gait
        for number, motion in enumerate(self.motions[index]):
            small = min(max((0.4 / float(motion.height[0])) ** 0.3, 0.8), 1.6)
            cycles = _RATES[motion.costume.gait if motion.costume.gait else gait] * rate
            motion.phase = self.seconds * cycles * small * self.pace + 0.37 * number
            motion.stride = np.full(self.frames, stride)

    def wave(self, hertz: float, phase: float = 0.0) -> Curve:
        """A sine over time."""
        return np.sin(2 * math.pi * (hertz * self.pace * self.seconds + phase))

    def hop(self, hertz: float, phase: float = 0.0) -> tuple[Curve, Curve]:
        """Height of repeated jumps, 0 to 1, and the squash that goes with it."""
        turn = (hertz * self.pace * self.seconds + phase) % 1.0
        flight = np.clip((turn - 0.16) / 0.72, 0.0, 1.0)
        rise = 4.0 * flight * (1.0 - flight)
        crouch = np.exp(-(((turn - 0.08) / 0.07) ** 2)) + np.exp(-(((turn - 0.95) / 0.05) ** 2))
        return rise, 1.0 - 0.16 * crouch + 0.07 * np.sin(np.pi * flight) * (rise > 0)

    def add(self, costume: Costume, host: Motion) -> Motion:
        """A prop or an effect at the place of its host, drawn just before it."""
        motion = Motion.still(costume, self.frames, None, len(self.extras))
        motion.x, motion.row = host.x.copy(), host.middle()
        motion.disparity = host.disparity * 1.003
        motion.opacity = host.opacity.copy()
        self.extras.append(motion)
        return motion

    def hold(
        self, names: Sequence[str], host: Motion, across: float, down: float, size: float
    ) -> Motion | None:
        """A prop in the hand of its host.

        Args:
            names: of its art; the first that exists.
            host: who holds it.
            across: towards where the host looks, in its widths from its middle.
            down: below its top, in its heights.
            size: in its heights.
        """
        name = next((name for name in names if known(name)), None)
        if name is None:
            return None
        motion = self.add(prop(name), host)
        side = 1.0 if host.heading[0] >= 0 else -1.0
        motion.height = size * host.height / max(motion.costume.aspect, 1.0)
        motion.x = host.x + across * side * host.width(self.view.aspect)
        motion.row = host.top() + down * host.height + 0.5 * motion.height
        return motion

    def emit(
        self,
        host: Motion,
        costume: Costume,
        place: tuple[float, float],
        size: float,
        drift: tuple[float, float],
        count: int = 5,
        life: float = 2.2,
        strength: float = 0.8,
    ) -> list[Motion]:
        """Particles that leave a place of the host, rise and fade, one after the other.

        Args:
            host: that emits them.
            costume: of a particle.
            place: in widths of the host right of its middle and in its heights below its top.
            size: of a particle in heights of the host, when it is largest.
            drift: how far it moves to the right and up, in heights of the host.
            count: particles at a time.
            life: of one, in seconds.
            strength: greatest opacity.
        """
        found = []
        for number in range(count):
            age = (self.seconds * self.pace / life + number / count) % 1.0
            motion = self.add(costume, host)
            scatter = 0.10 * math.sin(2.4 * number)
            unit = host.height / self.view.aspect
            motion.height = host.height * size * (0.35 + 0.65 * age)
            motion.x = (
                host.x
                + place[0] * host.width(self.view.aspect)
                + unit * (drift[0] * age + scatter * age + 0.04 * np.sin(5 * age + number))
            )
            motion.row = host.top() + host.height * (place[1] - drift[1] * age) + motion.height / 2
            motion.opacity = strength * np.sin(np.pi * age) ** 0.7 * host.opacity
            motion.rotation = 0.15 * np.sin(3 * age + number)
            found.append(motion)
        return found

    def is_living(self, index: int) -> bool:
        """Whether a member breathes."""
        return self.concepts[index].kind in (Kind.PERSON, Kind.ANIMAL)
