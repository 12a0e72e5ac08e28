"""Servers on this machine that a Kirin server talks to: one hears, the others have media."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, ClassVar, Self

from support.pictures import flat_png


class _Patient(ThreadingHTTPServer):
    # Many may connect while this process is kept waiting; the usual five would be let down.
    request_queue_size = 128


class Loopback:
    """A server in threads of this process, for the length of a block.

    Attributes:
        port: where it listens.
        closing: set at the end, so that handlers that hang let go.
    """

    def __init__(self, handler: type[BaseHTTPRequestHandler]) -> None:
        self._server = _Patient(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._server.owner = self  # type: ignore[attr-defined]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self.port = self._server.server_port
        self.closing = threading.Event()

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        """Where a path of this server is found."""
        return f"http://{host}:{self.port}/{path}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class Quiet(BaseHTTPRequestHandler):
    """What both servers share: they answer in one go, and log nothing."""

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        with suppress(OSError):  # who asked may be gone
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@dataclass(frozen=True)
class Message:
    """A webhook as it came in."""

    headers: Mapping[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def task(self) -> dict[str, Any]:
        parsed: dict[str, Any] = json.loads(self.body)
        return parsed


class Receiver(Loopback):
    """Takes webhooks: answers each with the next of some statuses, and at last with 200.

    Attributes:
        messages: what came in, in order; those that were refused too.
    """

    def __init__(self, *statuses: int, **headers: str) -> None:
        super().__init__(_Hook)
        self.statuses = list(statuses)
        self.headers = headers
        self.messages: list[Message] = []
        self.lock = threading.Lock()

    def of(self, task: str) -> list[Message]:
        """The messages about one task."""
        return [message for message in self.messages if message.task["id"] == task]

    def told(self, task: str) -> list[str]:
        """The statuses of a task that it was told, in order.

        Each message counts once: one whose sender died before writing down that it was sent
        comes again, under the same id.
        """
        statuses: dict[str, str] = {}
        for message in self.of(task):
            statuses.setdefault(message.id, message.task["status"])
        return list(statuses.values())


class _Hook(Quiet):
    def do_POST(self) -> None:
        receiver: Receiver = self.server.owner  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        with receiver.lock:  # the next message has the next status, also beside this one
            receiver.messages.append(Message(headers, body))
            status = receiver.statuses.pop(0) if receiver.statuses else 200
        self.answer(status, b"heard", **receiver.headers)


class FileHost(Loopback):
    """Has the files that a test gives it, under any name."""

    def __init__(self) -> None:
        super().__init__(_Files)
        self.files: dict[str, bytes] = {}

    def add(self, name: str, content: bytes) -> str:
        """Put a file there, and tell its URL."""
        self.files[name] = content
        return self.url(name)


class _Files(Quiet):
    def do_GET(self) -> None:
        host: FileHost = self.server.owner  # type: ignore[attr-defined]
        content = host.files.get(self.path[1:])
        self.answer(404 if content is None else 200, content or b"")


class PictureHost(Loopback):
    """Has a black picture of any size at ``400x300.png``, and the paths of :class:`_Pictures`."""

    def __init__(self) -> None:
        super().__init__(_Pictures)


class _Pictures(Quiet):
    names: ClassVar[Mapping[str, str]] = {
        "missing": "missing",
        "text": "text",
        "cut": "cut",
        "hang": "hang",
        "endless": "endless",
        "to": "redirect",
    }

    def do_GET(self) -> None:
        name, _, rest = self.path[1:].partition("?")
        if name in self.names:
            getattr(self, self.names[name])(rest)
        else:
            width, height = name.removesuffix(".png").split("x")
            self.answer(200, flat_png(int(width), int(height)))

    def missing(self, _: str) -> None:
        """Nothing here."""
        self.answer(404, b"gone")

    def text(self, _: str) -> None:
        """Something else than its name says."""
        self.answer(200, b"plain text", Content_Type="image/png")

    def cut(self, _: str) -> None:
        """The first half of a picture."""
        self.answer(200, flat_png(400, 300)[:100])

    def redirect(self, target: str) -> None:
        """On to somewhere else."""
        self.answer(302, Location=target)

    def hang(self, _: str) -> None:
        """No answer at all."""
        self.owner.closing.wait(60)

    def endless(self, _: str) -> None:
        """A picture that begins well and never ends."""
        self.send_response(200)
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(flat_png(400, 300)[:100])
            while not self.owner.closing.is_set():
                self.wfile.write(bytes(2**16))

    @property
    def owner(self) -> Loopback:
        owner: Loopback = self.server.owner  # type: ignore[attr-defined]
        return owner
