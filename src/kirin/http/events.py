"""The event stream of an account: every change of a task's status, as Server-Sent Events."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial

from fastapi import APIRouter, Request
from pydantic_core import to_json
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from kirin.accounts import keys
from kirin.domain.task import Task
from kirin.errors import InvalidParameters, Problem, TooManyStreams
from kirin.http.context import DATABASE_AWAY
from kirin.http.gate import admit, still_open
from kirin.http.rooms import Rooms
from kirin.http.watch import Watch
from kirin.tasks import events, store
from kirin.tasks.events import Event

EVENTS = "/model/v1/events"

KEEP_ALIVE_SECONDS = 15.0
"""Silence after which a comment is sent: proxies close what is silent for longer."""

RETRY_MS = 1000
"""How soon a client shall come back when the connection breaks."""

BATCH = 50
"""Events that a stream holds in memory at a time; a client that reads slowly gets no more."""

MOST_DIGITS = 18

RESET = "events between this id and yours are gone: list the tasks, then go on from here"


def event_routes(rooms: Rooms, watch: Watch) -> APIRouter:
    """The route of the event stream."""
    router = APIRouter()
    open_: Counter[str] = Counter()

    async def stream(request: Request) -> EventStream:
        owner = (await admit(rooms, request, keys.Scope.READ)).account
        given = number_of(request.headers.get("Last-Event-ID"))
        start = await rooms.look(partial(starting_point, rooms, owner, given))
        if open_[owner] >= rooms.streams:
            raise TooManyStreams(
                f"the account has {rooms.streams} event streams open, and may have no more: "
                "one stream tells of all tasks"
            )
        open_[owner] += 1

        def close() -> None:
            open_[owner] -= 1
            if not open_[owner]:
                del open_[owner]

        told = tell(rooms, watch, owner, start, request)
        return EventStream(unless_away(told), close)

    router.add_api_route(EVENTS, stream, methods=["GET"], response_model=None)
    return router


@dataclass(frozen=True, slots=True)
class Start:
    """Where a stream begins.

    Attributes:
        number: the last event that the client knows, or need not know.
        gap: whether events that it does not know can't be told any more.
    """

    number: int
    gap: bool


def starting_point(rooms: Rooms, account: str, given: int | None) -> Start:
    """Where to begin for a client that knows all up to a number, or begins now."""
    with rooms.database.read() as connection:
        last = events.last(connection, [account])[account]
        if given is None or given == last:
            return Start(last, gap=False)
        oldest = events.oldest(connection, account) or last + 1
        gap = not oldest - 1 <= given < last
        return Start(last if gap else given, gap)


def number_of(header: str | None) -> int | None:
    """The number in a ``Last-Event-ID``; ``None`` where it is empty or missing.

    Raises:
        InvalidParameters: it is no id that a stream gives.
    """
    if not header:
        return None
    if header.isascii() and header.isdigit() and len(header) <= MOST_DIGITS:
        return int(header)
    message = "it takes the id of an event of this stream"
    raise InvalidParameters([Problem("Last-Event-ID", "invalid_header", message)])


async def tell(
    rooms: Rooms, watch: Watch, account: str, start: Start, request: Request
) -> AsyncGenerator[bytes]:
    """An account's events as they happen, until the key of the request opens nothing more."""
    base_url = rooms.base_url(request)

    def after(number: int) -> list[tuple[Event, Task | None]]:
        with rooms.database.read() as connection:
            return [
                (event, None if event.body is not None else store.get(connection, event.task))
                for event in events.after(connection, account, number, BATCH)
            ]

    number = start.number
    with watch.subscribe(account) as subscription:
        # An id without data: a client that loses the connection now misses nothing either.
        yield f"retry: {RETRY_MS}\nid: {number}\n\n".encode()
        if start.gap:
            yield message(number, "reset", to_json({"message": RESET}))
        while await still_open(rooms, request):
            batch = await rooms.look(partial(after, number))
            for event, task in batch:
                body = rooms.presenter.task(task, base_url) if task else event.body
                yield message(event.number, event.status, to_json(body))
                number = event.number
            if len(batch) < BATCH and not await subscription.woken(KEEP_ALIVE_SECONDS):
                yield b": keep-alive\n\n"


async def unless_away(told: AsyncGenerator[bytes]) -> AsyncIterator[bytes]:
    """The same, up to the moment when the database goes away: the client comes back after a
    second, and is told then when to come again."""
    try:
        async with aclosing(told):
            async for piece in told:
                yield piece
    except DATABASE_AWAY:
        return


def message(number: int, name: str, data: bytes) -> bytes:
    """One event; JSON has no line breaks, so its data is one line."""
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (number, name.encode(), data)


class EventStream(StreamingResponse):
    """An answer that goes on until the client hangs up."""

    def __init__(self, content: AsyncIterator[bytes], close: Callable[[], None]) -> None:
        """Prepare.

        Args:
            close: called when it has ended, however it ends.
        """
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        super().__init__(content, headers=headers, media_type="text/event-stream")
        self._close = close

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._close()
