"""Clocks of processes, set by hand: each has one of its own beside what all of them share."""

from __future__ import annotations

import mmap
import struct
from pathlib import Path

CLOCKS = 16

_PATCH = """
import mmap, struct, time
_file = open({path!r}, "rb")
_map = mmap.mmap(_file.fileno(), 0, access=mmap.ACCESS_READ)
_real_ns = time.time_ns
def _now_ns():
    shared, = struct.unpack_from("q", _map, 0)
    own, = struct.unpack_from("q", _map, 8 * {number})
    return _real_ns() + (shared + own) * 1_000_000
time.time_ns = _now_ns
time.time = lambda: _now_ns() / 1e9
"""


class Clocks:
    """The offsets of all clocks, in a file that the processes look at.

    Attributes:
        folder: has a ``sitecustomize.py``, for processes that start others: on their PYTHONPATH it
            gives those the clock of number 1.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self._path = folder / "clocks"
        self._path.write_bytes(bytes(8 * (CLOCKS + 1)))
        with self._path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), 0)
        (folder / "sitecustomize.py").write_text(self.patch(1))

    def patch(self, number: int) -> str:
        """Python that gives a process the clock of a number, from 1."""
        return _PATCH.format(path=str(self._path), number=number)

    def shift(self, milliseconds: int, number: int = 0) -> None:
        """Move a clock on or back; that of number 0 is in all of them."""
        (before,) = struct.unpack_from("q", self._map, 8 * number)
        struct.pack_into("q", self._map, 8 * number, before + milliseconds)

    @property
    def shared(self) -> int:
        """Milliseconds by which all clocks are ahead."""
        (offset,) = struct.unpack_from("q", self._map, 0)
        return int(offset)

    def agree(self) -> None:
        """Let all clocks show the same."""
        for number in range(1, CLOCKS + 1):
            struct.pack_into("q", self._map, 8 * number, 0)

    def close(self) -> None:
        """Let go of the file."""
        self._map.close()
