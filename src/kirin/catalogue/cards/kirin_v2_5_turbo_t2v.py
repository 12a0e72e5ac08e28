"""Kirin 2.5 Turbo, text to video."""

from __future__ import annotations

from kirin.catalogue.common import MODE, NEGATIVE_PROMPT
from kirin.catalogue.families.generations import V2_5_TURBO
from kirin.catalogue.families.text_to_video import text_card

CARD = text_card("kirin_v2_5_turbo_t2v", V2_5_TURBO, "V25T", NEGATIVE_PROMPT, MODE)
