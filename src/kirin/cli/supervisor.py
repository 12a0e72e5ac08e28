"""Keeps a worker process running beside the API, and starts another when it dies."""

from __future__ import annotations

import os
import subprocess
import sys
import threading

import structlog

from kirin.settings import Settings

log = structlog.get_logger(__name__)

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 10.0
"""Seconds before a dead worker is replaced; doubled each time it dies young."""

YOUNG = 30.0
"""A worker that lived longer than these seconds did not die of its start."""

STOP_MARGIN = 10.0
"""Seconds beyond ``stop_seconds`` after which a worker that does not end is killed."""


class Supervisor:
    """One worker process, watched by a thread."""

    def __init__(self, settings: Settings) -> None:
        self._patience = settings.stop_seconds + STOP_MARGIN
        self._environment = {
            **os.environ,
            "KIRIN_DATA_DIR": str(settings.data_dir),
            "KIRIN_PUBLIC_URL": settings.base_url,
        }
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="supervisor", daemon=True)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the worker and the watching."""
        self._process = self._spawn()
        self._thread.start()

    def stop(self) -> None:
        """Ask the worker to end in good order, and wait for it."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(self._patience)
        except subprocess.TimeoutExpired:
            log.warning("the worker does not stop; it is killed", pid=self._process.pid)
            self._process.kill()
            self._process.wait()

    def _watch(self) -> None:
        pause = FIRST_PAUSE
        while not self._stopping.is_set() and self._process is not None:
            lived = 0.0
            while self._process.poll() is None:
                if self._stopping.wait(0.2):
                    return
                lived += 0.2
            pause = FIRST_PAUSE if lived > YOUNG else min(pause * 2, LONGEST_PAUSE)
            log.warning(
                "the worker died; another is started",
                status=self._process.returncode,
                seconds=pause,
            )
            if self._stopping.wait(pause):
                return
            self._process = self._spawn()

    def _spawn(self) -> subprocess.Popen[bytes]:
        # Its own session, so that Ctrl-C reaches us alone and we end it in order. It reads its
        # standard input, which closes when we die, however we die.
        return subprocess.Popen(
            [sys.executable, "-m", "kirin", "worker", "--until-stdin-closes"],
            env=self._environment,
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
