"""The router: the first engine that can make the whole video."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest

from kirin.domain.storyboard import Shot, Storyboard
from kirin.engines.base import UnsupportedFeature
from kirin.engines.router import AnyEngine, Router
from kirin.engines.scripted import ScriptedEngine
from kirin.errors import NoEngine

BOARD = Storyboard("m", 64, 36, Fraction(24), (Shot("a lake", 1),))


class Able(ScriptedEngine):
    """An engine with reasons against everything, as many as it was given."""

    def __init__(self, name: str, *reasons: str) -> None:
        self.name = name
        self.reasons = [UnsupportedFeature("sound", reason) for reason in reasons]

    def unsupported(self, storyboard: Storyboard) -> list[UnsupportedFeature]:
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


def test_who_does_not_make_the_model_at_all_has_no_say_beside_one_that_does() -> None:
    other = Able("a")
    other.reasons = [UnsupportedFeature("model", "not mine")]
    refusals = Router([other, Able("b", "no", "never")]).refusals(BOARD)
    assert [reason.message for reason in refusals] == ["no", "never"]


def test_no_engine_is_a_reason() -> None:
    assert [reason.field for reason in Router([]).refusals(BOARD)] == ["model"]
    with pytest.raises(NoEngine, match="no engine"):
        Router([]).choose(BOARD)


def several() -> list[AnyEngine]:
    return [Able("a"), Able("b"), Able("c")]


def names(engines: Sequence[AnyEngine]) -> list[str]:
    return [engine.name for engine in engines]


def test_a_route_says_which_engines_a_model_has_and_in_which_order() -> None:
    router = Router(several(), {"m": [{"c": 1}, {"a": 1}, {"elsewhere": 1}]})
    assert names(router.order(BOARD)) == ["c", "a"]
    assert names(router.order(replace(BOARD, model="other"))) == ["a", "b", "c"]


def test_weights_say_how_often_each_is_asked_first() -> None:
    router = Router(several(), {"m": [{"a": 3, "b": 1}, {"c": 9}]})
    orders = [names(router.order(replace(BOARD, seed=seed))) for seed in range(2000)]
    assert {order[2] for order in orders} == {"c"}
    # Three standard deviations of a share of 3/4 in 2000 are 0.029.
    assert sum(order[0] == "a" for order in orders) / 2000 == pytest.approx(0.75, abs=0.03)


def test_every_process_draws_the_same_order() -> None:
    routers = [Router(several(), {"m": [{"a": 1, "b": 1, "c": 1}]}) for _ in range(2)]
    for seed in range(20):
        board = replace(BOARD, seed=seed)
        assert names(routers[0].order(board)) == names(routers[1].order(board))


def test_an_engine_that_rests_is_asked_last_and_then_tried_again() -> None:
    now = 100.0
    router = Router(several(), rest_seconds=30, now=lambda: now)
    router.mark_unavailable(router.engines[0])
    assert names(router.order(BOARD)) == ["b", "c", "a"]
    assert names(router.order(BOARD, "a")) == ["b", "c", "a"]
    now = 131
    assert names(router.order(BOARD)) == ["a", "b", "c"]


def test_an_engine_that_works_rests_no_longer() -> None:
    router = Router(several(), now=lambda: 0.0)
    router.mark_unavailable(router.engines[0])
    router.mark_available(router.engines[0])
    assert names(router.order(BOARD)) == ["a", "b", "c"]


def test_whoever_may_have_started_is_asked_first_even_at_rest() -> None:
    router = Router(several(), now=lambda: 0.0)
    router.mark_unavailable(router.engines[1])
    assert names(router.order(BOARD, "b", may_have_started=True)) == ["b", "a", "c"]
