"""Parameters as data: what each kind takes, gives back, and says when it refuses."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kirin.catalogue.parameters import (
    MISSING,
    Choice,
    Flag,
    Integer,
    Number,
    Parameter,
    Seconds,
    Text,
    whole_seconds,
)
from kirin.catalogue.shown_values import json_type, shown
from kirin.catalogue.structures import MOST_UNKNOWN, Group, ListOf, check_fields
from kirin.errors import Problem

TEXT = Text(name="t", description="", min_length=1, max_length=5, rules=("C-4",))
CHOICE = Choice(name="c", description="", options=("std", "pro"))
FLAG = Flag(name="f", description="")
NUMBER = Number(name="n", description="", min=0, max=1)
INTEGER = Integer(name="i", description="", min=-(2**63), max=2**63 - 1)
SECONDS = Seconds(name="s", description="", options=(5, 10))
POINT = ListOf(
    name="points",
    description="",
    min_items=1,
    max_items=2,
    fields=(Number(name="x", description="", required=True, rules=("I2V-6",)),),
)
PAIR = Group(name="pair", description="", fields=(FLAG, NUMBER), in_list=True)


def checked(parameter: Parameter, value: object) -> tuple[Any, list[Problem]]:
    problems: list[Problem] = []
    return parameter.check(value, "here", problems), problems


@pytest.mark.parametrize(
    ("parameter", "value", "canonical"),
    [
        (TEXT, "abcde", "abcde"),
        (TEXT, " a ", " a "),
        (TEXT, "🐴🐴🐴🐴🐴", "🐴🐴🐴🐴🐴"),
        (CHOICE, "pro", "pro"),
        (FLAG, True, True),
        (FLAG, False, False),
        (NUMBER, 0, 0.0),
        (NUMBER, 1, 1.0),
        (NUMBER, 0.25, 0.25),
        (INTEGER, 829836802793406551, 829836802793406551),
        (INTEGER, 2**63 - 1, 2**63 - 1),
        (INTEGER, -(2**63), -(2**63)),
        (SECONDS, "5", 5),
        (SECONDS, 10.0, 10),
        (POINT, [{"x": 1}], [{"x": 1.0}]),
        (PAIR, {"f": True}, {"f": True}),
        (PAIR, [{"n": 1}], {"n": 1.0}),
        (PAIR, {"f": None}, {}),
    ],
    ids=repr,
)
def test_good_values_in_canonical_form(
    parameter: Parameter, value: object, canonical: object
) -> None:
    found, problems = checked(parameter, value)
    assert problems == []
    assert found == canonical
    assert type(found) is type(canonical)


@pytest.mark.parametrize(
    ("parameter", "value", "code"),
    [
        (TEXT, "abcdef", "too_long"),
        (TEXT, "", "too_short"),
        (TEXT, " \n", "too_short"),
        (TEXT, "a\x00b", "invalid_text"),
        (TEXT, "\ud800", "invalid_text"),
        (TEXT, 5, "wrong_type"),
        (TEXT, ["a"], "wrong_type"),
        (CHOICE, "Std", "not_an_option"),
        (CHOICE, True, "wrong_type"),
        (FLAG, "true", "wrong_type"),
        (FLAG, 1, "wrong_type"),
        (FLAG, 0, "wrong_type"),
        (NUMBER, -0.01, "out_of_range"),
        (NUMBER, 1.01, "out_of_range"),
        (NUMBER, float("nan"), "not_finite"),
        (NUMBER, float("inf"), "not_finite"),
        (NUMBER, 10**400, "not_finite"),
        (NUMBER, True, "wrong_type"),
        (NUMBER, "0.5", "wrong_type"),
        (INTEGER, 2**63, "out_of_range"),
        (INTEGER, -(2**63) - 1, "out_of_range"),
        (INTEGER, 5.0, "wrong_type"),
        (INTEGER, True, "wrong_type"),
        (INTEGER, "5", "wrong_type"),
        (SECONDS, "5.5", "not_an_option"),
        (SECONDS, 7, "not_an_option"),
        (SECONDS, float("nan"), "not_an_option"),
        (SECONDS, float("inf"), "not_an_option"),
        (SECONDS, 10**400, "not_an_option"),
        (SECONDS, True, "wrong_type"),
        (POINT, {"x": 1}, "wrong_type"),
        (POINT, [], "wrong_count"),
        (POINT, [{"x": 1}] * 3, "wrong_count"),
        (PAIR, [{}, {}], "wrong_type"),
        (PAIR, "on", "wrong_type"),
    ],
    ids=repr,
)
def test_wrong_values(parameter: Parameter, value: object, code: str) -> None:
    found, problems = checked(parameter, value)
    assert found is MISSING
    (problem,) = problems
    assert (problem.param, problem.code, problem.rules) == ("here", code, parameter.rules)
    assert problem.message
    assert len(problem.message) < 200


def test_a_refusal_says_what_was_given_and_what_is_taken() -> None:
    messages = [checked(p, v)[1][0].message for p, v in [(NUMBER, "0.5"), (CHOICE, "fast")]]
    assert messages == [
        "must be a number from 0 to 1, not a JSON string ('0.5')",
        "must be 'std' or 'pro', not 'fast'",
    ]


def test_all_that_is_wrong_inside_a_list_is_told_with_its_place() -> None:
    _, problems = checked(POINT, [{"y": 1}, 7])
    assert [(p.param, p.code) for p in problems] == [
        ("here[0].y", "unknown_parameter"),
        ("here[0].x", "required"),
        ("here[1]", "wrong_type"),
    ]


def test_a_group_in_a_list_is_told_with_its_place() -> None:
    assert checked(PAIR, {"n": 2})[1][0].param == "here.n"
    assert checked(PAIR, [{"n": 2}])[1][0].param == "here[0].n"


def test_unknown_names_are_told_one_by_one_up_to_a_number() -> None:  # C-9
    problems: list[Problem] = []
    names = {f"x{number}": 1 for number in range(MOST_UNKNOWN + 3)}
    assert check_fields((NUMBER,), names, "", problems) == {}
    assert len(problems) == MOST_UNKNOWN + 1
    assert problems[-1].message == "3 more parameters are unknown"


def test_defaults_are_filled_in_and_null_is_not_given() -> None:
    fields = (Number(name="a", description="", default=0.5), Flag(name="b", description=""))
    for given_ in ({}, {"a": None, "b": None}):
        problems: list[Problem] = []
        assert check_fields(fields, given_, "", problems) == {"a": 0.5}
        assert problems == []


@given(st.integers(0, 10**8 - 1))
def test_whole_seconds_in_all_their_spellings(number: int) -> None:  # C-5
    for spelling in (number, float(number), str(number), f"{number}.0", f"0{number}.00"):
        assert whole_seconds(spelling) == number


@given(st.text(), st.floats())
def test_whole_seconds_of_anything(text: str, number: float) -> None:  # C-5
    for found in (whole_seconds(text), whole_seconds(number)):
        assert found is None or type(found) is int


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_fraction_of_a_second_is_no_whole_one(number: float) -> None:  # C-5
    assert whole_seconds(number) == (int(number) if number == int(number) else None)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (True, "boolean"),
        (1, "integer"),
        (1.5, "number"),
        ("a", "string"),
        ({}, "object"),
        ([], "array"),
        (None, "null"),
    ],
)
def test_json_names_of_types(value: object, name: str) -> None:
    assert json_type(value) == name


@given(st.text())
def test_what_a_message_repeats_is_short_and_on_one_line(text: str) -> None:
    assert len(shown(text)) <= 43
    assert "\n" not in shown(text)


def test_what_takes_may_say() -> None:
    assert Seconds(name="s", description="", options=tuple(range(3, 16))).takes() == (
        "whole seconds from 3 to 15, as a string or a number"
    )
    assert SECONDS.takes() == "5 or 10 seconds, as a string or a number"
    assert Number(name="n", description="").takes() == "a number"
