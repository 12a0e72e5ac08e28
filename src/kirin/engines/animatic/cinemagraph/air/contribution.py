"""What is added to the air of a picture: which parts draw which request."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from kirin.domain.cast import Missing
from kirin.domain.motion import AirRequest, Particle, PictureMotion
from kirin.engines.animatic.cinemagraph.air.atmosphere import Atmosphere
from kirin.engines.animatic.cinemagraph.air.flutter import flutter
from kirin.engines.animatic.cinemagraph.air.presence import Presence
from kirin.engines.animatic.cinemagraph.air.specks import specks
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


_MAKERS: Final[dict[Particle, Make]] = {
    Particle.SNOW: _specks("fall"),
    Particle.RAIN: _specks("fall"),
    Particle.DUST: _specks("drift"),
    Particle.EMBERS: _specks("rise"),
    Particle.FIREFLIES: _specks("wander"),
    Particle.LEAVES: _flutter("fall"),
    Particle.PETALS: _flutter("fall"),
    Particle.CONFETTI: _flutter("fall"),
    Particle.BUBBLES: _flutter("rise"),
}


def add_air(motion: PictureMotion, still: Still, made: Cinemagraph) -> None:
    """Add the parts of this kind, and say what is honoured and what is not."""
    if not motion.air:
        return
    atmosphere = Atmosphere.of(still)
    for request in motion.air:
        presence = Presence.of(request.span, still)
        maker = _MAKERS.get(request.particle)
        airborne = maker(request, atmosphere, presence) if maker else None
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
