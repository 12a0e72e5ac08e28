"""Kirin 1.6, image to video: a first frame, a last one, or both."""

from __future__ import annotations

from kirin.catalogue.common import CFG_SCALE, MODE, NEGATIVE_PROMPT
from kirin.catalogue.families.generations import V1_6_PICTURE
from kirin.catalogue.families.image_to_video import EITHER, image_card
from kirin.catalogue.families.rule_ids import under

CARD = image_card(
    "kirin_v1_6_i2v", V1_6_PICTURE, "V16", EITHER, NEGATIVE_PROMPT, under(CFG_SCALE, "V16-3"), MODE
)
