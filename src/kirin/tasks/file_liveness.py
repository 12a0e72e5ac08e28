"""Liveness on one machine: locked files. The kernel frees a lock when its process ends."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import IO


class FileLiveness:
    """Locked files, for workers of one machine; a :class:`~kirin.tasks.liveness.Liveness`."""

    def __init__(self, folder: Path) -> None:
        """Set up.

        Args:
            folder: where the lock files are; created if missing. Must not be on a network file
                system.
        """
        self._folder = folder

    def hold(self, worker: str) -> FileLock:
        """Acquire the lock of a worker."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._path(worker)
        return FileLock(path, _lock(path))

    def is_dead(self, worker: str) -> bool:
        """Whether no process holds the lock of that worker. Removes the file of a dead one."""
        path = self._path(worker)
        if not path.exists():
            return True
        try:
            file = _lock(path)
        except BlockingIOError:
            return False
        path.unlink(missing_ok=True)
        file.close()
        return True

    def _path(self, worker: str) -> Path:
        return self._folder / f"{worker}.lock"


class FileLock:
    """A file that this process has locked; a :class:`~kirin.tasks.liveness.Lock`."""

    def __init__(self, path: Path, file: IO[bytes]) -> None:
        self._path = path
        self._file = file

    def check(self) -> None:
        """Do nothing: only the end of the process frees the lock."""

    def release(self) -> None:
        """Release the lock and remove its file."""
        self._path.unlink(missing_ok=True)
        self._file.close()


def _lock(path: Path) -> IO[bytes]:
    file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+b")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise
    return file
