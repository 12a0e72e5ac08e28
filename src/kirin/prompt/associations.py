"""Associations: sentences that stand for what a scene can show, for texts without keywords."""

from __future__ import annotations

from collections.abc import Mapping

ASSOCIATIONS: Mapping[str, tuple[str, ...]] = {
    # Places.
    "sea": (
        "the sea, waves and the horizon",
        "a voyage across the water",
        "surfing on a wave",
    ),
    "mountains": ("high mountains and rocky peaks", "climbing a steep slope"),
    "desert": ("a hot dry desert of sand", "a caravan crossing barren land"),
    "forest": ("deep in a forest among trees", "a path through thick undergrowth"),
    "city": (
        "a big city with tall buildings",
        "cars driving through traffic at a crossing",
        "an office, a shop or a station",
    ),
    "fields": ("open farmland and meadows", "a harvest on a farm", "cows or horses grazing"),
    "space": ("outer space among the planets", "a rocket orbiting a world"),
    # Times of day.
    "dawn": ("the sun rises early in the morning",),
    "day": ("a bright day around noon",),
    "sunset": ("the sun goes down in the evening with a red glow",),
    "dusk": ("the light fades after sunset",),
    "night": ("it is dark at night", "people are asleep under the moon"),
    # Weather.
    "rain": ("it is raining", "people with umbrellas and puddles"),
    "snow": ("snow is falling",),
    "fog": ("thick fog hides everything",),
    "storm": ("a violent thunderstorm",),
    "clear": ("a clear blue sky",),
    "cloudy": ("a dull sky covered with clouds",),
}
"""By the values of ``Terrain``, ``Time`` and ``Weather`` (see ``brief``)."""
