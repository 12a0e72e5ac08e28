"""Measures how much is stored, within a limit of time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from kirin.storage.base import Storage

FRESH_SECONDS = 60.0
"""How long a measurement is used."""

MOST_SECONDS = 3.0
"""How long files are counted, once they are listed; what is left then is not counted."""


@dataclass(frozen=True, slots=True)
class StorageUse:
    """What is stored.

    Attributes:
        complete: whether everything was counted; otherwise there is more.
    """

    files: int
    bytes: int
    complete: bool


class StorageMeter:
    """Counts stored files and their bytes; thread-safe, one measurement at a time."""

    def __init__(self, storage: Storage, clock: Callable[[], float] = time.monotonic) -> None:
        """Set up; nothing is measured yet.

        Args:
            storage: what to measure.
            clock: seconds that never go back.
        """
        self._storage = storage
        self._clock = clock
        self._lock = threading.Lock()
        self._last: tuple[float, StorageUse] | None = None

    def measure(self) -> StorageUse:
        """What is stored, as measured within the last minute.

        Raises:
            OSError: the storage does not answer.
        """
        with self._lock:
            start = self._clock()
            if self._last is None or start - self._last[0] > FRESH_SECONDS:
                self._last = start, self._count(start + MOST_SECONDS)
            return self._last[1]

    def _count(self, deadline: float) -> StorageUse:
        files = total = 0
        for key in self._storage.keys():  # noqa: SIM118  a method of ours, not of a dict
            if self._clock() > deadline:
                return StorageUse(files, total, complete=False)
            with suppress(FileNotFoundError):  # deleted meanwhile
                total += self._storage.size(key)
                files += 1
        return StorageUse(files, total, complete=True)
