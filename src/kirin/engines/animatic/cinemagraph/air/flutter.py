"""Leaves, petals, confetti and bubbles: sprites that tumble or wobble through the air."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from kirin.domain.motion import AirRequest, Particle
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cinemagraph.air.atmosphere import Atmosphere
from kirin.engines.animatic.cinemagraph.air.kinds import Colour, Course, Level
from kirin.engines.animatic.cinemagraph.air.presence import Presence
from kirin.engines.animatic.cinemagraph.air.sprites import (
    bubble,
    draw_sprites,
    leaf,
    maple,
    petal,
    slip,
    sprite,
)
from kirin.engines.animatic.cinemagraph.air.swarm import Sighting, Swarm
from kirin.engines.animatic.scene.noise import Field
from kirin.vision.planes import Planes, Rgb

Shape = Callable[[Colour, np.random.Generator], tuple[Rgb, Field]]


@dataclass(frozen=True, slots=True)
class FlutterKind:
    """Sprites of one kind.

    Attributes:
        course, levels: as for specks; radius is half the length, soft the blur.
        shapes: that draw it, in turn.
        colours: in white light.
        tumble: turns about an axis in the view, radians per second.
        turn: turns in the view, radians per second.
        gloss: how much the brightness changes with the tumble.
        clear: whether it shines by what it reflects, whatever stands behind it.
    """

    course: Course
    levels: tuple[Level, ...]
    shapes: tuple[Shape, ...]
    colours: tuple[Colour, ...]
    tumble: tuple[float, float] = (1.2, 3.4)
    turn: tuple[float, float] = (-1.4, 1.4)
    gloss: float = 0.3
    clear: bool = False


FLUTTERS: Final[dict[Particle, FlutterKind]] = {
    Particle.LEAVES: FlutterKind(
        Course(slant=1.1, breeze=0.35, sway=70.0, rate=(0.9, 1.9)),
        (
            Level(0.3, 30, (5.0, 8.0), 0.4, 0.10, 1.0),
            Level(0.55, 20, (9.5, 15.0), 0.3, 0.17, 1.0),
            Level(0.8, 10, (17.0, 27.0), 1.2, 0.28, 1.0),
            Level(1.0, 2, (42.0, 58.0), 9.0, 0.5, 0.9),
        ),
        (leaf, maple, leaf),
        ((206, 104, 22), (222, 160, 44), (170, 58, 22), (134, 88, 40), (196, 132, 60)),
    ),
    Particle.PETALS: FlutterKind(
        Course(slant=1.3, breeze=0.35, sway=60.0, rate=(0.9, 2.2)),
        (
            Level(0.25, 80, (3.4, 5.6), 0.4, 0.08, 1.0),
            Level(0.5, 48, (6.2, 10.0), 0.4, 0.14, 1.0),
            Level(0.8, 20, (11.5, 18.0), 1.4, 0.24, 0.95),
            Level(1.0, 4, (24.0, 34.0), 7.0, 0.42, 0.8),
        ),
        (petal,),
        ((252, 214, 222), (248, 190, 206), (255, 232, 236)),
        gloss=0.22,
    ),
    Particle.CONFETTI: FlutterKind(
        Course(slant=0.5, breeze=0.1, sway=46.0, rate=(1.2, 3.0)),
        (
            Level(0.2, 120, (2.2, 3.4), 0.4, 0.12, 1.0),
            Level(0.45, 80, (3.6, 5.6), 0.4, 0.2, 1.0),
            Level(0.8, 36, (7.0, 11.0), 1.2, 0.34, 1.0),
            Level(1.0, 8, (17.0, 26.0), 5.5, 0.6, 0.85),
        ),
        (slip,),
        (
            (232, 52, 70),
            (250, 196, 40),
            (52, 144, 232),
            (64, 186, 96),
            (240, 110, 180),
            (150, 84, 206),
            (245, 245, 245),
        ),
        tumble=(5.0, 11.0),
        turn=(-3.0, 3.0),
        gloss=0.5,
    ),
    Particle.BUBBLES: FlutterKind(
        Course(fall=-1.0, slant=0.8, breeze=0.3, sway=46.0, rate=(0.5, 1.2)),
        (
            Level(0.25, 26, (4.0, 9.0), 0.4, 0.06, 0.8),
            Level(0.5, 18, (8.0, 18.0), 0.4, 0.09, 0.9),
            Level(0.8, 9, (16.0, 34.0), 0.8, 0.14, 0.9),
            Level(1.0, 2, (48.0, 70.0), 6.0, 0.2, 0.7),
        ),
        (bubble,),
        ((206, 222, 236),),
        tumble=(0.0, 0.0),
        turn=(-0.15, 0.15),
        gloss=0.0,
        clear=True,
    ),
}
_VARIANTS = 6


class Flutter:
    """Sprites of one kind at one distance."""

    def __init__(
        self,
        kind: FlutterKind,
        level: Level,
        request: AirRequest,
        atmosphere: Atmosphere,
        presence: Presence,
        key: int,
    ) -> None:
        self.disparity = level.disparity
        self._kind, self._level, self._air = kind, level, atmosphere
        rng, unit = atmosphere.rng(key), atmosphere.unit
        self._swarm = Swarm(kind.course, level, request, atmosphere, presence, rng)
        count = self._swarm.count
        low, high = level.radius
        self._half = np.asarray(unit * rng.uniform(low, high, count), np.float32)
        # The drawing is smaller than the sprite by its blur.
        side = int(np.clip(2 * unit * (high + 2 * level.soft) + 6, 12, 220))
        blur = unit * level.soft
        self._side = side
        self._ratio = np.float32(max(side - 2 * int(np.ceil(2 * blur)) - 2, 4) / side)
        colours = [kind.colours[int(k)] for k in rng.integers(0, len(kind.colours), _VARIANTS)]
        self._sprites = np.stack(
            [
                sprite(*kind.shapes[k % len(kind.shapes)](colour, rng), side, blur)
                for k, colour in enumerate(colours)
            ]
        )
        self._variant = rng.integers(0, _VARIANTS, count).astype(np.float32)
        self._tumble = rng.uniform(*kind.tumble, count).astype(np.float32)
        self._tumble *= rng.choice([-1.0, 1.0], count).astype(np.float32)
        self._turn = rng.uniform(*kind.turn, count).astype(np.float32)
        self._phase = rng.uniform(0, 2 * np.pi, (3, count)).astype(np.float32)

    def draw(self, planes: Planes, pose: Pose, number: int) -> None:
        """Draw the sprites over a view."""
        seen = self._swarm.sighting(pose, number)
        if seen is None:
            return
        width, height = self._air.size
        half = self._half * seen.scale / self._ratio
        reach = half + seen.length
        keep = (seen.shown > 0.004) & (seen.x0 > -reach) & (seen.x0 < width + reach)
        keep &= (seen.y0 > -reach) & (seen.y0 < height + reach)
        if not keep.any():
            return
        placed = np.stack(
            [
                seen.x0,
                seen.y0,
                seen.x1 - seen.x0,
                seen.y1 - seen.y0,
                *self._matrix(seen, half),
                half * np.float32(1.42),
                seen.shown * np.float32(self._level.alpha),
                self._brightness(seen, pose),
                self._variant,
            ],
            axis=1,
        )[keep]
        _, u, v = self._air.ambient
        tint = (0.5 * (u - 128.0), 0.5 * (v - 128.0))
        draw_sprites(planes, self._sprites, np.asarray(placed, np.float32), tint)

    def _matrix(self, seen: Sighting, half: Field) -> tuple[Field, Field, Field, Field]:
        """From pixels of the view to pixels of the sprite: turned, and seen at a slant."""
        t = np.float32(seen.seconds)
        angle = self._turn * t + self._phase[0] + 0.5 * np.sin(1.3 * t + self._phase[1])
        angle = angle - np.float32(seen.roll)
        zoom = np.float32(self._side / 2) / half
        cos, sin = np.cos(angle) * zoom, np.sin(angle) * zoom
        if self._kind.clear:
            wobble = np.float32(1) + 0.05 * np.sin(4.2 * t + self._phase[1])
            return cos * wobble, sin * wobble, -sin / wobble, cos / wobble
        thin = np.cos(self._tumble * t + self._phase[2])
        flat = np.sign(thin + np.float32(1e-6)) / np.maximum(np.abs(thin), np.float32(0.16))
        return cos, sin, -sin * flat, cos * flat

    def _brightness(self, seen: Sighting, pose: Pose) -> Field:
        there = self._air.lit(seen.x0, seen.y0, pose)
        ambient = self._air.ambient[0]
        light = (0.76 * ambient + 0.24 * there - 16.0) / 190.0
        facing = np.sin(self._tumble * np.float32(seen.seconds) + self._phase[2] + 0.6)
        shade = np.clip(light + 0.12, 0.16, 1.05) * (1.0 + self._kind.gloss * (facing - 0.3))
        return np.asarray(np.clip(shade, 0.08, 1.25), np.float32)


def flutter(request: AirRequest, atmosphere: Atmosphere, presence: Presence) -> list[Flutter]:
    """Sprites of the kind that a prompt asks for, at all distances."""
    kind = FLUTTERS[request.particle]
    key = 200 + 10 * list(FLUTTERS).index(request.particle)
    return [
        Flutter(kind, level, request, atmosphere, presence, key + number)
        for number, level in enumerate(kind.levels)
    ]
