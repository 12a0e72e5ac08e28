"""Signs of life: a lock that dies with its process, however it dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kirin.tasks.liveness import LivenessLock, is_dead

HOLDER = """
import sys
from pathlib import Path
from kirin.tasks.liveness import LivenessLock
lock = LivenessLock(Path(sys.argv[1]), "other")
print("locked", flush=True)
sys.stdin.read()
"""


def test_a_worker_is_alive_while_it_holds_its_lock(tmp_path: Path) -> None:
    lock = LivenessLock(tmp_path / "workers", "w-1")
    assert not is_dead(tmp_path / "workers", "w-1")
    assert is_dead(tmp_path / "workers", "w-2")
    lock.release()
    assert is_dead(tmp_path / "workers", "w-1")
    assert list((tmp_path / "workers").iterdir()) == []


def test_two_workers_cannot_be_one(tmp_path: Path) -> None:
    lock = LivenessLock(tmp_path, "w-1")
    with pytest.raises(BlockingIOError):
        LivenessLock(tmp_path, "w-1")
    lock.release()
    LivenessLock(tmp_path, "w-1").release()


def test_looking_at_a_living_worker_does_not_kill_it(tmp_path: Path) -> None:
    lock = LivenessLock(tmp_path, "w-1")
    for _ in range(3):
        assert not is_dead(tmp_path, "w-1")
    lock.release()


def test_the_lock_dies_with_its_process(tmp_path: Path) -> None:
    holder = subprocess.Popen(  # noqa: S603  our own module
        [sys.executable, "-c", HOLDER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "locked\n"
        assert not is_dead(tmp_path, "other")
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait(10)
    assert (tmp_path / "other.lock").exists()
    assert is_dead(tmp_path, "other")
    assert not (tmp_path / "other.lock").exists()
