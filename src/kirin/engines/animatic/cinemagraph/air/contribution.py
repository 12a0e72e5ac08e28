"""What is added to the air of a picture: which parts draw which request."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from kirin.domain.cast import Missing
from kirin.domain.motion import AirRequest, Particle, PictureMotion
from kirin.engines.animatic.cinemagraph.air.atmosphere import Atmosphere
from kirin.engines.animatic.cinemagraph.air.flare import flares
from kirin.engines.animatic.cinemagraph.air.flock import birds
from kirin.engines.animatic.cinemagraph.air.flutter import flutter
from kirin.engines.animatic.cinemagraph.air.fog import fog, haze
from kirin.engines.animatic.cinemagraph.air.lamp import find_light, find_sun
from kirin.engines.animatic.cinemagraph.air.plume import plumes
from kirin.engines.animatic.cinemagraph.air.presence import Presence
from kirin.engines.animatic.cinemagraph.air.rays import rays
from kirin.engines.animatic.cinemagraph.air.source import find_source, find_vessel
from kirin.engines.animatic.cinemagraph.air.sparks import sparks
from kirin.engines.animatic.cinemagraph.air.specks import specks
from kirin.engines.animatic.cinemagraph.air.storm import lightning
from kirin.engines.animatic.cinemagraph.part import Acted, AirPart, Cinemagraph, Still


@dataclass(frozen=True, slots=True)
class Airborne:
    """The parts that draw one request.

    Attributes:
        parts: at all distances.
        motion: how it moves, for the notes.
        box: where it comes from, in shares of the view; ``None`` for all of it.
        details: more for the notes.
    """

    parts: Sequence[AirPart]
    motion: str
    box: tuple[float, float, float, float] | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


Make = Callable[[AirRequest, Atmosphere, Presence], Airborne | None]
"""Makes the parts of a request, or ``None`` where the picture has no place for it."""


def _specks(motion: str) -> Make:
    def make(request: AirRequest, atmosphere: Atmosphere, presence: Presence) -> Airborne:
        return Airborne(specks(request, atmosphere, presence), motion)

    return make


def _flutter(motion: str) -> Make:
    def make(request: AirRequest, atmosphere: Atmosphere, presence: Presence) -> Airborne:
        return Airborne(flutter(request, atmosphere, presence), motion)

    return make


def _fog(request: AirRequest, atmosphere: Atmosphere, presence: Presence) -> Airborne:
    return Airborne(fog(request, atmosphere, presence), "drift")


def _plume(request: AirRequest, atmosphere: Atmosphere, presence: Presence) -> Airborne | None:
    """Smoke without a source fills the air; steam does not rise from nowhere."""
    source = None
    if request.source:
        source = find_source(request.source, atmosphere)
    elif request.particle is Particle.STEAM:
        source = find_vessel(atmosphere)
    else:
        return Airborne(haze(request, atmosphere, presence), "drift")
    if source is None:
        return None
    return Airborne(plumes(source, request, atmosphere, presence), "rise", source.box)


def _sparks(request: AirRequest, atmosphere: Atmosphere, presence: Presence) -> Airborne | None:
    source = find_source(request.source, atmosphere) if request.source else None
    if request.source and source is None:
        return None
    box = source.box if source else None
    return Airborne(sparks(source, request, atmosphere, presence), "fly", box)


def _birds(request: AirRequest, atmosphere: Atmosphere, presence: Presence) -> Airborne | None:
    flock = birds(request, atmosphere, presence)
    sky = atmosphere.sky
    if flock is None or sky is None:
        return None
    return Airborne(flock, "fly", (0.0, 0.0, 1.0, sky.horizon))


def _rays(request: AirRequest, atmosphere: Atmosphere, presence: Presence) -> Airborne | None:
    lamp = find_light(atmosphere)
    if lamp is None:
        return None
    return Airborne(rays(lamp, request, atmosphere, presence), "shimmer", lamp.box)


def _flare(request: AirRequest, atmosphere: Atmosphere, presence: Presence) -> Airborne | None:
    lamp = find_sun(atmosphere)
    if lamp is None:
        return None
    return Airborne(flares(lamp, request, atmosphere, presence), "shimmer", lamp.box)


def _lightning(request: AirRequest, atmosphere: Atmosphere, presence: Presence) -> Airborne | None:
    made = lightning(request, atmosphere, presence)
    sky = atmosphere.sky
    if made is None or sky is None:
        return None
    parts, times = made
    details = {"strikes": [round(at, 2) for at in times]}
    return Airborne(parts, "strike", (0.0, 0.0, 1.0, sky.horizon), details)


_MAKERS: Final[dict[Particle, Make]] = {
    Particle.SNOW: _specks("fall"),
    Particle.RAIN: _specks("fall"),
    Particle.FOG: _fog,
    Particle.LEAVES: _flutter("fall"),
    Particle.PETALS: _flutter("fall"),
    Particle.DUST: _specks("drift"),
    Particle.EMBERS: _specks("rise"),
    Particle.SPARKS: _sparks,
    Particle.BUBBLES: _flutter("rise"),
    Particle.CONFETTI: _flutter("fall"),
    Particle.FIREFLIES: _specks("wander"),
    Particle.BIRDS: _birds,
    Particle.SMOKE: _plume,
    Particle.STEAM: _plume,
    Particle.RAYS: _rays,
    Particle.FLARE: _flare,
    Particle.LIGHTNING: _lightning,
}


def add_air(motion: PictureMotion, still: Still, made: Cinemagraph) -> None:
    """Add the parts of this kind, and say what is honoured and what is not."""
    if not motion.air:
        return
    atmosphere = Atmosphere.of(still)
    for request in motion.air:
        presence = Presence.of(request.span, still)
        airborne = _MAKERS[request.particle](request, atmosphere, presence)
        if airborne is None:
            made.missing.append(Missing(request.word, "motion"))
            continue
        made.air += airborne.parts
        details = {**presence.details(request.span), **airborne.details}
        if len(airborne.parts) > 1:
            details["depths"] = len({part.disparity for part in airborne.parts})
        made.acted.append(
            Acted(
                request.word,
                "air",
                request.particle.value,
                airborne.motion,
                airborne.box,
                details,
            )
        )
        still.check()
