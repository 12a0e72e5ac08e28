"""One shot by a prompt, or up to six by a script (rules V3-2 to V3-4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kirin.catalogue.common import PROMPT_LENGTH
from kirin.catalogue.families.subjects import cast
from kirin.catalogue.parameters import Choice, Flag, Integer, Seconds, Text
from kirin.catalogue.rules import AddsUp, Distinct, IgnoredWith, RequiredWith
from kirin.catalogue.structures import ListOf, Values
from kirin.domain.assets import Asset
from kirin.domain.storyboard import Reference, Shot, Storyboard

LONGEST = 15
SHOT_PROMPT_LENGTH = 512

MULTI_SHOT = Flag(
    name="multi_shot",
    description="Whether multi_prompt directs several shots, instead of prompt one.",
    default=False,
    rules=("V3-2", "V3-3"),
    example=False,
)

SHOT_TYPE = Choice(
    name="shot_type",
    description="How the shots are chosen: customize takes those of multi_prompt.",
    options=("customize",),
    rules=("V3-3",),
    example="customize",
)

PROMPT = Text(
    name="prompt",
    description="What happens and how the camera moves.",
    min_length=1,
    max_length=PROMPT_LENGTH,
    rules=("V3-2", "C-4"),
    example="The camera pulls out slowly",
)

MULTI_PROMPT = ListOf(
    name="multi_prompt",
    description="The shots; they play in the order of their index.",
    min_items=1,
    max_items=6,
    fields=(
        Integer(
            name="index",
            description="Place in the order.",
            required=True,
            min=0,
            max=2**31 - 1,
            rules=("V3-4",),
            example=1,
        ),
        Text(
            name="prompt",
            description="What happens in the shot.",
            required=True,
            min_length=1,
            max_length=SHOT_PROMPT_LENGTH,
            rules=("V3-4",),
            example="Close-up of the door",
        ),
        Seconds(
            name="duration",
            description="Length of the shot in seconds.",
            required=True,
            options=tuple(range(1, LONGEST + 1)),
            rules=("V3-4", "C-5"),
            example="2",
        ),
    ),
    rules=("V3-3", "V3-4"),
    example=[
        {"index": 1, "prompt": "The house from afar", "duration": "3"},
        {"index": 2, "prompt": "Close-up of the door", "duration": "2"},
    ],
)

SCRIPT = (MULTI_SHOT, SHOT_TYPE, PROMPT, MULTI_PROMPT)
"""The parameters that say what happens."""

DURATION = Seconds(
    name="duration",
    description="Length of the video in seconds.",
    options=tuple(range(3, LONGEST + 1)),
    default=5,
    rules=("V3-7", "C-5"),
    example="5",
)

SCRIPT_RULES = (
    RequiredWith(
        params=("prompt",),
        other="multi_shot",
        equals=False,
        message="prompt is required unless multi_shot is true",
        rules=("V3-2",),
    ),
    RequiredWith(
        params=("shot_type", "multi_prompt"),
        other="multi_shot",
        equals=True,
        message="shot_type and multi_prompt are required when multi_shot is true",
        rules=("V3-3",),
    ),
    AddsUp(
        list="multi_prompt",
        field="duration",
        total="duration",
        message="the seconds of the shots add up to duration",
        rules=("V3-4",),
    ),
    Distinct(
        list="multi_prompt",
        field="index",
        message="every shot has an index of its own",
        rules=("V3-4",),
    ),
)

SCRIPT_NO_EFFECT = (
    IgnoredWith(
        params=("shot_type", "multi_prompt"),
        other="multi_shot",
        equals=False,
        message="shot_type and multi_prompt have no effect unless multi_shot is true",
        rules=("V3-2",),
    ),
    IgnoredWith(
        params=("prompt",),
        other="multi_shot",
        equals=True,
        message="prompt has no effect when multi_shot is true",
        rules=("V3-3",),
    ),
)

IN_SHOTS = {
    "multi_shot": True,
    "shot_type": "customize",
    "multi_prompt": MULTI_PROMPT.example,
    "duration": "5",
}
"""The part of an example that asks for two shots."""


def script(values: Values) -> list[Values]:
    """The shots of a request in playing order, each with ``prompt`` and ``duration``."""
    if values["multi_shot"]:
        return sorted(values["multi_prompt"], key=lambda entry: int(entry["index"]))
    return [{"prompt": values["prompt"], "duration": values["duration"]}]


def shots(
    values: Values,
    subjects: Sequence[Reference] = (),
    first: Asset | None = None,
    last: Asset | None = None,
) -> list[Shot]:
    """The shots of a request, each with the subjects that appear in it.

    Args:
        values: with the parameters of ``SCRIPT`` and ``duration``.
        subjects: in the order in which prompts number them.
        first: what the first shot starts with.
        last: what the last shot ends with.
    """
    entries = script(values)
    casts = cast(subjects, [entry["prompt"] for entry in entries])
    return [
        Shot(
            prompt=entry["prompt"],
            seconds=entry["duration"],
            first=first if number == 0 else None,
            last=last if number == len(entries) - 1 else None,
            references=casts[number],
        )
        for number, entry in enumerate(entries)
    ]


def told_duration(made: Storyboard) -> Mapping[str, Any]:
    """The length of the video, which the documents of these models list in each output entry."""
    return {"duration": made.seconds}
