"""Files to send: a path, bytes, a file object or a picture of PIL, read anew for each attempt."""

from __future__ import annotations

import asyncio
import io
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, BinaryIO, Protocol, Union, cast

import httpx

BLOCK = 1 << 18
"""Bytes that are read at a time."""


class Picture(Protocol):
    """What is used of ``PIL.Image.Image``."""

    def save(self, fp: Any, format: str | None = None, **params: Any) -> None:
        """Write the picture to a file."""


Sendable = Union[str, "os.PathLike[str]", bytes, bytearray, memoryview, BinaryIO, Picture]
"""A path (as text too), bytes, an open binary file, or a picture of PIL, which is sent as PNG."""


class Content(httpx.SyncByteStream, httpx.AsyncByteStream):
    """The body of a request, for both transports.

    Attributes:
        size: bytes, where that is known.
        name: of the file, for forms.
    """

    def __init__(self, source: Sendable) -> None:
        """Look what it is.

        Raises:
            TypeError: none of the kinds that can be sent.
            OSError: the file can't be read.
        """
        self.size: int | None = None
        self.name = "file"
        self._start: int | None = 0
        self._path: Path | None = None
        self._file: BinaryIO | None = None
        self._sent = False
        if isinstance(source, (bytes, bytearray, memoryview)):
            self._take(io.BytesIO(bytes(source)))
        elif isinstance(source, (str, os.PathLike)):
            self._path = Path(source)
            with self._path.open("rb") as file:  # now rather than in the middle of a request
                self.size = os.fstat(file.fileno()).st_size
            self.name = self._path.name
        elif hasattr(source, "read"):
            self._take(cast(BinaryIO, source))
        elif hasattr(source, "save"):
            buffer = io.BytesIO()
            source.save(buffer, format="PNG")
            buffer.seek(0)
            self._take(buffer)
            self.name = "picture.png"
        else:
            raise TypeError(f"a path, bytes, a file or a picture, not {type(source).__name__}")

    @property
    def repeatable(self) -> bool:
        """Whether it can be sent a second time."""
        return self._start is not None

    @property
    def headers(self) -> dict[str, str]:
        """What to say of it."""
        kind = {"Content-Type": "application/octet-stream"}
        return kind if self.size is None else {**kind, "Content-Length": str(self.size)}

    def __iter__(self) -> Iterator[bytes]:
        with self._opened() as file:
            while block := file.read(BLOCK):
                yield block

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with self._opened() as file:
            while block := await asyncio.to_thread(file.read, BLOCK):
                yield block

    def _take(self, file: BinaryIO) -> None:
        self._file = file
        try:
            self._start = file.tell() if file.seekable() else None
        except (AttributeError, OSError):
            self._start = None
        if self._start is not None:
            self.size = file.seek(0, os.SEEK_END) - self._start
            file.seek(self._start)

    def _opened(self) -> _Borrowed:
        if self._path is not None:
            return _Borrowed(self._path.open("rb"), closes=True)
        assert self._file is not None  # noqa: S101  one of the two
        if self._start is not None:
            self._file.seek(self._start)
        elif self._sent:
            raise httpx.StreamConsumed
        self._sent = True
        return _Borrowed(self._file, closes=False)


class _Borrowed:
    """A file for the length of a block, closed after it if it is ours."""

    def __init__(self, file: BinaryIO, *, closes: bool) -> None:
        self._file = file
        self._closes = closes

    def __enter__(self) -> BinaryIO:
        return self._file

    def __exit__(self, *_: object) -> None:
        if self._closes:
            self._file.close()
