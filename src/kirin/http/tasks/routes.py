"""All routes of tasks."""

from __future__ import annotations

from fastapi import APIRouter

from kirin.http.tasks import create, events, listing, quote, read
from kirin.http.tasks.dependencies import TaskDependencies
from kirin.http.tasks.notifier import Notifier

ROUTES = (*create.ROUTES, *listing.ROUTES, *read.ROUTES, *events.ROUTES, *quote.ROUTES)


def add_task_routes(router: APIRouter, deps: TaskDependencies, max_streams: int) -> None:
    """Add the routes of tasks.

    Args:
        max_streams: event streams that an account may hold open in this process.
    """
    notifier = Notifier(deps.threads)
    create.add_create_routes(router, deps)
    listing.add_list_routes(router, deps)
    read.add_read_routes(router, deps, notifier)
    events.add_event_routes(router, deps, notifier, max_streams)
    quote.add_quote_routes(router, deps)
