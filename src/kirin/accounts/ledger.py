"""All SQL of the ledger: double entries, append-only, in millionths of a dollar.

Every transaction moves money between the books of one account, so its entries add up to zero:

========= =========================================== =======================================
book      content                                     moved by
========= =========================================== =======================================
cash      what came from outside, negative            top-up
available what the account may spend                  top-up, hold, capture, release
granted   what a free server gave away, negative      hold, capture, release
held      what unfinished tasks may come to           hold, capture, release
revenue   what tasks have cost                        capture
========= =========================================== =======================================

A task has one transaction of the phase ``hold`` and one of the phase ``settle``: a constraint of
the table refuses a second one, whatever crashes.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import BigInteger, Connection, bindparam, func, insert, select, update

from kirin.database.account_tables import balances, ledger_entries, ledger_transactions
from kirin.database.prepared import Prepared
from kirin.domain.money import dollars, from_micro
from kirin.errors import InsufficientBalance, InvalidParameters, Problem

HOLD = "hold"
SETTLE = "settle"

MOST_BALANCE = 10**16
"""Ten billion USD in an account: beyond it, sums over many accounts would exceed 64 bits."""

_BALANCE = select(balances).where(balances.c.account == bindparam("account"))
_HEADER = Prepared(insert(ledger_transactions))
_ENTRIES = {
    # All but a capture that gives back what it did not take move an amount from book to book.
    count: Prepared(
        insert(ledger_entries).values(
            [
                {
                    "transaction": bindparam("id"),
                    "book": bindparam(f"book_{each}"),
                    "account": bindparam("whose"),
                    "amount": bindparam(f"amount_{each}"),
                }
                for each in range(count)
            ]
        )
    )
    for count in (2, 3)
}
"""Statements that write all entries of a transaction, by how many these are."""
_HOLD = (
    # Outer, since a hold of nothing has no entries.
    select(ledger_transactions, ledger_entries.c.book, ledger_entries.c.amount)
    .outerjoin(ledger_entries, ledger_entries.c.transaction == ledger_transactions.c.id)
    .where(
        ledger_transactions.c.task == bindparam("whose"),
        ledger_transactions.c.phase == bindparam("held"),
    )
)
_MOVE = Prepared(
    update(balances)
    .where(
        balances.c.account == bindparam("whose"),
        balances.c.available + bindparam("to_available", type_=BigInteger) >= 0,
    )
    .values(
        available=balances.c.available + bindparam("to_available", type_=BigInteger),
        held=balances.c.held + bindparam("to_held", type_=BigInteger),
    )
)


class Book(StrEnum):
    """The books that entries are made in."""

    CASH = "cash"
    AVAILABLE = "available"
    GRANTED = "granted"
    HELD = "held"
    REVENUE = "revenue"


class TransactionKind(StrEnum):
    """Kinds of transactions."""

    TOP_UP = "top_up"
    HOLD = "hold"
    CAPTURE = "capture"
    RELEASE = "release"


@dataclass(frozen=True, slots=True)
class Balance:
    """The balance of an account, in millionths of a dollar.

    Attributes:
        available: what it may spend.
        held: what is set aside for unfinished tasks.
    """

    available: int
    held: int


@dataclass(frozen=True, slots=True)
class Transaction:
    """One transaction.

    Attributes:
        kind: see :class:`TransactionKind`.
        task: id of the task that it belongs to, if there is one.
        reference: the reference of a top-up, unique in the account.
        amounts: millionths of a dollar by book; they add up to 0.
        created_at: Unix milliseconds.
    """

    id: str
    account: str
    kind: TransactionKind
    task: str | None
    reference: str | None
    note: str
    amounts: Mapping[Book, int]
    created_at: int


def open_balance(connection: Connection, account: str) -> None:
    """Give a new account a balance of zero."""
    connection.execute(insert(balances).values(account=account, available=0, held=0))


def balance(connection: Connection, account: str) -> Balance:
    """The balance of an account."""
    row = connection.execute(_BALANCE, {"account": account}).one()
    return Balance(row.available, row.held)


def topped_up(connection: Connection, account: str) -> int:
    """All that an account was ever given, less what was taken back, in millionths of a dollar."""
    entries = ledger_entries.c
    query = select(func.sum(entries.amount)).where(
        entries.account == account, entries.book == Book.CASH
    )
    return -int(connection.execute(query).scalar() or 0)


def top_up(
    connection: Connection, account: str, amount: int, now: int, *, reference: str | None, note: str
) -> str:
    """Add money to an account, or take some back with a negative amount.

    Args:
        amount: millionths of a dollar.
        reference: such as a payment's id; a second top-up with it is refused.

    Returns:
        The transaction's id.

    Raises:
        InsufficientBalance: more would be taken back than there is.
        InvalidParameters: the account would have more than :data:`MOST_BALANCE`.
        sqlalchemy.exc.IntegrityError: the reference was used before.
    """
    if amount > 0:
        there = connection.execute(_BALANCE.with_for_update(), {"account": account}).one()
        if there.available + there.held + amount > MOST_BALANCE:
            message = (
                f"the account has {dollars(from_micro(there.available + there.held))} USD, and may "
                f"have at most {dollars(from_micro(MOST_BALANCE))}"
            )
            raise InvalidParameters([Problem("amount", "out_of_range", message)])
    _move(connection, account, available=amount)
    entries = {Book.CASH: -amount, Book.AVAILABLE: amount}
    return _write(
        connection,
        account,
        TransactionKind.TOP_UP,
        entries,
        now=now,
        reference=reference,
        note=note,
    )


def hold(
    connection: Connection, account: str, task: str, amount: int, now: int, *, granted: bool
) -> None:
    """Set money aside for a task; locks the account's balance until the transaction ends.

    Args:
        amount: the most that the task may come to, in millionths of a dollar.
        granted: the server is free, and the account's own money is not touched.

    Raises:
        InsufficientBalance: the account has less.
    """
    source = Book.GRANTED if granted else Book.AVAILABLE
    _move(connection, account, available=0 if granted else -amount, held=amount)
    entries = {source: -amount, Book.HELD: amount}
    _write(connection, account, TransactionKind.HOLD, entries, now=now, task=task, phase=HOLD)


def settle(connection: Connection, task: str, cost: int | None, now: int) -> None:
    """End a hold: capture what the task costs and release the rest, or all of it on failure.

    Does nothing for a task without a hold, from before there was a ledger.

    Args:
        cost: in millionths of a dollar, at most what is held; ``None`` if the task failed.

    Raises:
        sqlalchemy.exc.IntegrityError: it was settled before.
    """
    held = _hold_of(connection, task)
    if held is None:
        return
    source = next((book for book in held.amounts if book is not Book.HELD), Book.GRANTED)
    amount = held.amounts.get(Book.HELD, 0)
    taken = cost or 0
    back = amount - taken
    entries = {Book.HELD: -amount, Book.REVENUE: taken, source: back}
    kind = TransactionKind.RELEASE if cost is None else TransactionKind.CAPTURE
    _write(connection, held.account, kind, entries, now=now, task=task, phase=SETTLE)
    # Last, since it locks the row that every other task of the account needs, too.
    _move(connection, held.account, available=back if source is Book.AVAILABLE else 0, held=-amount)


def page(
    connection: Connection, account: str, limit: int, before: tuple[int, str] | None = None
) -> list[Transaction]:
    """An account's transactions, the newest first.

    Args:
        limit: how many at most.
        before: time and id of a transaction; the page starts after it.
    """
    headers = ledger_transactions
    query = select(headers).where(headers.c.account == account)
    if before is not None:
        at, id = before
        query = query.where(
            (headers.c.created_at < at) | ((headers.c.created_at == at) & (headers.c.id < id))
        )
    rows = connection.execute(
        query.order_by(headers.c.created_at.desc(), headers.c.id.desc()).limit(limit)
    ).all()
    amounts = _amounts(connection, [row.id for row in rows])
    return [
        Transaction(
            row.id,
            row.account,
            TransactionKind(row.kind),
            row.task,
            row.reference,
            row.note,
            amounts.get(row.id, {}),
            row.created_at,
        )
        for row in rows
    ]


def _hold_of(connection: Connection, task: str) -> Transaction | None:
    rows = connection.execute(_HOLD, {"whose": task, "held": HOLD}).all()
    if not rows:
        return None
    amounts = {Book(row.book): row.amount for row in rows if row.book is not None}
    row = rows[0]
    return Transaction(
        row.id, row.account, TransactionKind.HOLD, task, None, row.note, amounts, row.created_at
    )


def _amounts(connection: Connection, ids: list[str]) -> dict[str, dict[Book, int]]:
    query = select(ledger_entries).where(ledger_entries.c.transaction.in_(ids))
    found: dict[str, dict[Book, int]] = {}
    for row in connection.execute(query):
        found.setdefault(row.transaction, {})[Book(row.book)] = row.amount
    return found


def _move(connection: Connection, account: str, *, available: int = 0, held: int = 0) -> None:
    """Change a balance, which must not fall below zero; locks its row."""
    change = {"whose": account, "to_available": available, "to_held": held}
    if not _MOVE.execute(connection, change):
        have = balance(connection, account).available
        needed, there = dollars(from_micro(-available)), dollars(from_micro(have))
        raise InsufficientBalance(
            f"insufficient balance: this takes {needed} USD, and the balance is {there} USD: "
            "top it up, or wait until unfinished tasks release what they do not need",
            {"balance": {"needed": needed, "available": there, "currency": "USD"}},
        )


def _write(
    connection: Connection,
    account: str,
    kind: TransactionKind,
    entries: Mapping[Book, int],
    *,
    now: int,
    task: str | None = None,
    phase: str | None = None,
    reference: str | None = None,
    note: str = "",
) -> str:
    id = f"txn_{secrets.token_hex(12)}"
    header = {
        "id": id,
        "account": account,
        "kind": kind,
        "task": task,
        "phase": phase,
        "reference": reference,
        "note": note,
        "created_at": now,
    }
    _HEADER.execute(connection, header)
    moved = [(book, amount) for book, amount in entries.items() if amount]
    if moved:
        values: dict[str, object] = {"id": id, "whose": account}
        for each, (book, amount) in enumerate(moved):
            values |= {f"book_{each}": book, f"amount_{each}": amount}
        _ENTRIES[len(moved)].execute(connection, values)
    return id
