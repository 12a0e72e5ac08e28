"""Ranges of what operators store: each value fits its column, on either database."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import Connection

from kirin.accounts import administration, ledger
from kirin.accounts.checks import MOST_COUNT, percentage
from kirin.accounts.limits import Limits
from kirin.domain.money import MOST
from kirin.errors import InvalidParameters

SERVER = administration.SERVER


def refused(error: pytest.ExceptionInfo[InvalidParameters]) -> list[str]:
    return [problem.param for problem in error.value.problems]


def test_the_largest_values_are_stored(connection: Connection) -> None:
    limits = Limits(MOST_COUNT, MOST_COUNT, MOST_COUNT, MOST)
    made = administration.create_account(
        connection, SERVER, "n" * 128, 1, discount_percent=Decimal("100.00"), limits=limits
    )
    assert administration.account(connection, made.id).limits == limits
    administration.create_key(connection, SERVER, made, "k" * 128, 1, limits=limits)
    administration.top_up(
        connection, SERVER, made, MOST, 1, reference="r" * 128, note="\U0001f434" * 512
    )
    assert ledger.balance(connection, made.id).available == 10**15


@pytest.mark.parametrize(
    ("limits", "param"),
    [
        (Limits(requests_per_minute=0), "limits.requests_per_minute"),
        (Limits(requests_per_minute=MOST_COUNT + 1), "limits.requests_per_minute"),
        (Limits(unfinished_tasks=-1), "limits.unfinished_tasks"),
        (Limits(queued_tasks=10**30), "limits.queued_tasks"),
        (Limits(daily_spend=MOST + 1), "limits.daily_spend"),
        (Limits(daily_spend=Decimal("-0.01")), "limits.daily_spend"),
        (Limits(daily_spend=Decimal("0.0000001")), "limits.daily_spend"),
        (Limits(daily_spend=Decimal("NaN")), "limits.daily_spend"),
    ],
)
def test_limits_beyond_their_columns(connection: Connection, limits: Limits, param: str) -> None:
    made = administration.create_account(connection, SERVER, "a", 1)
    key, _ = administration.create_key(connection, SERVER, made, "k", 1)
    for action in (
        lambda: administration.create_account(connection, SERVER, "b", 1, limits=limits),
        lambda: administration.create_key(connection, SERVER, made, "k", 1, limits=limits),
        lambda: administration.limit_key(connection, SERVER, key.id, limits, 1),
    ):
        with pytest.raises(InvalidParameters) as error:
            action()
        assert refused(error) == [param]


@pytest.mark.parametrize("amount", ["1000000000.01", "-1000000001", "1E+30", "Infinity", "1E-7"])
def test_a_top_up_beyond_the_column(connection: Connection, amount: str) -> None:
    made = administration.create_account(connection, SERVER, "a", 1)
    with pytest.raises(InvalidParameters) as error:
        administration.top_up(connection, SERVER, made, Decimal(amount), 1)
    assert refused(error) == ["amount"]


def test_a_balance_beyond_the_column(connection: Connection) -> None:
    made = administration.create_account(connection, SERVER, "a", 1)
    for _ in range(10):
        administration.top_up(connection, SERVER, made, MOST, 1)
    with pytest.raises(InvalidParameters) as error:
        administration.top_up(connection, SERVER, made, Decimal("0.0001"), 1)
    assert refused(error) == ["amount"]
    assert "at most 10000000000.0000" in error.value.message
    assert ledger.balance(connection, made.id).available == ledger.MOST_BALANCE
    # What was held before the account was filled up is released all the same.
    administration.top_up(connection, SERVER, made, Decimal(-1), 1)
    ledger.hold(connection, made.id, "task", 1_000_000, 1, granted=False)
    ledger.settle(connection, "task", None, 2)


@pytest.mark.parametrize("name", ["", "n" * 129, "a\0b", "a\ud800b"])
def test_names_beyond_their_column(connection: Connection, name: str) -> None:
    with pytest.raises(InvalidParameters) as error:
        administration.create_account(connection, SERVER, name, 1)
    assert refused(error) == ["name"]


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("12.5", "12.5"),
        ("12.50", "12.50"),
        ("0", "0"),
        ("1E+2", "100"),
        ("12.50000000000", "12.50"),
        ("0E-10", "0.00"),
    ],
)
def test_a_discount_is_stored_in_few_characters(given: str, stored: str) -> None:
    assert str(percentage(Decimal(given))) == stored


@pytest.mark.parametrize("given", ["-0.01", "100.01", "12.345", "1E-30", "NaN", "Infinity"])
def test_what_is_no_discount(given: str) -> None:
    with pytest.raises(InvalidParameters):
        percentage(Decimal(given))
