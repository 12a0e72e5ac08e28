"""Kirin 2.1 Master, text to video."""

from __future__ import annotations

from kirin.catalogue.families.generations import V2_1_MASTER
from kirin.catalogue.families.text_to_video import text_card

CARD = text_card("kirin_v2_1_master_t2v", V2_1_MASTER, "V21MT")
