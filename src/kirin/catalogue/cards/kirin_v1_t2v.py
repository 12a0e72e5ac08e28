"""Kirin 1, text to video, with camera control."""

from __future__ import annotations

from dataclasses import replace

from kirin.catalogue.camera import OneAxis, camera_control, control_only_in
from kirin.catalogue.common import CFG_SCALE, MODE, NEGATIVE_PROMPT
from kirin.catalogue.families.generations import V1
from kirin.catalogue.families.rule_ids import under
from kirin.catalogue.families.text_to_video import SIMPLEST, text_card

CARD = replace(
    text_card(
        "kirin_v1_t2v",
        V1,
        "V1T",
        NEGATIVE_PROMPT,
        under(CFG_SCALE, "V1T-2"),
        MODE,
        camera_control(),
    ),
    description="Makes a video of 5 or 10 seconds from a prompt; in 5 seconds the camera can "
    "move by numbers.",
    usage="Describe the scene, its light and weather. Say in the prompt how the camera moves, or "
    "in camera_control, which needs mode std and duration 5.",
    rules=(*control_only_in(mode="std", rule="V1T-6"), OneAxis()),
    examples=(
        SIMPLEST,
        SIMPLEST | {"camera_control": {"type": "simple", "config": {"horizontal": 6}}},
        SIMPLEST | {"camera_control": {"type": "forward_up"}},
    ),
)
