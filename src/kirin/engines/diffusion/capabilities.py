"""What of a storyboard an open model does not support on a GPU of a given memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kirin.domain.storyboard import Shot, Storyboard
from kirin.engines.base import UnsupportedFeature
from kirin.engines.diffusion.model_spec import Capability, ModelSpec
from kirin.engines.diffusion.placement import min_gb, placements
from kirin.engines.diffusion.plan import chained_shots
from kirin.engines.diffusion.prompt import encoder_prompt
from kirin.engines.diffusion.tokens import TokenCounter

DEFAULT_GUIDANCE: Final = 0.5
"""A storyboard's guidance where the request sets none."""

SPECIAL_TOKENS: Final = 4
"""Upper bound of the tokens that stand for no character: start, end, a prefixed space."""

AREA_TOLERANCE: Final = 1.02
"""Cards fit a picture's aspect ratio to a nominal area; rounding may exceed it by this factor."""

_Check = tuple[str, str, bool]
"""A storyboard field, a message, and whether the storyboard asks too much of the model."""


def unsupported_features(
    model: ModelSpec, board: Storyboard, gpu_gb: float, count: TokenCounter | None = None
) -> list[UnsupportedFeature]:
    """Everything that the model does not support; empty if it can generate the video.

    Args:
        model: the model.
        board: the storyboard.
        gpu_gb: memory of the GPU, 10^9 bytes.
        count: counts the tokens of a text as the model's text encoder does. Without it, prompts
            are not measured; the worker, which has the tokenizer, does that.
    """
    checks = (
        *_frame_checks(model, board),
        *_brush_checks(model, board),
        *_driving_checks(model, board),
        *_footage_checks(board),
        *_option_checks(model, board),
    )
    return [
        *(UnsupportedFeature(field, f"{model.name} {text}") for field, text, bad in checks if bad),
        *_long_prompts(model, board, count),
        *_excessive_size(model, board, gpu_gb),
    ]


def _frame_checks(model: ModelSpec, board: Storyboard) -> Iterator[_Check]:
    """First and last frames, subjects, and the length of shots."""
    supports, shots = model.capabilities, board.shots
    references = [each for shot in shots for each in shot.references]
    takes_first = Capability.FIRST_FRAME in supports
    takes_both = Capability.FIRST_AND_LAST_FRAME in supports
    takes_subjects = Capability.SUBJECTS in supports
    yield (
        "shots.first",
        "does not support text-to-video",
        Capability.TEXT not in supports and any(not _has_image(shot) for shot in shots),
    )
    yield (
        "shots.first",
        "does not support a first frame" + (" without a last frame" if takes_both else ""),
        not takes_first and any(s.first and not (s.last and takes_both) for s in shots),
    )
    yield (
        "shots.last",
        "does not support a last frame",
        not takes_both and any(s.first and s.last for s in shots),
    )
    yield (
        "shots.last",
        "does not support a last frame without a first frame",
        Capability.LAST_FRAME_ALONE not in supports and any(s.last and not s.first for s in shots),
    )
    yield (
        "shots.references",
        "does not support subject references",
        bool(references) and not takes_subjects,
    )
    yield (
        "shots.references",
        "needs images of a subject, not a video",
        takes_subjects and any(not each.views for each in references),
    )
    # A longer shot is continued from the last frame of the generation before.
    yield (
        "shots.seconds",
        f"supports shots of up to {_max_seconds(model, board):.3g} s",
        not takes_first and bool(chained_shots(board, model)),
    )


def _brush_checks(model: ModelSpec, board: Storyboard) -> Iterator[_Check]:
    takes_brush = Capability.MOTION_BRUSH in model.capabilities
    chained = chained_shots(board, model)
    for field, feature, painted in (
        ("shots.strokes", "the motion brush", [s for s in board.shots if s.strokes]),
        ("shots.still", "a static mask", [s for s in board.shots if s.still]),
    ):
        yield field, f"does not support {feature}", bool(painted) and not takes_brush
        yield (
            field,
            f"supports {feature} only with a first frame",
            takes_brush and any(shot.first is None for shot in painted),
        )
        yield (
            "shots.seconds",
            f"supports {feature} for up to {_max_seconds(model, board):.3g} s",
            takes_brush and any(shot in chained for shot in painted),
        )


def _driving_checks(model: ModelSpec, board: Storyboard) -> Iterator[_Check]:
    """A driving video, and a character that can follow it."""
    takes_driving, has_driving = (
        Capability.MOTION_CONTROL in model.capabilities,
        board.driving is not None,
    )
    yield "lips", "does not move lips to a voice", board.lips is not None
    one_image = len(board.shots) == 1 and board.shots[0].first and not board.shots[0].last
    yield "driving", "does not support a reference video", has_driving and not takes_driving
    yield "driving", "needs a reference video", takes_driving and not has_driving
    yield (
        "driving",
        "animates the character of one first frame in one shot",
        takes_driving and has_driving and not one_image,
    )


def _footage_checks(board: Storyboard) -> Iterator[_Check]:
    message = "does not support a video to edit or to take the camera from"
    yield "footage", message, board.footage is not None


def _option_checks(model: ModelSpec, board: Storyboard) -> Iterator[_Check]:
    supports = model.capabilities
    yield "sound", "does not generate sound", board.sound and Capability.SOUND not in supports
    yield (
        "negative_prompt",
        "does not support negative prompts",
        bool(board.negative_prompt)
        and not (model.guidance and Capability.NEGATIVE_PROMPT in supports),
    )
    yield (
        "guidance",
        "does not support a guidance scale",
        board.guidance != DEFAULT_GUIDANCE and model.guidance is None,
    )


def _has_image(shot: Shot) -> bool:
    return bool(shot.first or shot.last or shot.references)


def _max_seconds(model: ModelSpec, board: Storyboard) -> float:
    """Length of the longest generation."""
    return float(model.frames.max_count / model.frames.rate(board.fps))


def _long_prompts(
    model: ModelSpec, board: Storyboard, count: TokenCounter | None
) -> Iterator[UnsupportedFeature]:
    if count is None:
        return
    texts = [("shots.prompt", encoder_prompt(shot)) for shot in board.shots]
    for field, text in dict.fromkeys((*texts, ("negative_prompt", board.negative_prompt))):
        if text.isascii() and len(text) + SPECIAL_TOKENS <= model.prompt_tokens:
            continue  # a token has at least one character, so most prompts need no counting
        tokens = count(text)
        if tokens > model.prompt_tokens:
            limit = f"supports prompts of up to {model.prompt_tokens} tokens, not {tokens}"
            yield UnsupportedFeature(field, f"{model.name} {limit}")


def _excessive_size(
    model: ModelSpec, board: Storyboard, gpu_gb: float
) -> Iterator[UnsupportedFeature]:
    pixels, size = board.width * board.height, f"{board.width}x{board.height}"
    largest = model.sizes.upscaled_pixels or model.sizes.max_pixels
    if pixels > largest * AREA_TOLERANCE:
        message = f"supports up to {largest / 1e6:.2g} megapixels, not {size}"
        yield UnsupportedFeature("size", f"{model.name} {message}")
    elif not placements(model, pixels, gpu_gb):
        needed = min_gb(model, pixels)
        message = f"needs {needed:.0f} GB of memory for {size}; the device has {gpu_gb:.0f} GB"
        yield UnsupportedFeature("size", f"{model.name} {message}")
