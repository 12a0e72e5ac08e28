"""An application behind a real socket, in a thread of this process."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import httpx
import uvicorn
from fastapi import FastAPI

from kirin.cli.listening import configuration
from kirin.settings import Settings
from support.waiting import until


class Live:
    """Serves for the length of a block; for what is answered bit by bit."""

    def __init__(self, app: FastAPI, **settings: Any) -> None:
        """Prepare to serve as ``kirin api`` does.

        Args:
            settings: that are others than usual.
        """
        config = configuration(app, Settings(**settings))
        config.port, config.timeout_graceful_shutdown = 0, 0
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        until(lambda: self._server.started)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        self._thread.join(10)

    def stop(self) -> None:
        """Begin to shut down, without waiting for it."""
        self._server.should_exit = True

    @property
    def url(self) -> str:
        """Where it is."""
        port = self._server.servers[0].sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}"

    def client(self, key: str) -> httpx.Client:
        """A client with a key."""
        headers = {"Authorization": f"Bearer {key}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=120)


@contextmanager
def connected(live: Live) -> Iterator[socket.socket]:
    """A connection to a server, for bytes that no client library would send."""
    where = urlsplit(live.url)
    with socket.create_connection((where.hostname or "", where.port or 0), timeout=60) as opened:
        yield opened


def received(connection: socket.socket) -> bytes:
    """All that comes until the server closes the connection."""
    told = b""
    while piece := connection.recv(65_536):
        told += piece
    return told


def answer_on(connection: socket.socket) -> tuple[int, dict[str, Any]]:
    """Status and JSON body of the only answer that comes until the connection is closed."""
    head, _, body = received(connection).partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body)


@dataclass(frozen=True)
class Told:
    """A message of an event stream; a comment has its text as data and no name."""

    id: str
    name: str
    data: Any


@contextmanager
def stream(client: httpx.Client, **headers: str) -> Iterator[Iterator[Told]]:
    """The messages of the event stream, after the first one, which only has an id."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    with client.stream("GET", "/model/v1/events", headers=given) as answer:
        assert answer.status_code == 200, answer.read()
        assert answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"
        messages = _messages(answer.iter_lines())
        assert next(messages).name == ""
        yield messages


@contextmanager
def events(
    client: httpx.Client, method: str, path: str, **request: Any
) -> Iterator[Iterator[Told]]:
    """The messages of a stream of events about one task, without the first, which has no name."""
    with client.stream(method, path, **request) as answer:
        assert answer.status_code == 200, answer.read()
        assert answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"
        messages = _messages(answer.iter_lines())
        assert next(messages).name == ""
        yield messages


def _messages(lines: Iterator[str]) -> Iterator[Told]:
    fields: dict[str, str] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
            continue
        data = json.loads(fields["data"]) if "data" in fields else fields.get("", "")
        yield Told(fields.get("id", ""), fields.get("event", ""), data)
        fields = {}
