"""Going down and coming back: Ctrl-C, SIGTERM, and the sudden death of ``kirin serve``."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kirin.client import Kirin
from support.cards import T2V
from support.servers import SETTINGS, alive, local_server, worker, workers
from support.waiting import until

IN_ORDER = 15
"""Seconds within which a server ends that is asked to."""


class Serve:
    """``kirin serve`` as a person starts it, and what it prints."""

    def __init__(self, data: Path, errors: Path) -> None:
        with errors.open("w") as file:
            self.process = subprocess.Popen(  # noqa: S603  our own module
                [sys.executable, "-m", "kirin", "serve", "--port", "0", "--data", str(data)],
                env={**os.environ, **SETTINGS, "PYTHONUNBUFFERED": "1"},
                stdout=subprocess.PIPE,
                stderr=file,
                text=True,
            )
        self._errors = errors
        self.url = self.told("listening on ")

    def told(self, words: str) -> str:
        """What it prints behind these words."""
        for line in self.process.stdout or ():
            _, found, rest = line.partition(words)
            if found:
                return rest.strip()
        raise AssertionError(f"it never said {words!r}, but: {self._errors.read_text()}")

    def end(self, number: signal.Signals) -> str:
        """Send a signal, wait for the end in good order, and give what else was printed."""
        self.process.send_signal(number)
        assert self.process.wait(IN_ORDER) == 0
        assert "Traceback" not in self._errors.read_text()
        return self.process.stdout.read() if self.process.stdout else ""


@contextmanager
def serve(data: Path, errors: Path) -> Iterator[Serve]:
    running = Serve(data, errors)
    try:
        yield running
    finally:
        running.process.kill()
        running.process.communicate()


def rendering(kirin: Kirin, id: str) -> float:
    """How far a task is, as soon as it is on its way."""
    progress: float = until(lambda: kirin.task(id)["progress"])
    return progress


def test_ctrl_c_and_a_second_start(tmp_path: Path) -> None:
    data, errors = tmp_path / "data", tmp_path / "errors"
    with serve(data, errors) as first:
        assert first.told("data ") == str(data)
        key = first.told("key ")
        assert key.startswith("kirin_sk_")
        with Kirin(first.url, key) as kirin:
            begun = kirin.create(T2V, {"prompt": "slow"})["id"]
            pending = kirin.create(T2V, {"prompt": "a lake"})["id"]
            progress = rendering(kirin, begun)
        first.end(signal.SIGINT)
    assert workers(data) == []
    with serve(data, errors) as second:
        with Kirin(second.url, key) as kirin:
            assert kirin.task(begun)["progress"] >= progress
            for id in (begun, pending):
                kirin.wait(id, timeout=40)
        said = second.end(signal.SIGTERM)
        assert "key" not in said  # it is shown once
    assert workers(data) == []


def test_the_sudden_death_of_the_server(tmp_path: Path) -> None:  # W-2
    with local_server(tmp_path) as first, first.client() as kirin:
        begun = kirin.create(T2V, {"prompt": "slow"})["id"]
        rendering(kirin, begun)
        its_worker = worker(tmp_path)
        accepted = kirin.create(T2V, {"prompt": "a lake"})["id"]
        first.process.kill()
        killed = time.monotonic()
        until(lambda: not alive(its_worker), seconds=IN_ORDER)
        assert time.monotonic() - killed < IN_ORDER
    with local_server(tmp_path) as second, Kirin(second.base_url, second.api_key) as kirin:
        # The second start has another bootstrap key, which opens the same account.
        for id in (begun, accepted):
            kirin.wait(id, timeout=40)
    assert workers(tmp_path) == []
