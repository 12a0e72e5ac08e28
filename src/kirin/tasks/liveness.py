"""Who is alive: each worker holds a lock that dies with its process, however it dies."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import IO, Protocol


class Lock(Protocol):
    """A worker's own sign of life."""

    def check(self) -> None:
        """Make sure that the lock is still held.

        Raises:
            Exception: it is not, or that cannot be told. The worker must end its process:
                others take it for dead, and take over its tasks.
        """
        ...

    def release(self) -> None:
        """Give the lock up."""
        ...


class Liveness(Protocol):
    """Takes locks, and tells whose lock nobody holds."""

    def hold(self, worker: str) -> Lock:
        """Take the lock of a worker, until it is released or this process ends.

        Raises:
            BlockingIOError: another process is that worker.
        """
        ...

    def is_dead(self, worker: str) -> bool:
        """Whether no process is that worker any more."""
        ...


class FileLiveness:
    """Locked files, for workers of one machine. The kernel lets go when a process ends."""

    def __init__(self, folder: Path) -> None:
        """Set up.

        Args:
            folder: where the files are; it is made. Not on a network file system.
        """
        self._folder = folder

    def hold(self, worker: str) -> FileLock:
        """Take the lock of a worker."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._path(worker)
        return FileLock(path, _lock(path))

    def is_dead(self, worker: str) -> bool:
        """Whether no process is that worker any more. Its file is removed on the way."""
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
    """A locked file of this process."""

    def __init__(self, path: Path, file: IO[bytes]) -> None:
        self._path = path
        self._file = file

    def check(self) -> None:
        """Nothing but the end of the process takes the lock away."""

    def release(self) -> None:
        """Give the lock up and remove its file."""
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
