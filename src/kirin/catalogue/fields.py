"""Which parameter each storyboard field comes from, for refusals that name the parameter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kirin.catalogue.parameters import Parameter

SOURCES: Mapping[str, str] = {
    "shots": "multi_shot",
    "shots.prompt": "prompt",
    "shots.seconds": "duration",
    "shots.first": "image",
    "shots.last": "image_tail",
    "shots.references": "element_list",
    "shots.strokes": "dynamic_masks",
    "shots.still": "static_mask",
    "shots.camera": "camera_control",
    "sound": "sound",
    "guidance": "cfg_scale",
    "negative_prompt": "negative_prompt",
}
"""Parameter by storyboard field, where names are those of most models."""


def fields_of(parameters: Sequence[Parameter], size: str) -> dict[str, str]:
    """Parameter by storyboard field, for a card with these parameters.

    Args:
        parameters: of the card.
        size: the parameter that the video's size depends on most.
    """
    names = {parameter.name for parameter in parameters}
    found = {field: name for field, name in SOURCES.items() if name in names}
    return {**found, "size": size}
