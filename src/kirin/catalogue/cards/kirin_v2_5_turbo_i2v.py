"""Kirin 2.5 Turbo, image to video, with a last frame."""

from __future__ import annotations

from kirin.catalogue.common import MODE, NEGATIVE_PROMPT
from kirin.catalogue.families.generations import V2_5_TURBO
from kirin.catalogue.families.image_to_video import FIRST_AND_LAST, image_card

CARD = image_card("kirin_v2_5_turbo_i2v", V2_5_TURBO, "V25I", FIRST_AND_LAST, NEGATIVE_PROMPT, MODE)
