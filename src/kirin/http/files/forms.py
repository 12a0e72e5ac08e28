"""Files that are sent as multipart/form-data, as browsers and ``curl -F`` do."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

from anyio import to_thread
from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from kirin.catalogue.structures import shorten
from kirin.errors import BodyTooLarge, InvalidParameters, MalformedBody, Problem
from kirin.http.bodies import body_chunks, refuse_encoding, save_body

FORM_DATA: Final = "multipart/form-data"

FRAMING_BYTES: Final = 65_536
"""What a form may have beside its file: boundaries, headers of the part, a preamble."""

ADVICE: Final = "shorten it or compress it more"

PLAIN_ENCODINGS: Final = frozenset((b"", b"7bit", b"8bit", b"binary"))
"""Transfer encodings that leave the bytes of a part as they are."""


MAX_NOTE_BYTES: Final = 4096
"""Of each field that may come beside the file."""


@dataclass(frozen=True, slots=True)
class SentFile:
    """What a request with a file said of it.

    Attributes:
        part: what errors call the file: ``body``, or the name of the form's field.
        name: of the file where it comes from; empty where nobody said.
        notes: the fields beside it, by name.
    """

    part: str
    name: str = ""
    notes: Mapping[str, bytes] = field(default_factory=dict)


async def save_file(
    request: Request, limit: int, seconds: float, path: Path, notes: Collection[str] = ()
) -> SentFile:
    """Write the file of a request to disk: the body, or the one file of a form.

    Args:
        limit: bytes of the file.
        seconds: time for the whole body.
        path: the file, which is created.
        notes: names of fields that a form may have beside the file.

    Raises:
        BodyTooLarge: the file is larger.
        RequestTimeout: the body did not arrive in time.
        MalformedBody: the body broke off, or is not the form that its type announces.
        InvalidParameters: the form has anything but one file.
        OSError: the file cannot be written.
    """
    media_type, options = parse_options_header(request.headers.get("Content-Type"))
    if media_type.decode("latin-1") != FORM_DATA:
        await save_body(request, limit, seconds, path)
        return SentFile("body")
    refuse_encoding(request)
    with path.open("wb") as file:
        form = FileForm(options.get(b"boundary", b""), limit, file, notes)
        async for chunk in body_chunks(request, limit + FRAMING_BYTES, seconds, ADVICE):
            # It writes to the disk, which may block.
            await to_thread.run_sync(form.feed, chunk)
        return form.end()


class MultipartForm:
    """A form that is parsed as it arrives; what becomes of its parts is up to who derives."""

    def __init__(self, boundary: bytes) -> None:
        """Begin to parse a form.

        Args:
            boundary: between its parts.

        Raises:
            MalformedBody: there is no boundary, or it is too long.
        """
        if not boundary:
            raise MalformedBody("the Content-Type of the form has no boundary")
        self._header = self._value = b""
        self._headers: dict[bytes, bytes] = {}
        self._ended = False
        try:
            self._parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": self._begin_part,
                    "on_header_field": self._add_header_name,
                    "on_header_value": self._add_header_value,
                    "on_header_end": self._end_header,
                    "on_headers_finished": self._end_headers,
                    "on_part_data": self._add_data,
                    "on_end": self._end_form,
                },
            )
        except FormParserError as error:
            raise _malformed(error) from None

    def begin(self, name: str, filename: str) -> None:
        """A part begins.

        Args:
            name: of its field; ``body`` where it has none.
            filename: empty where it is no file.
        """
        raise NotImplementedError

    def add(self, data: memoryview) -> None:
        """More of the content of that part."""
        raise NotImplementedError

    def feed(self, chunk: bytes) -> None:
        """Parse the next bytes of the form.

        Raises:
            ApiError, OSError: as :func:`save_file`.
        """
        try:
            self._parser.write(chunk)
        except FormParserError as error:
            raise _malformed(error) from None

    def check_complete(self) -> None:
        """Check that the form has ended.

        Raises:
            MalformedBody: it has not.
        """
        if not self._ended:
            raise MalformedBody("the form ends before its last boundary")

    def _begin_part(self) -> None:
        self._headers = {}

    def _add_header_name(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _add_header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _end_header(self) -> None:
        self._headers[self._header.lower()] = self._value.strip()
        self._header = self._value = b""

    def _end_headers(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition"))
        name, filename = (
            options.get(option, b"").decode("utf-8", "replace") for option in (b"name", b"filename")
        )
        self.begin(name or "body", filename)
        encoding = self._headers.get(b"content-transfer-encoding", b"").lower()
        if encoding not in PLAIN_ENCODINGS:
            raise MalformedBody("a part of the form has a Content-Transfer-Encoding: send bytes")

    def _add_data(self, data: bytes, start: int, end: int) -> None:
        self.add(memoryview(data)[start:end])

    def _end_form(self) -> None:
        self._ended = True


class FileForm(MultipartForm):
    """A form whose one file is written as it is parsed."""

    def __init__(
        self, boundary: bytes, limit: int, file: BinaryIO, notes: Collection[str] = ()
    ) -> None:
        """Begin to parse a form.

        Args:
            boundary: between its parts.
            limit: bytes of the file.
            file: receives the bytes of the file.
            notes: names of fields that may come beside it, as files or not.

        Raises:
            MalformedBody: there is no boundary, or it is too long.
        """
        super().__init__(boundary)
        self._limit = limit
        self._file = file
        self._written = 0
        self._name: str | None = None
        self._filename = ""
        self._allowed = notes
        self._notes: dict[str, bytes] = {}
        self._note: str | None = None

    def end(self) -> SentFile:
        """Check that the form is complete; returns what it said of the file.

        Raises:
            MalformedBody: it is not.
            InvalidParameters: it has no file.
        """
        self.check_complete()
        if self._name is None:
            raise InvalidParameters([Problem("body", "required", "the form has no file")])
        return SentFile(self._name, self._filename, self._notes)

    def begin(self, name: str, filename: str) -> None:
        name = shorten(name)
        self._note = name if name in self._allowed else None
        if self._note is not None:
            if name in self._notes:
                message = "the form has this field more than once"
                raise InvalidParameters([Problem(name, "wrong_count", message)])
            self._notes[name] = b""
            return
        if not filename:
            message = (
                "this field of the form has no filename, and only a file is taken; "
                "with curl, write -F file=@PATH"
            )
            raise InvalidParameters([Problem(name, "unknown_parameter", message)])
        if self._name is not None:
            message = "the form has more than one file: send each in a request of its own"
            raise InvalidParameters([Problem(name, "wrong_count", message)])
        self._name, self._filename = name, filename

    def add(self, data: memoryview) -> None:
        if self._note is not None:
            self._notes[self._note] += bytes(data)
            if len(self._notes[self._note]) > MAX_NOTE_BYTES:
                message = f"at most {MAX_NOTE_BYTES} bytes"
                raise InvalidParameters([Problem(self._note, "too_long", message)])
            return
        self._written += len(data)
        if self._written > self._limit:
            raise BodyTooLarge(f"the file is larger than {self._limit:,} bytes: {ADVICE}")
        self._file.write(data)


def _malformed(error: FormParserError) -> MalformedBody:
    return MalformedBody(f"the body is not a well-formed form: {str(error)[:200]}")
