"""What an open model cannot honour is a reason, each by its field."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from kirin.domain.assets import Asset, AssetKind
from kirin.domain.lips import LipSync
from kirin.domain.storyboard import Driving, Orientation, Point, Reference, Shot, Stroke
from kirin.engines.diffusion.capabilities import unsupported_features
from kirin.engines.diffusion.model_spec import ModelSpec
from kirin.engines.diffusion.models import (
    ltx2_19b,
    wan21_flf2v_14b,
    wan21_vace_1_3b,
    wan21_vace_14b,
    wan22_animate_14b,
    wan22_i2v_a14b,
    wan22_t2v_a14b,
    wan22_ti2v_5b,
    wan_move_14b,
)

PICTURE, VIDEO = (Asset.announced(kind) for kind in (AssetKind.IMAGE, AssetKind.VIDEO))
STROKE = Stroke(PICTURE, (Point(0, 0), Point(9, 9)))
SUBJECT = Reference("cat", (PICTURE,))
TI2V, T2V, I2V = wan22_ti2v_5b.MODEL, wan22_t2v_a14b.MODEL, wan22_i2v_a14b.MODEL
FLF, VACE, SMALL, LTX = (
    wan21_flf2v_14b.MODEL,
    wan21_vace_14b.MODEL,
    wan21_vace_1_3b.MODEL,
    ltx2_19b.MODEL,
)
MOVE, ANIMATE = wan_move_14b.MODEL, wan22_animate_14b.MODEL
DRIVING = Driving(VIDEO, Orientation.IMAGE, False)
LIPS = LipSync(VIDEO, ())
DISTILLED = replace(TI2V, guidance=None)


@pytest.mark.parametrize(
    ("model", "asked", "field", "words"),
    [
        (I2V, {}, "shots.first", "does not support text-to-video"),
        (T2V, {"first": PICTURE}, "shots.first", "does not support a first frame"),
        (FLF, {"first": PICTURE}, "shots.first", "a first frame without a last frame"),
        (TI2V, {"first": PICTURE, "last": PICTURE}, "shots.last", "does not support a last frame"),
        (FLF, {"last": PICTURE}, "shots.last", "a last frame without a first frame"),
        (
            TI2V,
            {"references": (SUBJECT,)},
            "shots.references",
            "does not support subject references",
        ),
        (VACE, {"references": (Reference("", (), VIDEO),)}, "shots.references", "not a video"),
        (
            TI2V,
            {"first": PICTURE, "strokes": (STROKE,)},
            "shots.strokes",
            "does not support the motion brush",
        ),
        (
            TI2V,
            {"first": PICTURE, "still": PICTURE},
            "shots.still",
            "does not support a static mask",
        ),
        (
            TI2V,
            {"first": PICTURE, "driving": DRIVING},
            "driving",
            "does not support a reference video",
        ),
        (TI2V, {"first": PICTURE, "lips": LIPS}, "lips", "does not move lips to a voice"),
        (ANIMATE, {"first": PICTURE}, "driving", "needs a reference video"),
        (
            ANIMATE,
            {"first": PICTURE, "driving": DRIVING, "references": (SUBJECT,)},
            "shots.references",
            "does not support subject references",
        ),
        (
            ANIMATE,
            {"driving": DRIVING, "shots": (Shot("a", 2, PICTURE), Shot("b", 3, PICTURE))},
            "driving",
            "one first frame in one shot",
        ),
        (TI2V, {"sound": True}, "sound", "does not generate sound"),
        (
            DISTILLED,
            {"negative_prompt": "fog"},
            "negative_prompt",
            "does not support negative prompts",
        ),
        (DISTILLED, {"guidance": 0.7}, "guidance", "does not support a guidance scale"),
        (T2V, {"seconds": 10}, "shots.seconds", "supports shots of up to 5.06 s"),
        (TI2V, {"width": 1920, "height": 1080}, "size", "0.92 megapixels, not 1920x1080"),
        (SMALL, {}, "size", "0.4 megapixels"),
        (
            MOVE,
            {"first": PICTURE, "strokes": (STROKE,), "seconds": 10},
            "shots.seconds",
            "supports the motion brush for up to 5.06 s",
        ),
        (MOVE, {"first": PICTURE, "width": 1920, "height": 1080}, "size", "0.92 megapixels"),
    ],
)
def test_is_told(board: Any, model: ModelSpec, asked: Any, field: str, words: str) -> None:
    found = unsupported_features(model, board(**asked), 80)
    assert [reason.field for reason in found] == [field]
    assert words in found[0].message
    assert model.name in found[0].message


@pytest.mark.parametrize(
    ("model", "asked"),
    [
        (TI2V, {"negative_prompt": "fog", "guidance": 0.9}),
        (TI2V, {"first": PICTURE, "seconds": 10}),
        (T2V, {}),
        (I2V, {"first": PICTURE, "seconds": 10}),
        (FLF, {"first": PICTURE, "last": PICTURE}),
        (VACE, {"references": (SUBJECT,), "first": PICTURE, "last": PICTURE, "seconds": 10}),
        (VACE, {"last": PICTURE}),
        (SMALL, {"width": 832, "height": 480}),
        (ANIMATE, {"first": PICTURE, "driving": DRIVING, "seconds": 30}),
        (LTX, {"sound": True, "width": 1920, "height": 1080, "seconds": 15, "last": PICTURE}),
        (DISTILLED, {}),
        (MOVE, {"first": PICTURE, "strokes": (STROKE,), "still": PICTURE}),
    ],
)
def test_what_it_can_is_no_reason(board: Any, model: ModelSpec, asked: Any) -> None:
    assert unsupported_features(model, board(**asked), 80) == []


def test_pictures_of_about_the_area_are_not_too_large(board: Any) -> None:
    assert unsupported_features(TI2V, board(width=1110, height=832), 80) == []


def test_memory_limits_the_size(board: Any) -> None:
    (reason,) = unsupported_features(T2V, board(), 12)
    assert reason.field == "size"
    assert "needs 16 GB of memory for 1280x720; the device has 12 GB" in reason.message
    assert unsupported_features(T2V, board(width=832, height=480), 12) == []


@pytest.mark.parametrize("field", ["prompt", "negative_prompt"])
def test_a_text_longer_than_the_encoder_reads(board: Any, field: str) -> None:
    asked = board(**{field: "a " * 513})
    (reason,) = unsupported_features(TI2V, asked, 80, lambda text: len(text.split()))
    assert reason.field == ("shots.prompt" if field == "prompt" else field)
    assert "supports prompts of up to 512 tokens, not 513" in reason.message
    assert unsupported_features(TI2V, asked, 80) == []  # the worker counts


def test_every_shot_counts(board: Any) -> None:
    shots = (Shot("a", 2), Shot("b", 2, first=PICTURE), Shot("c", 2, first=PICTURE, last=PICTURE))
    asked = board(shots=shots, fps=Fraction(24))
    assert {reason.field for reason in unsupported_features(T2V, asked, 80)} == {
        "shots.first",
        "shots.last",
    }
    assert {reason.field for reason in unsupported_features(I2V, asked, 80)} == {
        "shots.first",
        "shots.last",
    }
    assert unsupported_features(LTX, asked, 80) == []
