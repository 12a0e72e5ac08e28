"""Kirin 3 Omni: a video from words, pictures, subjects and a video to edit or to learn from."""

from __future__ import annotations

from kirin.catalogue.codes import V3
from kirin.catalogue.common import DELIVERY, MODE, NEGATIVE_PROMPT, SOUND
from kirin.catalogue.entry_rules import Clashes, Given
from kirin.catalogue.families import multi_shot, omni
from kirin.catalogue.families.omni import OmniCard
from kirin.catalogue.families.rule_ids import under
from kirin.catalogue.fields import fields_of

ID = "kirin_v3_omni_video"
PARAMETERS = (
    *multi_shot.SCRIPT,
    NEGATIVE_PROMPT,
    omni.IMAGE_LIST,
    omni.ELEMENTS,
    omni.VIDEO_LIST,
    SOUND,
    MODE,
    omni.SHAPE,
    under(multi_shot.DURATION, "OMN-10"),
    *DELIVERY,
)

CARD = OmniCard(
    id=ID,
    name="Kirin 3 Omni Video",
    description="Makes a video of 3 to 15 seconds from words, pictures, subjects and a video that "
    "is edited or whose camera is taken over, in one shot or up to six.",
    usage="Call what you give in the prompt: <<<image_1>>>, <<<element_1>>>, <<<video_1>>>. Give "
    "aspect_ratio, or a first frame or a video, which have their own. A video with refer_type base "
    "is edited; with feature its camera and rhythm are taken.",
    parameters=PARAMETERS,
    rules=(
        *multi_shot.SCRIPT_RULES,
        *omni.rules_of(),
        Clashes(
            given=Given("multi_shot", equals=True),
            other=omni.BASE,
            message="a video to edit is one shot",
            rules=("OMN-4",),
        ),
        Clashes(
            given=Given("sound", equals="on"),
            other=omni.VIDEO,
            message="beside a video there is its own sound or none: keep_original_sound says which",
            rules=("OMN-4", "OMN-5"),
        ),
        omni.SHORT_WITH_VIDEO,
        omni.SHAPED,
    ),
    no_effect=(*multi_shot.SCRIPT_NO_EFFECT, *omni.NO_EFFECT),
    price=omni.price("video_or_sound", omni.WITH_VIDEO_OR_SOUND),
    codes=V3,
    fields=fields_of(PARAMETERS, size="mode") | omni.FIELDS,
    examples=(
        {"prompt": "A lake in the mountains at dawn", "aspect_ratio": "16:9"},
        omni.CALL,
        omni.EDIT,
        omni.LEARN,
        {**multi_shot.IN_SHOTS, "aspect_ratio": "16:9"},
    ),
    plan=omni.Omni(ID),
    extras=multi_shot.told_duration,
)
