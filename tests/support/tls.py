"""TLS in front of a server, as a proxy of an operator has it."""

from __future__ import annotations

import socket
import ssl
import threading
from contextlib import suppress
from socketserver import BaseRequestHandler, ThreadingTCPServer
from types import TracebackType
from typing import Self

from support.certificates import Authority

HOST = "localhost"


class TlsFront(ThreadingTCPServer):
    """Passes connections on to a server of this machine, which speaks no TLS itself.

    Attributes:
        target: port of that server.
    """

    daemon_threads = True
    block_on_close = False

    def __init__(self, authority: Authority) -> None:
        super().__init__(("127.0.0.1", 0), _Passing)
        self.target = 0
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.certify(self.context, HOST)
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,))

    @property
    def url(self) -> str:
        """Where clients find it."""
        return f"https://{HOST}:{self.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.shutdown()
        self.server_close()
        self._thread.join()


class _Passing(BaseRequestHandler):
    server: TlsFront

    def handle(self) -> None:
        with (
            suppress(OSError),
            self.server.context.wrap_socket(self.request, server_side=True) as client,
            socket.create_connection(("127.0.0.1", self.server.target)) as behind,
        ):
            back = threading.Thread(target=self._pass, args=(behind, client), daemon=True)
            back.start()
            self._pass(client, behind)
            back.join()

    @staticmethod
    def _pass(source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                sink.sendall(data)
        with suppress(OSError):
            sink.shutdown(socket.SHUT_RDWR)
