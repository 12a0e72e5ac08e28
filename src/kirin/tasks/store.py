"""All SQL about tasks. Every change of status is a compare-and-swap; progress only grows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    bindparam,
    case,
    func,
    insert,
    or_,
    select,
    update,
)

from kirin.database.rows import (
    asset_from_json,
    asset_to_json,
    element_from_json,
    element_to_json,
    tariff_from_json,
    tariff_to_json,
)
from kirin.database.tables import FAILURE_LENGTH, tasks
from kirin.domain.assets import Asset
from kirin.domain.tariff import Charge
from kirin.domain.task import Failure, Result, Status, Task

NUL = "\0"
"""PostgreSQL keeps no text with this character, and refuses to be asked about one."""


@dataclass(frozen=True, slots=True)
class Only:
    """Which tasks a listing shows; ``None`` means any.

    Attributes:
        created_after: made at this time or later, Unix milliseconds.
        created_before: made before this time.
    """

    status: Status | None = None
    model: str | None = None
    external_id: str | None = None
    created_after: int | None = None
    created_before: int | None = None

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """The same in SQL."""
        if self.status is not None:
            yield tasks.c.status == self.status
        if self.model is not None:
            yield tasks.c.model == self.model
        if self.external_id is not None:
            yield tasks.c.external_id == self.external_id
        if self.created_after is not None:
            yield tasks.c.created_at >= self.created_after
        if self.created_before is not None:
            yield tasks.c.created_at < self.created_before


EVERYTHING = Only()

_THERE = tasks.c.removed_at.is_(None)
_BY_ID = select(tasks).where(
    tasks.c.account == bindparam("account"), tasks.c.id == bindparam("name"), _THERE
)
_BY_EXTERNAL_ID = select(tasks).where(
    tasks.c.account == bindparam("account"), tasks.c.external_id == bindparam("name"), _THERE
)


def insert_task(connection: Connection, task: Task) -> None:
    """Write a new task.

    Raises:
        sqlalchemy.exc.IntegrityError: the account has used the external id before.
    """
    # As parameters of a constant statement: in the statement itself, 24 values cost 0.25 ms.
    connection.execute(
        insert(tasks),
        {
            "id": task.id,
            "account": task.account,
            "model": task.model,
            "status": task.status,
            "created_at": task.created_at,
            "updated_at": task.updated_at,
            "external_id": task.external_id,
            "callback_url": task.callback_url,
            "params": dict(task.params),
            "assets": _assets_to_json(task.assets),
            "elements": [element_to_json(element) for element in task.elements],
            "engine": task.engine,
            "size": task.size,
            "seed": task.seed,
            "key": task.key,
            "tariff": tariff_to_json(task.tariff) if task.tariff else None,
            "quote": str(task.quote),
            "progress": task.progress,
            "attempt": task.attempt,
            "handed_back": task.handed_back,
            "results": [],
            "trace": task.trace,
            "discount": str(task.discount),
            "metadata": dict(task.metadata),
        },
    )


def find(connection: Connection, account: str, name: str) -> Task | None:
    """An account's task by its id, or else by its external id."""
    if NUL in name:
        return None
    for query in (_BY_ID, _BY_EXTERNAL_ID):
        row = connection.execute(query, {"account": account, "name": name}).first()
        if row is not None:
            return _from_row(row)
    return None


def named(connection: Connection, account: str, external_id: str) -> str | None:
    """The id of the task to which an account gave an external id, even of one removed since."""
    query = select(tasks.c.id).where(tasks.c.account == account, tasks.c.external_id == external_id)
    return connection.execute(query).scalar()


def get(connection: Connection, id: str) -> Task | None:
    """Any task by its id, whoever owns it: for the workers."""
    row = connection.execute(select(tasks).where(tasks.c.id == id)).first()
    return _from_row(row) if row is not None else None


def page(
    connection: Connection,
    account: str,
    limit: int,
    *,
    before: tuple[int, str] | None = None,
    only: Only = EVERYTHING,
) -> list[Task]:
    """An account's tasks, the newest first.

    Args:
        limit: how many at most.
        before: creation time and id of a task; the page starts after it.
        only: which of them.
    """
    if NUL in f"{only.model}{only.external_id}":
        return []
    query = select(tasks).where(tasks.c.account == account, _THERE, *only.conditions())
    if before is not None:
        created_at, id = before
        query = query.where(
            or_(
                tasks.c.created_at < created_at,
                and_(tasks.c.created_at == created_at, tasks.c.id < id),
            )
        )
    newest_first = query.order_by(tasks.c.created_at.desc(), tasks.c.id.desc())
    return [_from_row(row) for row in connection.execute(newest_first.limit(limit))]


def claim(connection: Connection, id: str, now: int) -> Task | None:
    """Take a task to work on it, once more if a worker died over it.

    Returns:
        The task in its new attempt, or ``None`` where it has ended meanwhile.
    """
    claimed = connection.execute(
        update(tasks)
        .where(tasks.c.id == id, tasks.c.status.in_((Status.PENDING, Status.PROCESSING)))
        .values(
            status=Status.PROCESSING,
            attempt=tasks.c.attempt + 1,
            updated_at=now,
            started_at=func.coalesce(tasks.c.started_at, now),
        )
    )
    return get(connection, id) if claimed.rowcount else None


def report_progress(connection: Connection, task: Task, progress: float, now: int) -> bool:
    """Write how far an attempt is.

    Returns:
        ``False`` where the attempt is no longer the task's: it was cancelled, or another
        worker has taken it over. Whoever reads that stops.
    """
    grown = case((tasks.c.progress < progress, progress), else_=tasks.c.progress)
    return _change(connection, task, {"progress": grown, "updated_at": now})


def hand_back(connection: Connection, task: Task, now: int) -> bool:
    """Note that an attempt ends because its worker goes down, through no fault of the task."""
    return _change(connection, task, {"handed_back": task.handed_back + 1, "updated_at": now})


def entrust(connection: Connection, task: Task, engine: str, now: int) -> bool:
    """Write which engine has a task; ``False`` as in :func:`report_progress`."""
    return _change(connection, task, {"engine": engine, "updated_at": now})


def note(connection: Connection, task: Task, metadata: Mapping[str, Any], now: int) -> bool:
    """Write a running task's metadata; ``False`` as in :func:`report_progress`."""
    return _change(connection, task, {"metadata": dict(metadata), "updated_at": now})


def keep_assets(connection: Connection, task: Task, assets: Mapping[str, Asset], now: int) -> bool:
    """Write what was fetched for an attempt; ``False`` as in :func:`report_progress`."""
    return _change(connection, task, {"assets": _assets_to_json(assets), "updated_at": now})


def complete(
    connection: Connection,
    task: Task,
    results: tuple[Result, ...],
    charge: Charge,
    metadata: Mapping[str, Any],
    now: int,
) -> bool:
    """End an attempt well; ``False`` as in :func:`report_progress`."""
    return _change(
        connection,
        task,
        {
            "status": Status.COMPLETED,
            "progress": 1.0,
            "results": [asdict(result) for result in results],
            "cost": str(charge.cost),
            "discount": str(charge.discount),
            "metadata": dict(metadata),
            "updated_at": now,
            "finished_at": now,
        },
    )


def fail(connection: Connection, task: Task, failure: Failure, now: int) -> bool:
    """End an attempt badly; ``False`` as in :func:`report_progress`."""
    return _change(
        connection,
        task,
        {
            "status": Status.FAILED,
            "failure_code": failure.code,
            "failure_message": failure.message.replace(NUL, "\ufffd")[:FAILURE_LENGTH],
            "updated_at": now,
            "finished_at": now,
        },
    )


def cancel(connection: Connection, task: Task, failure: Failure, now: int) -> bool:
    """End a task that has not ended, whoever works on it; ``False`` where it has ended."""
    return _swap(
        connection,
        and_(tasks.c.id == task.id, tasks.c.status.in_((Status.PENDING, Status.PROCESSING))),
        {
            "status": Status.FAILED,
            "failure_code": failure.code,
            "failure_message": failure.message,
            "updated_at": now,
            "finished_at": now,
        },
    )


def remove(connection: Connection, id: str, now: int) -> bool:
    """Take an ended task out of its account, and what was asked for out of its row.

    The row stays, for the books and webhooks that refer to it, and so that its external id
    names no other task.

    Returns:
        ``False`` where the task goes on.
    """
    return _swap(
        connection,
        and_(tasks.c.id == id, tasks.c.status.in_((Status.COMPLETED, Status.FAILED))),
        {
            "params": {},
            "assets": {},
            "elements": [],
            "results": [],
            "metadata": {},
            "callback_url": None,
            "failure_message": "",
            "expired_at": func.coalesce(tasks.c.expired_at, now),
            "removed_at": now,
        },
    )


def unfinished(connection: Connection, created_before: int) -> dict[str, str | None]:
    """Ids and engines of all tasks made before a time that have not ended, the oldest first."""
    rows = connection.execute(
        select(tasks.c.id, tasks.c.engine)
        .where(
            tasks.c.status.in_((Status.PENDING, Status.PROCESSING)),
            tasks.c.created_at < created_before,
        )
        .order_by(tasks.c.created_at)
    )
    return {row.id: row.engine for row in rows}


def _change(connection: Connection, task: Task, values: Mapping[str, Any]) -> bool:
    """Change a task only while this very attempt works on it."""
    return _swap(
        connection,
        and_(
            tasks.c.id == task.id,
            tasks.c.status == Status.PROCESSING,
            tasks.c.attempt == task.attempt,
        ),
        values,
    )


def _swap(connection: Connection, condition: Any, values: Mapping[str, Any]) -> bool:
    return connection.execute(update(tasks).where(condition).values(values)).rowcount == 1


def _assets_to_json(assets: Mapping[str, Asset]) -> dict[str, Any]:
    return {path: asset_to_json(asset) for path, asset in assets.items()}


def _from_row(row: Row[Any]) -> Task:
    failure = Failure(row.failure_code, row.failure_message) if row.failure_code else None
    return Task(
        id=row.id,
        account=row.account,
        model=row.model,
        status=Status(row.status),
        created_at=row.created_at,
        updated_at=row.updated_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        external_id=row.external_id,
        callback_url=row.callback_url,
        params=row.params,
        assets={path: asset_from_json(facts) for path, facts in row.assets.items()},
        elements=tuple(element_from_json(facts) for facts in row.elements),
        engine=row.engine,
        size=row.size,
        seed=row.seed,
        key=row.key,
        tariff=tariff_from_json(row.tariff) if row.tariff else None,
        quote=Decimal(row.quote),
        progress=row.progress,
        attempt=row.attempt,
        handed_back=row.handed_back,
        results=tuple(Result(**result) for result in row.results),
        cost=Decimal(row.cost) if row.cost is not None else None,
        discount=Decimal(row.discount),
        failure=failure,
        expired_at=row.expired_at,
        trace=row.trace,
        metadata=row.metadata,
    )
