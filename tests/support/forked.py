"""Commands of ``kirin`` as processes that begin with the package imported.

To import it is more than half of what a process of a fleet costs, and a test run starts a hundred.
A fork server imports it once; each command is a fork of that, with a process id, an environment and
an output of its own, and runs ``kirin.cli.main`` as a new interpreter would.
"""

from __future__ import annotations

import faulthandler
import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from multiprocessing.reduction import DupFd
from pathlib import Path
from typing import Any, TextIO

from kirin.cli import main

PRELOADED = [
    "av",
    "dbos._sys_db_postgres",
    "dbos._sys_db_sqlite",
    "kirin.app",
    "kirin.cli.api",
    "kirin.cli.ledger",
    "kirin.cli.worker",
    "kirin.console.routes",
    "kirin.engines.diffusion.engine",
    "kirin.engines.rendering",
    "kirin.http.server",
    "kirin.media.encode",
    "kirin.orchestration.task_executor",
    "kirin.tasks.worker",
    "uvicorn",
    "uvloop",
]
"""What an API and a worker import, as far as it starts no thread: those do not survive a fork."""

TELL_STACKS = signal.SIGUSR2
"""At this signal a process writes to its errors where each of its threads stands."""

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(PRELOADED)


class ForkedCommand:
    """A command that runs, with what tests use of :class:`subprocess.Popen`.

    Attributes:
        stdout: what it prints.
    """

    def __init__(
        self, words: Sequence[str], environment: Mapping[str, str], errors: Path, patch: str = ""
    ) -> None:
        """Start it.

        Args:
            words: the command and its arguments.
            environment: all of its environment variables.
            errors: the file that its standard error is appended to.
            patch: Python that runs before, to make something go wrong.
        """
        reading, writing = os.pipe()
        self.stdout: TextIO = os.fdopen(reading)
        with os.fdopen(writing, "w") as output, errors.open("a") as log:
            # Descriptors can be handed over only while a process is started.
            streams = _Streams(output.fileno(), log.fileno())
            arguments = (list(words), dict(environment), streams, patch)
            self._process = _context.Process(target=_run, args=arguments, daemon=True)
            self._process.start()

    @property
    def pid(self) -> int:
        """The process id."""
        assert self._process.pid is not None
        return self._process.pid

    def poll(self) -> int | None:
        """The exit status, negative for a signal; ``None`` while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it has ended, and return the exit status."""
        self._process.join(timeout)
        if (status := self.poll()) is None:
            raise subprocess.TimeoutExpired("kirin", timeout or 0)
        return status

    def communicate(self, timeout: float | None = None) -> str:
        """Wait until it has ended, and return what it has printed and nobody has read."""
        self.wait(timeout)
        return self.stdout.read()

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        if self.poll() is None:
            with suppress(ProcessLookupError):  # it has ended since
                os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def close(self) -> None:
        """End it if it still runs, and free what it held here."""
        self.kill()
        self.wait()
        self.stdout.close()


class _Streams:
    """Descriptors of the output and the errors, to be pickled for a process that starts."""

    def __init__(self, output: int, errors: int) -> None:
        self._descriptors = (output, errors)

    def __getstate__(self) -> list[Any]:
        return [DupFd(descriptor) for descriptor in self._descriptors]

    def __setstate__(self, handed: list[Any]) -> None:
        self._descriptors = (handed[0].detach(), handed[1].detach())

    def connect(self) -> None:
        """Make them standard output and standard error of this process."""
        for descriptor, standard in zip(self._descriptors, (1, 2), strict=True):
            os.dup2(descriptor, standard)
            os.close(descriptor)


def _run(words: list[str], environment: dict[str, str], streams: _Streams, patch: str) -> None:
    """What the process does."""
    # As a service does. The kernel wakes all that are stopped in a process group whose last parent
    # outside of it ends (setpgid(2)): a test's SIGSTOP would end with the shell that ran it.
    os.setsid()
    streams.connect()
    faulthandler.register(TELL_STACKS)
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["kirin", *words]
    exec(patch, {})  # noqa: S102  of a test
    main()
