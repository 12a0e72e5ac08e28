"""The subject library: subjects of an account's own, made from pictures or a video."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from kirin.catalogue.card import Card
from kirin.catalogue.codes import V3
from kirin.catalogue.common import NOTIFICATION
from kirin.catalogue.parameters import Choice, Line, Text
from kirin.catalogue.plan import Materials
from kirin.catalogue.prices import Price
from kirin.catalogue.references import Picture, Video
from kirin.catalogue.rules import AtLeastOne, Excludes, OnlyWith, RequiredWith, Together
from kirin.catalogue.structures import Group, ListOf, Values
from kirin.domain.limits import VideoLimits
from kirin.domain.subject import SubjectDraft, SubjectKind

ID = "kirin_custom_elements"
VIDEO_LIMITS = VideoLimits(min_seconds=3, max_seconds=8, seconds_rules=("EL-2",))
VIDEO_PATH = "element_video_list.refer_videos[0].video_url"


def draft(values: Values, materials: Materials, _: int) -> SubjectDraft:
    """The subject: its views, the frontal one first, or its video."""
    return SubjectDraft(
        name=values["element_name"],
        description=values["element_description"],
        kind=KINDS[values.get("reference_type", "image_refer")],
        # Sorted by path, the frontal picture comes first in either form.
        views=tuple(asset for path, asset in sorted(materials.media.items()) if path != VIDEO_PATH),
        video=materials.media.get(VIDEO_PATH),
        tags=tuple(entry["tag_id"] for entry in values.get("tag_list", ())),
    )


FRONTAL_IMAGE = Picture(
    name="frontal_image",
    description="The subject from the front.",
    required=True,
    rules=("EL-2", "C-1", "C-2", "C-3"),
    example="https://example.com/front.jpg",
)

REFER_IMAGES = ListOf(
    name="refer_images",
    description="The subject from other sides.",
    required=True,
    min_items=1,
    max_items=3,
    fields=(
        Picture(
            name="image_url",
            description="One of them.",
            required=True,
            rules=("EL-2", "C-1", "C-2", "C-3"),
            example="https://example.com/side.jpg",
        ),
    ),
    rules=("EL-2",),
    example=[{"image_url": "https://example.com/side.jpg"}],
)

FLAT = (
    replace(
        FRONTAL_IMAGE,
        name="element_frontal_image",
        description="The subject from the front, where reference_type is left out.",
        required=False,
    ),
    replace(
        REFER_IMAGES,
        name="element_refer_list",
        description="The subject from other sides, beside element_frontal_image.",
        required=False,
    ),
)
"""Pictures in the flat form, which means image_refer."""

FLAT_NAMES = tuple(parameter.name for parameter in FLAT)

KINDS = {"image_refer": SubjectKind.IMAGE, "video_refer": SubjectKind.VIDEO}

CARD = Card(
    id=ID,
    name="Kirin Custom Elements",
    type="element",
    description="Makes a subject from pictures or a video, for other models to show.",
    usage="Name and describe the subject, then give a frontal picture and one to three others, or "
    "one video of 3 to 8 seconds. The id in the result goes into element_list.",
    input_modalities=("image", "video", "text"),
    output_modalities=("element",),
    parameters=(
        Line(
            name="element_name",
            description="What prompts may call it.",
            required=True,
            min_length=1,
            max_length=20,
            rules=("EL-1",),
            example="Ada",
        ),
        Text(
            name="element_description",
            description="What it is and looks like.",
            required=True,
            min_length=1,
            max_length=100,
            rules=("EL-1",),
            example="A young woman with red hair and a green coat",
        ),
        Choice(
            name="reference_type",
            description="What it is made from.",
            options=("image_refer", "video_refer"),
            rules=("EL-2",),
            example="image_refer",
        ),
        Group(
            name="element_image_list",
            description="Pictures of the subject, for image_refer.",
            fields=(
                FRONTAL_IMAGE,
                REFER_IMAGES,
            ),
            rules=("EL-2",),
            example={
                "frontal_image": "https://example.com/front.jpg",
                "refer_images": [{"image_url": "https://example.com/side.jpg"}],
            },
        ),
        Group(
            name="element_video_list",
            description="A video of the subject, for video_refer.",
            fields=(
                ListOf(
                    name="refer_videos",
                    description="Exactly one video.",
                    required=True,
                    min_items=1,
                    max_items=1,
                    fields=(
                        Video(
                            name="video_url",
                            description="mp4 or mov by URL, 3 to 8 seconds, at most 100 MB.",
                            required=True,
                            limits=VIDEO_LIMITS,
                            rules=("EL-2",),
                            example="https://example.com/subject.mp4",
                        ),
                    ),
                    rules=("EL-2",),
                    example=[{"video_url": "https://example.com/subject.mp4"}],
                ),
            ),
            rules=("EL-2",),
            example={"refer_videos": [{"video_url": "https://example.com/subject.mp4"}]},
        ),
        *FLAT,
        ListOf(
            name="tag_list",
            description="Tags of your own, or those of the family: o_101 trending meme, o_102 "
            "character, o_103 animal, o_104 prop, o_105 clothing, o_106 scene, o_107 effect, o_108 "
            "other.",
            max_items=20,
            fields=(
                Line(
                    name="tag_id",
                    description="A tag.",
                    required=True,
                    min_length=1,
                    max_length=64,
                    rules=("EL-3",),
                    example="o_102",
                ),
            ),
            rules=("EL-3",),
            example=[{"tag_id": "o_102"}],
        ),
        *NOTIFICATION,
    ),
    rules=(
        AtLeastOne(
            params=("reference_type", *FLAT_NAMES),
            message="reference_type, or element_frontal_image with element_refer_list, is needed",
            rules=("EL-2",),
        ),
        Together(
            params=FLAT_NAMES,
            message="element_frontal_image and element_refer_list go together",
            rules=("EL-2",),
        ),
        Excludes(
            first=("reference_type", "element_image_list", "element_video_list"),
            second=FLAT_NAMES,
            message="element_frontal_image and element_refer_list stand for reference_type and "
            "its lists",
            rules=("EL-2",),
        ),
        RequiredWith(
            params=("element_image_list",),
            other="reference_type",
            equals="image_refer",
            message="element_image_list is required with reference_type image_refer",
            rules=("EL-2",),
        ),
        RequiredWith(
            params=("element_video_list",),
            other="reference_type",
            equals="video_refer",
            message="element_video_list is required with reference_type video_refer",
            rules=("EL-2",),
        ),
        OnlyWith(
            params=("element_image_list",),
            other="reference_type",
            equals="image_refer",
            message="element_image_list works only with reference_type image_refer",
            rules=("EL-2",),
        ),
        OnlyWith(
            params=("element_video_list",),
            other="reference_type",
            equals="video_refer",
            message="element_video_list works only with reference_type video_refer",
            rules=("EL-2",),
        ),
    ),
    price=Price((), {(): Decimal("0.01")}, unit=None),
    codes=V3,
    fields={},
    examples=(
        {
            "element_name": "Ada",
            "element_description": "A young woman with red hair and a green coat",
            "reference_type": "image_refer",
            "element_image_list": {
                "frontal_image": "https://example.com/front.jpg",
                "refer_images": [{"image_url": "https://example.com/side.jpg"}],
            },
        },
        {
            "element_name": "Mia",
            "element_description": "A girl with a yellow raincoat",
            "element_frontal_image": "https://example.com/front.jpg",
            "element_refer_list": [{"image_url": "https://example.com/side.jpg"}],
            "tag_list": [{"tag_id": "o_102"}],
        },
        {
            "element_name": "Rex",
            "element_description": "A brown dog with white paws",
            "reference_type": "video_refer",
            "element_video_list": {
                "refer_videos": [{"video_url": "https://example.com/subject.mp4"}]
            },
        },
    ),
    plan=draft,
)
