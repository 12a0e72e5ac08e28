"""The preview: what the shots of a storyboard will show, before they are rendered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from kirin.domain.intent import Direction
from kirin.domain.motion import PictureMotion
from kirin.domain.storyboard import Shot, Storyboard
from kirin.engines.animatic.camera.path import path
from kirin.engines.animatic.camera.turn import describe_direction
from kirin.engines.animatic.cinemagraph.report import (
    WHEN_RENDERED,
    air_and_light_only,
    foretell,
    without_bodies,
)
from kirin.engines.animatic.continuity import carry_over
from kirin.engines.animatic.footage.edits import foretell_edit, foretold
from kirin.engines.animatic.foresight import ForeseenShot
from kirin.engines.animatic.intents import read_intents
from kirin.engines.animatic.look.pictured import honoured, unstyled
from kirin.engines.animatic.puppet.advice import WORKS_BEST, unfollowed_camera
from kirin.engines.animatic.stage.plan import StagePlan, describe_given

Look = Callable[[ForeseenShot], dict[str, Any] | None]
"""Looks into the pictures of a shot; ``None`` where it cannot, or not now."""


def preview(storyboard: Storyboard, look: Look = lambda _: None) -> dict[str, Any]:
    """``scene`` and ``motion`` as in the notes; several shots each have theirs in ``shots``."""
    continuity = carry_over(storyboard)
    storyboard = continuity.storyboard
    intents = read_intents(continuity, synthesised=storyboard.sound)
    lengths = storyboard.lengths()
    shots = [
        _preview_shot(
            ForeseenShot(
                storyboard, index, intent, continuity.share(index, intent.cast.size), count
            ),
            look,
        )
        for index, (intent, count) in enumerate(zip(intents, lengths, strict=True))
        if count  # none of a shot shorter than a frame
    ]
    shots = [shot | foretold(storyboard) for shot in shots]
    return shots[0] if len(lengths) == 1 else {"shots": shots}


def _preview_shot(seen: ForeseenShot, look: Look) -> dict[str, Any]:
    storyboard, intent = seen.storyboard, seen.intent
    if storyboard.driving:
        return {"motion": _preview_driven(seen, look)}
    if (told := foretell_edit(storyboard, intent)) is not None:
        return told
    camera = {} if intent.camera.default else _preview_camera(intent.camera)
    if not seen.shot.drawn:
        styles = [style.value for style in honoured(intent)]
        shown = {"styles": styles} if styles else {}
        return {
            "scene": describe_given(unstyled(intent)) | shown,
            "motion": _preview_pictured(seen, look),
            **camera,
        }
    size, fps = (storyboard.width, storyboard.height), storyboard.fps
    poses = path(intent.camera, seen.count, fps, storyboard.guidance, storyboard.seed + seen.index)
    return {"scene": StagePlan.of(intent, size, fps, poses).describe(), **camera}


def _preview_camera(direction: Direction) -> dict[str, Any]:
    """Of a camera that was asked for; how much of it a picture can show is found later."""
    told: dict[str, Any] = {"direction": describe_direction(direction)}
    if direction.overruled:
        told["not_followed"] = list(direction.overruled)
    return told


def _preview_pictured(seen: ForeseenShot, look: Look) -> dict[str, Any]:
    moving = _shown(seen.intent.motion, seen.shot)
    # Where the words move nothing in any picture there is nothing to be found in this one.
    found = (look(seen) or {"found": WHEN_RENDERED}) if moving else {}
    return {**foretell(moving), **found}


def _preview_driven(seen: ForeseenShot, look: Look) -> dict[str, Any]:
    """Of motion control; whom media show that are still to come is found when it is rendered."""
    motion = air_and_light_only(seen.intent.motion)
    missing = (*motion.missing, *unfollowed_camera(seen.intent.camera))
    told = foretell(replace(motion, missing=missing))
    found = look(seen) or {"found": WHEN_RENDERED, "warnings": None}
    return {**told, **found, "works_best": list(WORKS_BEST)}


def _shown(motion: PictureMotion, shot: Shot) -> PictureMotion:
    """What of a motion the method of a shot shows."""
    if shot.first is None or shot.last or shot.references:
        return air_and_light_only(motion)
    return without_bodies(motion) if shot.strokes or shot.still else motion
