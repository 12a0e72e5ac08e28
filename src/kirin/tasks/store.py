"""All SQL about tasks. Every change of status is a compare-and-swap; progress only grows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    Connection,
    and_,
    bindparam,
    case,
    func,
    insert,
    null,
    select,
    tuple_,
    update,
)

from kirin.database.prepared import Prepared
from kirin.database.tables import FAILURE_LENGTH, tasks
from kirin.domain.assets import Asset
from kirin.domain.tariff import Charge
from kirin.domain.task import Failure, Result, Status, Task
from kirin.tasks.rows import assets_to_json, columns_of, from_row, results_to_json
from kirin.tasks.task_filter import EVERYTHING, TaskFilter
from kirin.tasks.words import delete_words, found_by, insert_words, listed

NUL = "\0"
"""PostgreSQL cannot store this character in text, and rejects queries that contain it."""

_NOT_REMOVED = tasks.c.removed_at.is_(None)
_BY_ID = select(tasks).where(
    tasks.c.account == bindparam("account"), tasks.c.id == bindparam("name"), _NOT_REMOVED
)
_INSERT = Prepared(insert(tasks))
_BY_EXTERNAL_ID = select(tasks).where(
    tasks.c.account == bindparam("account"), tasks.c.external_id == bindparam("name"), _NOT_REMOVED
)
_GET = select(tasks).where(tasks.c.id == bindparam("this"))
_CLAIM = (
    update(tasks)
    .where(
        tasks.c.id == bindparam("this"),
        tasks.c.status.in_((Status.PENDING, Status.PROCESSING)),
    )
    .values(
        status=Status.PROCESSING,
        attempt=tasks.c.attempt + 1,
        updated_at=bindparam("now"),
        started_at=func.coalesce(tasks.c.started_at, bindparam("now")),
    )
    .returning(tasks)
)
_CLAIM_LEASED = _CLAIM.where(tasks.c.worker == bindparam("lessee"))
_CURRENT = update(tasks).where(
    tasks.c.id == bindparam("this"),
    tasks.c.status == Status.PROCESSING,
    tasks.c.attempt == bindparam("fence"),
)
_PROGRESS = _CURRENT.values(
    progress=case(
        (tasks.c.progress < bindparam("reached"), bindparam("reached")), else_=tasks.c.progress
    ),
    updated_at=bindparam("now"),
)
_END = _CURRENT.values(
    worker=case((tasks.c.worker == bindparam("lessee"), null()), else_=tasks.c.worker)
).returning(tasks)


def insert_task(connection: Connection, task: Task) -> None:
    """Insert a new task, and queue it unless it has ended.

    Raises:
        sqlalchemy.exc.IntegrityError: the account has used the external id before.
    """
    _INSERT.execute(connection, columns_of(task))
    insert_words(connection, task)


def find(connection: Connection, account: str, name: str) -> Task | None:
    """An account's task by its id, or else by its external id."""
    if NUL in name:
        return None
    for query in (_BY_ID, _BY_EXTERNAL_ID):
        row = connection.execute(query, {"account": account, "name": name}).first()
        if row is not None:
            return from_row(row)
    return None


def made_by_job(connection: Connection, account: str, job: str) -> Task | None:
    """An account's completed task by what another machine called its job; the newest of several.

    Only tasks are looked through whose results have not expired.
    """
    if NUL in job:
        return None
    query = (
        select(tasks)
        .where(
            tasks.c.account == account,
            _NOT_REMOVED,
            tasks.c.status == Status.COMPLETED,
            tasks.c.expired_at.is_(None),
            tasks.c.metadata["job"].as_string() == job,
        )
        .order_by(tasks.c.created_at.desc())
    )
    row = connection.execute(query.limit(1)).first()
    return from_row(row) if row is not None else None


def named(connection: Connection, account: str, external_id: str) -> str | None:
    """The id of an account's task with an external id, even if it has been removed since."""
    query = select(tasks.c.id).where(tasks.c.account == account, tasks.c.external_id == external_id)
    return connection.execute(query).scalar()


def has(connection: Connection, account: str, id: str) -> bool:
    """Whether a task of an account has an id, even if it has been removed since."""
    query = select(tasks.c.id).where(tasks.c.id == id, tasks.c.account == account)
    return connection.execute(query).first() is not None


def get(connection: Connection, id: str) -> Task | None:
    """A task of any account, by its id."""
    row = connection.execute(_GET, {"this": id}).first()
    return from_row(row) if row is not None else None


def page(
    connection: Connection,
    account: str,
    limit: int,
    *,
    before: tuple[int, str] | None = None,
    only: TaskFilter = EVERYTHING,
    oldest_first: bool = False,
    skip: int = 0,
) -> list[Task]:
    """An account's tasks, the newest first.

    Args:
        limit: how many at most.
        before: creation time and id of a task; the page starts after it.
        only: which of them.
        oldest_first: the other way round.
        skip: how many of them to leave out first, for clients that count pages.
    """
    if NUL in f"{only.model}{only.external_id}{only.batch}{''.join(only.words)}":
        return []
    source, order = found_by(account, only.words) if only.words else listed(account)
    query = source.where(_NOT_REMOVED, *only.conditions())
    if before is not None:
        position, place = tuple_(*order), tuple_(*before)
        query = query.where(position > place if oldest_first else position < place)
    query = query.order_by(*(order if oldest_first else (each.desc() for each in order)))
    return [from_row(row) for row in connection.execute(query.limit(limit).offset(skip))]


def position(connection: Connection, account: str, id: str) -> tuple[int, str] | None:
    """Creation time and id of an account's task, even if it has been removed since."""
    if NUL in id:
        return None
    query = select(tasks.c.created_at, tasks.c.id).where(
        tasks.c.id == id, tasks.c.account == account
    )
    row = connection.execute(query).first()
    return (row.created_at, row.id) if row is not None else None


def claim(connection: Connection, id: str, now: int, worker: str | None = None) -> Task | None:
    """Begin an attempt at a task, its first or a further one.

    Args:
        worker: id of the worker that must hold the task's lease; ``None`` checks no lease.

    Returns:
        The task in its new attempt, or ``None`` if it has ended or the lease is another's.
    """
    values = {"this": id, "now": now}
    if worker is None:
        row = connection.execute(_CLAIM, values).first()
    else:
        row = connection.execute(_CLAIM_LEASED, {**values, "lessee": worker}).first()
    return from_row(row) if row is not None else None


def report_progress(connection: Connection, task: Task, progress: float, now: int) -> bool:
    """Write the progress of an attempt, 0 to 1.

    Returns:
        ``False`` if the attempt is no longer the current one: the task was cancelled, or another
        worker has taken it over. The caller must stop.
    """
    values = {"this": task.id, "fence": task.attempt, "reached": progress, "now": now}
    return connection.execute(_PROGRESS, values).rowcount == 1


def release(connection: Connection, task: Task, now: int) -> bool:
    """End an attempt whose worker stops in order, and queue the task again at its old place.

    Returns:
        ``False`` as in :func:`report_progress`.
    """
    values = {
        "releases": task.releases + 1,
        "worker": None,
        "queued_at": task.created_at,
        "updated_at": now,
    }
    return _change(connection, task, values)


def assign(connection: Connection, task: Task, engine: str, now: int) -> bool:
    """Assign a task to an engine; ``False`` as in :func:`report_progress`."""
    return _change(connection, task, {"engine": engine, "updated_at": now})


def set_metadata(connection: Connection, task: Task, metadata: Mapping[str, Any], now: int) -> bool:
    """Replace a running task's metadata; ``False`` as in :func:`report_progress`."""
    return _change(connection, task, {"metadata": dict(metadata), "updated_at": now})


def set_assets(connection: Connection, task: Task, assets: Mapping[str, Asset], now: int) -> bool:
    """Replace what is known of a running task's media; ``False`` as in :func:`report_progress`."""
    return _change(connection, task, {"assets": assets_to_json(assets), "updated_at": now})


def complete(
    connection: Connection,
    task: Task,
    results: tuple[Result, ...],
    charge: Charge,
    metadata: Mapping[str, Any],
    now: int,
    made_by: str | None = None,
    lessee: str | None = None,
) -> Task | None:
    """End a task as completed.

    Args:
        lessee: a worker whose lease of the task ends with it, if it holds that lease.

    Returns:
        The task as it is now; ``None`` where :func:`report_progress` gives ``False``.
    """
    return _end(
        connection,
        task,
        {
            "status": Status.COMPLETED,
            "progress": 1.0,
            "results": results_to_json(results),
            "made_by": made_by,
            "cost": str(charge.cost),
            "discount": str(charge.discount),
            "metadata": dict(metadata),
            "updated_at": now,
            "finished_at": now,
        },
        lessee,
    )


def fail(
    connection: Connection, task: Task, failure: Failure, now: int, lessee: str | None = None
) -> Task | None:
    """End a task as failed; see :func:`complete`."""
    return _end(
        connection,
        task,
        {
            "status": Status.FAILED,
            "failure_code": failure.code,
            "failure_message": failure.message.replace(NUL, "\ufffd")[:FAILURE_LENGTH],
            "updated_at": now,
            "finished_at": now,
        },
        lessee,
    )


def cancel(connection: Connection, task: Task, failure: Failure, now: int) -> bool:
    """End an unfinished task, whoever works on it; ``False`` if it has ended already."""
    # A task that was attempted stays queued: a worker cleans up what its attempts have left.
    queued = case((tasks.c.attempt > 0, tasks.c.queued_at), else_=null())
    return _swap(
        connection,
        and_(tasks.c.id == task.id, tasks.c.status.in_((Status.PENDING, Status.PROCESSING))),
        {
            "status": Status.FAILED,
            "queued_at": queued,
            "failure_code": failure.code,
            "failure_message": failure.message,
            "updated_at": now,
            "finished_at": now,
        },
    )


def expire(connection: Connection, id: str, failure: Failure, now: int) -> bool:
    """End a task that has waited for too long; ``False`` if a worker has it meanwhile."""
    return _swap(
        connection,
        and_(
            tasks.c.id == id,
            tasks.c.status == Status.PENDING,
            tasks.c.queued_at.is_not(None),
        ),
        {
            "status": Status.FAILED,
            "queued_at": None,
            "failure_code": failure.code,
            "failure_message": failure.message,
            "updated_at": now,
            "finished_at": now,
        },
    )


def removal(now: int) -> dict[str, Any]:
    """What the row of a removed task holds instead of its request and its results.

    Args:
        now: Unix milliseconds.
    """
    return {
        "params": {},
        "assets": {},
        "subjects": [],
        "options": {},
        "results": [],
        "metadata": {},
        "callback_url": None,
        "recipe": None,
        "failure_message": "",
        "expired_at": func.coalesce(tasks.c.expired_at, now),
        "removed_at": func.coalesce(tasks.c.removed_at, now),
    }


def remove(connection: Connection, id: str, now: int) -> bool:
    """Remove an ended task from its account, and its request from the row.

    The row stays: the ledger and webhooks refer to it, and its external id must not be reused.

    Returns:
        ``False`` if the task has not ended.
    """
    removed = _swap(
        connection,
        and_(tasks.c.id == id, tasks.c.status.in_((Status.COMPLETED, Status.FAILED))),
        removal(now),
    )
    if removed:
        delete_words(connection, [id])
    return removed


def _change(connection: Connection, task: Task, values: Mapping[str, Any]) -> bool:
    """Change a task, provided that this attempt is the current one."""
    fenced = {**values, "this": task.id, "fence": task.attempt}
    return connection.execute(_CURRENT, fenced).rowcount == 1


def _end(
    connection: Connection, task: Task, values: Mapping[str, Any], lessee: str | None
) -> Task | None:
    fenced = {**values, "this": task.id, "fence": task.attempt, "lessee": lessee}
    row = connection.execute(_END, fenced).first()
    return from_row(row) if row is not None else None


def _swap(connection: Connection, condition: Any, values: Mapping[str, Any]) -> bool:
    return connection.execute(update(tasks).where(condition).values(values)).rowcount == 1
