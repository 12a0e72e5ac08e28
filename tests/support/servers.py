"""Real servers: ``kirin serve`` with its worker process, as anybody would start it."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kirin.client import Kirin, LocalServer
from kirin.database.engine import Database
from kirin.tasks.worker_ids import process_of
from support.hurry import ENVIRONMENT
from support.waiting import until

SETTINGS = {
    "KIRIN_ENGINES": "scripted",
    "KIRIN_POLL_SECONDS": "0.05",
    "KIRIN_WARM_UP": "false",
    "KIRIN_NICENESS": "1",  # other tests beside it are no reason to be slow
    "KIRIN_STOP_SECONDS": "0.2",
    "KIRIN_ALLOW_HOSTS": "127.0.0.1",
    "KIRIN_MAX_ATTEMPTS": "2",
    **ENVIRONMENT,
}
"""What makes waiting short in tests, and lets servers of the tests be reached."""


@dataclass(frozen=True)
class Running:
    """A server that runs, a client of it, and a look behind it."""

    server: LocalServer
    kirin: Kirin
    data: Path
    database: Database


def local_server(data: Path, **settings: str) -> LocalServer:
    """A server on a data folder that the test knows."""
    return LocalServer(data, {**SETTINGS, **settings})


def workers(data: Path) -> list[int]:
    """Process ids of the workers on a data folder that are alive."""
    pids = [process_of(lock.stem)[1] for lock in (data / "workers").glob("*.lock")]
    return [pid for pid in pids if alive(pid)]


def worker(data: Path) -> int:
    """Process id of the one worker on a data folder, as soon as there is one."""
    (pid,) = until(lambda: found if len(found := workers(data)) == 1 else [])
    return pid


def alive(pid: int) -> bool:
    """Whether a process runs; one that ended but was not waited for does not."""
    with suppress(OSError):
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        return state != "Z"
    return False
