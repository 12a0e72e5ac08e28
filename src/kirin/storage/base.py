"""The port that every storage implements."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol


class StorageUnavailable(OSError):
    """The storage does not answer, or refuses what it is asked for."""


class Storage(Protocol):
    """Bytes under keys (see :func:`kirin.storage.keys.check_key`).

    Writes are atomic: a reader sees an old value or a new one, never a part. Of two writers of one
    key, the later one wins. Every method is thread-safe and raises ``ValueError`` for a malformed
    key, and ``OSError`` if the disk fails or (:class:`StorageUnavailable`) the bucket is away.
    """

    def put(self, key: str, source: Path, *, move: bool = False) -> None:
        """Store a file's content; it is durable when this returns.

        Args:
            key: where to.
            source: the file.
            move: the caller no longer needs the file: move it instead of copying, if possible.

        Raises:
            OSError: it cannot be read or written.
        """
        ...

    def put_bytes(self, key: str, data: bytes) -> None:
        """Store bytes; they are durable when this returns.

        Raises:
            OSError: they cannot be written.
        """
        ...

    def copy(self, source: str, target: str) -> None:
        """Store under a second key what is stored under a first; each is deleted by itself.

        Raises:
            FileNotFoundError: nothing is stored under the first.
            OSError: it cannot be written.
        """
        ...

    def path(self, key: str) -> Path:
        """A local, read-only file with the content; it may vanish after a delete.

        Raises:
            FileNotFoundError: nothing is stored there.
        """
        ...

    def exists(self, key: str) -> bool:
        """Whether something is stored there."""
        ...

    def size(self, key: str) -> int:
        """Bytes stored there.

        Raises:
            FileNotFoundError: nothing is stored there.
        """
        ...

    def delete(self, key: str) -> None:
        """Remove what is stored there, if anything is."""
        ...

    def keys(self, prefix: str = "") -> Iterator[str]:
        """The keys with a prefix, sorted; keys put or deleted meanwhile may be missing."""
        ...
