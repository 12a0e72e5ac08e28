"""Files that are sent before the requests that use them."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Iterator

from kirin_client.bodies import Content, Sendable
from kirin_client.models import Upload
from kirin_client.operations import Operation
from kirin_client.requests import Request, model, request


class FileRoutes:
    """Files; ``url`` of each answer stands for the file in requests."""

    @Operation
    def upload(self, file: Sendable) -> Request[Upload]:
        """Send a picture, a video or a sound.

        Args:
            file: a path, bytes, an open binary file, or a picture of PIL.
        """
        sent = Content(file)
        return request(
            "POST",
            "/model/v1/files",
            model(Upload),
            content=sent,
            headers=sent.headers,
            repeatable=True,
        )

    @Operation
    def store(self, file: Sendable) -> Request[Upload]:
        """Send a file as a form, as clients of the family do; ``upload`` is the plainer way."""
        sent = Form(file)
        return request(
            "POST",
            "/api/v1/storage/files",
            model(Upload),
            content=sent,
            headers=sent.headers,
            repeatable=True,
        )

    @Operation
    def fetch(self, url: str) -> Request[Upload]:
        """Have the server fetch a file."""
        return request(
            "POST", "/model/v1/files/fetch", model(Upload), body={"url": url}, repeatable=True
        )


class Form(Content):
    """A form with one file."""

    def __init__(self, source: Sendable) -> None:
        super().__init__(source)
        self._boundary = secrets.token_hex(16)
        name = self.name.replace("\\", "_").replace('"', "_").replace("\r", "_").replace("\n", "_")
        self._head = (
            f"--{self._boundary}\r\n"
            f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        ).encode()
        self._tail = f"\r\n--{self._boundary}--\r\n".encode()

    @property
    def headers(self) -> dict[str, str]:
        """What to say of it."""
        kind = {"Content-Type": f"multipart/form-data; boundary={self._boundary}"}
        if self.size is None:
            return kind
        return {**kind, "Content-Length": str(len(self._head) + self.size + len(self._tail))}

    def __iter__(self) -> Iterator[bytes]:
        yield self._head
        yield from super().__iter__()
        yield self._tail

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._head
        async for block in super().__aiter__():
            yield block
        yield self._tail
