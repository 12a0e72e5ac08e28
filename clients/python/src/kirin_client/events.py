"""Server-Sent Events: reading them line by line, and going on after a connection has broken."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import httpx

from kirin_client.errors import KirinError, UnreadableAnswer
from kirin_client.models import Task
from kirin_client.options import Options
from kirin_client.requests import check
from kirin_client.retries import Attempts, failure

SILENCE = 60.0
"""Seconds without a byte after which a connection counts as broken: servers send a comment every
15 seconds."""

LONGEST_LINE = 1 << 24
"""Bytes; no event is as long."""


@dataclass(frozen=True)
class Event:
    """Something that became of a task.

    Attributes:
        name: in a task's stream ``output``, ``done`` or ``error``; in the account's the status of
            the task, or ``reset`` where events were missed and the tasks are to be listed.
        id: where to go on from; ``after`` of a later stream takes it.
        data: the JSON object that came with it.
    """

    name: str
    id: str
    data: dict[str, Any]

    @cached_property
    def task(self) -> Task:
        """The task as it was then."""
        return Task.model_validate(self.data)


class Decoder:
    """Makes events of lines, as the HTML standard has it."""

    def __init__(self, id: str = "", retry: float | None = None) -> None:
        self.id = id
        self.retry = retry
        self._id = id
        self._name = ""
        self._data: list[str] = []

    def feed(self, line: str) -> Event | None:
        """The event that a line, given without its end, completes."""
        if not line:
            return self._complete()
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "event":
            self._name = value
        elif name == "data":
            self._data.append(value)
        elif name == "id" and "\0" not in value:
            self._id = value  # it counts when its event is complete
        elif name == "retry" and value.isascii() and value.isdigit():
            self.retry = int(value) / 1000
        return None

    def _complete(self) -> Event | None:
        self.id = self._id
        name, data = self._name, "\n".join(self._data)
        self._name, self._data = "", []
        if not data:
            return None
        try:
            found = json.loads(data)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise UnreadableAnswer("an event has no JSON object as its data")
        return Event(name or "message", self.id, found)


class Following:
    """An event stream over as many connections as it takes.

    The transports open :attr:`path` with :meth:`headers`, hand in what comes, and wait for
    :attr:`pause` between two connections, until :attr:`over`.
    """

    def __init__(
        self, path: str, options: Options, *, after: str | None, ends: Callable[[Event], bool]
    ) -> None:
        """Prepare.

        Args:
            after: id of the last event that the caller knows.
            ends: whether an event is the last one.
        """
        self.path = path
        self.over = False
        self.pause = 0.0
        self._options = options
        self._ends = ends
        self._attempts = Attempts(options.max_retries, None)
        self._decoder = Decoder(after or "")
        self._rest = b""

    def headers(self) -> dict[str, str]:
        """Of the next connection, before which no half event counts."""
        last = self._decoder.id
        self._decoder = Decoder(last, self._decoder.retry)
        self._rest = b""
        wanted = {"Accept": "text/event-stream", "Cache-Control": "no-store"}
        return {**wanted, "Last-Event-ID": last} if last else wanted

    @property
    def seconds(self) -> float:
        """Of silence that are tolerated."""
        return SILENCE

    def opened(self, response: httpx.Response) -> None:
        """Look at the head of an answer; of a refusal the body has been read.

        Raises:
            ApiError: the server refused it.
        """
        check(response)
        kind = response.headers.get("Content-Type", "")
        if not kind.startswith("text/event-stream"):
            raise UnreadableAnswer(f"expected an event stream, got {kind or 'nothing'}")

    def feed(self, piece: bytes) -> Iterator[Event]:
        """The events that some bytes complete, up to the last one.

        Lines end as the standard has it; ``str.splitlines`` would split texts in the data, too.
        """
        *lines, self._rest = (self._rest + piece).split(b"\n")
        if len(self._rest) > LONGEST_LINE:
            raise UnreadableAnswer("a line of the event stream is too long")
        for line in lines:
            event = self._decoder.feed(line.removesuffix(b"\r").decode("utf-8", "replace"))
            if event is not None:
                self._attempts.reset()
                self.over = self._ends(event)
                yield event
            if self.over:
                return

    def broken(self, error: Exception | None) -> None:
        """Decide whether to connect again.

        Args:
            error: ``None`` where the server closed the connection.

        Raises:
            KirinError: there were too many failures, or the server refuses.
        """
        if error is None:
            error = httpx.RemoteProtocolError("the server closed the event stream")
        if isinstance(error, httpx.TransportError):
            failed: KirinError = failure(error)
        elif isinstance(error, KirinError):
            failed = error
        else:
            raise error
        pause = self._attempts.again(failed, repeatable=True)
        if pause is None:
            raise failed
        self.pause = max(pause, self._decoder.retry or 0.0) if self._attempts.made > 1 else pause


def ends_task(event: Event) -> bool:
    """Whether a task's stream has nothing to say after an event."""
    return event.name in ("done", "error")
