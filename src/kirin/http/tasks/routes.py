"""All routes of tasks."""

from __future__ import annotations

from fastapi import APIRouter

from kirin.errors import TooManyStreams
from kirin.http.tasks import create, events, listing, quote, read, stream, sync
from kirin.http.tasks.account_slots import AccountSlots
from kirin.http.tasks.dependencies import TaskDependencies
from kirin.http.tasks.intake import Intake
from kirin.http.tasks.notifier import Notifier

ROUTES = (
    *create.ROUTES,
    *sync.ROUTES,
    *listing.ROUTES,
    *read.ROUTES,
    *stream.ROUTES,
    *events.ROUTES,
    *quote.ROUTES,
)


def add_task_routes(
    router: APIRouter,
    deps: TaskDependencies,
    intake: Intake,
    notifier: Notifier,
    max_streams: int,
    sync_seconds: float,
) -> None:
    """Add the routes of tasks.

    Args:
        max_streams: event streams that an account may hold open in this process.
        sync_seconds: how long a request waits for the end of its task.
    """
    slots = AccountSlots(
        max_streams,
        lambda: TooManyStreams(
            f"the account has {max_streams} event streams open, which is the limit: "
            "one stream of the account tells of all tasks"
        ),
    )
    create.add_create_routes(router, deps, intake)
    sync.add_sync_routes(router, deps, intake, notifier, slots, sync_seconds)
    listing.add_list_routes(router, deps)
    # A task of such a name is read where there is none to follow, so it comes first.
    read_task = read.task_reader(deps, notifier)
    stream.add_stream_routes(router, deps, notifier, slots, read_task)
    read.add_read_routes(router, deps, read_task)
    events.add_event_routes(router, deps, notifier, slots)
    quote.add_quote_routes(router, deps, intake)
