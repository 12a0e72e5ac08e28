"""Rules across parameters and on media: each alone, on made-up models."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kirin.catalogue.media_rules import PointsInside, SameShape, SameSize, matching, same_aspect
from kirin.catalogue.rules import (
    AddsUp,
    AtLeastOne,
    Calls,
    Distinct,
    Excludes,
    IgnoredWith,
    OnlyWith,
    RequiredWith,
    Rule,
)
from kirin.catalogue.structures import Values
from kirin.domain.assets import Asset, AssetKind

WORDS = {"message": "so it is", "rules": ("X-1",)}
ONLY = OnlyWith(params=("tail", "mask"), other="duration", equals=5, **WORDS)
EXCLUDES = Excludes(first=("tail",), second=("mask", "brush"), **WORDS)
ONE = AtLeastOne(params=("image", "tail"), **WORDS)
REQUIRED = RequiredWith(params=("type", "shots"), other="multi", equals=True, **WORDS)
IGNORED = IgnoredWith(params=("prompt",), other="multi", equals=True, **WORDS)
SUM = AddsUp(list="shots", field="seconds", total="duration", **WORDS)
DISTINCT = Distinct(list="shots", field="index", **WORDS)
CALLS = Calls(params=("prompt", "shots[].prompt"), list="cast", **WORDS)

SIDES = st.integers(300, 5000)


def picture(width: int, height: int) -> Asset:
    return Asset("0" * 64, AssetKind.IMAGE, "image/png", 100, width, height)


def shots(*seconds: int) -> list[Values]:
    return [{"index": number, "seconds": length} for number, length in enumerate(seconds)]


@pytest.mark.parametrize(
    ("rule", "values", "wrong"),
    [
        (ONLY, {"tail": "a", "duration": 5}, []),
        (ONLY, {"tail": "a", "mask": "b", "duration": 10}, ["tail", "mask"]),
        (ONLY, {"duration": 10}, []),
        (ONLY, {"tail": "a"}, []),
        (EXCLUDES, {"tail": "a"}, []),
        (EXCLUDES, {"mask": "a", "brush": "b"}, []),
        (EXCLUDES, {"tail": "a", "brush": "b"}, ["tail"]),
        (ONE, {"image": "a"}, []),
        (ONE, {"tail": "a"}, []),
        (ONE, {}, ["image"]),
        (REQUIRED, {"multi": False}, []),
        (REQUIRED, {}, []),
        (REQUIRED, {"multi": True}, ["type", "shots"]),
        (REQUIRED, {"multi": True, "type": "a", "shots": []}, []),
        (CALLS, {"prompt": "<<<element_1>>> and <<<element_2>>>", "cast": [1, 2]}, []),
        (CALLS, {"prompt": "<<<element_1>>> and <<<element_3>>>", "cast": [1, 2]}, ["prompt"]),
        (CALLS, {"prompt": "<<<element_0>>>", "cast": [1]}, ["prompt"]),
        (CALLS, {"prompt": "<<<element_1>>>"}, ["prompt"]),
        (CALLS, {"prompt": "<<<element_x>>> << <<<element_>>>"}, []),
        (CALLS, {"shots": [{"prompt": "a"}, {"prompt": "<<<element_1>>>"}]}, ["shots[1].prompt"]),
        (SUM, {"shots": shots(2, 3), "duration": 5}, []),
        (SUM, {"shots": shots(2, 2), "duration": 5}, ["shots"]),
        (SUM, {"shots": shots(6), "duration": 5}, ["shots[0].seconds", "shots"]),
        (SUM, {"shots": [{}], "duration": 5}, []),
        (SUM, {"duration": 5}, []),
        (DISTINCT, {"shots": shots(1, 1)}, []),
        (DISTINCT, {"shots": [{"index": 1}, {"index": 2}, {"index": 1}]}, ["shots[2].index"]),
        (DISTINCT, {"shots": [{}, {}]}, []),
    ],
    ids=repr,
)
def test_rules_across_parameters(rule: Rule, values: Values, wrong: list[str]) -> None:
    problems = list(rule.check(values))
    assert [problem.param for problem in problems] == wrong
    assert all(problem.rules == ("X-1",) for problem in problems)
    assert all("so it is" in problem.message for problem in problems)
    assert isinstance(rule.describe()["kind"], str)


def test_what_is_ignored() -> None:
    assert IGNORED.ignored({"multi": True}) == ("prompt",)
    assert IGNORED.ignored({"multi": False}) == ()
    assert IGNORED.ignored({}) == ()


def test_media_are_found_by_pattern_in_their_order() -> None:
    media = {
        "masks[1].mask": picture(2, 2),
        "masks[0].mask": picture(1, 1),
        "masks[0].other": picture(3, 3),
        "image": picture(4, 4),
    }
    found = [path for path, _ in matching(("image", "masks[].mask"), media)]
    assert found == ["image", "masks[1].mask", "masks[0].mask"]


def test_unknown_media_break_nothing_yet() -> None:
    shape = SameShape(params=("mask",), other="image", **WORDS)
    size = SameSize(params=("mask", "still"), **WORDS)
    points = PointsInside(list="brush", points="path", other="image", **WORDS)
    far_out = {"brush": [{"path": [{"x": -1, "y": 10**9}]}]}
    for media in ({}, {"mask": picture(1, 2)}):
        assert list(shape.check({}, media)) == []
        assert list(size.check({}, media)) == []
        assert list(points.check(far_out, media)) == []
    assert len(list(points.check(far_out, {"image": picture(9, 9)}))) == 1


@given(SIDES, SIDES, st.integers(1, 40))
def test_a_picture_scaled_down_and_rounded_keeps_its_aspect(
    width: int, height: int, divisor: int
) -> None:  # I2V-7
    small = picture(max(1, round(width / divisor)), max(1, round(height / divisor)))
    assert same_aspect(small, picture(width, height))
    assert same_aspect(picture(width, height), picture(width, height))


@given(SIDES, SIDES, st.integers(2, 300), st.booleans())
def test_a_side_off_by_more_than_a_pixel_is_another_aspect(
    width: int, height: int, off: int, wider: bool
) -> None:  # I2V-7
    # The longer side is changed: by the shorter one a small change is less than a pixel.
    longer = off + 1 + max(width, height) // min(width, height)
    other = picture(width + longer, height) if wider else picture(width, height + longer)
    stretched = abs(other.width * height / width - other.height) > 1
    squeezed = abs(other.height * width / height - other.width) > 1
    assert same_aspect(other, picture(width, height)) is not (stretched and squeezed)
