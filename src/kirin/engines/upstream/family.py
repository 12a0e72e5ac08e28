"""The family's wire: a storyboard as the parameters that it came from.

Other servers of this API and the providers of the same family take the same parameters, so this is
the cards' translation backwards. Seed and watermark are not among them: a provider draws its own
seed, and the mark is put on here.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import permutations
from typing import Any, Final

from kirin.domain.assets import Asset
from kirin.domain.storyboard import Quality, Reference, Shot, Storyboard, Stroke
from kirin.engines.base import Errand, Reason

ELEMENTS: Final = "kirin_custom_elements"
"""The model that makes subjects."""

NAME_LENGTH: Final = 20
VIEWS: Final = 4
"""A subject has a frontal picture and one to three others."""

RATIOS: Final = {Fraction(16, 9): "16:9", Fraction(9, 16): "9:16", Fraction(1): "1:1"}
MODES: Final = {Quality.STANDARD: "std", Quality.HIGH: "pro"}

Params = dict[str, Any]


def _text_to_video(board: Storyboard, _: Errand, __: Sequence[int]) -> Params:
    return {
        **_common(board),
        "prompt": board.shots[0].prompt,
        "aspect_ratio": RATIOS[Fraction(board.width, board.height)],
        "cfg_scale": board.guidance,
    }


def _image_to_video(board: Storyboard, errand: Errand, _: Sequence[int]) -> Params:
    shot = board.shots[0]
    return {
        **_common(board),
        **_given("prompt", shot.prompt),
        **_frames(shot, shot, errand),
        **_picture("static_mask", shot.still, errand),
        **_given("dynamic_masks", [_stroke(shot, stroke, errand) for stroke in shot.strokes]),
        "cfg_scale": board.guidance,
    }


def _images_to_video(board: Storyboard, errand: Errand, _: Sequence[int]) -> Params:
    shot = board.shots[0]
    return {
        **_common(board),
        "prompt": shot.prompt,
        "image_list": [{"image": _base64(each.views[0], errand)} for each in shot.references],
        "aspect_ratio": RATIOS[Fraction(board.width, board.height)],
    }


def _shots_to_video(board: Storyboard, errand: Errand, elements: Sequence[int]) -> Params:
    shots = board.shots
    script: Params = {"prompt": shots[0].prompt}
    if len(shots) > 1:
        script = {
            "multi_shot": True,
            "shot_type": "customize",
            "multi_prompt": [
                {"index": index, "prompt": shot.prompt, "duration": _seconds(shot.seconds)}
                for index, shot in enumerate(shots, 1)
            ],
        }
    return {
        **_common(board),
        **script,
        **_frames(shots[0], shots[-1], errand),
        **_given("element_list", [{"element_id": element} for element in elements]),
        "sound": "on" if board.sound else "off",
    }


def _motion(board: Storyboard, errand: Errand, elements: Sequence[int]) -> Params:
    shot, driving = board.shots[0], board.driving
    if driving is None or shot.first is None or errand.link is None:
        raise ValueError("no reference video, picture or link")  # reasons() has been asked
    return {
        **_given("prompt", shot.prompt),
        "image_url": _base64(shot.first, errand),
        "video_url": errand.link(driving.video),
        **_given("element_list", [{"element_id": element} for element in elements]),
        "keep_original_sound": "yes" if driving.keep_sound else "no",
        "character_orientation": driving.orientation.value,
        "mode": MODES[board.quality],
    }


FORMS: Final[Mapping[str, Callable[[Storyboard, Errand, Sequence[int]], Params]]] = {
    "kirin_v1_i2v": _image_to_video,
    "kirin_v1_6_t2v": _text_to_video,
    "kirin_v1_6_multi_i2v": _images_to_video,
    "kirin_v3_i2v": _shots_to_video,
    "kirin_v3_motion_control": _motion,
}
"""How each model's parameters are written."""

BY_ELEMENT: Final = frozenset({"kirin_v3_i2v", "kirin_v3_motion_control"})
"""Models that know subjects by id; they are made at the provider first."""


def reasons(board: Storyboard, *, linked: bool) -> list[Reason]:
    """What of a storyboard cannot be written as parameters.

    Args:
        board: the storyboard.
        linked: whether others can read our files.
    """
    if board.model not in FORMS:
        return [Reason("model", "has no such model")]
    found = []
    if board.driving and not linked:
        message = "reads the reference video from this server, whose KIRIN_PUBLIC_URL is not set"
        found.append(Reason("driving", message))
    if board.model in BY_ELEMENT:
        few = [each.name or "one" for each in subjects(board) if len(each.views) < 2]
        if few:
            message = f"needs two pictures of a subject, and there are fewer of {', '.join(few)}"
            found.append(Reason("shots.references", message))
    return found


def subjects(board: Storyboard) -> list[Reference]:
    """The subjects of all shots, in the order in which prompts count them.

    Shots list their own in that order; where that leaves a choice, ``<<<element_2>>>`` in a
    prompt tells that the second one is in that shot.
    """
    met = list(dict.fromkeys(each for shot in board.shots for each in shot.references))
    for order in permutations(met):
        if all(_agrees(order, shot) for shot in board.shots):
            return list(order)
    return met


def element(subject: Reference, number: int, errand: Errand) -> Params:
    """The parameters that make a subject.

    Args:
        subject: with at least two views.
        number: which of the task's it is, from 1.
        errand: reads the views.
    """
    name = (subject.name or f"subject {number}")[:NAME_LENGTH]
    front, *others = subject.views[:VIEWS]
    return {
        "element_name": name,
        "element_description": name,
        "reference_type": "image_refer",
        "element_image_list": {
            "frontal_image": _base64(front, errand),
            "refer_images": [{"image_url": _base64(view, errand)} for view in others],
        },
    }


def _agrees(order: Sequence[Reference], shot: Shot) -> bool:
    places = [order.index(each) for each in shot.references]
    called = (
        each in shot.references
        for number, each in enumerate(order, 1)
        if f"<<<element_{number}>>>" in shot.prompt
    )
    return places == sorted(places) and all(called)


def _common(board: Storyboard) -> Params:
    return {
        **_given("negative_prompt", board.negative_prompt),
        "mode": MODES[board.quality],
        "duration": _seconds(board.seconds),
    }


def _frames(first: Shot, last: Shot, errand: Errand) -> Params:
    return {
        **_picture("image", first.first, errand),
        **_picture("image_tail", last.last, errand),
    }


def _stroke(shot: Shot, stroke: Stroke, errand: Errand) -> Params:
    height = shot.first.height if shot.first else 0
    return {
        "mask": _base64(stroke.mask, errand),
        # The wire counts y from the bottom edge, a storyboard from the top.
        "trajectories": [{"x": point.x, "y": height - point.y} for point in stroke.path],
    }


def _picture(name: str, picture: Asset | None, errand: Errand) -> Params:
    return {name: _base64(picture, errand)} if picture else {}


def _base64(picture: Asset, errand: Errand) -> str:
    return b64encode(errand.read(picture).read_bytes()).decode("ascii")


def _given(name: str, value: Any) -> Params:
    return {name: value} if value else {}


def _seconds(seconds: float) -> str:
    return f"{seconds:g}"
