"""Kirin duration extension: a video of an earlier task goes on for five seconds more."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Final

from kirin.catalogue.card import Card
from kirin.catalogue.codes import EXTENSION
from kirin.catalogue.common import (
    CFG_SCALE,
    DELIVERY,
    FPS_24,
    NEGATIVE_PROMPT,
    PROMPT_LENGTH,
    QUALITY,
    watermarked,
)
from kirin.catalogue.parameters import Text
from kirin.catalogue.plan import Materials
from kirin.catalogue.prices import Price
from kirin.catalogue.references import ANY_RESULT, VideoId
from kirin.catalogue.structures import Values
from kirin.domain.assets import Asset, AssetKind
from kirin.domain.storyboard import Shot, Storyboard

ID: Final = "kirin_duration_extension"
ADDED: Final = 5
"""Seconds that a video becomes longer by (rule EXT-4)."""

LONGEST: Final = 180
"""Most seconds of the whole (rule EXT-5)."""

_STD, _PRO = Decimal("0.28"), Decimal("0.49")
_FIRST_STD: Final = Decimal("0.14")
"""What five seconds of the first models cost with mode std."""

_RATES: Final = {
    "kirin_v1_t2v": (_FIRST_STD, _PRO),
    "kirin_v1_i2v": (_FIRST_STD, _PRO),
    "kirin_v1_5_i2v": (_STD, _PRO),
    "kirin_v1_6_t2v": (_STD, _PRO),
    "kirin_v1_6_i2v": (_STD, _PRO),
}
"""USD for five seconds by the model of the video, with mode std and with mode pro. A video that was
extended before is of the model that made its beginning."""


def storyboard(values: Values, materials: Materials, seed: int) -> Storyboard:
    """One shot after the video, of its size and rate; it begins with the video's last picture."""
    video = materials.media["video_id"]
    # Known as soon as the task runs; until then engines are asked for any picture of this size.
    last = replace(Asset.announced(AssetKind.IMAGE), width=video.width, height=video.height)
    return Storyboard(
        model=ID,
        width=video.width // 2 * 2,
        height=video.height // 2 * 2,
        fps=video.fps or FPS_24,
        shots=(Shot(prompt=values.get("prompt", ""), seconds=ADDED, first=last),),
        guidance=values["cfg_scale"],
        negative_prompt=values.get("negative_prompt", ""),
        seed=seed,
        quality=QUALITY[values.get("source_mode", "std")],
        watermark=watermarked(values),
        continues=video,
    )


CARD = Card(
    id=ID,
    name="Kirin Duration Extension",
    type="video-to-video",
    description="Makes a finished video 5 seconds longer: what was there stays as it is, and goes "
    "on from its last picture.",
    usage="Give the id of a completed task, and say what happens next. Extend the result again to "
    "go on, up to 3 minutes in all.",
    input_modalities=("video", "text"),
    output_modalities=("video",),
    parameters=(
        VideoId(
            name="video_id",
            description="The video to extend: the id of a completed task of "
            "the models that its limits list, its external_task_id or the jobId of its output. "
            "It lasts at most 175 seconds.",
            required=True,
            limits=replace(ANY_RESULT, max_seconds=LONGEST - ADDED, seconds_rules=("EXT-5",)),
            models=tuple(_RATES),
            passing=(ID,),
            model_as="source_model",
            mode_as="source_mode",
            rules=("EXT-1",),
            example="b2c1e0f4a5d64a0f9c3e7d1a8b6f2e55",
        ),
        Text(
            name="prompt",
            description="What happens next and how the camera moves.",
            min_length=1,
            max_length=PROMPT_LENGTH,
            rules=("EXT-3", "C-4"),
            example="The sun breaks through, the camera slowly pushes in",
        ),
        NEGATIVE_PROMPT,
        replace(CFG_SCALE, rules=("EXT-3",)),
        *DELIVERY,
    ),
    price=Price(
        ("source_model", "source_mode"),
        {
            (model, mode): rate
            for model, rates in _RATES.items()
            for mode, rate in zip(("std", "pro"), rates, strict=True)
        },
        unit=ADDED,
    ),
    codes=EXTENSION,
    fields={
        "shots.prompt": "prompt",
        "shots.first": "video_id",
        "continues": "video_id",
        "negative_prompt": "negative_prompt",
        "guidance": "cfg_scale",
        "size": "video_id",
    },
    examples=(
        {"video_id": "b2c1e0f4a5d64a0f9c3e7d1a8b6f2e55"},
        {
            "video_id": "b2c1e0f4a5d64a0f9c3e7d1a8b6f2e55",
            "prompt": "The sun breaks through, the camera slowly pushes in",
            "cfg_scale": 0.7,
        },
    ),
    plan=storyboard,
)
