"""Kirin 2 Master, image to video."""

from __future__ import annotations

from kirin.catalogue.common import NEGATIVE_PROMPT
from kirin.catalogue.families.generations import V2_MASTER
from kirin.catalogue.families.image_to_video import FIRST, image_card

CARD = image_card("kirin_v2_master_i2v", V2_MASTER, "V2MI", FIRST, NEGATIVE_PROMPT)
