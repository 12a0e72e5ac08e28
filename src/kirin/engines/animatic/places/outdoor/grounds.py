"""The ground of every place outdoors: where the cast can stand, known before painting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kirin.domain.intent import Extra, Place, SceneDescription
from kirin.engines.animatic.scene.eyes import is_set, outdoor_place, viewpoint
from kirin.engines.animatic.scene.ground import Ground, Surface

SHORE = 0.36
"""Disparity at which the ground at a water ends."""

GROUNDS: Mapping[Place, Ground] = {
    Place.JUNGLE: Ground(0.06, 0.28),
    Place.SNOWFIELD: Ground(0.0, 0.20),
    Place.BEACH: Ground(0.02, 0.42, shore=SHORE),
    Place.RIVERSIDE: Ground(-0.02, 0.44, shore=SHORE),
    Place.HARBOUR: Ground(0.02, 0.42, shore=SHORE),
    Place.PARK: Ground(0.04, 0.22),
    Place.GARDEN: Ground(-0.02, 0.22),
    Place.FARM: Ground(0.04, 0.22),
    Place.ROAD: Ground(0.02, 0.16),
    Place.RACE_TRACK: Ground(-0.03, 0.16),
    Place.RAILWAY: Ground(0.02, 0.18),
    Place.BRIDGE: Ground(0.05, 0.16),
    Place.SKY: Ground(0.22, 0.15, surface=Surface.NONE),
    Place.PLANET_SURFACE: Ground(0.04, 0.22),
    Place.CAVE: Ground(0.05, 0.28, ceiling=-0.34),
    Place.REEF: Ground(0.06, 0.25, surface=Surface.SEABED),
    Place.STREET: Ground(0.06, 0.14),
    Place.ALLEY: Ground(0.05, 0.20),
    Place.MARKET: Ground(0.02, 0.24),
    Place.STADIUM: Ground(-0.08, 0.10),
    Place.SEA: Ground(0.09, 0.10, surface=Surface.WATER),
    Place.CITY: Ground(0.15, 0.46, shore=SHORE),
    Place.MOUNTAINS: Ground(0.09, 0.40),
    Place.DESERT: Ground(0.03, 0.35),
    Place.FOREST: Ground(0.07, 0.40),
    Place.FIELDS: Ground(0.06, 0.35),
    Place.SPACE: Ground(0.0, 0.15, surface=Surface.NONE),
}
"""Each place with its mean horizon; the horizon of a scene is in :func:`ground_of`."""


def ground_of(scene: SceneDescription) -> Ground:
    """The ground of a scene outdoors, with the horizon of its variety.

    In a city and at a lake the painter of the ground before the water is
    :func:`kirin.engines.animatic.scene.floor.floor`: a scene has it where somebody stands.
    """
    place = outdoor_place(scene)
    ground = GROUNDS[place]
    horizon, _ = viewpoint(scene)
    lake = Extra.LAKE in scene.extras and not is_set(place) and place is not Place.CITY
    if lake and ground.surface is Surface.LAND:
        ground = replace(ground, back=max(ground.back, 0.46), shore=SHORE)
    return replace(ground, horizon=horizon)
