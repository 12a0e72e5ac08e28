"""Negations: they reach over one noun phrase, or a list of them, and no further."""

from __future__ import annotations

import pytest

from kirin.domain.cast import Cast
from kirin.domain.intent import Time
from kirin.prompt.reader import read_intent


def told(cast: Cast) -> list[str]:
    """Each member with its action and the member it aims at or has its place by."""
    words = [each.word for each in cast.members]
    return [
        " ".join(
            [each.word]
            + ([each.action.value] if each.action else [])
            + ([words[each.target]] if each.target is not None else [])
            + ([each.relation.value] if each.relation else [])
            + ([words[each.anchor]] if each.anchor is not None else [])
        )
        for each in cast.members
    ]


@pytest.mark.parametrize(
    ("prompt", "members"),
    [
        ("A dog without a collar chases a red ball", ["dog chase ball", "ball"]),
        ("A dog without a collar or a leash chases a ball", ["dog chase ball", "ball"]),
        ("A car without a driver passes a bus", ["car drive bus", "bus"]),
        ("Two cars without drivers pass a bus", ["cars drive bus", "bus"]),
        ("A house without windows stands next to a tree", ["house beside tree", "tree"]),
        ("A cat with no tail sleeps on a sofa", ["cat sleep on sofa", "sofa"]),
        ("A cat that has no tail sleeps on a sofa", ["cat sleep on sofa", "sofa"]),
        ("A dog without a collar running in the park", ["dog run"]),
        ("A boy without a ball and a girl with a kite", ["boy", "girl", "kite holding girl"]),
        ("A girl without shoes and socks plays the piano", ["girl play piano", "piano"]),
        ("No people walking in the park, a dog runs", ["dog run"]),
        (
            "A street free of cars at night, a cat sleeps on a bench",
            ["cat sleep on bench", "bench"],
        ),
        ("A man not wearing a hat walks his dog", ["man walk dog", "dog"]),
        ("No dog barks", []),
        ("A boy without an umbrella runs", ["boy run"]),
        ("A cup without a handle falls", ["cup fall"]),
        ("A knight without fear fights a dragon", ["knight fight dragon", "dragon"]),
        ("A woman without makeup applies lipstick", ["woman", "lipstick"]),
        ("一只没有项圈的狗追一个红球", ["狗 chase 球", "球"]),
        ("一只狗没有项圈追一个红球", ["狗 chase 球", "球"]),
        ("男人没有帽子走在街上", ["男人 walk"]),
        ("一个不戴帽子的男人在吃苹果", ["男人 eat 苹果", "苹果"]),
        ("女孩没穿鞋子走在沙滩上", ["女孩 walk"]),
        ("没有人走路", []),
        ("无数星星在闪烁", ["星星 glow"]),
    ],
)
def test_a_negation_ends_with_its_noun_phrase(prompt: str, members: list[str]) -> None:
    assert told(read_intent(prompt, seed=1).cast) == members


def test_what_follows_a_negation_is_all_told() -> None:
    prompt = "A man without a hat hands a blue book to a girl under a cherry tree"
    cast = read_intent(prompt, seed=1).cast
    assert [each.word for each in cast.members] == ["man", "blue book", "girl", "cherry tree"]
    assert ("hands", "verb") in [(each.word, each.kind) for each in cast.missing]


def test_the_light_after_a_negation_counts() -> None:
    assert read_intent("A beach without people at night", seed=1).scene.time is Time.NIGHT
    assert read_intent("A street without night", seed=1).scene.time is not Time.NIGHT
