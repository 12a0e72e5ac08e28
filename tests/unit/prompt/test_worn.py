"""What is worn: hats and glasses are drawn, clothes are told as missing and drawn nowhere."""

from __future__ import annotations

import pytest

from kirin.domain.cast import Relation
from kirin.prompt.reader import read_intent


@pytest.mark.parametrize(
    ("prompt", "members", "missing"),
    [
        ("A woman wearing a red dress walks in a park", ["woman"], ["red dress"]),
        ("A woman in a red dress walks in a park", ["woman"], ["red dress"]),
        ("A man in blue jeans and a white shirt", ["man"], ["blue jeans", "white shirt"]),
        ("A girl in a kimono", ["girl"], ["kimono"]),
        ("A woman in a sari and socks", ["woman"], ["sari", "socks"]),
        ("A giraffe wearing a scarf", ["giraffe"], ["scarf"]),
        ("A woman with gloves and boots", ["woman"], ["gloves", "boots"]),
        ("A man wearing a backpack hikes", ["man"], ["backpack"]),
        ("A man wrapped in a blanket", ["man"], ["blanket"]),
        (
            "A scientist in a lab coat holds a test tube",
            ["scientist", "test tube"],
            ["lab coat"],
        ),
        ("A woman wears a black coat and a hat", ["woman", "hat"], ["black coat"]),
        ("穿红裙子的女孩在公园里跑步", ["女孩"], ["红裙"]),
        ("一个穿着旗袍的女人", ["女人"], ["旗袍"]),
    ],
)
def test_clothes_are_missing_and_drawn_nowhere(
    prompt: str, members: list[str], missing: list[str]
) -> None:
    cast = read_intent(prompt, seed=4).cast
    assert [each.word for each in cast.members] == members
    assert [(each.word, each.kind) for each in cast.missing] == [(each, "noun") for each in missing]


@pytest.mark.parametrize(
    ("prompt", "word"),
    [
        ("a dog wearing sunglasses", "sunglasses"),
        ("a man with a top hat", "top hat"),
        ("a king wearing a crown", "crown"),
        ("a girl wearing headphones dances", "headphones"),
        ("a worker wearing a helmet", "helmet"),
        ("戴帽子的男人", "帽子"),
    ],
)
def test_what_is_worn_on_a_head_is_drawn_there(prompt: str, word: str) -> None:
    cast = read_intent(prompt, seed=4).cast
    (worn,) = (each for each in cast.members if each.word == word)
    assert worn.relation is Relation.WEARING
    assert cast.missing == ()


@pytest.mark.parametrize(
    ("prompt", "word", "relation", "anchor"),
    [
        ("A woman in a red dress under a tree", "woman", Relation.UNDER, "tree"),
        ("A man in a hat on a horse", "man", Relation.ON, "horse"),
        ("A woman in a coat and a hat holds an umbrella", "umbrella", Relation.HOLDING, "woman"),
        ("A girl in boots next to a snowman", "girl", Relation.BESIDE, "snowman"),
    ],
)
def test_where_the_clothes_are_is_where_the_wearer_is(
    prompt: str, word: str, relation: Relation, anchor: str
) -> None:
    members = read_intent(prompt, seed=4).cast.members
    (one,) = (each for each in members if each.word == word)
    assert one.relation is relation
    assert one.anchor is not None
    assert members[one.anchor].word == anchor


@pytest.mark.parametrize(
    ("prompt", "word"),
    [
        ("a red dress on a bed", "dress"),
        ("a red sneaker on a white background", "sneaker"),
        ("a girl holding a scarf", "scarf"),
    ],
)
def test_clothes_that_nobody_wears_are_things(prompt: str, word: str) -> None:
    assert word in {each.word for each in read_intent(prompt, seed=4).cast.members}
