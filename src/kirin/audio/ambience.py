"""The ambience of one shot: its layers, each at its own level, mixed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np

from kirin.audio import air, animals, fire, people, town, water
from kirin.audio.master import levelled
from kirin.domain.soundtrack import Block
from kirin.prompt.sounds import Ambience, Layer

Maker = Callable[[int, np.random.Generator, float], Block]
"""Makes so many samples of a sound, from a source of chance, with a force from 0 to 1."""

_MAKERS: Final[Mapping[Ambience, tuple[Maker, float]]] = {
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
}
"""How each is made, and how loud it is beside others, in dB."""

_ORDER: Final = tuple(Ambience)
_BY_FORCE: Final = 6.0
"""dB between no force and full force."""

QUIETEST: Final = -8.0
"""dB that a calm shot may stay below a loud one: more would have its viewer turn a knob."""


def ambience(layers: Sequence[Layer], samples: int, seed: int) -> Block:
    """The sound of a shot.

    Args:
        layers: what is heard.
        samples: how long.
        seed: the same layers and seed give the same sound; each layer has chances of its own,
            so that adding one leaves the others as they were.

    Returns:
        Its loudness is that of its layers beside other shots, not yet that of the video.
    """
    levels = [_MAKERS[layer.kind][1] + _BY_FORCE * (layer.force - 0.5) for layer in layers]
    mixed = np.zeros((2, samples), np.float32)
    for layer, level in zip(layers, levels, strict=True):
        rng = np.random.default_rng([seed, _ORDER.index(layer.kind)])
        sound = _MAKERS[layer.kind][0](samples, rng, layer.force)
        mixed += levelled(np.asarray(sound, np.float32), -20 + level)
    return levelled(mixed, -20 + max(QUIETEST, *levels))
