"""Kirin 2.6, image to video, with a last frame or with sound."""

from __future__ import annotations

from dataclasses import replace

from kirin.catalogue.common import MODE, SOUND
from kirin.catalogue.families.generations import V2_6
from kirin.catalogue.families.image_to_video import (
    FIRST_AND_LAST,
    REQUIRED_IMAGE,
    SIMPLEST,
    TAIL_OF_COMMON_SHAPE,
    image_card,
)
from kirin.catalogue.families.rule_ids import under
from kirin.catalogue.families.sound import (
    SILENT_WITH_TAIL,
    SOUND_IN_PRO,
    WITH_SOUND,
)

ENDS = replace(FIRST_AND_LAST, parameters=(REQUIRED_IMAGE, TAIL_OF_COMMON_SHAPE))
PLAIN = image_card("kirin_v2_6_i2v", V2_6, "V26I", ENDS, under(SOUND, "V26I-5"), MODE)

CARD = replace(
    PLAIN,
    description="Brings a picture to life for 5 or 10 seconds; with mode pro it can have sound, "
    "or arrive at a second picture in silence.",
    usage=f"{PLAIN.usage} sound needs mode pro too, and no image_tail.",
    output_modalities=("video", "audio"),
    rules=(*PLAIN.rules, under(SILENT_WITH_TAIL, "V26I-2"), under(SOUND_IN_PRO, "V26I-5")),
    examples=(*PLAIN.examples, SIMPLEST | WITH_SOUND),
)
