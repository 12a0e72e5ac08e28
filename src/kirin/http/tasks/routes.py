"""All routes of tasks."""

from __future__ import annotations

from fastapi import APIRouter

from kirin.http.tasks import create, events, listing, quote, read
from kirin.http.tasks.dependencies import TaskDependencies
from kirin.http.tasks.notifier import Notifier

ROUTES = (*create.ROUTES, *listing.ROUTES, *read.ROUTES, *events.ROUTES, *quote.ROUTES)


def task_routes(deps: TaskDependencies, max_streams: int) -> APIRouter:
    """The routes of tasks.

    Args:
        max_streams: event streams that an account may hold open in this process.
    """
    router = APIRouter()
    notifier = Notifier(deps.threads)
    router.include_router(create.create_routes(deps))
    router.include_router(listing.list_routes(deps))
    router.include_router(read.read_routes(deps, notifier))
    router.include_router(events.event_routes(deps, notifier, max_streams))
    router.include_router(quote.quote_routes(deps))
    return router
