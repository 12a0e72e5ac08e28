"""What is shown as something else, or not at all, is told."""

from __future__ import annotations

import pytest

from kirin.domain.cast import Action, CastMember
from kirin.prompt.reader import read_intent


def missing(prompt: str) -> list[tuple[str, str]]:
    return [(each.word, each.kind) for each in read_intent(prompt, seed=1).cast.missing]


def member(prompt: str, word: str) -> CastMember:
    return next(one for one in read_intent(prompt, seed=1).cast.members if one.word == word)


@pytest.mark.parametrize(
    ("prompt", "word", "action"),
    [
        ("A waiter serves pizza to three aliens", "serves", None),
        ("A glass of milk shatters on a marble floor", "shatters", None),
        ("A soccer player kicks the ball into the goal", "kicks", None),
        ("A woman feeds ducks", "feeds", None),
        ("A woman stretches", "stretches", None),
        ("A man gives a blue book to a girl", "gives", None),
        ("A girl brings a cake", "brings", None),
        ("A woman opens her eyes", "opens", None),
        ("A man takes off his hat", "takes off", None),
        ("A woman puts on lipstick", "puts on", None),
        ("A cat knocks over a vase", "knocks", None),
        ("A man wakes up", "wakes up", None),
        ("The crowd cheers", "cheers", Action.DANCE),
        ("A plane lands", "lands", Action.FLY),
        ("A dog barks", "barks", Action.SING),
        ("A man takes a selfie", "takes a selfie", Action.LOOK),
        ("The building collapses", "collapses", Action.FALL),
        ("A girl's long hair flows in the wind", "flows", None),
        ("杯子碎裂", "碎裂", None),
        ("男人在跪着", "跪", Action.SIT),
        ("飞机降落", "降落", Action.FLY),
        ("女孩鼓掌", "鼓掌", Action.WAVE),
    ],
)
def test_a_verb_that_is_shown_as_another_is_missing(
    prompt: str, word: str, action: Action | None
) -> None:
    assert (word, "verb") in missing(prompt)
    assert read_intent(prompt, seed=1).cast.members[0].action is action


@pytest.mark.parametrize(
    ("prompt", "doer", "thing", "action"),
    [
        ("A woman lights a candle", "woman", "candle", Action.GLOW),
        ("A man burns a letter", "man", "letter", Action.BURN),
        ("A boy spins a globe", "boy", "globe", Action.SPIN),
        ("A woman melts chocolate", "woman", "chocolate", Action.MELT),
        ("She opens the fridge", "she", "fridge", Action.OPEN),
        ("A man drops a glass", "man", "glass", Action.FALL),
        ("小猫打开一扇门", "小猫", "门", Action.OPEN),
    ],
)
def test_what_is_done_to_a_thing_is_seen_of_that_thing(
    prompt: str, doer: str, thing: str, action: Action
) -> None:
    assert member(prompt, doer).action is None
    assert member(prompt, thing).action is action
    assert missing(prompt) == []


@pytest.mark.parametrize(
    ("prompt", "word", "concept", "lost"),
    [
        ("A robot waiter dances", "robot waiter", "robot-standing", "waiter"),
        ("An alien pirate sings", "alien pirate", "alien-standing", "pirate"),
        ("A fox detective runs", "detective", "detective-standing", "fox"),
        ("A samurai cat runs", "cat", "cat", "samurai"),
        ("Two robot dogs run", "dogs", "dog", "robot"),
    ],
)
def test_of_two_beings_in_one_the_other_is_missing(
    prompt: str, word: str, concept: str, lost: str
) -> None:
    assert member(prompt, word).concept == concept
    assert missing(prompt) == [(lost, "noun")]


@pytest.mark.parametrize(
    "prompt",
    ["A woman doctor walks", "A woman pirate walks", "A police dog runs", "A mother bear runs"],
)
def test_a_word_for_a_sort_is_not_missing(prompt: str) -> None:
    assert missing(prompt) == []


@pytest.mark.parametrize(
    ("prompt", "places"),
    [
        ("A woman plays the cello on a rooftop in Paris", ["rooftop", "paris"]),
        ("Two boxers fight in a ring", ["ring"]),
        ("A taxi in Tokyo at night", ["tokyo"]),
        ("A man swims in a pool", ["pool"]),
        ("A city at night", []),
        ("女孩站在天台上", ["天台"]),
        ("上海的夜晚", ["上海"]),
    ],
)
def test_a_place_that_another_stands_for_is_missing(prompt: str, places: list[str]) -> None:
    assert [word for word, kind in missing(prompt) if kind == "place"] == places


@pytest.mark.parametrize(
    ("prompt", "word"),
    [
        ("The Eiffel Tower at night with fireworks", "eiffel tower"),
        ("the Taj Mahal", "taj mahal"),
        ("a waiter walks", "waiter"),
        ("a seagull flies", "seagull"),
        ("一座雕像", "雕像"),
    ],
)
def test_art_of_something_near_is_told_as_guessed(prompt: str, word: str) -> None:
    assert member(prompt, word).guessed


def test_a_hand_alone_is_missing_with_what_it_does() -> None:
    told = missing("A close-up of a hand writing a letter with a quill")
    assert told == [("hand", "noun"), ("writing", "verb")]


@pytest.mark.parametrize(
    ("prompt", "action"),
    [
        ("A woman who smiles drinks tea", Action.DRINK),
        ("A girl who never smiles drinks tea", Action.DRINK),
        ("A robot holds a flower and looks at the camera", Action.LOOK),
        ("A man holds a cup and drinks", Action.DRINK),
    ],
)
def test_the_second_verb_is_done_too(prompt: str, action: Action) -> None:
    assert read_intent(prompt, seed=1).cast.members[0].action is action


def test_a_thing_to_which_something_was_done_does_nothing() -> None:
    assert member("A cake decorated with strawberries", "cake").action is None


def test_who_smiles_is_on_screen() -> None:
    assert member("A baby smiles and waves", "baby").action is Action.WAVE


def test_who_follows_whom_in_chinese() -> None:
    members = read_intent("一只黑猫跟在她身后", seed=1).cast.members
    assert [(one.word, one.action, one.target) for one in members] == [
        ("黑猫", Action.CHASE, 1),
        ("她", None, None),
    ]
    assert members[1].guessed
