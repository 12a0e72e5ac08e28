"""Measures how much is stored, within a limit of time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from kirin.storage.base import Storage

FRESH_SECONDS = 60.0
"""How long a measurement is used."""

KINDS = ("inputs", "results", "pictures")
"""What came in, what was made, and pictures of that: posters, contact sheets, faces."""

PICTURES = (".webp", ".jpg", ".jpeg", ".png")

MOST_SECONDS = 3.0
"""How long files are counted, once they are listed; what is left then is not counted."""


@dataclass(frozen=True, slots=True)
class StorageUse:
    """What is stored.

    Attributes:
        complete: whether everything was counted; otherwise there is more.
        kinds: files and bytes of each of :data:`KINDS`.
    """

    files: int
    bytes: int
    complete: bool
    kinds: Mapping[str, tuple[int, int]] = field(default_factory=dict, compare=False)


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
        kinds = dict.fromkeys(KINDS, (0, 0))
        complete = True
        for key in self._storage.keys():  # noqa: SIM118  a method of ours, not of a dict
            if self._clock() > deadline:
                complete = False
                break
            with suppress(FileNotFoundError):  # deleted meanwhile
                size = self._storage.size(key)
                files, total = kinds[kind_of(key)]
                kinds[kind_of(key)] = files + 1, total + size
        files = sum(count for count, _ in kinds.values())
        total = sum(size for _, size in kinds.values())
        return StorageUse(files, total, complete, kinds)


def kind_of(key: str) -> str:
    """The kind of what is stored under a key."""
    if key.startswith("inputs/"):
        return "inputs"
    return "pictures" if key.endswith(PICTURES) else "results"
