"""Going down and coming back: Ctrl-C, SIGTERM, and the sudden death of ``kirin serve``."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kirin.client import Kirin
from support.cards import T2V
from support.holds import holding
from support.servers import SETTINGS, alive, worker, workers
from support.waiting import until

IN_ORDER = 60
"""Seconds within which a server ends that is asked to, on a machine that does other work beside."""


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
    progress: float = until(lambda: kirin.task(id)["progress"], seconds=60)
    return progress


def test_ctrl_c_then_sudden_death_then_sigterm(tmp_path: Path) -> None:  # W-2
    """Three starts on one data folder: no task is lost, and the key is shown once."""
    data, errors = tmp_path / "data", tmp_path / "errors"
    with serve(data, errors) as first, holding(tmp_path) as hold:
        assert first.told("data ") == str(data)
        key = first.told("key ")
        assert key.startswith("kirin_sk_")
        with Kirin(first.url, key) as kirin:
            begun = kirin.create(T2V, {"prompt": f"tiny {hold.word}"})["id"]
            pending = kirin.create(T2V, {"prompt": "a tiny lake"})["id"]
            progress = rendering(kirin, begun)
        first.end(signal.SIGINT)
    assert workers(data) == []

    with (
        serve(data, errors) as second,
        Kirin(second.url, key) as kirin,
        holding(tmp_path) as hold,
    ):
        assert kirin.task(begun)["progress"] >= progress
        for id in (begun, pending):
            kirin.wait(id, timeout=120)
        begun = kirin.create(T2V, {"prompt": f"tiny {hold.word}"})["id"]
        rendering(kirin, begun)
        its_worker = worker(data)
        accepted = kirin.create(T2V, {"prompt": "a tiny lake"})["id"]
        second.process.kill()
        until(lambda: not alive(its_worker), seconds=IN_ORDER)

    with serve(data, errors) as third:
        with Kirin(third.url, key) as kirin:
            for id in (begun, accepted):
                kirin.wait(id, timeout=120)
        assert "key" not in third.end(signal.SIGTERM)
    assert workers(data) == []
