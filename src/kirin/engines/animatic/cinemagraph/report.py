"""What is told of the motion in a given picture: before the task is made, and after.

Quotes and ``metadata.motion`` have one shape. Of pictures that have yet to be fetched a quote knows
the words alone; boxes, and what the picture lacks, are found when it is rendered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from kirin.domain.cast import Missing
from kirin.domain.motion import (
    AirRequest,
    BodyMotion,
    BodyRequest,
    LightRequest,
    MatterRequest,
    Particle,
    PictureMotion,
    Span,
)

WHEN_RENDERED: Final = "when rendered"
"""When boxes, and what the picture lacks, are found."""

_MOTIONS: Final[Mapping[Particle, str]] = {
    Particle.SNOW: "fall",
    Particle.RAIN: "fall",
    Particle.LEAVES: "fall",
    Particle.PETALS: "fall",
    Particle.CONFETTI: "fall",
    Particle.EMBERS: "rise",
    Particle.BUBBLES: "rise",
    Particle.SMOKE: "rise",
    Particle.STEAM: "rise",
    Particle.SPARKS: "fly",
    Particle.BIRDS: "fly",
    Particle.FIREFLIES: "wander",
    Particle.RAYS: "shine",
    Particle.FLARE: "shine",
    Particle.LIGHTNING: "flash",
}
"""How particles move; all others drift."""

_EYES: Final = frozenset({BodyMotion.BLINK})

Request = MatterRequest | AirRequest | LightRequest | BodyRequest


def entry(
    word: str,
    kind: str,
    what: str,
    motion: str,
    box: Sequence[float] | None = None,
    details: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """One thing that is understood, as JSON values.

    Args:
        word: of the prompt.
        kind: "matter", "air", "light", "body" or "focus".
        what: what moves: "water", "snow".
        motion: how: "flow", "fall".
        box: where, as left, top, right, bottom in shares of the first frame; ``None`` for all of
            it, or where that is not known yet.
        details: more values; "from" and "to" say when, as shares of the shot.
    """
    shown: dict[str, Any] = {"word": word, "kind": kind, "what": what, "motion": motion}
    if box is not None:
        shown["box"] = [round(edge, 4) for edge in box]
    return {**shown, "from": 0.0, "to": 1.0, **(details or {})}


def report(understood: Iterable[dict[str, Any]], missing: Iterable[Missing]) -> dict[str, Any]:
    """Everything that is told of one picture; each missing word once."""
    told = [{"word": each.word, "kind": each.kind} for each in dict.fromkeys(missing)]
    return {"understood": list(understood), "missing": told}


def foretell(motion: PictureMotion) -> dict[str, Any]:
    """What a prompt says of a picture, before anybody has looked at it."""
    requests: list[Request] = [*motion.matter, *motion.air, *motion.light, *motion.body]
    entries = [_foretold(each) for each in requests]
    if motion.focus:
        entries.append(entry(motion.focus_word, "focus", "lens", motion.focus.value))
    return report(entries, motion.missing)


def air_and_light_only(motion: PictureMotion) -> PictureMotion:
    """A motion as methods show it that do not look into their pictures.

    A transition between two pictures, a composition and a puppet move their pictures in their
    own way: matter and bodies in them stay as these have them. What is in the air and the light
    lie over all of them.
    """
    missing = (*motion.missing, *(Missing(each.word, "motion") for each in motion.matter))
    return without_bodies(replace(motion, matter=(), missing=missing))


def without_bodies(motion: PictureMotion) -> PictureMotion:
    """A motion as the motion brush and the static mask show it.

    Matter moves in the picture that they paint over; there is no cut-out subject, which a body
    and a lens would need.
    """
    words = [*map(body_phrase, motion.body), *([motion.focus_word] if motion.focus else [])]
    missing = (*motion.missing, *(Missing(word, "motion") for word in words))
    return replace(motion, body=(), focus=None, focus_word="", missing=missing)


def body_phrase(request: BodyRequest) -> str:
    """The words of a prompt for what a subject does, for reports: "rocket lifts off"."""
    same = request.word == request.verb
    return request.verb if same else f"{request.word} {request.verb}".strip()


def span_details(span: Span) -> dict[str, float]:
    """When something happens, as JSON values."""
    return {"from": round(span.start, 3), "to": round(span.end, 3)}


def _foretold(request: Request) -> dict[str, Any]:
    details: dict[str, Any] = {**span_details(request.span)}
    if not isinstance(request, LightRequest) and request.heading:
        details["heading"] = request.heading.value
    if isinstance(request, MatterRequest):
        what, how = request.substance.value, request.motion.value
        return entry(request.word, "matter", what, how, None, details)
    if isinstance(request, AirRequest):
        if request.source:
            details["source"] = request.source
        how = _MOTIONS.get(request.particle, "drift")
        return entry(request.word, "air", request.particle.value, how, None, details)
    if isinstance(request, LightRequest):
        return entry(request.word, "light", "light", request.becomes.value, None, details)
    what = "eyes" if request.motion in _EYES else "subject"
    return entry(request.word, "body", what, request.motion.value, None, details)
