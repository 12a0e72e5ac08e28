"""The route that tells an operator what the server is doing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from kirin.clock import now_ms
from kirin.http.admin.dependencies import ADMIN, SCOPE, AdminDependencies
from kirin.http.admin.overview_models import (
    DeliveriesJson,
    EndedJson,
    OverviewJson,
    PauseJson,
    QueueJson,
    RunningJson,
    WorkerJson,
)
from kirin.http.responses import json_response
from kirin.http.route import Route
from kirin.tasks import heartbeats, overview, pauses
from kirin.tasks.heartbeats import ActivityTracker, WorkerInfo
from kirin.tasks.overview import Lease, Outcomes, Undelivered, WaitingTasks
from kirin.tasks.pauses import ALL, Pause

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS

READ = Route(
    method="GET",
    path=f"{ADMIN}/overview",
    id="readOverview",
    summary="The queue, workers, failures and webhooks at this moment",
    scope=SCOPE,
    answer=OverviewJson,
)
ROUTES = (READ,)


def add_overview_routes(router: APIRouter, deps: AdminDependencies) -> None:
    """Add the route ``/admin/v1/overview``."""
    activity = ActivityTracker()

    async def read_overview(request: Request) -> Response:
        await deps.authenticator.admit_operator(request, READ)

        def read(connection: Connection) -> OverviewJson:
            return overview_json(connection, activity, now_ms())

        return json_response(await deps.threads.read(read))

    READ.add_to(router, read_overview)


def overview_json(connection: Connection, activity: ActivityTracker, now: int) -> OverviewJson:
    """What the server is doing, as the wire shows it.

    Args:
        activity: of earlier calls; it tells which workers stand still.
        now: Unix milliseconds.
    """
    registered = heartbeats.registered(connection)
    active = activity.active(registered)
    leases = overview.leases(connection)
    by_engine: Counter[str | None] = Counter()
    for lease in leases:
        by_engine[lease.engine] += lease.count
    running = [RunningJson(engine=name, tasks=count) for name, count in by_engine.most_common()]
    return {
        "at": now,
        "queue": queue_json(overview.waiting(connection), active, pauses.current(connection), now),
        "running": running,
        "workers": workers_json(registered, active, leases, activity),
        "ended": ended_json(overview.outcomes(connection, now - HOUR_MS, now - DAY_MS)),
        "webhooks": deliveries_json(overview.undelivered(connection), now),
    }


def queue_json(
    waiting: Sequence[WaitingTasks],
    active: Sequence[WorkerInfo],
    paused: Sequence[Pause],
    now: int,
) -> QueueJson:
    """The queue as the wire shows it."""
    names = {pause.queue for pause in paused}
    count = sum(each.count for each in waiting)
    return {
        "tasks": count,
        "complete": count < overview.MOST_WAITING,
        "oldest_seconds": seconds(min(each.oldest for each in waiting), now) if waiting else None,
        "engines": [
            {
                "engine": each.engine,
                "tasks": each.count,
                "oldest_seconds": seconds(each.oldest, now),
                "attended": any(worker.takes(each.engine) for worker in active),
                "paused": bool(names & {ALL, each.engine}),
            }
            for each in waiting
        ],
        "paused": [pause_json(pause) for pause in paused],
    }


def pause_json(pause: Pause) -> PauseJson:
    """A pause as the wire shows it."""
    return {
        "queue": pause.queue,
        "reason": pause.reason,
        "actor": pause.actor,
        "since": pause.since,
    }


def workers_json(
    registered: Sequence[WorkerInfo],
    active: Sequence[WorkerInfo],
    leases: Sequence[Lease],
    activity: ActivityTracker,
) -> list[WorkerJson]:
    """The workers as the wire shows them, the oldest first."""
    busy = overview.busy(leases)
    alive = {worker.id for worker in active}
    return [
        {
            "id": worker.id,
            "engines": list(worker.engines),
            "slots": worker.slots,
            "running": busy.get(worker.id, 0),
            "started_at": worker.started_at,
            "active": worker.id in alive,
            "draining": worker.draining,
            "heartbeat_seconds": activity.quiet_seconds(worker.id),
        }
        for worker in sorted(registered, key=lambda each: (each.started_at, each.id))
    ]


def ended_json(found: Outcomes) -> EndedJson:
    """How tasks have ended, as the wire shows it."""
    completed = [each for each in found.outcomes if each.code is None]
    return {
        "since": found.since,
        "completed_hour": sum(each.hour for each in completed),
        "completed_day": sum(each.day for each in completed),
        "failures": [
            {"code": each.code, "hour": each.hour, "day": each.day}
            for each in found.outcomes
            if each.code is not None
        ],
    }


def deliveries_json(found: Undelivered, now: int) -> DeliveriesJson:
    """The backlog of webhooks as the wire shows it."""
    return {
        "waiting": found.count,
        "complete": found.count < overview.MOST_WEBHOOKS,
        "failing": found.failing,
        "late_seconds": 0.0 if found.due is None else seconds(found.due, now),
    }


def seconds(since: int, now: int) -> float:
    """Seconds from a time to another; 0 if the clock was set back in between."""
    return max(0, now - since) / 1000
