"""Kirin 3, motion control: a character moves as the person in a video does."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from kirin.catalogue.card import Card
from kirin.catalogue.codes import V3
from kirin.catalogue.common import AREAS, DELIVERY, PROMPT_LENGTH, QUALITY, watermarked
from kirin.catalogue.media_rules import LongestBy
from kirin.catalogue.parameters import Choice, Text
from kirin.catalogue.plan import Materials
from kirin.catalogue.prices import Price
from kirin.catalogue.references import ElementId, Picture, Video
from kirin.catalogue.rules import OnlyWith
from kirin.catalogue.sizes import keeping_aspect
from kirin.catalogue.structures import ListOf, Values
from kirin.domain.limits import ImageLimits
from kirin.domain.storyboard import Driving, Orientation, Reference, Shot, Storyboard
from kirin.domain.subject import SubjectKind

ID = "kirin_v3_motion_control"
FASTEST = Fraction(30)
LONGEST = {"image": 10.0, "video": 30.0}
"""Most seconds of the reference video, by whose facing the character keeps (rule MC-3)."""


def storyboard(values: Values, materials: Materials, seed: int) -> Storyboard:
    """One shot, as long as the reference video and at its frame rate, capped at 30."""
    picture, video = materials.media["image_url"], materials.media["video_url"]
    width, height = keeping_aspect(picture, AREAS[values["mode"]])
    subjects = [materials.subjects[entry["element_id"]] for entry in values.get("element_list", ())]
    # What is only announced is quoted and checked as the longest that may come.
    longest = LONGEST[values["character_orientation"]]
    # A video of a frame or two more is accepted, and its end is left out.
    seconds = min(video.seconds or longest, longest) if video.fetched else longest
    shot = Shot(
        prompt=values.get("prompt", ""),
        seconds=seconds,
        first=picture,
        references=tuple(Reference(s.draft.name, s.draft.views, s.draft.video) for s in subjects),
    )
    return Storyboard(
        model=ID,
        width=width,
        height=height,
        fps=min(video.fps or FASTEST, FASTEST),
        shots=(shot,),
        seed=seed,
        quality=QUALITY[values["mode"]],
        watermark=watermarked(values),
        driving=Driving(
            video=video,
            orientation=Orientation(values["character_orientation"]),
            keep_sound=values["keep_original_sound"] == "yes",
        ),
    )


CARD = Card(
    id=ID,
    name="Kirin 3 Motion Control",
    type="video-to-video",
    description="Lets the character of a picture move as the person in a reference video does.",
    usage="Give a picture of one character whose limbs can be seen, and a video of one person, "
    "uncut, with the same part of the body in view.",
    input_modalities=("image", "video", "text"),
    output_modalities=("video", "audio"),
    parameters=(
        Text(
            name="prompt",
            description="What else should be seen, and how the camera moves.",
            min_length=1,
            max_length=PROMPT_LENGTH,
            rules=("MC-8", "C-4"),
            example="A dancer on a stage",
        ),
        Picture(
            name="image_url",
            description="The character and its surroundings: JPEG or PNG by URL or base64, at "
            "most 10 MB, 300 to 65536 pixels a side, no longer than 2.5 times its shorter side.",
            required=True,
            limits=ImageLimits(max_side=65_536, side_rules=("MC-1", "C-3")),
            rules=("MC-1", "C-1", "C-2", "C-3"),
            example="https://example.com/character.jpg",
        ),
        Video(
            name="video_url",
            description="The movement: mp4 or mov by URL, at most 100 MB, sides of 340 to 3850 "
            "pixels, 3 seconds or longer.",
            required=True,
            rules=("MC-2",),
            example="https://example.com/dance.mp4",
        ),
        ListOf(
            name="element_list",
            description="A subject that takes the place of the picture's character.",
            max_items=1,
            fields=(
                ElementId(
                    name="element_id",
                    description="Id of a subject made from pictures.",
                    required=True,
                    kinds=(SubjectKind.IMAGE,),
                    rules=("MC-7",),
                    example=829836802793406551,
                ),
            ),
            rules=("MC-7",),
            example=[{"element_id": 829836802793406551}],
        ),
        Choice(
            name="keep_original_sound",
            description="Whether the video keeps the sound of the reference video.",
            options=("yes", "no"),
            default="yes",
            rules=("MC-6",),
            example="yes",
        ),
        Choice(
            name="character_orientation",
            description="Whose facing the character keeps: that of its picture, or that of the "
            "person in the video.",
            required=True,
            options=("image", "video"),
            rules=("MC-4",),
            example="image",
        ),
        Choice(
            name="mode",
            description="std makes a good video fast, pro a better one with more effort.",
            required=True,
            options=("std", "pro"),
            rules=("MC-5",),
            example="std",
        ),
        *DELIVERY,
    ),
    rules=(
        OnlyWith(
            params=("element_list",),
            other="character_orientation",
            equals="video",
            message="element_list works only with character_orientation video",
            rules=("MC-7",),
        ),
    ),
    media_rules=(
        LongestBy(
            param="video_url",
            other="character_orientation",
            seconds=LONGEST,
            message="the reference video lasts at most 10 seconds with character_orientation "
            "image, 30 with video",
            rules=("MC-3",),
        ),
    ),
    price=Price(("mode",), {("std",): Decimal("0.126"), ("pro",): Decimal("0.168")}, unit=1),
    codes=V3,
    fields={
        "shots.prompt": "prompt",
        "shots.first": "image_url",
        "shots.references": "element_list",
        "driving": "video_url",
        "size": "mode",
    },
    examples=(
        {
            "image_url": "https://example.com/character.jpg",
            "video_url": "https://example.com/dance.mp4",
            "character_orientation": "image",
            "mode": "std",
        },
    ),
    plan=storyboard,
)
