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
