"""Viewpoints: where the horizon is in each place, and how high the camera stands."""

from __future__ import annotations

import numpy as np

from kirin.domain.intent import Place, SceneDescription

# Horizon in view heights below the centre, and height of the viewpoint in units of 100 m; then how
# far the variety of a scene moves the horizon, and by which factor it changes the height.
_EYES: dict[Place, tuple[float, float, float, float]] = {
    Place.SEA: (0.06, 0.16, 0.22, 1.4),
    Place.CITY: (0.16, 0.14, 0.14, 1.4),
    Place.DESERT: (0.02, 0.25, 0.18, 1.5),
    Place.FIELDS: (0.03, 0.14, 0.20, 1.5),
    Place.FOREST: (0.07, 0.10, 0.12, 1.3),
    Place.MOUNTAINS: (0.10, 0.25, 0.14, 1.4),
    Place.SPACE: (0.0, 0.25, 0.0, 1.0),
    Place.JUNGLE: (0.06, 0.022, 0.04, 1.2),
    Place.SNOWFIELD: (0.00, 0.030, 0.06, 1.2),
    Place.BEACH: (0.02, 0.030, 0.05, 1.2),
    Place.RIVERSIDE: (-0.02, 0.030, 0.04, 1.2),
    Place.HARBOUR: (0.02, 0.030, 0.04, 1.2),
    Place.PARK: (0.04, 0.024, 0.04, 1.2),
    Place.GARDEN: (-0.02, 0.022, 0.04, 1.2),
    Place.FARM: (0.04, 0.028, 0.05, 1.2),
    Place.ROAD: (0.02, 0.024, 0.05, 1.3),
    Place.RACE_TRACK: (-0.03, 0.028, 0.04, 1.2),
    Place.RAILWAY: (0.02, 0.030, 0.05, 1.2),
    Place.BRIDGE: (0.05, 0.024, 0.04, 1.2),
    Place.SKY: (0.22, 6.0, 0.10, 1.2),
    Place.PLANET_SURFACE: (0.04, 0.030, 0.06, 1.2),
    Place.CAVE: (0.05, 0.024, 0.03, 1.2),
    Place.REEF: (0.06, 0.030, 0.05, 1.2),
    Place.STREET: (0.06, 0.022, 0.04, 1.3),
    Place.ALLEY: (0.05, 0.019, 0.03, 1.2),
    Place.MARKET: (0.02, 0.022, 0.03, 1.2),
    Place.STADIUM: (-0.08, 0.050, 0.04, 1.2),
}


def viewpoint(scene: SceneDescription) -> tuple[float, float]:
    """Horizon in view heights below the centre, and height of the eye in units of 100 m.

    It depends on the place and on the variety, and on nothing that changes within a shot.
    """
    horizon, height, swing, factor = _EYES[outdoor_place(scene)]
    rng = np.random.default_rng([scene.variety, 1])
    # Its square root: views from high and from low are more frequent than those in between.
    share = float(rng.uniform(-1.0, 1.0))
    return (
        horizon + swing * float(np.sign(share)) * abs(share) ** 0.5,
        height * factor ** float(rng.uniform(-1.0, 1.0)),
    )


_TERRAINS = frozenset(
    {
        Place.SEA,
        Place.MOUNTAINS,
        Place.DESERT,
        Place.FOREST,
        Place.CITY,
        Place.FIELDS,
        Place.SPACE,
    }
)


def outdoor_place(scene: SceneDescription) -> Place:
    """The place outdoors: that of the scene, or the open country beyond the windows of a room."""
    return scene.place if is_set(scene.place) else Place(scene.terrain.value)


def is_set(place: Place) -> bool:
    """Whether a place is a set outdoors, and neither open country nor a room."""
    return place in _EYES and place not in _TERRAINS
