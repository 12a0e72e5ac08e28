"""The event stream of an account: changes of its tasks, as Server-Sent Events."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial

from fastapi import APIRouter, Request
from pydantic_core import to_json
from sqlalchemy import Connection
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from kirin.accounts import keys
from kirin.domain.task import Task
from kirin.errors import InvalidParameters, Problem, TooManyStreams
from kirin.http.error_handlers import DATABASE_UNAVAILABLE
from kirin.http.protocols.kirin_status import wire_status
from kirin.http.query_parameters import Header
from kirin.http.route import Route
from kirin.http.stream_tokens import EVENTS as ANY_TASK
from kirin.http.stream_tokens import TOKEN, StreamTokens
from kirin.http.tasks.account_slots import AccountSlots
from kirin.http.tasks.dependencies import TaskDependencies
from kirin.http.tasks.notifier import Notifier
from kirin.tasks import events, store
from kirin.tasks.events import Event

EVENTS = "/model/v1/events"

KEEP_ALIVE_SECONDS = 15.0
"""Silence after which a comment is sent: proxies close what is silent for longer."""

RETRY_MS = 1000
"""How soon a client is to reconnect when the connection breaks."""

BATCH = 50
"""Events that a stream holds in memory at a time; a client that reads slowly gets no more."""

MAX_DIGITS = 18

RESET = "events between this id and yours are gone: list the tasks, then go on from here"

LAST_EVENT_ID = Header("Last-Event-ID", "id of the last event that was received")

FOLLOW = Route(
    method="GET",
    path=EVENTS,
    id="followTasks",
    summary="Every change of a task's status or stage, as it happens",
    scope=keys.Scope.READ,
    parameters=(LAST_EVENT_ID, TOKEN),
    media_types=("text/event-stream",),
    answer_description="events named after the status, with the task as their data",
    errors=(InvalidParameters, TooManyStreams),
)
ROUTES = (FOLLOW,)


def add_event_routes(
    router: APIRouter,
    deps: TaskDependencies,
    notifier: Notifier,
    slots: AccountSlots,
    tokens: StreamTokens,
) -> None:
    """Add the route of the event stream."""

    async def follow(request: Request) -> EventStream:
        find = tokens.finder(request)
        account = (await deps.authenticator.admit(request, FOLLOW, find)).account
        tokens.check(request, ANY_TASK)
        given = number_of(request.headers.get(LAST_EVENT_ID.name))
        start = await deps.threads.read_short(partial(starting_point, account=account, given=given))
        give_back = slots.take(account)
        valid = partial(deps.authenticator.still_valid, request, find)
        base_url = deps.base_url.of(request)
        messages = follow_events(deps, notifier, account, start, base_url, valid)
        return EventStream(until_unavailable(messages), give_back)

    FOLLOW.add_to(router, follow)


@dataclass(frozen=True, slots=True)
class Start:
    """Where a stream begins.

    Attributes:
        number: the last event that the client knows, or need not know.
        gap: whether events that it does not know are no longer stored.
    """

    number: int
    gap: bool


def starting_point(connection: Connection, account: str, given: int | None) -> Start:
    """Where to begin for a client that knows all events up to a number, or begins now."""
    last = events.last(connection, [account])[account]
    if given is None or given == last:
        return Start(last, gap=False)
    oldest = events.oldest(connection, account) or last + 1
    gap = not oldest - 1 <= given < last
    return Start(last if gap else given, gap)


def number_of(header: str | None) -> int | None:
    """The number in a ``Last-Event-ID``; ``None`` where it is empty or missing.

    Raises:
        InvalidParameters: it is not an id of this stream.
    """
    if not header:
        return None
    if header.isascii() and header.isdigit() and len(header) <= MAX_DIGITS:
        return int(header)
    message = "it takes the id of an event of this stream"
    raise InvalidParameters([Problem(LAST_EVENT_ID.name, "invalid_header", message)])


async def follow_events(
    deps: TaskDependencies,
    notifier: Notifier,
    account: str,
    start: Start,
    base_url: str,
    valid: Callable[[], Awaitable[bool]],
) -> AsyncGenerator[bytes]:
    """An account's events as they happen, until the request's key is no longer valid.

    Args:
        base_url: of links.
        valid: tells whether it is.
    """

    def after(connection: Connection, number: int) -> list[tuple[Event, Task | None]]:
        return [
            (event, None if event.body is not None else store.get(connection, event.task))
            for event in events.after(connection, account, number, BATCH)
        ]

    number = start.number
    with notifier.subscribe(account) as subscription:
        # An id without data: a client that loses the connection now misses nothing either.
        yield f"retry: {RETRY_MS}\nid: {number}\n\n".encode()
        if start.gap:
            yield message(number, "reset", to_json({"message": RESET}))
        while await valid():
            batch = await deps.threads.read_short(partial(after, number=number))
            for event, task in batch:
                body = deps.presenter.task(task, base_url) if task else event.body
                yield message(event.number, wire_status(event.status), to_json(body))
                number = event.number
            if len(batch) < BATCH and not await subscription.changed(KEEP_ALIVE_SECONDS):
                yield b": keep-alive\n\n"


async def until_unavailable(messages: AsyncGenerator[bytes]) -> AsyncIterator[bytes]:
    """The same, but ending when the database becomes unavailable: the client reconnects after a
    second, and learns then when to come again."""
    try:
        async with aclosing(messages):
            async for each in messages:
                yield each
    except DATABASE_UNAVAILABLE:
        return


def message(number: int, name: str, data: bytes) -> bytes:
    """One event; JSON has no line breaks, so its data is one line."""
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (number, name.encode(), data)


class EventStream(StreamingResponse):
    """An answer that goes on until the client hangs up."""

    def __init__(self, content: AsyncIterator[bytes], close: Callable[[], None]) -> None:
        """Create the answer.

        Args:
            close: called when the stream has ended, for whatever reason.
        """
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        super().__init__(content, headers=headers, media_type="text/event-stream")
        self._close = close

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._close()
