"""Who and what a prompt adds to a given video, and who is in it already."""

from __future__ import annotations

import pytest

from kirin.domain.cast import Heading, Missing
from kirin.domain.edit import Entrance, Remoteness
from kirin.prompt.edits import read_edit


def added(prompt: str) -> list[str]:
    """The concepts that a prompt adds."""
    return [member.concept for member in read_edit(prompt).added.cast.members]


@pytest.mark.parametrize(
    ("prompt", "concepts"),
    [
        ("Add a dog", ["dog"]),
        ("add a dog and a cat", ["dog", "cat"]),
        ("please put two rabbits on the grass", ["rabbit"]),
        ("add the moon", ["full-moon"]),
        ("add a red balloon floating above the house", ["balloon"]),
        ("add a dog wearing a hat", ["dog", "womans-hat"]),
        ("add a cat sitting on a chair", ["cat", "chair"]),
        ("make it night, remove the car and add a dog", ["dog"]),
        ("add <<<element_1>>> and a dog", ["dog"]),
        ("a bird flies across", ["bird"]),
        ("a hot-air balloon rises behind the house", ["hot-air-balloon"]),
        ("a woman walks in from the left", ["woman-standing"]),
        ("an astronaut appears on the right", ["astronaut-standing"]),
        ("make a dog appear", ["dog"]),
        ("加上一只狗", ["dog"]),
        ("添加一个热气球", ["hot-air-balloon"]),
        ("一只鸟飞过天空", ["bird"]),
        ("出现一个宇航员", ["astronaut-standing"]),
        ("一个女人走进来", ["woman-standing"]),
        ("在草地上放一只猫", ["cat"]),
        ("在左边加一只猫和一只狗", ["cat", "dog"]),
        ("让一只鸟飞过天空", ["bird"]),
        ("把一只狗加到画面中", ["dog"]),
    ],
)
def test_words_of_adding_and_entering_add(prompt: str, concepts: list[str]) -> None:
    assert added(prompt) == concepts


@pytest.mark.parametrize(
    "prompt",
    [
        "the dog runs across",
        "his dog walks in",
        "a dog runs",
        "the woman smiles",
        "a quiet street",
        "don't add a dog",
        "no birds fly across",
        "put a hat on the dog",
        "add sunglasses to the man",
        "put a crown on the woman's head",
        "给男人加一副墨镜",
        "replace the car with a horse",
        "remove the dog",
        "add a frobnicator",
        "狗跑过",
        "那只狗跑过",
        "删除狗",
    ],
)
def test_who_is_in_the_video_already_is_not_added(prompt: str) -> None:
    assert added(prompt) == []


def test_a_flock_stays_in_the_air_and_one_bird_is_drawn() -> None:
    flock, bird = read_edit("birds fly across the sky"), read_edit("一只鸟飞过天空")
    assert (len(flock.intent.motion.air), flock.added.cast.members) == (1, ())
    assert (bird.intent.motion.air, len(bird.added.cast.members)) == ((), 1)


@pytest.mark.parametrize(
    ("prompt", "entrance"),
    [
        ("add a dog", Entrance.PRESENT),
        ("add a man walking in the park", Entrance.PRESENT),
        ("insert two kites flying in the sky", Entrance.PRESENT),
        ("add a dragon flying over the city", Entrance.PRESENT),
        ("add a dog running past", Entrance.ACROSS),
        ("a cat appears", Entrance.APPEAR),
        ("a dog runs in from the right", Entrance.IN),
        ("a boy walks into the picture", Entrance.IN),
        ("a red car drives past", Entrance.ACROSS),
        ("a fox crosses the road", Entrance.ACROSS),
        ("a balloon rises behind the hill", Entrance.PATH),
        ("出现一只狗", Entrance.APPEAR),
        ("一只狗跑进来", Entrance.IN),
        ("一辆汽车驶过", Entrance.ACROSS),
        ("一个热气球升起", Entrance.PATH),
    ],
)
def test_how_somebody_comes_in(prompt: str, entrance: Entrance) -> None:
    (addition,) = read_edit(prompt).added.additions
    assert addition.entrance is entrance


@pytest.mark.parametrize(
    ("prompt", "side", "remoteness", "heading"),
    [
        ("add a dog on the left", -1, None, None),
        ("add a dog in the middle", 0, None, None),
        ("an astronaut appears on the right side", 1, None, None),
        ("add a tree in the background", None, Remoteness.FAR, None),
        ("add a cat in the foreground", None, Remoteness.NEAR, None),
        ("a woman walks in from the left", None, None, Heading.RIGHT),
        ("a dog runs in from the right", None, None, Heading.LEFT),
        ("在左边加一只猫", -1, None, None),
        ("在远处加一棵树", None, Remoteness.FAR, None),
        ("一个女人从右边走进来", None, None, Heading.LEFT),
    ],
)
def test_where_the_words_put_it(
    prompt: str, side: int | None, remoteness: Remoteness | None, heading: Heading | None
) -> None:
    added_cast = read_edit(prompt).added
    (addition,), (member,) = added_cast.additions, added_cast.cast.members
    assert (addition.side, addition.remoteness) == (side, remoteness)
    assert member.heading is heading


@pytest.mark.parametrize(
    ("prompt", "missing"),
    [
        ("add a dog", ()),
        ("put a cup on the table", (Missing("on the table", "place"),)),
        ("add a dog and a cat next to the car", (Missing("next to the car", "place"),)),
        ("add a rabbit on the grass", ()),
        ("a man walks in and waves", (Missing("waves", "motion"),)),
        ("add a frobnicator", (Missing("frobnicator", "noun"),)),
        ("put a hat on the dog", (Missing("hat", "noun"),)),
        ("在桌子上放一个杯子", (Missing("在桌子上", "place"),)),
        ("出现一个宇航员", ()),
    ],
)
def test_what_is_not_drawn_stays_named(prompt: str, missing: tuple[Missing, ...]) -> None:
    assert read_edit(prompt).intent.motion.missing == missing


def test_those_of_different_clauses_stand_for_themselves() -> None:
    horses, dog = read_edit("add two horses in the distance and a dog").added.cast.members
    assert (horses.anchor, dog.anchor) == (None, None)
    cat, chair = read_edit("add a cat sitting on a chair").added.cast.members
    assert (cat.anchor, chair.concept) == (1, "chair")


def test_what_is_behind_things_of_the_video_says_which() -> None:
    (addition,) = read_edit("a hot-air balloon rises behind the house").added.additions
    assert addition.behind == "behind the house"
