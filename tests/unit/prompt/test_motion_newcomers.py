"""Who is new to a given picture: no other thing of the picture may do what they are to do."""

from __future__ import annotations

import pytest

from kirin.domain.motion import PictureMotion
from kirin.prompt.reader import read_intent


def read(prompt: str) -> PictureMotion:
    return read_intent(prompt, drawn=False).motion


def told(motion: PictureMotion) -> list[str]:
    return [f"{each.kind} {each.word}" for each in motion.missing]


@pytest.mark.parametrize(
    ("prompt", "missing"),
    [
        ("a ship sails by on the horizon", ["noun ship", "motion sails"]),
        ("a plane flies overhead, static camera", ["noun plane", "motion flies overhead"]),
        ("a balloon rises, static camera", ["noun balloon", "motion rises"]),
        ("a red and white balloon rises", ["noun balloon", "motion rises"]),
        ("a balloon floats by", ["noun balloon", "motion floats by"]),
        ("a small old wooden ship sails past the rocks", ["noun ship", "motion sails"]),
        ("a train passes", ["noun train", "motion passes"]),
        ("another car pulls up", ["noun car", "motion pulls up"]),
        ("two ships sail along the coast", ["noun ships", "motion sail"]),
        ("a few boats sail by", ["noun boats", "motion sail"]),
        ("planes fly overhead", ["noun planes", "motion fly overhead"]),
        ("a rocket on a launch pad lifts off", ["noun rocket", "motion lifts off"]),
        ("an apple falls", ["noun apple", "motion falls"]),
        ("a zeppelin drifts by", ["noun zeppelin", "motion drifts by"]),
        ("a boat drifts down the stream", ["noun boat", "motion drifts down"]),
        ("a horse gallops past", ["noun horse", "motion gallops"]),
        ("一艘船驶过", ["noun 船", "motion 驶过"]),
        ("一架飞机飞过天空", ["noun 飞机", "motion 飞过"]),
        ("一个气球升起", ["noun 气球", "motion 升起"]),
        ("几只气球飘过", ["noun 气球", "motion 飘过"]),
        ("一辆红色汽车驶离", ["noun 汽车", "motion 驶离"]),
    ],
)
def test_a_thing_that_is_not_called_known_is_missing(prompt: str, missing: list[str]) -> None:
    motion = read(prompt)
    assert not motion
    assert told(motion) == missing


@pytest.mark.parametrize(
    ("prompt", "deed"),
    [
        ("the ship sails away", "ship leave"),
        ("the ship sails by on the horizon", "ship leave"),
        ("her red balloon rises", "balloon rise"),
        ("the girl's balloon floats away", "balloon rise"),
        ("one of the balloons rises", "balloons rise"),
        ("a boat on a lake. The boat sails away", "boat leave"),
        ("a rocket on the pad, it lifts off", "rocket lift_off"),
        ("a rocket stands on the pad and lifts off", "rocket lift_off"),
        ("a boat rocks on the lake", "boat rock"),
        ("a helicopter hovers", "helicopter float"),
        ("a man floats up", "man rise"),
        ("火箭升空", "火箭 lift_off"),
        ("那艘船驶过", "船 leave"),
    ],
)
def test_what_is_known_or_shown_or_stays_goes_on_as_it_is(prompt: str, deed: str) -> None:
    motion = read(prompt)
    assert [f"{each.word} {each.motion}" for each in motion.body] == [deed]
    assert not motion.missing


@pytest.mark.parametrize(
    "prompt",
    [
        "a ship appears on the horizon, then it sails away",
        "a ship appears and the ship sails away",
        "add a ship, the ship sails away",
    ],
)
def test_who_has_come_in_is_still_new(prompt: str) -> None:
    motion = read(prompt)
    assert not motion.body
    assert {"noun ship", "motion sails away"} <= set(told(motion))


@pytest.mark.parametrize("prompt", ["the moon rises behind the tower", "a comet falls"])
def test_what_is_in_the_sky_is_never_the_subject(prompt: str) -> None:
    motion = read(prompt)
    assert not motion.body
    assert len(motion.missing) == 1


def test_a_sky_that_something_crosses_does_not_move_for_it() -> None:
    assert not read("飞机飞过天空").matter
    assert [each.word for each in read("飘过一朵云").matter] == ["云"]
