"""Downloads: whole or not at all, going on where a connection broke."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import IO, Protocol

import httpx

from kirin_client.errors import KirinError, UnreadableAnswer
from kirin_client.models import Content as Made
from kirin_client.models import Task
from kirin_client.options import Options
from kirin_client.requests import check
from kirin_client.retries import Attempts, failure


class Linked(Protocol):
    """What has a link: an upload, a share, an archive."""

    @property
    def url(self) -> str:
        """Where it leads."""


Downloadable = Task | Made | Linked | str
"""A completed task, one content entry of it, anything else with a ``url``, or a URL."""


def url_of(what: Downloadable, *, watermarked: bool = False) -> str:
    """Where the file is.

    Args:
        watermarked: of a task, whether the marked copy is meant.

    Raises:
        ValueError: there is no such file.
    """
    if isinstance(what, str):
        return what
    if isinstance(what, Task):
        entries = [each for output in what.output or () for each in output.content]
        for each in entries:
            if each.url and bool(each.watermark) == watermarked:
                return each.url
        raise ValueError("the task has no such file")
    found = getattr(what, "url", None)
    if isinstance(found, str) and found:
        return found
    raise ValueError("there is nothing to download in it")


class Download:
    """The bytes of a URL, over as many connections as it takes.

    The transports open :attr:`url` with :meth:`headers`, hand in what comes, and wait for
    :attr:`pause` between two connections, until :attr:`over`.
    """

    def __init__(self, url: str, options: Options, target: IO[bytes]) -> None:
        self.url = url
        self.over = False
        self.pause = 0.0
        self.seconds = options.timeout
        self._target = target
        self._start = target.tell()
        self._done = self._furthest = 0
        self._whole: int | None = None
        self._version = ""
        self._attempts = Attempts(options.max_retries, None)

    def headers(self) -> dict[str, str]:
        """Of the next request."""
        headers = {"Accept-Encoding": "identity"}  # bytes are counted
        if self._done and self._version:
            headers["Range"] = f"bytes={self._done}-"
            headers["If-Range"] = self._version
        return headers

    def opened(self, response: httpx.Response) -> None:
        """Look at the head of an answer; of a refusal the body has been read.

        Raises:
            ApiError: the server refused it.
            UnreadableAnswer: it is another part than was asked for.
        """
        check(response)
        if response.status_code == 206:
            span = response.headers.get("Content-Range", "")
            if not span.startswith(f"bytes {self._done}-"):
                raise UnreadableAnswer(f"asked for bytes from {self._done}, got {span or 'others'}")
            return
        self._done = 0
        self._target.seek(self._start)
        self._target.truncate()
        length = response.headers.get("Content-Length", "")
        packed = response.headers.get("Content-Encoding", "identity") != "identity"
        self._whole = int(length) if length.isdigit() and not packed else None
        tag = response.headers.get("ETag", "")
        # A weak tag does not promise the same bytes.
        self._version = "" if tag.startswith("W/") else tag

    def write(self, piece: bytes) -> None:
        """Take the next bytes."""
        self._target.write(piece)
        self._done += len(piece)
        if self._done > self._furthest:  # not where the same is read once more
            self._furthest = self._done
            self._attempts.reset()

    def ended(self) -> None:
        """The server has closed the answer.

        Raises:
            httpx.RemoteProtocolError: it is shorter than it said.
        """
        if self._whole is not None and self._done < self._whole:
            raise httpx.RemoteProtocolError(f"{self._done} of {self._whole} bytes came")
        self.over = True

    def broken(self, error: httpx.TransportError | KirinError) -> None:
        """Decide whether to try again.

        Raises:
            KirinError: there were too many failures, or the server refuses.
        """
        failed = failure(error) if isinstance(error, httpx.TransportError) else error
        pause = self._attempts.again(failed, repeatable=True)
        if pause is None:
            raise failed
        self.pause = pause


class AtomicFile:
    """A file that appears under its name when all of it is there."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        """Open a file beside it.

        Raises:
            OSError: it can't be written there.
        """
        self.path = Path(path)
        if self.path.is_dir():
            raise IsADirectoryError(f"{self.path} is a folder")
        self._part = self.path.with_name(f".{self.path.name[:200]}.{secrets.token_hex(4)}.part")
        try:
            self._file = self._part.open("xb")
        except OSError as error:  # name the file that was meant
            raise OSError(error.errno, error.strerror, str(self.path)) from None

    def __enter__(self) -> IO[bytes]:
        return self._file

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            self._file.close()
            if kind is None:
                self._part.replace(self.path)
        finally:
            with suppress(OSError):
                self._part.unlink()
