"""The priority of a worker, in processes of its own: nobody gets back what was given up."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kirin.cli import priority

LOWER = """
import os, sys, threading
from kirin.cli import priority

go = threading.Event()
early = threading.Thread(target=go.wait, daemon=True)
early.start()
before = os.nice(0)
priority.lower(int(sys.argv[1]))
threads = [int(each.name) for each in priority.THREADS.iterdir()]
print(before, *(os.getpriority(os.PRIO_PROCESS, each) for each in threads))
if priority.AUTOGROUP.exists():
    print(*priority.AUTOGROUP.read_text().split()[-1:])  # "/autogroup-7 nice 0", or nothing
"""


def lowered(niceness: int, *, leads: bool) -> list[list[int]]:
    ran = subprocess.run(  # noqa: S603  our own words
        [sys.executable, "-c", LOWER, str(niceness)],
        start_new_session=leads,
        capture_output=True,
        text=True,
        check=True,
    )
    return [[int(word) for word in line.split()] for line in ran.stdout.splitlines()]


@pytest.mark.skipif(not priority.THREADS.exists(), reason="a niceness for each thread: Linux")
def test_all_threads_are_lowered_those_too_that_were_there_before() -> None:
    (before, *reached), *_ = lowered(7, leads=False)
    assert reached == [min(19, before + 7)] * 2


@pytest.mark.skipif(not priority.AUTOGROUP.exists(), reason="a kernel without autogroups")
def test_a_worker_that_leads_a_session_lowers_the_session() -> None:
    (before, *_), (session,) = lowered(7, leads=True)
    assert session == min(19, before + 7)
    # One that leads none leaves the session of others as it was. A machine may have started them
    # before its first session: then there is nothing to lower (sched(7), the root task group).
    *_, ours = lowered(7, leads=False)
    assert ours == [int(word) for word in priority.AUTOGROUP.read_text().split()[-1:]]


def test_a_session_is_asked_again_while_somebody_else_changes_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []

    class Busy:
        def write_text(self, text: str) -> None:
            said.append(text)
            if len(said) < 3:
                raise BlockingIOError

    monkeypatch.setattr(os, "nice", lambda added: added)
    monkeypatch.setattr(os, "getsid", lambda _: os.getpid())
    monkeypatch.setattr(priority, "THREADS", tmp_path)  # the test keeps its own
    monkeypatch.setattr(priority, "AUTOGROUP", Busy())
    monkeypatch.setattr(priority, "_PAUSE", 0)
    priority.lower(4)
    assert said == ["4", "4", "4"]
    monkeypatch.setattr(priority, "AUTOGROUP", tmp_path / "nothing" / "autogroup")
    priority.lower(4)  # a kernel without them is no error
