"""Kirin 2 Master, text to video."""

from __future__ import annotations

from kirin.catalogue.common import NEGATIVE_PROMPT
from kirin.catalogue.families.generations import V2_MASTER
from kirin.catalogue.families.text_to_video import text_card

CARD = text_card("kirin_v2_master_t2v", V2_MASTER, "V2MT", NEGATIVE_PROMPT)
