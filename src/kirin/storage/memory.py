"""Storage in memory, for tests and trials."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from uuid import uuid4
from weakref import finalize

from kirin.storage.keys import check_key


class MemoryStorage:
    """A :class:`~kirin.storage.base.Storage` that lives as long as its object.

    Files are created only for keys whose :meth:`path` is requested.
    """

    def __init__(self) -> None:
        self._values: dict[str, bytes] = {}
        self._directory = Path(mkdtemp(prefix="kirin-storage-"))
        finalize(self, rmtree, self._directory, ignore_errors=True)

    def put(self, key: str, source: Path, *, move: bool = False) -> None:
        """Store a file's content."""
        self.put_bytes(key, source.read_bytes())
        if move:
            source.unlink()

    def put_bytes(self, key: str, data: bytes) -> None:
        """Store bytes."""
        self._values[check_key(key)] = bytes(data)

    def copy(self, source: str, target: str) -> None:
        """Store under a second key what is stored under a first."""
        self.put_bytes(target, self._value(source))

    def path(self, key: str) -> Path:
        """A file with the content as it is now."""
        data = self._value(key)
        path = self._directory / uuid4().hex
        path.write_bytes(data)
        return path

    def exists(self, key: str) -> bool:
        """Whether something is stored there."""
        return check_key(key) in self._values

    def size(self, key: str) -> int:
        """Bytes stored there."""
        return len(self._value(key))

    def delete(self, key: str) -> None:
        """Remove what is stored there, if anything is."""
        self._values.pop(check_key(key), None)

    def keys(self, prefix: str = "") -> Iterator[str]:
        """The keys that start with a text, sorted."""
        if prefix:
            check_key(prefix.rstrip("/"))
        yield from sorted(key for key in list(self._values) if key.startswith(prefix))

    def _value(self, key: str) -> bytes:
        try:
            return self._values[check_key(key)]
        except KeyError:
            raise FileNotFoundError(f"nothing is stored under {key}") from None
