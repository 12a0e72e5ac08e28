"""The synchronous client."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import IO, Any, TypeVar

import httpx

from kirin_client.base import FAILURES, Base, logged
from kirin_client.downloads import AtomicFile, Download, Downloadable, url_of
from kirin_client.events import Event, Following, ends_task
from kirin_client.flows import Flow, Pause, Step, answer_to, call
from kirin_client.operations import Raw, RawResponse, Sync
from kirin_client.options import Options
from kirin_client.requests import Request
from kirin_client.routes import AdminRoutes, Routes
from kirin_client.routes.events import EVENTS, stream_path

T = TypeVar("T")

_sleep = time.sleep


class Kirin(Base[httpx.Client], Routes, Sync):
    """A client of one server with one key; threads may share it.

    Use it as a context manager, or close it. It can be pickled and copied: the copy opens
    connections of its own.
    """

    @cached_property
    def admin(self) -> Admin:
        """The administration, for keys with the scope ``admin``."""
        return Admin(self)

    @cached_property
    def with_raw_response(self) -> RawKirin:
        """The same methods, which return answers with status and headers."""
        return RawKirin(self)

    def stream(self, task_id: str, *, after: str | None = None) -> Iterator[Event]:
        """What becomes of a task, as it happens, until ``done``.

        A connection that breaks is opened again, and nothing is told twice.

        Args:
            after: ``id`` of the last event that is known already.
        """
        return self._events(stream_path(task_id), after, ends_task)

    def events(self, *, after: str | None = None) -> Iterator[Event]:
        """Every change of the account's tasks, as it happens, without an end."""
        return self._events(EVENTS, after, lambda _: False)

    def download(
        self,
        what: Downloadable,
        to: str | os.PathLike[str],
        *,
        watermarked: bool = False,
    ) -> Path:
        """Save a file; it appears under its name when all of it is there.

        A connection that breaks is opened again for the rest.

        Args:
            what: a completed task, anything with a ``url``, or a URL.
            to: the file to write.
            watermarked: of a task, whether to save the marked copy.

        Raises:
            ValueError: the task has no such file.
            OSError: the file can't be written.
        """
        url = url_of(what, watermarked=watermarked)
        with AtomicFile(to) as file:
            self._download(url, file)
        return Path(to)

    def read(self, what: Downloadable, *, watermarked: bool = False) -> bytes:
        """The bytes of what ``download`` saves."""
        buffer = io.BytesIO()
        self._download(url_of(what, watermarked=watermarked), buffer)
        return buffer.getvalue()

    def close(self) -> None:
        """Close the connections; twice does no harm."""
        if self._owns:
            self._http.close()

    def __enter__(self) -> Kirin:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _open_http(self) -> httpx.Client:
        return httpx.Client(**self._http_options())

    def _run(self, request: Request[T]) -> T:
        return self._drive(call(request, self.options))

    def _follow(self, flow: Callable[[Options], Flow[T]]) -> T:
        return self._drive(flow(self.options))

    def _drive(self, flow: Flow[T]) -> T:
        try:
            step = next(flow)
            while True:
                try:
                    result = self._carry_out(step)
                except FAILURES as error:
                    step = flow.throw(error)
                else:
                    step = flow.send(result)
        except StopIteration as end:
            result_of_flow: T = end.value
            return result_of_flow

    def _carry_out(self, step: Step) -> httpx.Response | None:
        if isinstance(step, Pause):
            _sleep(step.seconds)
            return None
        return self._send(self._built(step))

    def _send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        started = time.monotonic()
        try:
            response = self._http.send(request, **options)
        except httpx.HTTPError as error:
            logged(request, error, time.monotonic() - started)
            raise
        logged(request, response, time.monotonic() - started)
        return response

    def _open(self, url: str, headers: Mapping[str, str], seconds: float | None) -> httpx.Response:
        request = self._built_get(url, headers, seconds)
        response = self._send(request, stream=True, follow_redirects=True)
        if not response.is_success:
            try:
                response.read()
            finally:
                response.close()
        return response

    def _events(
        self, path: str, after: str | None, ends: Callable[[Event], bool]
    ) -> Iterator[Event]:
        following = Following(path, self.options, after=after, ends=ends)
        while True:
            try:
                response = self._open(path, following.headers(), following.seconds)
                try:
                    following.opened(response)
                    for piece in response.iter_bytes():
                        yield from following.feed(piece)
                        if following.over:
                            return
                finally:
                    response.close()
            except FAILURES as error:
                following.broken(error)
            else:
                following.broken(None)
            _sleep(following.pause)

    def _download(self, url: str, target: IO[bytes]) -> None:
        download = Download(url, self.options, target)
        while True:
            try:
                response = self._open(url, download.headers(), download.seconds)
                try:
                    download.opened(response)
                    for piece in response.iter_bytes():
                        download.write(piece)
                    download.ended()
                    return
                finally:
                    response.close()
            except FAILURES as error:
                download.broken(error)
            _sleep(download.pause)


class Admin(AdminRoutes, Sync):
    """The administration of a server."""

    def __init__(self, client: Kirin) -> None:
        self._client = client

    def _run(self, request: Request[T]) -> T:
        return self._client._run(request)


class RawKirin(Routes, Raw):
    """The methods of a client, which return answers with status and headers."""

    def __init__(self, client: Kirin) -> None:
        self._client = client
        self.admin = RawAdmin(client)

    def _run(self, request: Request[T]) -> RawResponse[T]:
        response = self._client._drive(answer_to(request, self._client.options))
        return RawResponse(response, request.read)


class RawAdmin(AdminRoutes, Raw):
    """The administration, whose methods return answers with status and headers."""

    def __init__(self, client: Kirin) -> None:
        self._client = client

    def _run(self, request: Request[T]) -> RawResponse[T]:
        response = self._client._drive(answer_to(request, self._client.options))
        return RawResponse(response, request.read)
