"""The router: the first engine that can make the whole video."""

from __future__ import annotations

from fractions import Fraction

import pytest

from kirin.domain.storyboard import Shot, Storyboard
from kirin.engines.base import Reason
from kirin.engines.router import Router
from kirin.engines.scripted import ScriptedEngine
from kirin.errors import NoEngine

BOARD = Storyboard("m", 64, 36, Fraction(24), (Shot("a lake", 1),))


class Able(ScriptedEngine):
    """An engine with reasons against everything, as many as it was given."""

    def __init__(self, name: str, *reasons: str) -> None:
        self.name = name
        self.reasons = [Reason("sound", reason) for reason in reasons]

    def unsupported(self, storyboard: Storyboard) -> list[Reason]:
        return self.reasons


def test_the_first_that_can_is_chosen() -> None:
    router = Router([Able("a", "no"), Able("b"), Able("c")])
    assert router.choose(BOARD).name == "b"
    assert router.refusals(BOARD) == []


def test_the_preferred_one_is_asked_first() -> None:
    router = Router([Able("a"), Able("b"), Able("c", "no")])
    assert router.choose(BOARD, "b").name == "b"
    assert router.choose(BOARD, "c").name == "a"
    assert router.choose(BOARD, "elsewhere").name == "a"


def test_where_none_can_the_shortest_list_of_reasons_counts() -> None:
    router = Router([Able("a", "no", "never"), Able("b", "not today")])
    assert [reason.message for reason in router.refusals(BOARD)] == ["not today"]
    with pytest.raises(NoEngine, match="not today"):
        router.choose(BOARD)


def test_no_engine_is_a_reason() -> None:
    assert [reason.field for reason in Router([]).refusals(BOARD)] == ["model"]
    with pytest.raises(NoEngine, match="no engine"):
        Router([]).choose(BOARD)
