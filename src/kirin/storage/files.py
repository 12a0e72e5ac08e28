"""Storage in a directory."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import time
from typing import Final
from uuid import uuid4

from kirin.storage.keys import check_key

_INCOMING: Final = ".incoming"
"""Folder of files that are being written: on the same file system, so that a rename is atomic, and
hidden, which no key is."""

_STALE_SECONDS: Final = 86_400
"""Age of an incoming file that a crash left behind: no write takes so long."""

_TRIES: Final = 20


class FileStorage:
    """A :class:`~kirin.storage.base.Storage` whose keys are paths below a directory.

    Several processes may share the directory, over a network file system too.

    Args:
        root: the directory; created if needed.
    """

    def __init__(self, root: Path) -> None:
        self._root = root.absolute()
        self._incoming = self._root / _INCOMING
        self._incoming.mkdir(parents=True, exist_ok=True)
        for entry in os.scandir(self._incoming):
            with suppress(FileNotFoundError):  # another process has moved it
                if entry.stat().st_mtime < time() - _STALE_SECONDS:
                    Path(entry).unlink()

    def put(self, key: str, source: Path, *, move: bool = False) -> None:
        """Store a file's content."""
        target = self._place(key)
        if move and source.stat().st_dev == self._root.stat().st_dev:
            _flush(source)
            self._settle(source, target)
            return
        with self._temporary() as temporary:
            shutil.copyfile(source, temporary)
            _flush(temporary)
            self._settle(temporary, target)
        if move:
            source.unlink(missing_ok=True)

    def put_bytes(self, key: str, data: bytes) -> None:
        """Store bytes."""
        target = self._place(key)
        with self._temporary() as temporary:
            temporary.write_bytes(data)
            _flush(temporary)
            self._settle(temporary, target)

    def copy(self, source: str, target: str) -> None:
        """Store under a second key what is stored under a first: by a hard link where the file
        system has them, since no file here is ever changed."""
        original, place = self._place(source), self._place(target)
        with self._temporary() as temporary:
            try:
                temporary.hardlink_to(original)
            except FileNotFoundError:
                raise FileNotFoundError(f"nothing is stored under {source}") from None
            except OSError:  # no hard links here, or too many of this file
                shutil.copyfile(original, temporary)
                _flush(temporary)
            self._settle(temporary, place)

    def path(self, key: str) -> Path:
        """The file itself."""
        place = self._place(key)
        if not place.is_file():
            raise FileNotFoundError(f"nothing is stored under {key}")
        return place

    def exists(self, key: str) -> bool:
        """Whether something is stored there."""
        return self._place(key).is_file()

    def size(self, key: str) -> int:
        """Bytes stored there."""
        return self.path(key).stat().st_size

    def delete(self, key: str) -> None:
        """Remove the file, and the directories that it leaves empty."""
        place = self._place(key)
        place.unlink(missing_ok=True)
        for directory in place.parents:
            if directory == self._root:
                break
            try:
                directory.rmdir()
            except OSError:  # not empty, or gone already
                break

    def keys(self, prefix: str = "") -> Iterator[str]:
        """The keys that start with a text, sorted."""
        top = self._root / prefix.rpartition("/")[0]
        if prefix:
            check_key(prefix.rstrip("/"))
        found = []
        for directory, names, files in os.walk(top):
            names[:] = [name for name in names if not name.startswith(".")]
            below = Path(directory).relative_to(self._root)
            found += [(below / file).as_posix() for file in files]
        yield from sorted(key for key in found if key.startswith(prefix))

    def _place(self, key: str) -> Path:
        return self._root / check_key(key)

    def _settle(self, file: Path, target: Path) -> None:
        """Move a complete file to its place, atomically."""
        for left in reversed(range(_TRIES)):
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                file.replace(target)
                break
            except (FileNotFoundError, FileExistsError):
                # A delete of a sibling removed the directory between these steps.
                if not left or not file.exists():
                    raise
        with suppress(FileNotFoundError):  # deleted again by now, and its directory with it
            _flush(target.parent)

    def _temporary(self) -> _Temporary:
        return _Temporary(self._incoming / uuid4().hex)


class _Temporary:
    """A path whose file is removed at the end unless it was renamed."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> Path:
        return self._path

    def __exit__(self, *_: object) -> None:
        self._path.unlink(missing_ok=True)


def _flush(path: Path) -> None:
    """Flush a file's content, or a directory's entries, to disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
