"""Kirin 3, image to video: first and last frame, several shots, subjects, sound."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from kirin.catalogue.card import Card
from kirin.catalogue.codes import V3
from kirin.catalogue.common import (
    AREAS,
    DELIVERY,
    FPS_24,
    MODE,
    NEGATIVE_PROMPT,
    PROMPT_LENGTH,
    QUALITY,
    watermarked,
)
from kirin.catalogue.parameters import Choice, Flag, Integer, Seconds, Text
from kirin.catalogue.plan import Materials
from kirin.catalogue.prices import Price
from kirin.catalogue.references import ElementId, Picture
from kirin.catalogue.rules import AddsUp, AtLeastOne, Calls, Distinct, IgnoredWith, RequiredWith
from kirin.catalogue.sizes import keeping_aspect
from kirin.catalogue.structures import ListOf, Values
from kirin.domain.limits import ImageLimits
from kirin.domain.storyboard import Reference, Shot, Storyboard

ID = "kirin_v3_i2v"
LONGEST = 15
SHOT_PROMPT_LENGTH = 512


def storyboard(values: Values, materials: Materials, seed: int) -> Storyboard:
    """One shot or several: the first starts with the picture, the last ends with the tail."""
    first, last = materials.media.get("image"), materials.media.get("image_tail")
    shape = first or last
    if shape is None:
        raise ValueError("neither image nor image_tail")  # rule V3-1 has been checked
    width, height = keeping_aspect(shape, AREAS[values["mode"]])
    listed = [materials.subjects[entry["element_id"]] for entry in values.get("element_list", ())]
    subjects = [Reference(s.draft.name, s.draft.views, s.draft.video) for s in listed]
    if values["multi_shot"]:
        script = sorted(values["multi_prompt"], key=lambda entry: entry["index"])
    else:
        script = [{"prompt": values["prompt"], "duration": values["duration"]}]
    casts = cast(subjects, [entry["prompt"] for entry in script])
    shots = [
        Shot(
            prompt=entry["prompt"],
            seconds=entry["duration"],
            first=first if number == 0 else None,
            last=last if number == len(script) - 1 else None,
            references=casts[number],
        )
        for number, entry in enumerate(script)
    ]
    return Storyboard(
        model=ID,
        width=width,
        height=height,
        fps=FPS_24,
        shots=tuple(shots),
        sound=values["sound"] == "on",
        negative_prompt=values.get("negative_prompt", ""),
        seed=seed,
        quality=QUALITY[values["mode"]],
        watermark=watermarked(values),
    )


def cast(subjects: Sequence[Reference], prompts: Sequence[str]) -> list[tuple[Reference, ...]]:
    """Who appears in each shot.

    Those whom no prompt calls, by ``<<<element_1>>>`` or by name, appear in all of them; the
    others where they are called.
    """
    calls = [
        [_calls(prompt, number, subject.name) for prompt in prompts]
        for number, subject in enumerate(subjects, 1)
    ]
    return [
        tuple(
            s for s, called in zip(subjects, calls, strict=True) if called[shot] or not any(called)
        )
        for shot in range(len(prompts))
    ]


def _calls(prompt: str, number: int, name: str) -> bool:
    if f"<<<element_{number}>>>" in prompt:
        return True
    # A name in letters is a word of its own: Ada does not appear where a plan is adapted.
    edge = r"(?<![a-z]){}(?![a-z])" if name.isascii() else "{}"
    found = re.search(edge.format(re.escape(name.casefold())), prompt.casefold())
    return bool(name) and found is not None


def duration(made: Storyboard) -> Mapping[str, Any]:
    """The length of the video, which this model's document lists in each output entry."""
    return {"duration": made.seconds}


CARD = Card(
    id=ID,
    name="Kirin 3 Image to Video",
    type="image-to-video",
    description="Makes a video of 3 to 15 seconds from a first frame, a last frame or both, in "
    "one shot or up to six, with subjects of your own and sound.",
    usage="Give image, image_tail or both, and a prompt. For several shots set multi_shot true, "
    "shot_type customize, and multi_prompt with seconds that add up to duration. Subjects made "
    "with kirin_custom_elements are called <<<element_1>>> in prompts.",
    input_modalities=("image", "text"),
    output_modalities=("video", "audio"),
    parameters=(
        Picture(
            name="image",
            description="The picture that the video starts with: JPEG or PNG, at most 10 MB, at "
            "least 300 pixels a side, no longer than 2.5 times its shorter side.",
            rules=("V3-1", "C-1", "C-2", "C-3"),
            example="https://example.com/first.jpg",
        ),
        Picture(
            name="image_tail",
            description="The picture that the video ends with; any shape. It may stand alone.",
            limits=ImageLimits(max_aspect=None),
            rules=("V3-1", "C-1", "C-2", "C-3"),
            example="https://example.com/last.jpg",
        ),
        Flag(
            name="multi_shot",
            description="Whether multi_prompt directs several shots, instead of prompt one.",
            default=False,
            rules=("V3-2", "V3-3"),
            example=False,
        ),
        Choice(
            name="shot_type",
            description="How the shots are chosen: customize takes those of multi_prompt.",
            options=("customize",),
            rules=("V3-3",),
            example="customize",
        ),
        Text(
            name="prompt",
            description="What happens and how the camera moves.",
            min_length=1,
            max_length=PROMPT_LENGTH,
            rules=("V3-2", "C-4"),
            example="The camera pulls out slowly",
        ),
        ListOf(
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
        ),
        NEGATIVE_PROMPT,
        ListOf(
            name="element_list",
            description="Subjects that appear in the video.",
            max_items=3,
            fields=(
                ElementId(
                    name="element_id",
                    description="Id of a subject made with kirin_custom_elements.",
                    required=True,
                    rules=("V3-5",),
                    example=829836802793406551,
                ),
            ),
            rules=("V3-5",),
            example=[{"element_id": 829836802793406551}],
        ),
        Choice(
            name="sound",
            description="Whether the video gets a sound track.",
            options=("on", "off"),
            default="off",
            rules=("V3-6",),
            example="off",
        ),
        MODE,
        Seconds(
            name="duration",
            description="Length of the video in seconds.",
            options=tuple(range(3, LONGEST + 1)),
            default=5,
            rules=("V3-7", "C-5"),
            example="5",
        ),
        *DELIVERY,
    ),
    rules=(
        AtLeastOne(
            params=("image", "image_tail"),
            message="image, image_tail or both are needed",
            rules=("V3-1",),
        ),
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
        Distinct(
            list="element_list",
            field="element_id",
            message="a subject is named once",
            rules=("V3-5",),
        ),
        Calls(
            params=("prompt", "multi_prompt[].prompt"),
            list="element_list",
            message="<<<element_1>>> is the first subject of element_list, and so on",
            rules=("V3-5",),
        ),
    ),
    no_effect=(
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
    ),
    price=Price(
        ("mode", "sound"),
        {
            ("std", "off"): Decimal("0.084"),
            ("pro", "off"): Decimal("0.112"),
            ("std", "on"): Decimal("0.126"),
            ("pro", "on"): Decimal("0.168"),
        },
        unit=1,
    ),
    codes=V3,
    fields={
        "shots": "multi_shot",
        "shots.prompt": "prompt",
        "shots.seconds": "duration",
        "shots.first": "image",
        "shots.last": "image_tail",
        "shots.references": "element_list",
        "sound": "sound",
        "size": "mode",
        "negative_prompt": "negative_prompt",
    },
    examples=(
        {"image": "https://example.com/first.jpg", "prompt": "The camera pulls out slowly"},
        {
            "image": "https://example.com/first.jpg",
            "multi_shot": True,
            "shot_type": "customize",
            "multi_prompt": [
                {"index": 1, "prompt": "The house from afar", "duration": "3"},
                {"index": 2, "prompt": "Close-up of the door", "duration": "2"},
            ],
            "duration": "5",
        },
    ),
    plan=storyboard,
    extras=duration,
)
