"""All routes of tasks."""

from __future__ import annotations

from fastapi import APIRouter

from kirin.http.stream_tokens import StreamTokens
from kirin.http.tasks import (
    archive,
    batches,
    create,
    events,
    listing,
    pictures,
    preview,
    quote,
    read,
    share,
    stream,
    sync,
    tokens,
)
from kirin.http.tasks.dependencies import TaskDependencies
from kirin.http.tasks.intake import Intake
from kirin.http.tasks.share import Sharing
from kirin.http.tasks.waiting_room import WaitingRoom

ROUTES = (
    *create.ROUTES,
    *sync.ROUTES,
    *listing.ROUTES,
    *archive.ROUTES,
    *batches.ROUTES,
    *pictures.ROUTES,
    *read.ROUTES,
    *preview.ROUTES,
    *stream.ROUTES,
    *events.ROUTES,
    *tokens.ROUTES,
    *share.ROUTES,
    *quote.ROUTES,
)


def add_task_routes(
    router: APIRouter,
    deps: TaskDependencies,
    intake: Intake,
    waiting_room: WaitingRoom,
    stream_tokens: StreamTokens,
    sharing: Sharing,
) -> None:
    """Add the routes of tasks.

    Args:
        stream_tokens: for streams that are asked for without a key.
        sharing: for links to videos.
    """
    notifier, slots = waiting_room.notifier, waiting_room.streams
    create.add_create_routes(router, deps, intake)
    sync.add_sync_routes(router, deps, intake, waiting_room)
    listing.add_list_routes(router, deps)
    # A task of such a name is read where there is none to follow, so it comes first.
    read_task = read.task_reader(deps, notifier)
    stream.add_stream_routes(router, deps, notifier, slots, read_task, stream_tokens)
    preview.add_preview_routes(router, deps, read_task)
    tokens.add_token_routes(router, deps, stream_tokens)
    share.add_share_routes(router, deps, sharing)
    archive.add_archive_routes(router, deps, stream_tokens)
    batches.add_batch_routes(router, deps)
    pictures.add_picture_routes(router, deps, read_task)
    read.add_read_routes(router, deps, read_task)
    events.add_event_routes(router, deps, notifier, slots, stream_tokens)
    quote.add_quote_routes(router, deps, intake)
