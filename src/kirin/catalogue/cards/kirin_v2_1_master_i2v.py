"""Kirin 2.1 Master, image to video."""

from __future__ import annotations

from kirin.catalogue.families.generations import V2_1_MASTER
from kirin.catalogue.families.image_to_video import FIRST, image_card

CARD = image_card("kirin_v2_1_master_i2v", V2_1_MASTER, "V21MI", FIRST)
