"""Kirin 3, image to video: first and last frame, several shots, subjects, sound."""

from __future__ import annotations

from dataclasses import replace

from kirin.catalogue.codes import V3
from kirin.catalogue.common import DELIVERY, MODE, NEGATIVE_PROMPT, SOUND
from kirin.catalogue.families import multi_shot, price_lists
from kirin.catalogue.families.formats import BY_MODE_24
from kirin.catalogue.families.image_to_video import (
    EITHER_END,
    IMAGE,
    IMAGE_TAIL,
    ImageCard,
    shape,
)
from kirin.catalogue.families.rule_ids import under
from kirin.catalogue.families.subjects import CALLED, ELEMENT_LIST, NAMED_ONCE, listed
from kirin.catalogue.fields import fields_of
from kirin.catalogue.plan import Materials
from kirin.catalogue.structures import Values
from kirin.domain.storyboard import Storyboard

ID = "kirin_v3_i2v"
PARAMETERS = (
    IMAGE,
    replace(
        under(IMAGE_TAIL, "V3-1"),
        description="The picture that the video ends with; any shape. It may stand alone.",
    ),
    *multi_shot.SCRIPT,
    NEGATIVE_PROMPT,
    ELEMENT_LIST,
    SOUND,
    MODE,
    multi_shot.DURATION,
    *DELIVERY,
)


def storyboard(values: Values, materials: Materials, seed: int) -> Storyboard:
    """One shot or several: the first starts with the picture, the last ends with the tail."""
    media = materials.media
    shots = multi_shot.shots(
        values, listed(values, materials), media.get("image"), media.get("image_tail")
    )
    return BY_MODE_24.storyboard(ID, values, BY_MODE_24.like(shape(media), values), shots, seed)


CARD = ImageCard(
    id=ID,
    name="Kirin 3 Image to Video",
    description="Makes a video of 3 to 15 seconds from a first frame, a last frame or both, in "
    "one shot or up to six, with subjects of your own and sound.",
    usage="Give image, image_tail or both, and a prompt. For several shots set multi_shot true, "
    "shot_type customize, and multi_prompt with seconds that add up to duration. Subjects made "
    "with kirin_custom_elements are called <<<element_1>>> in prompts.",
    output_modalities=("video", "audio"),
    parameters=PARAMETERS,
    rules=(EITHER_END, *multi_shot.SCRIPT_RULES, NAMED_ONCE, CALLED),
    no_effect=multi_shot.SCRIPT_NO_EFFECT,
    price=price_lists.V3,
    codes=V3,
    fields=fields_of(PARAMETERS, size="mode"),
    examples=(
        {"image": IMAGE.example, "prompt": multi_shot.PROMPT.example},
        {"image": IMAGE.example, **multi_shot.IN_SHOTS},
    ),
    plan=storyboard,
    extras=multi_shot.told_duration,
)
