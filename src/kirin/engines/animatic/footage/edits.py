"""What of an edit can be laid over a video, told from the prompt alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from kirin.concepts.concept import plain_name
from kirin.domain.cast import Missing
from kirin.domain.edit import AddedCast, FootageEdit
from kirin.domain.footage import FootageUse
from kirin.domain.intent import Intent
from kirin.domain.storyboard import Reference, Shot, Storyboard
from kirin.engines.animatic.cast.sizes import shown
from kirin.engines.animatic.cinemagraph.report import (
    WHEN_RENDERED,
    air_and_light_only,
    entry,
    foretell,
)
from kirin.engines.animatic.look.pictured import honoured, unstyled
from kirin.engines.animatic.puppet.advice import unfollowed_camera
from kirin.engines.animatic.stage.plan import describe_given
from kirin.prompt.edits import read_edit

_SHOWN: Final = 80  # characters of a prompt that a message quotes


def edit_of(shot: Shot, storyboard: Storyboard) -> FootageEdit:
    """What a shot's prompt asks to be done to the video."""
    return read_edit(shot.prompt, storyboard.negative_prompt, seed=storyboard.seed)


def edited(shot: Shot, storyboard: Storyboard) -> Intent:
    """What is to be laid over the video; the rest of what the prompt asks is missing in it."""
    edit = edit_of(shot, storyboard)
    motion = edit.intent.motion
    refused = (Missing(phrase, "edit") for phrase in edit.refused)
    camera = unfollowed_camera(edit.intent.camera)
    missing = (*refused, *motion.missing, *camera)
    return replace(edit.intent, motion=replace(motion, missing=missing))


def joining(shot: Shot, edit: FootageEdit) -> list[Reference]:
    """The subjects that join the video: all but those that only a refused wish calls."""
    kept, subjects = [], 0
    for reference in shot.references:
        subjects += not reference.number
        tag = f"image_{reference.number}" if reference.number else f"element_{subjects}"
        if tag not in edit.withheld:
            kept.append(reference)
    return kept


def undoable(storyboard: Storyboard) -> str | None:
    """Why nothing of an edit can be done; ``None`` if something can, or nothing is edited."""
    if not storyboard.footage or storyboard.footage.use is not FootageUse.BASE:
        return None
    shot = storyboard.shots[0]
    intent = edited(shot, storyboard)
    motion = air_and_light_only(intent.motion)
    edit = edit_of(shot, storyboard)
    added = edit.added.cast.members or joining(shot, edit)
    if motion.air or motion.light or honoured(intent) or added:
        return None
    return nothing_to_do(motion.missing, shot.prompt)


def foretold(storyboard: Storyboard) -> dict[str, Any]:
    """What a quote says of a video: its camera and its cuts are found when it is looked through."""
    footage = storyboard.footage
    if not footage:
        return {}
    return {"footage": {"use": footage.use.value, "found": WHEN_RENDERED}}


def foretell_edit(storyboard: Storyboard, intent: Intent) -> dict[str, Any] | None:
    """What a quote says of the shot of an edited video; ``None`` where none is edited."""
    if not storyboard.footage or storyboard.footage.use is not FootageUse.BASE:
        return None
    styles = [style.value for style in honoured(intent)]
    looks = {"styles": styles} if styles else {}
    motion = foretell(air_and_light_only(intent.motion))
    added = edit_of(storyboard.shots[0], storyboard).added
    if added.cast.members:
        told = [foretold_addition(added, index) for index in range(len(added.cast.members))]
        motion = {**motion, "understood": [*motion["understood"], *told], "found": WHEN_RENDERED}
    return {"scene": describe_given(unstyled(intent)) | looks, "motion": motion}


def foretold_addition(added: AddedCast, index: int) -> dict[str, Any]:
    """What is told of a member of the added cast; its boxes are found when it is rendered."""
    member, addition = added.cast.members[index], added.additions[index]
    details = {"count": shown(member.count), "entrance": addition.entrance.value}
    what, action = plain_name(member.concept), member.action.value if member.action else "stay"
    return entry(member.word, "cast", what, action, None, details)


def nothing_to_do(missing: Sequence[Missing], prompt: str) -> str:
    """The message for an edit of which nothing can be done."""
    words = dict.fromkeys(each.word for each in missing)
    cut = prompt if len(prompt) <= _SHOWN else f"{prompt[:_SHOWN]}..."
    asked = ", ".join(f"'{word}'" for word in words) or f"'{cut}'"
    return (
        f"the animatic engine cannot do {asked} to a video: it lays light, weather, a style, "
        "drawn figures and subjects over it, and neither removes, replaces nor redraws what it "
        "shows"
    )
