"""Kirin Video O1: Omni in one shot, silent but for the sound of a given video."""

from __future__ import annotations

from dataclasses import replace

from kirin.catalogue.codes import V3
from kirin.catalogue.common import DELIVERY, MODE
from kirin.catalogue.families import multi_shot, omni
from kirin.catalogue.families.omni import OmniCard
from kirin.catalogue.families.rule_ids import under
from kirin.catalogue.fields import fields_of

ID = "kirin_video_o1"
LONGEST = 10
PARAMETERS = (
    omni.PROMPT_OF_ONE,
    omni.IMAGE_LIST,
    omni.ELEMENTS,
    omni.VIDEO_LIST,
    replace(under(MODE, "O1-2"), default="pro"),
    omni.SHAPE,
    replace(under(multi_shot.DURATION, "O1-3"), options=tuple(range(3, LONGEST + 1))),
    *DELIVERY,
)

CARD = OmniCard(
    id=ID,
    name="Kirin Video O1",
    description="Makes a video of 3 to 10 seconds in one shot from words, pictures, subjects and a "
    "video that is edited or whose camera is taken over.",
    usage="As kirin_v3_omni_video, in one shot, without sound of its own and in mode pro unless "
    "std is asked for.",
    parameters=PARAMETERS,
    rules=(*omni.rules_of(("prompt",)), omni.SHAPED),  # it is never longer than with a video
    no_effect=omni.NO_EFFECT,
    price=omni.price("video", omni.WITH_VIDEO),
    codes=V3,
    fields=fields_of(PARAMETERS, size="mode") | omni.FIELDS,
    examples=(
        {"prompt": "A lake in the mountains at dawn", "aspect_ratio": "16:9"},
        omni.CALL,
        omni.EDIT,
        omni.LEARN,
    ),
    plan=omni.Omni(ID),
)
