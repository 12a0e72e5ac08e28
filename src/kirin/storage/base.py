"""The port that every storage implements."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol


class Storage(Protocol):
    """Bytes under keys (see :func:`kirin.storage.keys.check_key`).

    A reader sees all of an old value or all of a new one, never a part. Two writers of one key
    do not disturb each other; the later one wins. Every method may be called from any thread,
    and raises ``ValueError`` for what is no key.
    """

    def put(self, key: str, source: Path, *, move: bool = False) -> None:
        """Store a file's content; it is on the disk when this returns.

        Args:
            key: where.
            source: the file.
            move: the file is not needed any more: take it instead of copying, if possible.

        Raises:
            OSError: it cannot be read or written.
        """
        ...

    def put_bytes(self, key: str, data: bytes) -> None:
        """Store bytes; they are on the disk when this returns.

        Raises:
            OSError: they cannot be written.
        """
        ...

    def path(self, key: str) -> Path:
        """A local file with the content, to be read only; it may be gone after a delete.

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
        """The keys that start with a text, sorted. Those put or deleted meanwhile may be missed."""
        ...
