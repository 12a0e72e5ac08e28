"""The preview: what the shots of a storyboard will show, before they are rendered."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kirin.domain.intent import Intent
from kirin.domain.storyboard import Shot, Storyboard
from kirin.engines.animatic.camera.path import path
from kirin.engines.animatic.cinemagraph.report import air_and_light_only, foretell
from kirin.engines.animatic.continuity import carry_over
from kirin.engines.animatic.footage.edits import foretell_edit, foretold
from kirin.engines.animatic.intents import read_intents
from kirin.engines.animatic.look.pictured import honoured, unstyled
from kirin.engines.animatic.puppet.advice import WORKS_BEST, unfollowed_camera
from kirin.engines.animatic.stage.plan import StagePlan, describe_given


def preview(storyboard: Storyboard) -> dict[str, Any]:
    """``scene`` and ``motion`` as in the notes; several shots each have theirs in ``shots``."""
    continuity = carry_over(storyboard)
    storyboard = continuity.storyboard
    intents = read_intents(continuity, synthesised=storyboard.sound)
    lengths = storyboard.lengths()
    shots = [
        _preview_shot(storyboard, shot, intent, index, count)
        for index, (shot, intent, count) in enumerate(
            zip(storyboard.shots, intents, lengths, strict=True)
        )
        if count  # none of a shot shorter than a frame
    ]
    shots = [shot | foretold(storyboard) for shot in shots]
    return shots[0] if len(lengths) == 1 else {"shots": shots}


def _preview_shot(
    storyboard: Storyboard, shot: Shot, intent: Intent, index: int, count: int
) -> dict[str, Any]:
    if storyboard.driving:
        return {"motion": _preview_driven(intent)}
    if (told := foretell_edit(storyboard, intent)) is not None:
        return told
    if not shot.drawn:
        moving = intent.motion if _moves_inside(shot) else air_and_light_only(intent.motion)
        styles = [style.value for style in honoured(intent)]
        shown = {"styles": styles} if styles else {}
        return {"scene": describe_given(unstyled(intent)) | shown, "motion": foretell(moving)}
    size, fps = (storyboard.width, storyboard.height), storyboard.fps
    poses = path(intent.camera, count, fps, storyboard.guidance, storyboard.seed + index)
    return {"scene": StagePlan.of(intent, size, fps, poses).describe()}


def _preview_driven(intent: Intent) -> dict[str, Any]:
    """Of motion control; whom the picture and the video show is found when it is rendered."""
    motion = air_and_light_only(intent.motion)
    missing = (*motion.missing, *unfollowed_camera(intent.camera))
    told = foretell(replace(motion, missing=missing))
    return {**told, "warnings": None, "works_best": list(WORKS_BEST)}


def _moves_inside(shot: Shot) -> bool:
    """Whether the method of a shot moves what is in its picture, and not the picture alone."""
    return not (shot.last or shot.strokes or shot.still or shot.references) and bool(shot.first)
