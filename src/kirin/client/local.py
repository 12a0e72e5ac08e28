"""A private server for one program: started on a free port, stopped at the end of the block."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from kirin_client import Kirin

LISTENING = "listening on "
"""What ``kirin serve`` prints before its URL."""


class LocalServer:
    """Runs ``kirin serve`` as a child process.

    Attributes:
        base_url: where it listens, once started.
        api_key: a key that it accepts.
    """

    def __init__(self, data: Path | None = None, settings: Mapping[str, str] | None = None) -> None:
        """Prepare; the server starts when the block is entered.

        Args:
            data: its data folder; without one it gets a temporary folder, removed at the end.
            settings: further environment variables, such as ``KIRIN_SLOTS``.
        """
        self.base_url = ""
        self.api_key = f"local-{secrets.token_hex(16)}"
        self._data = data
        self._settings = dict(settings or {})
        self._scratch: tempfile.TemporaryDirectory[str] | None = None
        self._process: subprocess.Popen[str] | None = None

    @property
    def process(self) -> subprocess.Popen[str]:
        """The running server process."""
        if self._process is None:
            raise RuntimeError("the server is not started")
        return self._process

    def client(self) -> Kirin:
        """A client of this server, which tries once: nothing lies between."""
        return Kirin(self.base_url, self.api_key, max_retries=0)

    def start(self) -> None:
        """Start it and wait until it answers.

        Raises:
            ChildProcessError: it exited instead; it says why on standard error.
        """
        if self._data is None:
            self._scratch = tempfile.TemporaryDirectory(prefix="kirin-")
        folder = self._data or Path(self._scratch.name)  # type: ignore[union-attr]
        environment = {
            **os.environ,
            "KIRIN_BOOTSTRAP_KEY": self.api_key,
            "PYTHONUNBUFFERED": "1",
            **self._settings,
        }
        command = [sys.executable, "-m", "kirin", "serve", "--port", "0", "--data", str(folder)]
        self._process = subprocess.Popen(  # noqa: S603  our own module
            command, env=environment, stdout=subprocess.PIPE, text=True
        )
        for line in self._process.stdout or ():
            _, found, url = line.partition(LISTENING)
            if found:
                self.base_url = url.strip()
                httpx.get(f"{self.base_url}/healthz", timeout=30).raise_for_status()
                return
        raise ChildProcessError(f"the server ended with status {self._process.wait()}")

    def stop(self) -> None:
        """Shut it down and remove its temporary folder."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            if self._process.stdout is not None:
                self._process.stdout.close()
            self._process = None
        if self._scratch is not None:
            self._scratch.cleanup()
            self._scratch = None

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
