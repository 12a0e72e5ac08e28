"""A cache: local copies of what is stored elsewhere, least recently used evicted first."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from time import time
from typing import Final
from uuid import uuid4

_IN_USE_SECONDS: Final = 600
"""How long after its last use a copy is never evicted: somebody may be reading it."""


class Cache:
    """Copies by key and version, evicted in the order of their last use.

    Several processes may share the folder.
    """

    def __init__(self, folder: Path, most_bytes: int) -> None:
        """Open it.

        Args:
            folder: holds the copies; created if needed.
            most_bytes: size of the cache; copies in use may exceed it.
        """
        self._folder = folder.absolute()
        self._most_bytes = most_bytes
        self._folder.mkdir(parents=True, exist_ok=True)

    def get(self, key: str, version: str, fetch: Callable[[Path], None]) -> Path:
        """The copy of a version, fetched if it is missing.

        Args:
            key: of the object; the copy has its suffix.
            version: changes whenever the content does.
            fetch: writes the content to a path.
        """
        digest = sha256(f"{key}\n{version}".encode()).hexdigest()
        copy = self._folder / f"{digest}{Path(key).suffix}"
        with suppress(FileNotFoundError):
            os.utime(copy)
            return copy
        incoming = self._folder / f".{uuid4().hex}"
        try:
            fetch(incoming)
            incoming.replace(copy)
        finally:
            incoming.unlink(missing_ok=True)
        self._evict()
        return copy

    def _evict(self) -> None:
        found = []
        for entry in os.scandir(self._folder):
            with suppress(FileNotFoundError):  # another process evicts, too
                facts = entry.stat()
                found.append((facts.st_mtime, facts.st_size, Path(entry)))
        total = sum(size for _, size, _ in found)
        oldest = time() - _IN_USE_SECONDS
        for used, size, path in sorted(found):
            if total <= self._most_bytes or used > oldest:
                return
            path.unlink(missing_ok=True)
            total -= size
