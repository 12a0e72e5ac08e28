"""All SQL about usage: what each finished task cost, and totals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import Connection, case, func, insert, select

from kirin.database.account_tables import usage
from kirin.domain.money import to_micro
from kirin.domain.task import Status, Task


class By(StrEnum):
    """What totals are grouped by."""

    DAY = "day"
    MODEL = "model"
    KEY = "key"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Total:
    """One total.

    Attributes:
        group: the values that it is grouped by, in the requested order.
        tasks: how many tasks finished.
        completed: how many of them succeeded.
        seconds: of video.
        cost, discount: millionths of a dollar.
    """

    group: tuple[str, ...]
    tasks: int
    completed: int
    seconds: float
    cost: int
    discount: int


def day_of(milliseconds: int) -> str:
    """The day in UTC, ``2026-01-31``."""
    return datetime.fromtimestamp(milliseconds / 1000, tz=UTC).strftime("%Y-%m-%d")


_NOTE = insert(usage)


def note(connection: Connection, task: Task, now: int) -> None:
    """Record a finished task, in the transaction that finishes it."""
    completed = task.status is Status.COMPLETED
    connection.execute(
        _NOTE,
        {
            "task": task.id,
            "account": task.account,
            "key": task.key,
            "model": task.model,
            "status": task.status,
            "day": day_of(now),
            "seconds": float(task.metadata.get("duration", 0)) if completed else 0.0,
            "cost": to_micro(task.cost) if completed and task.cost is not None else 0,
            "discount": to_micro(task.discount) if completed else 0,
        },
    )


def totals(
    connection: Connection, account: str | None, by: Sequence[By], first: str, last: str
) -> list[Total]:
    """Totals, in the order of their groups.

    Args:
        account: id; ``None`` is all accounts.
        by: what to group by.
        first, last: days in UTC, both included, ``2026-01-31``.
    """
    columns = [usage.c[name] for name in by]
    sums = (
        func.count().label("tasks"),
        func.sum(case((usage.c.status == Status.COMPLETED, 1), else_=0)).label("completed"),
        func.sum(usage.c.seconds).label("seconds"),
        func.sum(usage.c.cost).label("cost"),
        func.sum(usage.c.discount).label("discount"),
    )
    query = select(*columns, *sums).where(usage.c.day >= first, usage.c.day <= last)
    if account is not None:
        query = query.where(usage.c.account == account)
    return [
        Total(
            tuple(getattr(row, name) or "" for name in by),
            row.tasks,
            int(row.completed),
            round(row.seconds, 3),
            int(row.cost),
            int(row.discount),
        )
        for row in connection.execute(query.group_by(*columns).order_by(*columns))
        if row.tasks
    ]
