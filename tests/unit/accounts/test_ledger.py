"""The ledger: double entries that add up, are only added, and settle each task once."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import DatabaseError, IntegrityError

from kirin.accounts import ledger, store
from kirin.accounts.ledger import Balance, Book, TransactionKind
from kirin.accounts.verification import verify
from kirin.database.account_tables import ledger_entries
from kirin.database.engine import Database
from kirin.errors import InsufficientBalance


@pytest.fixture
def account(connection: Connection) -> str:
    return store.ensure_account(connection, "mine", 1)


def fill(connection: Connection, account: str, amount: int, reference: str | None = None) -> None:
    ledger.top_up(connection, account, amount, 1, reference=reference, note="")


def total(connection: Connection) -> int:
    return int(connection.execute(select(func.sum(ledger_entries.c.amount))).scalar() or 0)


def test_a_top_up_is_there_at_once(connection: Connection, account: str) -> None:
    fill(connection, account, 5_000_000)
    assert ledger.balance(connection, account) == Balance(5_000_000, 0)
    assert total(connection) == 0


def test_a_completed_task_takes_its_cost_and_gives_back_the_rest(
    connection: Connection, account: str
) -> None:
    fill(connection, account, 1_000_000)
    ledger.hold(connection, account, "t", 700_000, 2, granted=False)
    assert ledger.balance(connection, account) == Balance(300_000, 700_000)
    ledger.settle(connection, "t", 250_000, 3)
    assert ledger.balance(connection, account) == Balance(750_000, 0)
    story = ledger.page(connection, account, 10)
    assert {transaction.kind: transaction.amounts for transaction in story} == {
        TransactionKind.TOP_UP: {Book.CASH: -1_000_000, Book.AVAILABLE: 1_000_000},
        TransactionKind.HOLD: {Book.AVAILABLE: -700_000, Book.HELD: 700_000},
        TransactionKind.CAPTURE: {
            Book.HELD: -700_000,
            Book.REVENUE: 250_000,
            Book.AVAILABLE: 450_000,
        },
    }


def test_a_failed_task_costs_nothing(connection: Connection, account: str) -> None:
    fill(connection, account, 1_000_000)
    ledger.hold(connection, account, "t", 700_000, 2, granted=False)
    ledger.settle(connection, "t", None, 3)
    assert ledger.balance(connection, account) == Balance(1_000_000, 0)


def test_a_free_server_leaves_the_balance_alone(connection: Connection, account: str) -> None:
    fill(connection, account, 10)
    for task, cost in (("a", 300), ("b", None)):
        ledger.hold(connection, account, task, 500, 2, granted=True)
        assert ledger.balance(connection, account) == Balance(10, 500)
        ledger.settle(connection, task, cost, 3)
    assert ledger.balance(connection, account) == Balance(10, 0)
    by_book = select(ledger_entries.c.book, func.sum(ledger_entries.c.amount))
    rows = connection.execute(by_book.group_by(ledger_entries.c.book))
    sums = {book: amount for book, amount in rows}  # noqa: C416  a row is a tuple, but typed else
    assert (sums["granted"], sums["revenue"]) == (-300, 300)


def test_what_is_not_there_is_not_held(connection: Connection, account: str) -> None:
    fill(connection, account, 200_000)
    with pytest.raises(InsufficientBalance, match=r"takes 0\.2800 USD.*is 0\.2000 USD") as short:
        ledger.hold(connection, account, "t", 280_000, 2, granted=False)
    assert short.value.details == {
        "balance": {"needed": "0.2800", "available": "0.2000", "currency": "USD"},
        "error_code": 40201,
    }
    assert ledger.balance(connection, account) == Balance(200_000, 0)
    ledger.hold(connection, account, "t", 200_000, 2, granted=False)
    with pytest.raises(InsufficientBalance):
        fill(connection, account, -1)


def test_a_task_is_held_and_settled_once(connection: Connection, account: str) -> None:
    fill(connection, account, 1_000_000)
    ledger.hold(connection, account, "t", 100, 2, granted=False)
    with pytest.raises(IntegrityError), connection.begin_nested():
        ledger.hold(connection, account, "t", 100, 2, granted=False)
    ledger.settle(connection, "t", 100, 3)
    for cost in (100, None):
        with pytest.raises(IntegrityError), connection.begin_nested():
            ledger.settle(connection, "t", cost, 3)
    assert ledger.balance(connection, account) == Balance(999_900, 0)


def test_a_task_without_a_hold_is_left_alone(connection: Connection, account: str) -> None:
    ledger.settle(connection, "older than the ledger", 100, 3)
    assert ledger.page(connection, account, 10) == []


def test_a_reference_tops_up_once(connection: Connection, account: str) -> None:
    fill(connection, account, 5, "payment-1")
    with pytest.raises(IntegrityError), connection.begin_nested():
        fill(connection, account, 5, "payment-1")
    assert ledger.balance(connection, account).available == 5


@pytest.mark.parametrize("table", ["ledger_transactions", "ledger_entries", "audit"])
@pytest.mark.parametrize("change", ["UPDATE {} SET account = 'me'", "DELETE FROM {}"])
def test_nothing_that_is_written_changes(
    connection: Connection, account: str, table: str, change: str
) -> None:
    fill(connection, account, 5)
    connection.execute(
        text(
            "INSERT INTO audit (id, at, actor, action, target, details, address, request_id) "
            "VALUES ('a', 1, 'me', 'x', 'y', '{}', '', '')"
        )
    )
    with pytest.raises(DatabaseError, match="append-only"), connection.begin_nested():
        connection.execute(text(change.format(table)))


@settings(
    max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["top up", "hold", "capture", "release"]),
            st.integers(0, 9),
            st.booleans(),
        ),
        max_size=30,
    )
)
def test_whatever_is_done_adds_up(database: Database, steps: list[tuple[str, int, bool]]) -> None:
    with database.write() as connection:
        account = store.ensure_account(connection, "mine", 1)
        before = ledger.balance(connection, account).available
        held: dict[str, int] = {}
        expected = before
        free: set[str] = set()
        for number, (step, amount, granted) in enumerate(steps):
            task = f"{id(steps)}-{len(ledger.page(connection, account, 10_000))}-{number}"
            if step == "top up":
                fill(connection, account, amount)
                expected += amount
            elif step == "hold":
                if not granted and amount > expected:
                    with pytest.raises(InsufficientBalance):
                        ledger.hold(connection, account, task, amount, number, granted=False)
                    continue
                ledger.hold(connection, account, task, amount, number, granted=granted)
                held[task] = amount
                expected -= 0 if granted else amount
                free |= {task} if granted else set()
            elif held:
                task, most = held.popitem()
                cost = most // 2 if step == "capture" else None
                ledger.settle(connection, task, cost, number)
                expected += 0 if task in free else most - (cost or 0)
            now = ledger.balance(connection, account)
            assert now.available == expected >= 0
        for task in held:
            ledger.settle(connection, task, None, 99)
        report = verify(connection)
        assert (report.problems, report.total, report.open) == ((), 0, 0)
