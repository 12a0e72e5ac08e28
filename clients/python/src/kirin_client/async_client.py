"""The asynchronous client, for asyncio."""

from __future__ import annotations

import asyncio
import io
import os
import time
from collections.abc import AsyncIterator, Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import IO, Any, TypeVar

import httpx

from kirin_client.base import FAILURES, Base, logged
from kirin_client.downloads import AtomicFile, Download, Downloadable, url_of
from kirin_client.events import Event, Following, ends_task
from kirin_client.flows import Flow, Pause, Step, answer_to, call
from kirin_client.operations import Async, AsyncRaw, RawResponse
from kirin_client.options import Options
from kirin_client.requests import Request
from kirin_client.routes import AdminRoutes, Routes
from kirin_client.routes.events import EVENTS, stream_path

T = TypeVar("T")

_sleep = asyncio.sleep


class AsyncKirin(Base[httpx.AsyncClient], Routes, Async):
    """A client of one server with one key, for one event loop.

    Use it as a context manager, or close it. It can be pickled and copied: the copy opens
    connections of its own.
    """

    @cached_property
    def admin(self) -> AsyncAdmin:
        """The administration, for keys with the scope ``admin``."""
        return AsyncAdmin(self)

    @cached_property
    def with_raw_response(self) -> AsyncRawKirin:
        """The same methods, which return answers with status and headers."""
        return AsyncRawKirin(self)

    def stream(self, task_id: str, *, after: str | None = None) -> AsyncIterator[Event]:
        """What becomes of a task, as it happens, until ``done``.

        A connection that breaks is opened again, and nothing is told twice.

        Args:
            after: ``id`` of the last event that is known already.
        """
        return self._events(stream_path(task_id), after, ends_task)

    def events(self, *, after: str | None = None) -> AsyncIterator[Event]:
        """Every change of the account's tasks, as it happens, without an end."""
        return self._events(EVENTS, after, lambda _: False)

    async def download(
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
            await self._download(url, file)
        return Path(to)

    async def read(self, what: Downloadable, *, watermarked: bool = False) -> bytes:
        """The bytes of what ``download`` saves."""
        buffer = io.BytesIO()
        await self._download(url_of(what, watermarked=watermarked), buffer)
        return buffer.getvalue()

    async def close(self) -> None:
        """Close the connections; twice does no harm."""
        if self._owns:
            await self._http.aclose()

    async def __aenter__(self) -> AsyncKirin:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def _open_http(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(**self._http_options())

    async def _run(self, request: Request[T]) -> T:
        return await self._drive(call(request, self.options))

    async def _follow(self, flow: Callable[[Options], Flow[T]]) -> T:
        return await self._drive(flow(self.options))

    async def _drive(self, flow: Flow[T]) -> T:
        try:
            step = next(flow)
            while True:
                try:
                    result = await self._carry_out(step)
                except FAILURES as error:
                    step = flow.throw(error)
                else:
                    step = flow.send(result)
        except StopIteration as end:
            result_of_flow: T = end.value
            return result_of_flow

    async def _carry_out(self, step: Step) -> httpx.Response | None:
        if isinstance(step, Pause):
            await _sleep(step.seconds)
            return None
        return await self._send(self._built(step))

    async def _send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        started = time.monotonic()
        try:
            response = await self._http.send(request, **options)
        except httpx.HTTPError as error:
            logged(request, error, time.monotonic() - started)
            raise
        logged(request, response, time.monotonic() - started)
        return response

    async def _open(
        self, url: str, headers: Mapping[str, str], seconds: float | None
    ) -> httpx.Response:
        request = self._built_get(url, headers, seconds)
        response = await self._send(request, stream=True, follow_redirects=True)
        if not response.is_success:
            try:
                await response.aread()
            finally:
                await response.aclose()
        return response

    async def _events(
        self, path: str, after: str | None, ends: Callable[[Event], bool]
    ) -> AsyncIterator[Event]:
        following = Following(path, self.options, after=after, ends=ends)
        while True:
            try:
                response = await self._open(path, following.headers(), following.seconds)
                try:
                    following.opened(response)
                    async for piece in response.aiter_bytes():
                        for event in following.feed(piece):
                            yield event
                        if following.over:
                            return
                finally:
                    await response.aclose()
            except FAILURES as error:
                following.broken(error)
            else:
                following.broken(None)
            await _sleep(following.pause)

    async def _download(self, url: str, target: IO[bytes]) -> None:
        download = Download(url, self.options, target)
        while True:
            try:
                response = await self._open(url, download.headers(), download.seconds)
                try:
                    download.opened(response)
                    async for piece in response.aiter_bytes():
                        await asyncio.to_thread(download.write, piece)
                    download.ended()
                    return
                finally:
                    await response.aclose()
            except FAILURES as error:
                download.broken(error)
            await _sleep(download.pause)


class AsyncAdmin(AdminRoutes, Async):
    """The administration of a server."""

    def __init__(self, client: AsyncKirin) -> None:
        self._client = client

    async def _run(self, request: Request[T]) -> T:
        return await self._client._run(request)


class AsyncRawKirin(Routes, AsyncRaw):
    """The methods of a client, which return answers with status and headers."""

    def __init__(self, client: AsyncKirin) -> None:
        self._client = client
        self.admin = AsyncRawAdmin(client)

    async def _run(self, request: Request[T]) -> RawResponse[T]:
        response = await self._client._drive(answer_to(request, self._client.options))
        return RawResponse(response, request.read)


class AsyncRawAdmin(AdminRoutes, AsyncRaw):
    """The administration, whose methods return answers with status and headers."""

    def __init__(self, client: AsyncKirin) -> None:
        self._client = client

    async def _run(self, request: Request[T]) -> RawResponse[T]:
        response = await self._client._drive(answer_to(request, self._client.options))
        return RawResponse(response, request.read)
