"""A gate before a server: while it is shut, nothing gets through."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress


class Gate:
    """Passes connections on to a port of this machine; shut, it refuses and breaks them.

    Attributes:
        port: where it listens.
        refused: connections that it has let down so far.
    """

    def __init__(self, target: int) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.refused = 0
        self._open = True
        self._pairs: set[socket.socket] = set()
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    def shut(self) -> None:
        """Let nothing through, and break what is under way."""
        with self._lock:
            self._open = False
            pairs = list(self._pairs)
        for end in pairs:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def open(self) -> None:
        """Let everything through."""
        self._open = True

    def close(self) -> None:
        """Be gone."""
        self.shut()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(("127.0.0.1", self._target)) if self._open else None
            except OSError:
                far = None
            if far is None or not self._take(near, far):
                self.refused += 1  # before anybody can notice
                near.close()
                if far is not None:
                    far.close()
                continue
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._pass, args=(source, sink), daemon=True).start()

    def _take(self, near: socket.socket, far: socket.socket) -> bool:
        """Whether a pair may pass: it may have been shut since it was connected."""
        with self._lock:
            if self._open:
                self._pairs |= {near, far}
            return self._open

    def _pass(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        with self._lock:
            gone = {source, sink} & self._pairs
            self._pairs -= gone
        # The other direction's thread ends by the shutdown, and finds nothing more to do.
        for end in gone:
            end.close()
