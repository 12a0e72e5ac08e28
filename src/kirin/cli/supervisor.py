"""The supervisor: keeps a worker process running beside the API, and restarts it when it dies."""

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
"""Seconds before a dead worker is restarted; doubled each time it dies soon after its start."""

STABLE_SECONDS = 30.0
"""A worker that ran for longer is restarted without a further increase of the pause."""

STOP_MARGIN = 10.0
"""Seconds after ``stop_seconds`` when a worker that has not ended is killed."""


class Supervisor:
    """One worker process, and a thread that watches it."""

    def __init__(self, settings: Settings) -> None:
        self._stop_seconds = settings.stop_seconds + STOP_MARGIN
        self._environment = {
            **os.environ,
            "KIRIN_DATA_DIR": str(settings.data_dir),
            "KIRIN_PUBLIC_URL": settings.base_url,
        }
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="supervisor", daemon=True)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the worker, and the thread that watches it."""
        self._process = self._spawn()
        self._thread.start()

    def stop(self) -> None:
        """Tell the worker to stop, and wait until it has ended."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(self._stop_seconds)
        except subprocess.TimeoutExpired:
            log.warning("worker did not stop in time; killing it", pid=self._process.pid)
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
            pause = FIRST_PAUSE if lived > STABLE_SECONDS else min(pause * 2, LONGEST_PAUSE)
            log.warning(
                # It may have been drained, too: an installation without a worker would be no use.
                "worker ended; starting another",
                status=self._process.returncode,
                seconds=pause,
            )
            if self._stopping.wait(pause):
                return
            self._process = self._spawn()

    def _spawn(self) -> subprocess.Popen[bytes]:
        # A session of its own, so that Ctrl-C reaches only this process, which then stops the
        # worker. The worker watches its standard input, which closes however this process ends.
        return subprocess.Popen(
            [sys.executable, "-m", "kirin", "worker", "--until-stdin-closes"],
            env=self._environment,
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
