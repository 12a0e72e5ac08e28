"""All SQL of workloads: the unfinished tasks and the spending of an account or one of its keys."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import Connection, func, select

from kirin.database.tables import tasks
from kirin.domain.task import Status
from kirin.domain.workload import Workload


def measure(connection: Connection, account: str, key: str | None, since: int) -> Workload:
    """Count the unfinished tasks, and add up what tasks since a time cost.

    Args:
        account: id.
        key: id of an API key, to count only its tasks; ``None`` counts all of the account.
        since: Unix milliseconds.
    """
    mine = [tasks.c.account == account]
    if key is not None:
        mine.append(tasks.c.key == key)
    counts = {
        row.status: row.number
        for row in connection.execute(
            select(tasks.c.status, func.count().label("number"))
            .where(*mine, tasks.c.status.in_((Status.PENDING, Status.PROCESSING)))
            .group_by(tasks.c.status)
        )
    }
    # Prices are few, so grouped rows are few; and decimals are added here, exactly.
    spent = Decimal(0)
    for row in connection.execute(
        select(tasks.c.status, tasks.c.quote, tasks.c.cost, func.count().label("number"))
        .where(*mine, tasks.c.created_at >= since, tasks.c.status != Status.FAILED)
        .group_by(tasks.c.status, tasks.c.quote, tasks.c.cost)
    ):
        ended = row.status == Status.COMPLETED
        spent += Decimal(row.cost if ended else row.quote) * row.number
    return Workload(counts.get(Status.PENDING, 0), counts.get(Status.PROCESSING, 0), spent)
