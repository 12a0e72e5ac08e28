"""Camera directions as people type them: how many are read right."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from kirin.domain.intent import Direction, Speed
from kirin.prompt.clauses import normalise
from kirin.prompt.direction import read_direction

CASES: list[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("direction_cases.toml").read_text("utf-8")
)["case"]
NAMED = [case for case in CASES if case.get("named")]


def spell(direction: Direction) -> str:
    """As in the file."""
    if direction.default:
        return "default"
    words = []
    for step in direction.steps:
        word = step.move.value
        if step.speed is not Speed.NORMAL:
            word += f":{step.speed.value}"
        if step.degrees:
            word += f"/{step.degrees}"
        if (step.start, step.end) != (0.0, 1.0):
            word += f"@{step.start:.2g}-{step.end:.2g}"
        words.append(word)
    return " ".join(words) or "static"


def read(case: dict[str, Any]) -> str:
    return spell(read_direction(normalise(case["prompt"])))


def test_the_file_holds_enough_of_both_languages() -> None:
    chinese = [case for case in CASES if re.search("[\u4e00-\u9fff]", case["prompt"])]
    assert len(CASES) >= 90
    assert len(chinese) >= 30


def test_nearly_all_directions_are_read_right() -> None:
    wrong = [f"{case['prompt']}: {read(case)}" for case in CASES if read(case) != case["moves"]]
    assert len(wrong) <= 0.05 * len(CASES), "\n".join(wrong)


@pytest.mark.parametrize("case", NAMED, ids=[case["prompt"] for case in NAMED])
def test_what_was_read_wrong_once_is_read_right(case: dict[str, Any]) -> None:
    assert read(case) == case["moves"]
