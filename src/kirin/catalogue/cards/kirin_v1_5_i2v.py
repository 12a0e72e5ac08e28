"""Kirin 1.5, image to video, with a last frame, a motion brush or camera control."""

from __future__ import annotations

from dataclasses import replace

from kirin.catalogue.camera import SIMPLE, OneAxis, camera_control, control_only_in
from kirin.catalogue.common import CFG_SCALE, MODE, NEGATIVE_PROMPT
from kirin.catalogue.envelope import Envelope
from kirin.catalogue.families import brush
from kirin.catalogue.families.generations import V1_5
from kirin.catalogue.families.image_to_video import EITHER, IMAGE, SIMPLEST, image_card
from kirin.catalogue.families.rule_ids import under
from kirin.catalogue.rules import Excludes

PLAIN = image_card(
    "kirin_v1_5_i2v",
    V1_5,
    "V15",
    EITHER,
    NEGATIVE_PROMPT,
    under(CFG_SCALE, "V15-3"),
    MODE,
    *(under(each, "V15-5") for each in brush.BRUSH),
    camera_control(types=(SIMPLE,), rule="V15-6"),
)

CARD = replace(
    PLAIN,
    description="Brings a picture to life for 5 or 10 seconds; with mode pro it can arrive at a "
    "second picture, and in 5 seconds move painted parts, or the camera by numbers.",
    usage="Give image, image_tail or both. image_tail, dynamic_masks and camera_control need mode "
    "pro and exclude each other; the last two also need duration 5.",
    envelope=Envelope(name="data", rules=("V15-8",)),
    rules=(
        *PLAIN.rules,
        under(brush.IN_PRO, "V15-5"),
        under(brush.IN_FIVE_SECONDS, "V15-5"),
        *control_only_in(mode="pro", rule="V15-6"),
        OneAxis(),
        under(brush.NOT_WITH_TAIL, "V15-7"),
        Excludes(
            first=("camera_control",),
            second=("image_tail", *brush.NAMES),
            message="camera_control excludes image_tail and masks",
            rules=("V15-7",),
        ),
    ),
    media_rules=tuple(under(each, "V15-5") for each in brush.FITTING),
    examples=(
        *PLAIN.examples,
        {
            "image": IMAGE.example,
            "mode": "pro",
            "camera_control": {"type": SIMPLE, "config": {"pan": -4}},
        },
        {
            "image": IMAGE.example,
            "mode": "pro",
            **{each.name: each.example for each in brush.BRUSH},
        },
        {"data": SIMPLEST},
    ),
)
