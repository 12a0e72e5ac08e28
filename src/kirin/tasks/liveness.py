"""Who is alive: each worker holds a lock that dies with its process, however it dies."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import IO


class LivenessLock:
    """A worker's sign of life: a locked file. The kernel lets go of it when the process ends."""

    def __init__(self, folder: Path, worker: str) -> None:
        """Take the lock of a worker.

        Raises:
            BlockingIOError: another process is that worker.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self._path = _path(folder, worker)
        self._file = _lock(self._path)

    def release(self) -> None:
        """Give the lock up and remove its file."""
        self._path.unlink(missing_ok=True)
        self._file.close()


def is_dead(folder: Path, worker: str) -> bool:
    """Whether no process is that worker any more. Its file is removed on the way."""
    path = _path(folder, worker)
    if not path.exists():
        return True
    try:
        file = _lock(path)
    except BlockingIOError:
        return False
    path.unlink(missing_ok=True)
    file.close()
    return True


def _path(folder: Path, worker: str) -> Path:
    return folder / f"{worker}.lock"


def _lock(path: Path) -> IO[bytes]:
    file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+b")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise
    return file
