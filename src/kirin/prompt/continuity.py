"""Continuity: what a shot keeps of the shot before it, where both play at the same place."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from kirin.domain.intent import Extra, Place, SceneDescription, Terrain

PLACES: Final = frozenset({*(each.value for each in Terrain), *(each.value for each in Place)})
"""What names a place among the understood values of a scene."""

_IN_THE_SKY: Final = frozenset(
    {Extra.STARS, Extra.MOON, Extra.SUN, Extra.LIGHTS, Extra.MIST, Extra.CLOUDS}
)
"""What comes and goes with the hour and the weather."""


def kept_scene(scene: SceneDescription, before: SceneDescription) -> SceneDescription:
    """The place of the shot before, with the hour, weather and season that this one names.

    Args:
        scene: what the shot's own prompt describes.
        before: what the shot before shows.
    """
    named = set(scene.understood)
    own = {extra for extra in scene.extras if extra.value in named}
    time = scene.time if scene.time.value in named else before.time
    weather = scene.weather if scene.weather.value in named else before.weather
    season = scene.season if scene.season.value in named else before.season
    extras = before.extras | own
    if (time, weather) != (before.time, before.weather):
        extras = (before.extras - _IN_THE_SKY) | (scene.extras & _IN_THE_SKY) | own
    kept = replace(before, time=time, weather=weather, season=season, extras=frozenset(extras))
    shown = {time, weather, season, kept.terrain, kept.place, *extras}
    known = {value for value in {*before.understood, *named} if value in shown}
    guessed = tuple(value for value in before.guessed if value in shown)
    chance = tuple(name for name in before.by_chance if getattr(kept, name) not in named)
    return replace(
        kept,
        understood=tuple(sorted(known)),
        guessed=guessed,
        neon=before.neon or scene.neon,
        by_chance=chance,
    )
