"""Which words of a prompt are quoted, and which of those are spoken."""

import pytest

from kirin.prompt.quotations import find_quotations, without_quotations


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ('She says "Come home." and he says "No."', ["Come home.", "No."]),
        ("She says “Come home.”", ["Come home."]),
        ("他说「回家吧」", ["回家吧"]),
        ('nothing "" here " "', []),
        ("it's the dog's bone", []),
    ],
)
def test_quotes_are_found(prompt, words):
    assert [each.words for each in find_quotations(prompt)] == words


@pytest.mark.parametrize(
    ("prompt", "written"),
    [
        ('a sign that reads "OPEN"', True),
        ("招牌写着「开门」", True),
        ('She says "Come home."', False),
        ("他说「回家吧」", False),
    ],
)
def test_lettering_is_not_speech(prompt, written):
    assert [each.written for each in find_quotations(prompt)] == [written]


def test_spoken_words_are_no_part_of_the_scene():
    assert without_quotations('he says "rain" twice').split() == ["he", "says", "twice"]


def test_the_verb_of_a_sign_is_no_action() -> None:
    assert without_quotations('a man holds a sign reading "Stop"').split() == [
        "a",
        "man",
        "holds",
        "a",
        "sign",
    ]
    assert without_quotations('a sign that says "OPEN" shines').split() == ["a", "sign", "shines"]
    assert without_quotations('写着"欢迎"的牌子').split() == ["的牌子"]
    assert without_quotations('a girl reads "Moby Dick" aloud').split()[:2] == ["a", "girl"]


def test_what_a_sign_says_is_lettering_and_what_a_person_says_is_speech() -> None:
    assert [each.written for each in find_quotations('a banner saying "HELLO"')] == [True]
    assert [each.written for each in find_quotations('a woman says "HELLO"')] == [False]
