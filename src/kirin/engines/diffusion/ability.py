"""Abilities: what of a storyboard an open model cannot honour on a given GPU."""

from __future__ import annotations

from collections.abc import Iterator

from kirin.domain.storyboard import Shot, Storyboard
from kirin.engines.base import Reason
from kirin.engines.diffusion.facts import Gift, OpenModel
from kirin.engines.diffusion.placement import least_gb, placements
from kirin.engines.diffusion.plan import chained
from kirin.engines.diffusion.tokens import Counter
from kirin.engines.diffusion.wording import wording

NEUTRAL = 0.5
"""Guidance where nobody has asked for another."""

MARKS = 4
"""Tokens that no character of a text stands for: its beginning, its end, a space before it."""

ROUNDING = 1.02
"""Storyboards keep a picture's aspect at about a nominal area: so much above it is no more."""


def reasons(
    model: OpenModel, board: Storyboard, gpu_gb: float, count: Counter | None = None
) -> list[Reason]:
    """Everything that the model cannot honour; empty if it can make the video.

    Args:
        model: which.
        board: what to make.
        gpu_gb: memory of the GPU, 10^9 bytes.
        count: counts the tokens of a text as the model's own encoder does; without it, the
            length of prompts is left to the worker, which has the encoder.
    """
    return [
        *_wants(model, board),
        *_texts(model, board, count),
        *_size(model, board, gpu_gb),
    ]


def _wants(model: OpenModel, board: Storyboard) -> Iterator[Reason]:
    asked: tuple[tuple[str, str, bool], ...] = (
        *_frames(model, board),
        *_brushes(model, board),
        *_driven(model, board),
        ("sound", "makes no sound", board.sound and Gift.SOUND not in model.takes),
        (
            "negative_prompt",
            "hears no negative prompt",
            bool(board.negative_prompt) and not (model.guidance and Gift.NEGATIVE in model.takes),
        ),
        (
            "guidance",
            "cannot be guided more or less",
            board.guidance != NEUTRAL and model.guidance is None,
        ),
    )
    for field, message, beyond in asked:
        if beyond:
            yield Reason(field, f"{model.name} {message}")


def _frames(model: OpenModel, board: Storyboard) -> Iterator[tuple[str, str, bool]]:
    """What is asked of first and last frames, subjects and length, and whether it is too much."""
    takes, shots = model.takes, board.shots
    references = [each for shot in shots for each in shot.references]
    alone = Gift.FIRST not in takes
    yield (
        "shots.first",
        "makes no videos from words alone",
        Gift.TEXT not in takes and any(not _pictured(shot) for shot in shots),
    )
    yield (
        "shots.first",
        "takes no first frame without a last one" if Gift.BOTH in takes else "takes no first frame",
        alone and any(s.first and not (s.last and Gift.BOTH in takes) for s in shots),
    )
    yield (
        "shots.last",
        "takes no last frame",
        Gift.BOTH not in takes and any(s.first and s.last for s in shots),
    )
    yield (
        "shots.last",
        "takes no last frame without a first one",
        Gift.LAST not in takes and any(s.last and not s.first for s in shots),
    )
    yield "shots.references", "takes no subjects", bool(references) and not _casts(model)
    yield (
        "shots.references",
        "needs pictures of a subject, not a video",
        _casts(model) and any(not each.views for each in references),
    )
    longest = float(model.frames.most / model.frames.rate(board.fps))
    yield (
        "shots.seconds",
        f"makes at most {longest:.3g} s at once",
        alone and bool(chained(board, model)),
    )


def _brushes(model: OpenModel, board: Storyboard) -> Iterator[tuple[str, str, bool]]:
    brush = Gift.STROKES in model.takes
    for field, lack, painted in (
        ("shots.strokes", "has no motion brush", [s for s in board.shots if s.strokes]),
        ("shots.still", "keeps no painted part still", [s for s in board.shots if s.still]),
    ):
        yield field, lack, bool(painted) and not brush
        yield (
            field,
            "moves parts of a first picture only",
            brush and any(shot.first is None for shot in painted),
        )
        long = chained(board, model)
        longest = float(model.frames.most / model.frames.rate(board.fps))
        yield (
            "shots.seconds",
            f"moves painted parts for at most {longest:.3g} s",
            brush and any(shot in long for shot in painted),
        )


def _driven(model: OpenModel, board: Storyboard) -> Iterator[tuple[str, str, bool]]:
    """Whether there is a video to follow, and a character that can."""
    follows, asked = Gift.DRIVING in model.takes, board.driving is not None
    alone = len(board.shots) == 1 and board.shots[0].first and not board.shots[0].last
    yield "driving", "follows no reference video", asked and not follows
    yield "driving", "makes nothing without a reference video", follows and not asked
    yield (
        "driving",
        "moves the character of one first picture in one shot",
        follows and asked and not alone,
    )


def _casts(model: OpenModel) -> bool:
    return Gift.REFERENCES in model.takes


def _pictured(shot: Shot) -> bool:
    return bool(shot.first or shot.last or shot.references)


def _texts(model: OpenModel, board: Storyboard, count: Counter | None) -> Iterator[Reason]:
    if count is None:
        return
    texts = [("shots.prompt", wording(shot)) for shot in board.shots]
    for field, text in dict.fromkeys((*texts, ("negative_prompt", board.negative_prompt))):
        if text.isascii() and len(text) + MARKS <= model.prompt_tokens:
            continue  # a token has a character at least: most prompts need not be counted
        tokens = count(text)
        if tokens > model.prompt_tokens:
            message = (
                f"{model.name} reads at most {model.prompt_tokens} tokens of a prompt, not {tokens}"
            )
            yield Reason(field, message)


def _size(model: OpenModel, board: Storyboard, gpu_gb: float) -> Iterator[Reason]:
    pixels = board.width * board.height
    largest = model.sizes.enlarged or model.sizes.most_pixels
    if pixels > largest * ROUNDING:
        most = f"{largest / 1e6:.2g}"
        message = f"{model.name} makes at most {most} megapixels, not {board.width}x{board.height}"
        yield Reason("size", message)
    elif not placements(model, pixels, gpu_gb):
        least = least_gb(model, pixels)
        message = f"{model.name} needs {least:.0f} GB of memory for {board.width}x{board.height}"
        yield Reason("size", f"{message}, and there are {gpu_gb:.0f}")
