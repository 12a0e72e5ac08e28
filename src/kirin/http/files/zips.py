"""Archives that are written while they are sent: stored, not compressed, in constant memory."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

CHUNK: Final = 256 * 1024

LONGEST_STEM: Final = 160
"""Bytes of a name without its suffix: file systems take 255 of the whole."""

_UNFIT: Final = re.compile(r'[<>:"/\\|?*]')
_DEVICES: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_OLDEST: Final = (1980, 1, 1, 0, 0, 0)
"""The first moment that the format knows."""

# Sizes of the format's records (APPNOTE 6.3.10, section 4.3), without names.
_LOCAL: Final = 30
_DESCRIPTOR: Final = 16
_CENTRAL: Final = 46
_END: Final = 22
_FAR_OFFSET: Final = 12
_FAR_END: Final = 56 + 20


@dataclass(frozen=True, slots=True)
class ZipEntry:
    """A file of an archive.

    Attributes:
        name: in the archive, safe and unlike the others.
        size: bytes; below 2 GiB.
        at: its time, Unix milliseconds.
        path: finds the file when its turn comes.
    """

    name: str
    size: int
    at: int
    path: Callable[[], Path]


class _Sink:
    """What was written since it was asked last."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes, /) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits."""

    def close(self) -> None:
        """Nothing is open."""

    def take(self) -> bytes:
        taken = b"".join(self._parts)
        self._parts.clear()
        return taken


def zip_chunks(entries: Iterable[ZipEntry]) -> Iterator[bytes]:
    """The bytes of an archive, some hundred thousand at a time.

    Raises:
        OSError: a file is gone or cannot be read.
    """
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for entry in entries:
            about = zipfile.ZipInfo(entry.name, _moment(entry.at))
            about.file_size = entry.size
            about.external_attr = 0o644 << 16
            with entry.path().open("rb") as file, archive.open(about, "w") as into:
                while data := file.read(CHUNK):
                    into.write(data)
                    yield sink.take()
    yield sink.take()


def zip_size(entries: Sequence[ZipEntry]) -> int:
    """How many bytes :func:`zip_chunks` gives for these entries."""
    offset = central = 0
    for entry in entries:
        name = len(entry.name.encode())
        central += _CENTRAL + name + (_FAR_OFFSET if offset > zipfile.ZIP64_LIMIT else 0)
        offset += _LOCAL + name + entry.size + _DESCRIPTOR
    far = offset > zipfile.ZIP64_LIMIT or central > zipfile.ZIP64_LIMIT
    return offset + central + _END + (_FAR_END if far else 0)


def safe_stem(text: str) -> str:
    """A text as the name of a file on any system, without its suffix; may be empty."""
    text = unicodedata.normalize("NFC", _UNFIT.sub(" ", text))
    kinds = [(c, unicodedata.category(c)) for c in text]
    # What is not seen goes, such as what turns the direction of writing; the rest that is no
    # letter and no sign counts as a space.
    plain = "".join(" " if kind[0] in "CZ" else c for c, kind in kinds if kind != "Cf")
    words = " ".join(plain.split()).strip(". ")
    words = words.encode()[:LONGEST_STEM].decode(errors="ignore").strip(". ")
    return f"_{words}" if _DEVICES.fullmatch(words) else words


def unlike(names: Iterable[tuple[str, str]]) -> list[str]:
    """Names made of stems and suffixes that differ, on systems too that take capitals for small."""
    taken: set[str] = set()
    made: list[str] = []
    for stem, suffix in names:
        name, number = f"{stem}{suffix}", 1
        while name.casefold() in taken:
            number += 1
            name = f"{stem} ({number}){suffix}"
        taken.add(name.casefold())
        made.append(name)
    return made


def _moment(at: int) -> tuple[int, int, int, int, int, int]:
    when = datetime.fromtimestamp(at / 1000, tz=UTC)
    return max(_OLDEST, (when.year, when.month, when.day, when.hour, when.minute, when.second))
