"""Kirin 3, text to video: one shot or several, with sound."""

from __future__ import annotations

from kirin.catalogue.card import Card
from kirin.catalogue.codes import V3
from kirin.catalogue.common import ASPECT_RATIO, DELIVERY, MODE, NEGATIVE_PROMPT, SOUND
from kirin.catalogue.families import multi_shot, price_lists
from kirin.catalogue.families.formats import BY_MODE_24
from kirin.catalogue.families.rule_ids import under
from kirin.catalogue.families.text_to_video import SIMPLEST
from kirin.catalogue.fields import fields_of
from kirin.catalogue.plan import Materials
from kirin.catalogue.structures import Values
from kirin.domain.storyboard import Storyboard

ID = "kirin_v3_t2v"
PARAMETERS = (
    *multi_shot.SCRIPT,
    NEGATIVE_PROMPT,
    SOUND,
    MODE,
    under(ASPECT_RATIO, "V3T-2"),
    multi_shot.DURATION,
    *DELIVERY,
)


def storyboard(values: Values, _: Materials, seed: int) -> Storyboard:
    """One shot or several, from words alone."""
    size = BY_MODE_24.by_ratio(values)
    return BY_MODE_24.storyboard(ID, values, size, multi_shot.shots(values), seed)


CARD = Card(
    id=ID,
    name="Kirin 3 Text to Video",
    type="text-to-video",
    description="Makes a video of 3 to 15 seconds from words, in one shot or up to six, with "
    "sound.",
    usage="Give a prompt. For several shots set multi_shot true, shot_type customize, and "
    "multi_prompt with seconds that add up to duration.",
    input_modalities=("text",),
    output_modalities=("video", "audio"),
    parameters=PARAMETERS,
    rules=multi_shot.SCRIPT_RULES,
    no_effect=multi_shot.SCRIPT_NO_EFFECT,
    price=price_lists.V3,
    codes=V3,
    fields=fields_of(PARAMETERS, size="mode"),
    examples=(SIMPLEST, multi_shot.IN_SHOTS | {"sound": "on"}),
    plan=storyboard,
    extras=multi_shot.told_duration,
)
