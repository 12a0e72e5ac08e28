"""What texts without keywords are about: with the extra, and without it."""

from __future__ import annotations

import numpy as np
import pytest

from kirin.domain.intent import SceneDescription, Terrain, Time, Weather
from kirin.prompt.embeddings import PACKAGE, SentenceEmbedder, sentence_embedder
from kirin.prompt.reader import read_intent
from kirin.prompt.vocabulary.loader import ENGLISH
from kirin.prompt.vocabulary.scene import associations


def read(
    prompt: str, negative: str = "", seed: int = 0, embedder: SentenceEmbedder | None = None
) -> SceneDescription:
    return read_intent(prompt, negative, seed=seed, embedder=embedder).scene


@pytest.fixture(scope="module")
def network() -> SentenceEmbedder:
    pytest.importorskip(PACKAGE, reason="the extra 'text' is not installed")
    found = sentence_embedder()
    assert found is not None
    return found


class Guesses:
    """Takes every text for a thunderstorm at sea in the night."""

    def nearest(self, text: str, kinds: dict) -> object:
        meant = {Terrain.SEA, Time.NIGHT, Weather.STORM} & set(kinds)
        return meant.pop() if meant else None


def guessed(prompt: str, negative: str = "") -> SceneDescription:
    return read(prompt, negative, 1, Guesses())  # type: ignore[arg-type]


def test_all_that_can_be_guessed_has_sentences() -> None:
    known = associations(ENGLISH)
    assert {*known.terrain, *known.time, *known.weather} == {*Terrain, *Time, *Weather}


def test_meaning_decides_what_no_word_names() -> None:
    scene = guessed("somebody is afraid")
    assert (scene.terrain, scene.time, scene.weather) == (Terrain.SEA, Time.NIGHT, Weather.STORM)
    assert scene.guessed == ("night", "sea", "storm")
    assert scene.understood == ()
    assert scene.describe()["guessed"] == ["night", "sea", "storm"]


def test_words_come_before_meaning() -> None:
    scene = guessed("a desert at noon")
    assert (scene.terrain, scene.time, scene.weather) == (Terrain.DESERT, Time.DAY, Weather.STORM)
    assert scene.guessed == ("storm",)


@pytest.mark.parametrize(
    ("prompt", "negative"), [("afraid", "sea, storm"), ("no sea, no storm", "")]
)
def test_what_is_unwanted_is_not_guessed(prompt: str, negative: str) -> None:
    scene = guessed(prompt, negative)
    assert scene.terrain is not Terrain.SEA
    assert scene.weather is not Weather.STORM


def test_without_the_network_nothing_is_guessed() -> None:
    assert read("a dolphin leaps", "", 1).guessed == ()


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
    network: SentenceEmbedder, prompt: str, terrain: Terrain
) -> None:
    scene = read(prompt, seed=1, embedder=network)
    assert scene.terrain is terrain
    assert terrain.value in {*scene.guessed, *scene.understood}


@pytest.mark.parametrize("prompt", ["she smiles", "a cup of coffee on a table", "", "???", "请"])
def test_what_says_nothing_about_a_place_leaves_it_open(
    network: SentenceEmbedder, prompt: str
) -> None:
    assert read(prompt, seed=1, embedder=network).guessed == ()


def test_vectors_have_length_one_and_stay_the_same(network: SentenceEmbedder) -> None:
    first, again = network.embed("a long way " * 400), network.embed("a long way " * 400)
    assert first.shape == (384,)
    assert np.linalg.norm(first) == pytest.approx(1, abs=1e-5)
    assert (first == again).all()
