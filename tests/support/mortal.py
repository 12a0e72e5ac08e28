"""A server that dies without a word, and comes back where it was."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from kirin.client.local import LISTENING
from support.ports import reserved_port
from support.servers import SETTINGS


class Mortal:
    """``kirin serve`` on one data folder and one port, however often it is started.

    Attributes:
        url: where it listens, once started.
        key: an API key that it takes.
    """

    def __init__(self, data: Path) -> None:
        self.url = ""
        self.key = f"mortal-{secrets.token_hex(16)}"
        self._data = data
        self._port = str(reserved_port())
        self._process: subprocess.Popen[str] | None = None

    def live(self) -> None:
        """Start it, and wait until it answers."""
        words = ["serve", "--port", self._port, "--data", str(self._data)]
        environment = {**SETTINGS, "KIRIN_BOOTSTRAP_KEY": self.key, "PYTHONUNBUFFERED": "1"}
        self._process = subprocess.Popen(  # noqa: S603  our own module
            [sys.executable, "-m", "kirin", *words],
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            text=True,
        )
        for line in self._process.stdout or ():
            _, found, url = line.partition(LISTENING)
            if found:
                self.url = url.strip()
                httpx.get(f"{self.url}/healthz", timeout=60).raise_for_status()
                return
        raise AssertionError("the server ended at once")

    def die(self) -> None:
        """Kill it: it can neither finish nor tell anybody."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            if self._process.stdout is not None:
                self._process.stdout.close()
            self._process = None

    def __enter__(self) -> Self:
        self.live()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.die()
