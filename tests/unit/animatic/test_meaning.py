"""What texts without keywords are about: with the extra, and without it."""

from __future__ import annotations

import numpy as np
import pytest

from kirin.prompt.associations import ASSOCIATIONS
from kirin.prompt.embeddings import PACKAGE, Meaning, meaning
from kirin.prompt.scene import Brief, Terrain, Time, Weather, read_brief


@pytest.fixture(scope="module")
def network() -> Meaning:
    pytest.importorskip(PACKAGE, reason="the extra 'text' is not installed")
    found = meaning()
    assert found is not None
    return found


class Guesses:
    """Takes every text for a thunderstorm at sea in the night."""

    def nearest(self, text: str, kinds: dict) -> object:
        meant = {Terrain.SEA, Time.NIGHT, Weather.STORM} & set(kinds)
        return meant.pop() if meant else None


def guessed(prompt: str, negative: str = "") -> Brief:
    return read_brief(prompt, negative, 1, Guesses())  # type: ignore[arg-type]


def test_all_that_can_be_guessed_has_sentences() -> None:
    assert set(ASSOCIATIONS) == {*Terrain, *Time, *Weather}


def test_meaning_decides_what_no_word_names() -> None:
    brief = guessed("somebody is afraid")
    assert (brief.terrain, brief.time, brief.weather) == (Terrain.SEA, Time.NIGHT, Weather.STORM)
    assert brief.guessed == ("night", "sea", "storm")
    assert brief.understood == ()
    assert brief.describe()["guessed"] == ["night", "sea", "storm"]


def test_words_come_before_meaning() -> None:
    brief = guessed("a desert at noon")
    assert (brief.terrain, brief.time, brief.weather) == (Terrain.DESERT, Time.DAY, Weather.STORM)
    assert brief.guessed == ("storm",)


@pytest.mark.parametrize(
    ("prompt", "negative"), [("afraid", "sea, storm"), ("no sea, no storm", "")]
)
def test_what_is_unwanted_is_not_guessed(prompt: str, negative: str) -> None:
    brief = guessed(prompt, negative)
    assert brief.terrain is not Terrain.SEA
    assert brief.weather is not Weather.STORM


def test_without_the_network_nothing_is_guessed() -> None:
    assert read_brief("a dolphin leaps", "", 1).guessed == ()


@pytest.mark.parametrize(
    ("prompt", "terrain"),
    [
        ("waves crash onto the rocks", Terrain.SEA),
        ("a combine harvester at work", Terrain.FIELDS),
        ("rockets drift past Saturn", Terrain.SPACE),
        ("taxis honk at a crossing", Terrain.CITY),
        ("skiers race downhill", Terrain.MOUNTAINS),
        ("a squirrel jumps between oaks and ferns", Terrain.FOREST),
    ],
)
def test_a_place_is_understood_without_its_name(
    network: Meaning, prompt: str, terrain: Terrain
) -> None:
    brief = read_brief(prompt, seed=1, meaning=network)
    assert brief.terrain is terrain
    assert terrain.value in {*brief.guessed, *brief.understood}


@pytest.mark.parametrize("prompt", ["she smiles", "a cup of coffee on a table", "", "???", "请"])
def test_what_says_nothing_about_a_place_leaves_it_open(network: Meaning, prompt: str) -> None:
    assert read_brief(prompt, seed=1, meaning=network).guessed == ()


def test_vectors_have_length_one_and_stay_the_same(network: Meaning) -> None:
    first, again = network.embed("a long way " * 400), network.embed("a long way " * 400)
    assert first.shape == (384,)
    assert np.linalg.norm(first) == pytest.approx(1, abs=1e-5)
    assert (first == again).all()
