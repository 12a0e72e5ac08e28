"""Kirin 2.6, text to video, with sound."""

from __future__ import annotations

from dataclasses import replace

from kirin.catalogue.common import MODE, NEGATIVE_PROMPT, SOUND
from kirin.catalogue.families.generations import V2_6
from kirin.catalogue.families.rule_ids import under
from kirin.catalogue.families.sound import SOUND_IN_PRO, WITH_SOUND
from kirin.catalogue.families.text_to_video import SIMPLEST, UPRIGHT, text_card

CARD = replace(
    text_card("kirin_v2_6_t2v", V2_6, "V26T", NEGATIVE_PROMPT, under(SOUND, "V26T-6"), MODE),
    description="Makes a video of 5 or 10 seconds from a prompt, with mode pro also its sound.",
    output_modalities=("video", "audio"),
    rules=(under(SOUND_IN_PRO, "V26T-6"),),
    examples=(SIMPLEST, UPRIGHT | WITH_SOUND),
)
