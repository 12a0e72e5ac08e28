"""Verifies that the ledger adds up and that every task was settled exactly once."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Connection, and_, func, or_, select

from kirin.accounts.ledger import HOLD, SETTLE, Book, TransactionKind
from kirin.database.account_tables import accounts, balances, ledger_entries, ledger_transactions
from kirin.database.tables import tasks
from kirin.domain.money import to_micro
from kirin.domain.task import Status

ENTRIES = ledger_entries
HEADERS = ledger_transactions


@dataclass(frozen=True, slots=True)
class Report:
    """The result of a verification.

    Attributes:
        transactions, settled: numbers of transactions and of settled tasks.
        open: number of tasks with an open hold.
        total: sum of all entries in millionths of a dollar; anything but 0 is an error.
        problems: one sentence for each error.
    """

    transactions: int
    settled: int
    open: int
    total: int
    problems: tuple[str, ...]


def verify(connection: Connection) -> Report:
    """Verify everything.

    Args:
        connection: one with a consistent snapshot, as :meth:`Database.snapshot` gives it.
    """
    problems = [
        *unbalanced(connection),
        *wrong_balances(connection),
        *unpaired(connection),
        *unsettled(connection),
        *wrongly_settled(connection),
    ]

    def count(*conditions: object) -> int:
        query = select(func.count()).select_from(HEADERS).where(*conditions)  # type: ignore[arg-type]
        return int(connection.execute(query).scalar_one())

    held, settled = count(HEADERS.c.phase == HOLD), count(HEADERS.c.phase == SETTLE)
    total = connection.execute(select(func.sum(ENTRIES.c.amount))).scalar() or 0
    if total:
        problems.append(f"all entries together are {total} instead of 0")
    return Report(count(), settled, held - settled, int(total), tuple(problems))


def unbalanced(connection: Connection) -> list[str]:
    """Transactions whose entries do not add up to zero."""
    total = func.sum(ENTRIES.c.amount)
    query = select(ENTRIES.c.transaction, total.label("total")).group_by(ENTRIES.c.transaction)
    return [
        f"transaction {row.transaction} adds up to {row.total} instead of 0"
        for row in connection.execute(query.having(total != 0))
    ]


def wrong_balances(connection: Connection) -> list[str]:
    """Balances that differ from the sums of their books, or are negative."""
    books = select(ENTRIES.c.account, ENTRIES.c.book, func.sum(ENTRIES.c.amount).label("total"))
    sums = {
        (row.account, row.book): int(row.total)
        for row in connection.execute(books.group_by(ENTRIES.c.account, ENTRIES.c.book))
    }
    stored = {row.account: row for row in connection.execute(select(balances))}
    query = select(accounts.c.id).order_by(accounts.c.id)
    problems = [
        f"account {account} has no balance"
        for account in connection.execute(query).scalars()
        if account not in stored
    ]
    for row in stored.values():
        for book, says in ((Book.AVAILABLE, row.available), (Book.HELD, row.held)):
            total = sums.get((row.account, book), 0)
            if says != total:
                problems.append(f"account {row.account}: {book} is {says}, its sum is {total}")
            if total < 0:
                problems.append(f"account {row.account}: {book} is below zero: {total}")
    return problems


def unpaired(connection: Connection) -> list[str]:
    """Settlements without a hold, or with another amount than was held."""
    settled, held = HEADERS.alias(), HEADERS.alias()
    opened, closed = ENTRIES.alias(), ENTRIES.alias()
    query = (
        select(settled.c.task, held.c.id, opened.c.amount, closed.c.amount.label("back"))
        .select_from(settled)
        .outerjoin(held, and_(held.c.task == settled.c.task, held.c.phase == HOLD))
        .outerjoin(opened, and_(opened.c.transaction == held.c.id, opened.c.book == Book.HELD))
        .outerjoin(closed, and_(closed.c.transaction == settled.c.id, closed.c.book == Book.HELD))
        .where(
            settled.c.phase == SETTLE,
            or_(
                held.c.id.is_(None),
                func.coalesce(opened.c.amount, 0) + func.coalesce(closed.c.amount, 0) != 0,
            ),
        )
    )
    return [
        f"task {row.task}: settled without a hold"
        if row.id is None
        else f"task {row.task}: {row.amount} was held and {row.back} released"
        for row in connection.execute(query)
    ]


def unsettled(connection: Connection) -> list[str]:
    """Tasks whose settlement contradicts their status; the tables forbid a second one."""
    held, settled = HEADERS.alias(), HEADERS.alias()
    final = tasks.c.status.in_((Status.COMPLETED, Status.FAILED))
    query = (
        select(tasks.c.id, tasks.c.status, held.c.id.label("hold"), settled.c.id.label("settled"))
        .select_from(tasks)
        .outerjoin(held, and_(held.c.task == tasks.c.id, held.c.phase == HOLD))
        .outerjoin(settled, and_(settled.c.task == tasks.c.id, settled.c.phase == SETTLE))
        .where(
            tasks.c.tariff.is_not(None),  # others are from before there was a ledger
            or_(
                held.c.id.is_(None),
                and_(final, settled.c.id.is_(None)),
                and_(~final, settled.c.id.is_not(None)),
            ),
        )
    )
    return [
        f"task {row.id} is {row.status}, but "
        + ("nothing was held for it" if row.hold is None else "")
        + ("it was not settled" if row.hold is not None and row.settled is None else "")
        + ("it was settled" if row.hold is not None and row.settled is not None else "")
        for row in connection.execute(query)
    ]


def wrongly_settled(connection: Connection) -> list[str]:
    """Tasks that were charged another amount than they state."""
    query = (
        select(tasks.c.id, tasks.c.status, tasks.c.cost, HEADERS.c.kind, ENTRIES.c.amount)
        .select_from(tasks)
        .join(HEADERS, and_(HEADERS.c.task == tasks.c.id, HEADERS.c.phase == SETTLE))
        .outerjoin(
            ENTRIES, and_(ENTRIES.c.transaction == HEADERS.c.id, ENTRIES.c.book == Book.REVENUE)
        )
    )
    problems = []
    for row in connection.execute(query.execution_options(yield_per=1000)):
        completed = row.status == Status.COMPLETED
        cost = to_micro(Decimal(row.cost)) if completed and row.cost is not None else 0
        kind = TransactionKind.CAPTURE if completed else TransactionKind.RELEASE
        if (row.kind, row.amount or 0) != (kind, cost):
            problems.append(
                f"task {row.id} is {row.status} at {cost}, but has a {row.kind} of "
                f"{row.amount or 0}"
            )
    return problems
