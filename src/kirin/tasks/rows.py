"""Tasks as rows of their table, and rows as tasks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from sqlalchemy import Row

from kirin.database.rows import (
    asset_from_json,
    asset_to_json,
    subject_from_json,
    subject_to_json,
    tariff_from_json,
    tariff_to_json,
)
from kirin.domain.assets import Asset
from kirin.domain.request import RequestOptions
from kirin.domain.task import Failure, Result, Status, Task


def columns_of(task: Task) -> dict[str, Any]:
    """The columns of a new task, which is queued unless it has ended."""
    return {
        "id": task.id,
        "account": task.account,
        "model": task.model,
        "status": task.status,
        "created_at": task.created_at,
        "updated_at": task.updated_at,
        "external_id": task.external_id,
        "callback_url": task.callback_url,
        "params": dict(task.params),
        "assets": assets_to_json(task.assets),
        "subjects": [subject_to_json(subject) for subject in task.subjects],
        "options": task.options.stored(),
        "engine": task.engine,
        "size": task.size,
        "seed": task.seed,
        "key": task.key,
        "tariff": tariff_to_json(task.tariff) if task.tariff else None,
        "quote": str(task.quote),
        "progress": task.progress,
        "attempt": task.attempt,
        "releases": task.releases,
        "rank": -task.priority,
        "queued_at": None if task.status.final else task.created_at,
        "finished_at": task.finished_at,
        "results": results_to_json(task.results),
        "cost": None if task.cost is None else str(task.cost),
        "recipe": task.recipe,
        "made_by": task.made_by,
        "batch": task.batch,
        "place": task.place,
        "trace": task.trace,
        "discount": str(task.discount),
        "metadata": dict(task.metadata),
    }


def assets_to_json(assets: Mapping[str, Asset]) -> dict[str, Any]:
    """What is known of a task's media, as JSON values by path."""
    return {path: asset_to_json(asset) for path, asset in assets.items()}


def results_to_json(results: tuple[Result, ...]) -> list[dict[str, Any]]:
    """A task's results as JSON values."""
    return [asdict(result) for result in results]


def from_row(row: Row[Any]) -> Task:
    """The task of a row that has all columns."""
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
        subjects=tuple(subject_from_json(facts) for facts in row.subjects),
        options=RequestOptions(**row.options),
        engine=row.engine,
        size=row.size,
        seed=row.seed,
        key=row.key,
        tariff=tariff_from_json(row.tariff) if row.tariff else None,
        quote=Decimal(row.quote),
        progress=row.progress,
        attempt=row.attempt,
        priority=-row.rank,
        releases=row.releases,
        results=tuple(Result(**result) for result in row.results),
        cost=Decimal(row.cost) if row.cost is not None else None,
        discount=Decimal(row.discount),
        failure=failure,
        expired_at=row.expired_at,
        trace=row.trace,
        recipe=row.recipe,
        made_by=row.made_by,
        batch=row.batch,
        place=row.place,
        metadata=row.metadata,
    )
