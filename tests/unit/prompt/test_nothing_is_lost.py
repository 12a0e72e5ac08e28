"""Every thing that a prompt names is in the cast, in the scene, or listed as missing."""

from __future__ import annotations

import re

import numpy as np
import pytest

from kirin.concepts.words import chinese, english
from kirin.domain.intent import Intent
from kirin.prompt.changes import read_changes
from kirin.prompt.chinese_lexicon import chinese_noun
from kirin.prompt.clauses import normalise
from kirin.prompt.lexicon import Noun, noun_of, tables
from kirin.prompt.mentions import Role
from kirin.prompt.places import shown_at
from kirin.prompt.quotations import without_quotations
from kirin.prompt.reader import _camera_spans, _read_words, read_intent
from kirin.prompt.segments import segments
from kirin.prompt.styles import read_styles
from kirin.prompt.tokens import Token, sentences
from support.prompt_suite import Suite, is_chinese

THINGS = (Role.THING, Role.CLOTHES)
VERBS = frozenset({"flies", "paints", "leaves"})
"""Verbs of the suite that are nouns too."""

SORTS = frozenset({"crowd", "portrait", "beside", "drone"})
"""Nouns of the suite that say how many, which shot or from where, and a preposition."""


def taken(text: str) -> set[int]:
    """Characters of a text that were read as something."""
    mentions, styles, change = _read_words(text)
    spans = [*styles.spans, *change.spans, *_camera_spans(text)]
    spans += [(each.position, each.position + len(each.word)) for each in mentions.nouns]
    spans += [(start, start + len(word)) for start, word in mentions.verbs]
    assert read_styles(text) == styles
    assert read_changes(text) == change
    return {at for start, end in spans for at in range(start, end)}


def lost_english(text: str) -> list[str]:
    """Things of a normalised text that no mention has, nor the noun after them."""
    known = taken(text)
    lost = []
    for tokens in sentences(text):
        for index, token in enumerate(tokens):
            if token.start in known or token.text in tables().function_words:
                continue
            noun = noun_of((token.text,)) if token.is_word else None
            if noun and noun.role in THINGS and not says_what_sort(tokens, index, known):
                lost.append(token.text)
    return lost


def says_what_sort(tokens: list[Token], index: int, known: set[int]) -> bool:
    """Whether a noun stands right before another one that was read: a "perfume bottle"."""
    for token in tokens[index + 1 :]:
        if not token.is_word or token.text in tables().function_words:
            return False
        if token.start in known:
            return True
    return False


def lost_chinese(text: str) -> list[str]:
    """Things of a normalised text that no mention has."""
    known = taken(text)
    return [
        word.text
        for words in segments(text)
        for word in words
        if word.tag.startswith("n") and not known & set(range(word.start, word.start + 9))
        if (noun := chinese_noun(word.text)) is not None and noun.role in THINGS
    ]


def test_no_thing_of_the_suite_is_passed_over():
    suite = Suite.load()
    for record in (*suite.prompts, *suite.directions):
        text = normalise(without_quotations(record.text))
        assert set(lost_english(text)) <= VERBS | SORTS, text
        assert lost_chinese(text) == [], text


ENGLISH = [
    "a {0} and a {1}",
    "a small {0} next to a {1}, slow motion",
    "two men carry a {0} past the {1} at night",
    "{0}, {1}, cinematic lighting",
    "a woman looks at the {0} on a {1} in the kitchen",
    "a red {0} under an old {1}, watercolor",
    "the {0} falls from the {1} while it rains",
    "camera pans from a {0} to the {1}",
]
CHINESE = [
    "一个{0}和一个{1}",
    "{0}在{1}旁边，慢动作",
    "厨房里有一个{0}，一个{1}",
    "一个红色的{0}，{1}，特写",
]


def is_a_thing(noun: Noun | None) -> bool:
    return noun is not None and noun.role in THINGS and noun.place is None


def told(intent: Intent, word: str, *, whole: bool) -> int:
    """How many members of the cast and missing words tell of a word."""
    words = {one.word for one in intent.cast.members}
    listed = [*words, *(one.word for one in intent.cast.missing)]
    parts = [each.split() if whole else [each] for each in listed]
    if whole:
        return sum(word in each for each in parts)
    return sum(any(word in part or part in word for part in each) for each in parts)


def in_scene(intent: Intent, word: str) -> bool:
    scene = intent.scene
    return word in shown_at(scene.place) or word in scene.extras


@pytest.mark.parametrize("seed", range(4))
def test_each_thing_is_told_exactly_once(seed):
    rng = np.random.default_rng(seed)
    pool = [word for word in english() if re.fullmatch("[a-z]{3,}", word)]
    pool = [word for word in pool if is_a_thing(noun_of((word,)))]
    for index in range(50):
        pair = rng.choice(pool, 2, replace=False)
        intent = read_intent(ENGLISH[index % len(ENGLISH)].format(*pair), seed=seed)
        for word in map(str, pair):
            count = told(intent, word, whole=True)
            assert count == 1 or (count == 0 and in_scene(intent, word)), (pair, intent.cast)


@pytest.mark.parametrize("seed", range(2))
def test_each_chinese_thing_is_told(seed):
    rng = np.random.default_rng(seed)
    pool = [word for word in chinese() if is_a_thing(chinese_noun(word)) and 1 < len(word) < 5]
    for index in range(40):
        pair = rng.choice(pool, 2, replace=False)
        intent = read_intent(CHINESE[index % len(CHINESE)].format(*pair), seed=seed)
        for word in map(str, pair):
            found = told(intent, word, whole=False) or in_scene(intent, word)
            assert found or is_chinese_extra(word), (pair, intent.cast)


def is_chinese_extra(word: str) -> bool:
    """Whether a scene has it in its sky, or as part of the text's own weather."""
    return is_chinese(word) and any(each in word for each in "月日星云树船鸟")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("a vrrtl on a table", "vrrtl"),
        ("gamelan", "gamelan"),
        ("a gamelan plays", "gamelan"),
        ("two dogs chase a frisbee", "frisbee"),
        ("a glowing zorblax, 4k, masterpiece", "zorblax"),
        ("the man pours the liquid", "liquid"),
        ("一个放在桌上的留声机", "留声机"),
    ],
)
def test_a_word_that_no_table_knows_is_a_thing(text, word):
    cast = read_intent(text).cast
    words = [*(one.word for one in cast.members), *(one.word for one in cast.missing)]
    assert word in words


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("a t-rex walks through the city", "t-rex"),
        ("an ice-cream on a bench", "soft-ice-cream"),
        ("a tea-pot on a table", "teapot"),
        ("a racecar on the street", "racing-car"),
    ],
)
def test_hyphens_and_blanks_make_no_difference(text, concept):
    assert concept in {one.concept for one in read_intent(text).cast.members}


def test_where_nothing_is_understood_the_title_and_its_nouns_are_told():
    cast = read_intent("zorblax and vrrtl").cast
    assert cast.title == "zorblax and vrrtl"
    assert [one.word for one in cast.missing] == ["zorblax", "vrrtl"]


def test_abstract_words_are_no_things():
    cast = read_intent("sorrow, epic freedom, the depth of her longing, breathtaking").cast
    assert cast.members == ()
    assert cast.missing == ()


@pytest.mark.parametrize(
    ("text", "guessed"),
    [("a hummingbird", True), ("an excavator", True), ("a cello", True), ("a fox", False)],
)
def test_art_of_the_same_sort_is_told_as_guessed(text, guessed):
    (member,) = read_intent(text).cast.members
    assert member.guessed is guessed


def test_what_is_missing_takes_its_verb_with_it():
    missing = read_intent("a gargoyle sings on the roof").cast.missing
    assert [(one.word, one.kind) for one in missing][:2] == [
        ("gargoyle", "noun"),
        ("sings", "verb"),
    ]
