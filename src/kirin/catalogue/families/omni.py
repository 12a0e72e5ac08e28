"""Omni models: pictures, subjects and a video, which prompts call by number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from kirin.catalogue.card import Card
from kirin.catalogue.common import ASPECT_RATIO
from kirin.catalogue.entry_rules import (
    AtMostEntries,
    AtMostOnce,
    Clashes,
    Given,
    IgnoredWhere,
    Needs,
    OneOfFields,
    RequiredUnless,
    SecondsAtMost,
)
from kirin.catalogue.families.formats import BY_MODE_24
from kirin.catalogue.families.multi_shot import PROMPT, shots
from kirin.catalogue.families.price_lists import by_mode_and_extra
from kirin.catalogue.families.rule_ids import under
from kirin.catalogue.families.subjects import CALLED, ELEMENT_LIST, NAMED_ONCE, listed
from kirin.catalogue.parameters import Choice
from kirin.catalogue.plan import Materials
from kirin.catalogue.prices import DerivedChoice, Price
from kirin.catalogue.references import Picture, Video
from kirin.catalogue.rules import Calls
from kirin.catalogue.sizes import Size
from kirin.catalogue.structures import ListOf, Values
from kirin.domain.assets import Asset
from kirin.domain.footage import Footage, FootageUse
from kirin.domain.limits import VideoLimits
from kirin.domain.storyboard import Reference, Shot, Storyboard

MOST, MOST_WITH_VIDEO = 7, 4
"""Pictures and subjects of a request, without and with a video (rule OMN-6)."""

LONGEST_WITH_VIDEO = 10

FIRST = Given("image_list", "type", "first_frame")
END = Given("image_list", "type", "end_frame")
BASE = Given("video_list", "refer_type", "base")
FEATURE = Given("video_list", "refer_type", "feature")
VIDEO = Given("video_list")

_PICTURE = Picture(
    name="image_url",
    description="A picture: JPEG or PNG by URL or base64, at most 10 MB, at least 300 pixels a "
    "side, no longer than 2.5 times its shorter side.",
    rules=("OMN-1", "C-1", "C-2", "C-3"),
    example="https://example.com/garden.jpg",
)

IMAGE_LIST = ListOf(
    name="image_list",
    description="Pictures, which prompts call <<<image_1>>>, <<<image_2>>> and so on.",
    max_items=MOST,
    fields=(
        _PICTURE,
        replace(_PICTURE, name="image", description="Means the same as image_url."),
        Choice(
            name="type",
            description="The picture is what the video starts with, or ends with; without it, "
            "something that appears in the video.",
            options=("first_frame", "end_frame"),
            rules=("OMN-1", "OMN-2"),
            example="first_frame",
        ),
    ),
    rules=("OMN-1", "OMN-6"),
    example=[{"image_url": _PICTURE.example}],
)

ELEMENTS = under(replace(ELEMENT_LIST, max_items=MOST), "OMN-7")

VIDEO_LIST = ListOf(
    name="video_list",
    description="A video to edit, or to take camera and rhythm from; prompts call it "
    "<<<video_1>>>.",
    max_items=1,
    fields=(
        Video(
            name="video_url",
            description="The video: mp4 or mov by URL, at most 200 MB, 3 to 10 seconds, sides of "
            "700 to 2160 pixels.",
            required=True,
            limits=VideoLimits(
                max_bytes=200 * 1024 * 1024,
                min_side=700,
                max_side=2160,
                max_seconds=LONGEST_WITH_VIDEO,
                rules=("OMN-3",),
                seconds_rules=("OMN-3",),
            ),
            rules=("OMN-3",),
            example="https://example.com/street.mp4",
        ),
        Choice(
            name="refer_type",
            description="base shows the video itself, edited as the prompt says; feature takes its "
            "camera and its rhythm over to a new one.",
            options=("feature", "base"),
            default="base",
            rules=("OMN-3", "OMN-4", "OMN-5"),
            example="base",
        ),
        Choice(
            name="keep_original_sound",
            description="Whether the new video has the sound of this one.",
            options=("yes", "no"),
            default="yes",
            rules=("OMN-3",),
            example="yes",
        ),
    ),
    rules=("OMN-3",),
    example=[{"video_url": "https://example.com/street.mp4", "refer_type": "base"}],
)

SHAPE = replace(
    ASPECT_RATIO,
    description="Shape of the video, width to height. A first frame or a video to edit has its "
    "own; without a video to learn from either it must be said.",
    default=None,
    rules=("OMN-8",),
)

_TEXTS = ("prompt", "multi_prompt[].prompt")

_CALLED_PICTURE = Calls(
    params=_TEXTS,
    list="image_list",
    called="image",
    message="<<<image_1>>> is the first picture of image_list, and so on",
    rules=("OMN-9",),
)


def rules_of(texts: tuple[str, ...] = _TEXTS) -> tuple[Any, ...]:
    """The rules across parameters that all omni models share.

    Args:
        texts: paths of the prompts.
    """
    calls = (
        replace(_CALLED_PICTURE, params=texts),
        replace(CALLED, params=texts, rules=("OMN-9",)),
        replace(
            _CALLED_PICTURE,
            params=texts,
            list="video_list",
            called="video",
            message="<<<video_1>>> is the video of video_list",
        ),
    )
    return (*_ABOUT_PICTURES, *_ABOUT_VIDEOS, replace(NAMED_ONCE, rules=("OMN-7",)), *calls)


_ABOUT_PICTURES = (
    OneOfFields(
        list="image_list",
        fields=("image_url", "image"),
        message="a picture comes in image_url or in image",
        rules=("OMN-1",),
    ),
    AtMostOnce(given=FIRST, message="a video has one first frame", rules=("OMN-2",)),
    AtMostOnce(given=END, message="a video has one end frame", rules=("OMN-2",)),
    Needs(
        given=END,
        needs=FIRST,
        message="an end_frame needs a first_frame beside it",
        rules=("OMN-2",),
    ),
    AtMostEntries(
        lists=("image_list",),
        most=2,
        given=END,
        message="with an end_frame there are at most two pictures",
        rules=("OMN-2",),
    ),
    AtMostEntries(
        lists=("image_list", "element_list"),
        most=MOST,
        message=f"pictures and subjects are at most {MOST} together",
        rules=("OMN-6",),
    ),
    AtMostEntries(
        lists=("image_list", "element_list"),
        most=MOST_WITH_VIDEO,
        given=VIDEO,
        message=f"with a video pictures and subjects are at most {MOST_WITH_VIDEO} together",
        rules=("OMN-6",),
    ),
)

SHORT_WITH_VIDEO = SecondsAtMost(
    param="duration",
    most=LONGEST_WITH_VIDEO,
    given=VIDEO,
    message=f"with a video duration is at most {LONGEST_WITH_VIDEO}",
    rules=("OMN-10",),
)
SHAPED = RequiredUnless(
    param="aspect_ratio",
    unless=(FIRST, VIDEO),
    message="aspect_ratio is required without a first frame and without a video",
    rules=("OMN-8",),
)

_ABOUT_VIDEOS = (
    Clashes(
        given=FIRST, other=BASE, message="a video to edit takes no first frame", rules=("OMN-4",)
    ),
    Clashes(given=END, other=BASE, message="a video to edit takes no end frame", rules=("OMN-4",)),
    Clashes(
        given=END,
        other=FEATURE,
        message="a video to learn from goes with a first frame, but with no end frame",
        rules=("OMN-5",),
    ),
)


def price(name: str, extra: DerivedChoice) -> Price:
    """The price list of these models, by mode and by what makes a request dearer."""
    return by_mode_and_extra(name, extra, plain=("0.084", "0.112"), dearer=("0.126", "0.168"))


NO_EFFECT = (
    IgnoredWhere(
        params=("aspect_ratio", "duration"),
        given=BASE,
        message="aspect_ratio and duration have no effect where a video is edited: it has its own",
        rules=("OMN-4", "OMN-10"),
    ),
    IgnoredWhere(
        params=("aspect_ratio",),
        given=FIRST,
        message="aspect_ratio has no effect beside a first frame, which has its own",
        rules=("OMN-8",),
    ),
)

OmniCard = partial(
    Card,
    type="video-to-video",
    input_modalities=("text", "image", "video"),
    output_modalities=("video", "audio"),
)
"""A card of this kind."""

WITH_VIDEO = DerivedChoice(("no", "yes"), lambda values: _yes(bool(values.get("video_list"))))
"""Whether there is a video, as prices know it."""

WITH_VIDEO_OR_SOUND = DerivedChoice(
    ("no", "yes"),
    lambda values: _yes(bool(values.get("video_list")) or values.get("sound") == "on"),
)
"""Whether there is a video or a sound track, as prices know it."""

EDIT = {
    "prompt": "Make it snow in <<<video_1>>>, at dusk",
    "video_list": [{"video_url": "https://example.com/street.mp4", "refer_type": "base"}],
}
"""A request that edits a video."""

LEARN = {
    "prompt": "A lake in the mountains, filmed as in <<<video_1>>>",
    "video_list": [{"video_url": "https://example.com/street.mp4", "refer_type": "feature"}],
    "aspect_ratio": "16:9",
}
"""A request that takes the camera of a video."""

CALL = {
    "prompt": "<<<image_1>>> and <<<image_2>>> walk along a beach at sunset",
    "image_list": [
        {"image_url": "https://example.com/cat.jpg"},
        {"image_url": "https://example.com/dog.jpg"},
    ],
    "aspect_ratio": "16:9",
}
"""A request whose prompt calls pictures."""

FIELDS = {
    "shots.first": "image_list",
    "shots.last": "image_list",
    "shots.references": "image_list",
    "footage": "video_list",
}
"""Parameter by storyboard field, where it is not the one of most models."""


@dataclass(frozen=True, slots=True)
class Omni:
    """Plans shots of pictures, subjects and a video.

    Attributes:
        model: its id.
    """

    model: str

    def __call__(self, values: Values, materials: Materials, seed: int) -> Storyboard:
        """The storyboard of a request."""
        pictures = _pictures(values, materials)
        first, last = (_framed(values, pictures, each.equals) for each in (FIRST, END))
        footage = _footage(values, materials)
        said = {"multi_shot": False, **values}
        if footage and footage.use is FootageUse.BASE:
            said["duration"] = _length(footage.video)
        made = shots(said, listed(values, materials), first, last)
        others = [
            Reference("", (pictures[index],), number=index + 1)
            for index, entry in enumerate(values.get("image_list", ()))
            if "type" not in entry
        ]
        size = _size(values, first, footage)
        board = BY_MODE_24.storyboard(self.model, values, size, _peopled(made, others), seed)
        return replace(board, footage=footage)


def _peopled(made: Sequence[Shot], pictures: Sequence[Reference]) -> list[Shot]:
    """Shots with the pictures that their prompts call; those that none calls are in all."""
    called = {each.number: [_calls(shot, each) for shot in made] for each in pictures}
    return [
        replace(
            shot,
            references=(
                *shot.references,
                *(
                    each
                    for each in pictures
                    if called[each.number][place] or not any(called[each.number])
                ),
            ),
        )
        for place, shot in enumerate(made)
    ]


def _calls(shot: Shot, picture: Reference) -> bool:
    return f"<<<image_{picture.number}>>>" in shot.prompt


def _pictures(values: Values, materials: Materials) -> list[Asset]:
    """The pictures of a request in their order, by whichever field they came."""
    return [
        materials.media[f"image_list[{index}].{'image_url' if 'image_url' in entry else 'image'}"]
        for index, entry in enumerate(values.get("image_list", ()))
    ]


def _framed(values: Values, pictures: Sequence[Asset], type: str) -> Asset | None:
    """The picture of a type, if there is one."""
    entries: Sequence[Mapping[str, Any]] = values.get("image_list", ())
    found = (p for p, entry in zip(pictures, entries, strict=True) if entry.get("type") == type)
    return next(found, None)


def _footage(values: Values, materials: Materials) -> Footage | None:
    for index, entry in enumerate(values.get("video_list", ())):
        return Footage(
            video=materials.media[f"video_list[{index}].video_url"],
            use=FootageUse(entry["refer_type"]),
            keep_sound=entry["keep_original_sound"] == "yes",
        )
    return None


def _length(video: Asset) -> float:
    """Seconds of an edited video; one that is only announced may be as long as is allowed."""
    seconds = video.seconds if video.fetched else None
    # A video of a frame or two more is accepted, and its end is left out.
    return min(seconds or LONGEST_WITH_VIDEO, LONGEST_WITH_VIDEO)


def _size(values: Values, first: Asset | None, footage: Footage | None) -> Size:
    if first:
        return BY_MODE_24.like(first, values)
    if footage and "aspect_ratio" not in values:
        return BY_MODE_24.like(footage.video, values)
    return BY_MODE_24.by_ratio(values)


def _yes(given: bool) -> str:
    return "yes" if given else "no"


PROMPT_OF_ONE = replace(under(PROMPT, "O1-1"), required=True)
"""The prompt of a model without shots."""
