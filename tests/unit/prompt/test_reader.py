"""A prompt read as a whole."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kirin.domain.intent import Intent, Move, Quotation, Terrain
from kirin.prompt.reader import read_intent
from support.growth import growth


def test_a_prompt_is_read_for_everything_at_once() -> None:
    intent = read_intent('pan left over a city in heavy rain, she says "Come home."', seed=3)
    assert [step.move for step in intent.camera.steps] == [Move.PAN_LEFT]
    assert intent.scene.understood == ("city", "rain")
    assert [layer.kind.value for layer in intent.sounds] == ["city", "rain"]
    assert intent.quotations == (Quotation("Come home."),)


def test_an_intent_is_immutable_and_hashable() -> None:
    intent = read_intent("the sea at night, zoom in")
    with pytest.raises(FrozenInstanceError):
        intent.sounds = ()  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        intent.scene.terrain = Terrain.CITY  # type: ignore[misc]
    assert {intent} == {read_intent("the sea at night, zoom in")}


def test_the_shots_of_a_video_share_the_scene_and_not_the_default_move() -> None:
    intents = [read_intent("the sea", seed=1, shot=shot) for shot in range(6)]
    assert len({intent.scene for intent in intents}) == 1
    assert len({intent.camera for intent in intents}) > 1


@pytest.mark.parametrize("drawn", [True, False])
def test_the_scene_is_not_named_by_what_a_prompt_calls(drawn: bool) -> None:
    assert "desert" in read_intent("desert waves", drawn=drawn).scene.understood
    assert "desert" not in read_intent("<<<desert>>> waves", drawn=drawn).scene.understood


@given(st.text(max_size=2500), st.text(max_size=300), st.booleans())
def test_any_text_is_allowed(prompt: str, negative: str, drawn: bool) -> None:
    intent = read_intent(prompt, negative, seed=1, drawn=drawn)
    assert isinstance(intent, Intent)
    assert intent.sounds


@pytest.mark.parametrize(
    "piece",
    ["a", "雨", "no ", "rain ", "sea and ", '"', "<<<", "walk a ", "不要", "月", "\ufdfa", " "],
)
def test_long_text_is_read_in_linear_time(piece: str) -> None:
    assert growth(lambda text: read_intent(text, text, drawn=False), piece) < 10
