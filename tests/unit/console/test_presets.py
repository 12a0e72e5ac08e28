"""The presets of the console's composer are phrases that the default engine understands."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import pytest

from kirin.domain.storyboard import Shot, Storyboard
from kirin.engines.animatic.preview import preview

PRESETS: Final = json.loads(
    (Path(__file__).parents[3] / "web" / "src" / "lib" / "presets.json").read_text("utf-8")
)
SENTENCES: Final = {
    "en": ("A dog runs along the beach", ", "),
    "zh": ("一只狗在海滩上奔跑", "，"),
}


def quoted(prompt: str) -> dict[str, Any]:
    """What a quote tells of a prompt."""
    return preview(Storyboard("m", 64, 36, Fraction(8), (Shot(prompt, 2.0),)))


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("preset", PRESETS["camera"], ids=lambda preset: preset["is"])
def test_the_camera_does_what_its_preset_says(preset: dict[str, str], language: str) -> None:
    sentence, comma = SENTENCES[language]
    for prompt in (sentence + comma + preset[language], preset[language]):
        told = quoted(prompt)
        assert [move["move"] for move in told["direction"]["moves"]] == [preset["is"]], prompt
    assert told["scene"]["missing"] == []


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("preset", PRESETS["style"], ids=lambda preset: preset["is"])
def test_the_picture_looks_as_its_preset_says(preset: dict[str, str], language: str) -> None:
    sentence, comma = SENTENCES[language]
    scene = quoted(sentence + comma + preset[language])["scene"]
    assert scene["styles"] == [preset["is"]]
    assert scene["missing"] == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_camera_and_a_style_go_together(language: str) -> None:
    sentence, comma = SENTENCES[language]
    camera, style = PRESETS["camera"][0], PRESETS["style"][0]
    told = quoted(comma.join((sentence, style[language], camera[language])))
    assert [move["move"] for move in told["direction"]["moves"]] == [camera["is"]]
    assert told["scene"]["styles"] == [style["is"]]
