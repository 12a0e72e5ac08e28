"""Kirin 2.1, image to video, with a last frame."""

from __future__ import annotations

from kirin.catalogue.common import MODE, NEGATIVE_PROMPT
from kirin.catalogue.families.generations import V2_1
from kirin.catalogue.families.image_to_video import FIRST_AND_LAST, image_card

CARD = image_card("kirin_v2_1_i2v", V2_1, "V21", FIRST_AND_LAST, NEGATIVE_PROMPT, MODE)
