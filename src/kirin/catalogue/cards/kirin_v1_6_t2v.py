"""Kirin 1.6, text to video."""

from __future__ import annotations

from kirin.catalogue.codes import V1_6
from kirin.catalogue.common import (
    ASPECT_RATIO,
    CFG_SCALE,
    DELIVERY,
    DURATION_5_10,
    MODE,
    NEGATIVE_PROMPT,
)
from kirin.catalogue.families import price_lists
from kirin.catalogue.families.formats import BY_MODE_24
from kirin.catalogue.families.rule_ids import under
from kirin.catalogue.families.text_to_video import PROMPT, SIMPLEST, USAGE, TextCard, TextToVideo
from kirin.catalogue.fields import fields_of

ID = "kirin_v1_6_t2v"
PARAMETERS = (
    PROMPT,
    NEGATIVE_PROMPT,
    under(CFG_SCALE, "T2V-2"),
    MODE,
    ASPECT_RATIO,
    DURATION_5_10,
    *DELIVERY,
)

CARD = TextCard(
    id=ID,
    name="Kirin 1.6 Text to Video",
    description="Makes a video of 5 or 10 seconds from a prompt.",
    usage=USAGE,
    parameters=PARAMETERS,
    price=price_lists.V1_6,
    codes=V1_6,
    fields=fields_of(PARAMETERS, size="mode"),
    examples=(
        SIMPLEST,
        {
            "prompt": "夜晚的城市天际线,下雨,镜头缓慢向右平移",
            "mode": "pro",
            "aspect_ratio": "9:16",
            "duration": "10",
        },
    ),
    plan=TextToVideo(ID, BY_MODE_24),
)
