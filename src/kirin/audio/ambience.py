"""The kinds of ambient sound: their synthesisers and their levels."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np

from kirin.audio import (
    air,
    animals,
    devices,
    fire,
    impacts,
    instruments,
    mammals,
    people,
    town,
    water,
)
from kirin.audio.mastering import normalise_loudness
from kirin.domain.intent import Ambience, SoundLayer
from kirin.domain.soundtrack import Block

Synthesiser = Callable[[int, np.random.Generator, float], Block]
"""Synthesises so many samples of a sound, from random numbers, at an intensity from 0 to 1."""

_SYNTHESISERS: Final[Mapping[Ambience, tuple[Synthesiser, float]]] = {
    Ambience.AIR: (air.air, -10.0),
    Ambience.ROOM: (air.room, -9.0),
    Ambience.WIND: (air.wind, -4.0),
    Ambience.LEAVES: (air.leaves, -6.0),
    Ambience.SNOW: (air.snow, -5.0),
    Ambience.RAIN: (water.rain, 0.0),
    Ambience.THUNDER: (water.thunder, 2.0),
    Ambience.WAVES: (water.waves, 0.0),
    Ambience.STREAM: (water.stream, -2.0),
    Ambience.WATERFALL: (water.waterfall, 0.0),
    Ambience.FIRE: (fire.fire, -1.0),
    Ambience.BIRDS: (animals.birds, -4.0),
    Ambience.GULLS: (animals.gulls, -5.0),
    Ambience.CRICKETS: (animals.crickets, -6.0),
    Ambience.CICADAS: (animals.cicadas, -4.0),
    Ambience.FOOTSTEPS: (people.footsteps, -1.0),
    Ambience.CRUNCH: (people.crunch, -1.0),
    Ambience.CROWD: (people.crowd, -2.0),
    Ambience.APPLAUSE: (people.applause, 0.0),
    Ambience.CITY: (town.city, -4.0),
    Ambience.TRAFFIC: (town.traffic, -1.0),
    Ambience.ENGINE: (town.engine, -1.0),
    Ambience.TRAIN: (town.train, 0.0),
    Ambience.BELL: (town.bell, 0.0),
    Ambience.DRONE: (air.drone, 0.0),
    Ambience.EXPLOSION: (impacts.explosion, 3.0),
    Ambience.FIREWORKS: (impacts.fireworks, 0.0),
    Ambience.GLASS: (impacts.glass, 0.0),
    Ambience.SPLASH: (impacts.splash, 0.0),
    Ambience.WHOOSH: (impacts.whoosh, -2.0),
    Ambience.PIANO: (instruments.piano, 1.0),
    Ambience.GUITAR: (instruments.guitar, 1.0),
    Ambience.MUSIC_BOX: (instruments.music_box, -1.0),
    Ambience.DRUM: (instruments.drum, 1.0),
    Ambience.DOG: (mammals.dog, 0.0),
    Ambience.CAT: (mammals.cat, -1.0),
    Ambience.HORSE: (mammals.horse, 0.0),
    Ambience.CLOCK: (devices.clock, -3.0),
    Ambience.TYPING: (devices.typing, -3.0),
    Ambience.SIREN: (devices.siren, -3.0),
    Ambience.HEARTBEAT: (people.heartbeat, -1.0),
}
"""For each kind its synthesiser and its level relative to the others in LU."""

_ORDER: Final = tuple(Ambience)

REFERENCE: Final = -20.0
"""LUFS of a sound at relative level 0 before mastering."""

_INTENSITY_RANGE: Final = 6.0
"""LU between intensity 0 and intensity 1."""

MIN_LEVEL: Final = -8.0
"""LU by which a quiet shot may be softer than a loud one; more would make viewers adjust the
volume."""


def layer_level(layer: SoundLayer) -> float:
    """How much louder than :data:`REFERENCE` a layer is, in LU."""
    return _SYNTHESISERS[layer.kind][1] + _INTENSITY_RANGE * (layer.intensity - 0.5)


def shot_loudness(layers: Sequence[SoundLayer]) -> float:
    """The loudness of a shot with these layers, in LUFS before mastering."""
    return REFERENCE + max(MIN_LEVEL, *map(layer_level, layers))


def synthesise_layer(layer: SoundLayer, samples: int, seed: int) -> Block:
    """Synthesise a layer at its level.

    Args:
        layer: what is heard.
        samples: length.
        seed: the same layer and seed give the same sound. Each kind has a random generator of
            its own, so that adding one does not change the others.
    """
    rng = np.random.default_rng([seed, _ORDER.index(layer.kind)])
    sound = _SYNTHESISERS[layer.kind][0](samples, rng, layer.intensity)
    return normalise_loudness(np.asarray(sound, np.float32), REFERENCE + layer_level(layer))
