"""Request parameters of the Kirin models, written from a storyboard.

Servers of this API and the providers of the same family take the same parameters, so this inverts
what the cards do. Seed and watermark are not among them: a provider draws its own seed, and the
watermark is stamped here.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from itertools import permutations
from typing import Any, Final

from kirin.domain.assets import Asset
from kirin.domain.camera import CameraControl
from kirin.domain.footage import FootageUse
from kirin.domain.storyboard import Quality, Reference, Shot, Storyboard, Stroke
from kirin.engines.base import RenderContext, UnsupportedFeature

SUBJECT_MODEL: Final = "kirin_custom_elements"
"""The model that creates subjects."""

MAX_NAME_LENGTH: Final = 20
MAX_VIEWS: Final = 4
"""A subject has a frontal view and one to three others (see the card ``kirin_custom_elements``)."""

ASPECT_RATIOS: Final = {
    Fraction(16, 9): "16:9",
    Fraction(9, 16): "9:16",
    Fraction(1): "1:1",
}
MODES: Final = {Quality.STANDARD: "std", Quality.HIGH: "pro"}

BALANCED: Final = 0.5
"""The guidance of a request that says nothing of it."""

Params = dict[str, Any]


def _text_to_video(board: Storyboard, _: RenderContext, __: Sequence[int]) -> Params:
    return {
        **_common(board),
        "prompt": board.shots[0].prompt,
        "aspect_ratio": ASPECT_RATIOS[Fraction(board.width, board.height)],
        "cfg_scale": board.guidance,
        **_camera_control(board.shots[0].camera),
        **_optional("sound", board.sound and "on"),
    }


def _image_to_video(board: Storyboard, context: RenderContext, _: Sequence[int]) -> Params:
    shot = board.shots[0]
    return {
        **_common(board),
        **_optional("prompt", shot.prompt),
        **_first_and_last(shot, shot, context),
        **_image("static_mask", shot.still, context),
        **_optional("dynamic_masks", [_stroke(shot, stroke, context) for stroke in shot.strokes]),
        "cfg_scale": board.guidance,
        **_camera_control(shot.camera),
        **_optional("sound", board.sound and "on"),
    }


def _images_to_video(board: Storyboard, context: RenderContext, _: Sequence[int]) -> Params:
    shot = board.shots[0]
    return {
        **_common(board),
        "prompt": shot.prompt,
        "image_list": [{"image": _base64(each.views[0], context)} for each in shot.references],
        "aspect_ratio": ASPECT_RATIOS[Fraction(board.width, board.height)],
    }


def _shots_to_video(
    board: Storyboard, context: RenderContext, subject_ids: Sequence[int]
) -> Params:
    shots = board.shots
    pictures = _first_and_last(shots[0], shots[-1], context)
    ratio = ASPECT_RATIOS.get(Fraction(board.width, board.height))
    return {
        **_common(board),
        **_script(shots),
        # The pictures give the shape where there are any.
        **(pictures or _optional("aspect_ratio", ratio)),
        **_element_list(subject_ids),
        "sound": "on" if board.sound else "off",
    }


def _motion_control(
    board: Storyboard, context: RenderContext, subject_ids: Sequence[int]
) -> Params:
    shot, driving = board.shots[0], board.driving
    if driving is None or shot.first is None or context.link is None:
        raise ValueError("no reference video, image or link")  # unsupported() was not asked
    return {
        **_optional("prompt", shot.prompt),
        "image_url": _base64(shot.first, context),
        "video_url": context.link(driving.video),
        **_element_list(subject_ids),
        "keep_original_sound": "yes" if driving.keep_sound else "no",
        "character_orientation": driving.orientation.value,
        "mode": MODES[board.quality],
    }


def _omni(board: Storyboard, context: RenderContext, subject_ids: Sequence[int]) -> Params:
    params = {
        **_common(board),
        **_script(board.shots),
        **_optional("image_list", _pictures(board, context)),
        **_element_list(subject_ids),
        **({"sound": "on"} if board.sound else {}),
    }
    footage = board.footage
    if footage:
        if context.link is None:
            raise ValueError("no link")  # unsupported() was not asked
        kept = "yes" if footage.keep_sound else "no"
        params["video_list"] = [
            {
                "video_url": context.link(footage.video),
                "refer_type": footage.use.value,
                "keep_original_sound": kept,
            }
        ]
        if footage.use is FootageUse.BASE:
            del params["duration"]  # that of the video
            return params
    ratio = ASPECT_RATIOS.get(Fraction(board.width, board.height))
    # A first frame has its own shape, and so has a video that nothing else gives one.
    return params if board.shots[0].first or not ratio else {**params, "aspect_ratio": ratio}


def _pictures(board: Storyboard, context: RenderContext) -> list[Params]:
    """The pictures of an omni request, each at its number; frames have what is left."""
    numbered = {
        each.number: {"image_url": _base64(each.views[0], context)}
        for shot in board.shots
        for each in shot.references
        if each.number
    }
    frames = [
        {"image_url": _base64(image, context), "type": type}
        for image, type in (
            (board.shots[0].first, "first_frame"),
            (board.shots[-1].last, "end_frame"),
        )
        if image
    ]
    places = range(1, len(numbered) + len(frames) + 1)
    return [numbered[place] if place in numbered else frames.pop(0) for place in places]


def _script(shots: Sequence[Shot]) -> Params:
    """One prompt, or those of several shots."""
    if len(shots) == 1:
        return {"prompt": shots[0].prompt}
    return {
        "multi_shot": True,
        "shot_type": "customize",
        "multi_prompt": [
            {"index": index, "prompt": shot.prompt, "duration": _seconds(shot.seconds)}
            for index, shot in enumerate(shots, 1)
        ],
    }


@dataclass(frozen=True, slots=True)
class ModelParams:
    """How a model is requested.

    Attributes:
        writer: writes a storyboard's parameters as models of its kind take them.
        lacks: names among these that the model does not have.
        needs_subject_ids: whether the model takes subjects by id, so that they have to be created
            at the provider first.
    """

    writer: Callable[[Storyboard, RenderContext, Sequence[int]], Params]
    lacks: frozenset[str] = frozenset()
    needs_subject_ids: bool = False

    def write(
        self, board: Storyboard, context: RenderContext, subject_ids: Sequence[int]
    ) -> Params:
        """A storyboard's parameters, given the ids of its subjects at the provider."""
        written = self.writer(board, context, subject_ids)
        return {name: value for name, value in written.items() if name not in self.lacks}


_V2: Final = frozenset({"cfg_scale"})
_MASTER: Final = frozenset({"cfg_scale", "mode"})

MODELS: Final[Mapping[str, ModelParams]] = {
    "kirin_v1_t2v": ModelParams(_text_to_video),
    "kirin_v1_i2v": ModelParams(_image_to_video),
    "kirin_v1_5_i2v": ModelParams(_image_to_video),
    "kirin_v1_6_t2v": ModelParams(_text_to_video),
    "kirin_v1_6_i2v": ModelParams(_image_to_video),
    "kirin_v1_6_multi_i2v": ModelParams(_images_to_video),
    "kirin_v2_master_t2v": ModelParams(_text_to_video, _MASTER),
    "kirin_v2_master_i2v": ModelParams(_image_to_video, _MASTER),
    "kirin_v2_1_i2v": ModelParams(_image_to_video, _V2),
    "kirin_v2_1_master_t2v": ModelParams(_text_to_video, _MASTER),
    "kirin_v2_1_master_i2v": ModelParams(_image_to_video, _MASTER),
    "kirin_v2_5_turbo_t2v": ModelParams(_text_to_video, _V2),
    "kirin_v2_5_turbo_i2v": ModelParams(_image_to_video, _V2),
    "kirin_v2_6_t2v": ModelParams(_text_to_video, _V2),
    "kirin_v2_6_i2v": ModelParams(_image_to_video, _V2),
    "kirin_v3_t2v": ModelParams(_shots_to_video),
    "kirin_v3_i2v": ModelParams(_shots_to_video, needs_subject_ids=True),
    "kirin_v3_omni_video": ModelParams(_omni, needs_subject_ids=True),
    "kirin_video_o1": ModelParams(_omni, needs_subject_ids=True),
    "kirin_v3_motion_control": ModelParams(_motion_control, needs_subject_ids=True),
}
"""By Kirin model id."""


def unsupported(board: Storyboard, *, can_link: bool) -> list[UnsupportedFeature]:
    """What of a storyboard cannot be expressed as parameters.

    Args:
        board: the storyboard.
        can_link: whether the provider can fetch our files, or takes uploads.
    """
    if board.model not in MODELS:
        return [UnsupportedFeature("model", "does not offer this model")]
    found = []
    if board.driving and not can_link:
        message = "fetches the reference video from this server, which needs KIRIN_PUBLIC_URL"
        found.append(UnsupportedFeature("driving", message))
    if board.lips:
        found.append(UnsupportedFeature("lips", "is not asked to move lips to a voice"))
    if board.footage and not can_link:
        message = "fetches the video from this server, which needs KIRIN_PUBLIC_URL"
        found.append(UnsupportedFeature("footage", message))
    if MODELS[board.model].needs_subject_ids:
        few = [each.name or "one" for each in subjects(board) if len(each.views) < 2]
        if few:
            message = f"needs at least two images of each subject; too few of {', '.join(few)}"
            found.append(UnsupportedFeature("shots.references", message))
    return found


def used(board: Storyboard) -> dict[str, str]:
    """The parameters that a storyboard needs beside a prompt, a picture, a shape and a length.

    Returns:
        By parameter the field of the storyboard that it comes from.
    """
    shots = board.shots
    needed: dict[str, tuple[str, object]] = {
        "negative_prompt": ("negative_prompt", board.negative_prompt),
        "image_tail": ("shots.last", any(shot.last for shot in shots)),
        "static_mask": ("shots.still", any(shot.still for shot in shots)),
        "dynamic_masks": ("shots.strokes", any(shot.strokes for shot in shots)),
        "camera_control": ("shots.camera", any(shot.camera for shot in shots)),
        "multi_prompt": ("shots", len(shots) > 1),
        "image_list": ("shots.references", any(r.number for s in shots for r in s.references)),
        "element_list": ("shots.references", bool(subjects(board))),
        "sound": ("sound", board.sound),
        "cfg_scale": ("guidance", board.guidance != BALANCED),
        "video_url": ("driving", board.driving),
        "video_list": ("footage", board.footage),
    }
    return {param: field for param, (field, value) in needed.items() if value}


def subjects(board: Storyboard) -> list[Reference]:
    """The subjects of all shots, in the order in which prompts number them.

    Each shot lists its own subjects in that order. Where that leaves several possible orders, a
    ``<<<element_2>>>`` in a prompt says that the second subject is in that shot.
    """
    unordered = list(dict.fromkeys(each for shot in board.shots for each in _subjects_in(shot)))
    for order in permutations(unordered):
        if all(_is_consistent(order, shot) for shot in board.shots):
            return list(order)
    return unordered


def subject_params(subject: Reference, number: int, context: RenderContext) -> Params:
    """The parameters that create a subject.

    Args:
        subject: with at least two views.
        number: its number in the task, from 1.
        context: reads the views.
    """
    name = (subject.name or f"subject {number}")[:MAX_NAME_LENGTH]
    front, *others = subject.views[:MAX_VIEWS]
    return {
        "element_name": name,
        "element_description": name,
        "reference_type": "image_refer",
        "element_image_list": {
            "frontal_image": _base64(front, context),
            "refer_images": [{"image_url": _base64(view, context)} for view in others],
        },
    }


def _is_consistent(order: Sequence[Reference], shot: Shot) -> bool:
    here = _subjects_in(shot)
    places = [order.index(each) for each in here]
    mentioned = (
        each in here
        for number, each in enumerate(order, 1)
        if f"<<<element_{number}>>>" in shot.prompt
    )
    return places == sorted(places) and all(mentioned)


def _subjects_in(shot: Shot) -> list[Reference]:
    """The subjects of a shot: its references but for the pictures of the request."""
    return [each for each in shot.references if not each.number]


def _common(board: Storyboard) -> Params:
    return {
        **_optional("negative_prompt", board.negative_prompt),
        "mode": MODES[board.quality],
        "duration": _seconds(board.seconds),
    }


def _first_and_last(first: Shot, last: Shot, context: RenderContext) -> Params:
    return {
        **_image("image", first.first, context),
        **_image("image_tail", last.last, context),
    }


def _camera_control(camera: CameraControl | None) -> Params:
    if camera is None:
        return {}
    if camera.preset:
        return {"camera_control": {"type": camera.preset.value}}
    amounts = asdict(camera)
    del amounts["preset"]
    return {"camera_control": {"type": "simple", "config": amounts}}


def _stroke(shot: Shot, stroke: Stroke, context: RenderContext) -> Params:
    height = shot.first.height if shot.first else 0
    return {
        "mask": _base64(stroke.mask, context),
        # Requests count y from the bottom edge, storyboards from the top.
        "trajectories": [{"x": point.x, "y": height - point.y} for point in stroke.path],
    }


def _element_list(subject_ids: Sequence[int]) -> Params:
    return _optional("element_list", [{"element_id": id} for id in subject_ids])


def _image(name: str, image: Asset | None, context: RenderContext) -> Params:
    return {name: _base64(image, context)} if image else {}


def _base64(image: Asset, context: RenderContext) -> str:
    return b64encode(context.read(image).read_bytes()).decode("ascii")


def _optional(name: str, value: Any) -> Params:
    return {name: value} if value else {}


def _seconds(seconds: float) -> str:
    return f"{seconds:g}"
