"""Kirin 1.6, text to video."""

from __future__ import annotations

from kirin.catalogue.common import CFG_SCALE, MODE, NEGATIVE_PROMPT
from kirin.catalogue.families.generations import V1_6_WORDS
from kirin.catalogue.families.rule_ids import under
from kirin.catalogue.families.text_to_video import text_card

CARD = text_card(
    "kirin_v1_6_t2v", V1_6_WORDS, "T2V", NEGATIVE_PROMPT, under(CFG_SCALE, "T2V-2"), MODE
)
