"""Storage that announces what is about to be stored, so that no garbage collector removes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from kirin.storage.base import Storage


class ReferenceAwareStorage:
    """A :class:`~kirin.storage.base.Storage` over another one.

    Args:
        storage: the underlying storage.
        spare: called with each key before something is stored there.
    """

    def __init__(self, storage: Storage, spare: Callable[[str], None]) -> None:
        self._storage = storage
        self._spare = spare

    def put(self, key: str, source: Path, *, move: bool = False) -> None:
        """Store a file's content."""
        self._spare(key)
        self._storage.put(key, source, move=move)

    def put_bytes(self, key: str, data: bytes) -> None:
        """Store bytes."""
        self._spare(key)
        self._storage.put_bytes(key, data)

    def copy(self, source: str, target: str) -> None:
        """Store under a second key what is stored under a first."""
        self._spare(target)
        self._storage.copy(source, target)

    def renew(self, key: str) -> bool:
        """Protect what is stored, for as long as it takes to record who needs it.

        Returns:
            Whether anything is stored there.
        """
        self._spare(key)
        return self._storage.exists(key)

    def path(self, key: str) -> Path:
        """A local file with the content."""
        return self._storage.path(key)

    def exists(self, key: str) -> bool:
        """Whether something is stored there."""
        return self._storage.exists(key)

    def size(self, key: str) -> int:
        """Bytes stored there."""
        return self._storage.size(key)

    def delete(self, key: str) -> None:
        """Remove what is stored there, if anything is."""
        self._storage.delete(key)

    def keys(self, prefix: str = "") -> Iterator[str]:
        """The keys that start with a text, sorted."""
        return self._storage.keys(prefix)
