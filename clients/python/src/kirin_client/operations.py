"""Methods that are described once and bound four ways.

A route is a function that builds a :class:`~kirin_client.requests.Request`. As a method of
``Kirin`` it gives the result, of ``AsyncKirin`` a coroutine of it, and behind ``with_raw_response``
the answer with its status and headers. Type checkers see all four.
"""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, overload

import httpx

from kirin_client.flows import Flow
from kirin_client.requests import Request

P = ParamSpec("P")
T = TypeVar("T")
Page = TypeVar("Page")


class RawResponse(Generic[T]):
    """An answer as it came.

    Attributes:
        http: of httpx, its body read.
    """

    def __init__(self, http: httpx.Response, read: Callable[[httpx.Response], T]) -> None:
        self.http = http
        self._read = read

    @property
    def status(self) -> int:
        """HTTP status."""
        return self.http.status_code

    @property
    def headers(self) -> httpx.Headers:
        """By name, in any case."""
        return self.http.headers

    @property
    def request_id(self) -> str | None:
        """What to quote to the operator."""
        id: str | None = self.http.headers.get("X-Request-Id")
        return id

    @property
    def content(self) -> bytes:
        """The body."""
        return self.http.content

    def parse(self) -> T:
        """What the method returns without ``with_raw_response``."""
        return self._read(self.http)

    def __repr__(self) -> str:
        return f"<RawResponse {self.status} {self.http.headers.get('Content-Type', '')}>"


class Sync:
    """Calls that return results."""

    def _run(self, request: Request[T]) -> T:
        raise NotImplementedError

    def _follow(self, flow: Callable[[Any], Flow[T]]) -> T:
        raise NotImplementedError


class Async:
    """Calls that return coroutines."""

    def _run(self, request: Request[T]) -> Coroutine[Any, Any, T]:
        raise NotImplementedError

    def _follow(self, flow: Callable[[Any], Flow[T]]) -> Coroutine[Any, Any, T]:
        raise NotImplementedError


class Raw:
    """Calls that return answers as they came."""

    def _run(self, request: Request[T]) -> RawResponse[T]:
        raise NotImplementedError


class AsyncRaw:
    """Calls that return coroutines of answers as they came."""

    def _run(self, request: Request[T]) -> Coroutine[Any, Any, RawResponse[T]]:
        raise NotImplementedError


def _bound(
    describe: Callable[..., Any], instance: object, act: Callable[[Any], Any]
) -> Callable[..., Any]:
    """A method that does what it describes."""

    @functools.wraps(describe)
    def method(*args: Any, **options: Any) -> Any:
        return act(describe(instance, *args, **options))

    return method


class Operation(Generic[P, T]):
    """A method for one route."""

    def __init__(self, describe: Callable[Concatenate[Any, P], Request[T]]) -> None:
        self.describe = describe
        functools.update_wrapper(self, describe)  # type: ignore[arg-type]

    @overload
    def __get__(self, instance: Sync, owner: type) -> Callable[P, T]: ...
    @overload
    def __get__(self, instance: Async, owner: type) -> Callable[P, Coroutine[Any, Any, T]]: ...
    @overload
    def __get__(self, instance: Raw, owner: type) -> Callable[P, RawResponse[T]]: ...
    @overload
    def __get__(
        self, instance: AsyncRaw, owner: type
    ) -> Callable[P, Coroutine[Any, Any, RawResponse[T]]]: ...
    @overload
    def __get__(self, instance: object | None, owner: type) -> Operation[P, T]: ...
    def __get__(self, instance: Any, owner: type) -> Any:
        return self if instance is None else _bound(self.describe, instance, instance._run)


class Procedure(Generic[P, T]):
    """A method that takes several calls."""

    def __init__(self, describe: Callable[Concatenate[Any, P], Callable[[Any], Flow[T]]]) -> None:
        self.describe = describe
        functools.update_wrapper(self, describe)  # type: ignore[arg-type]

    @overload
    def __get__(self, instance: Sync, owner: type) -> Callable[P, T]: ...
    @overload
    def __get__(self, instance: Async, owner: type) -> Callable[P, Coroutine[Any, Any, T]]: ...
    @overload
    def __get__(self, instance: object | None, owner: type) -> Procedure[P, T]: ...
    def __get__(self, instance: Any, owner: type) -> Any:
        return self if instance is None else _bound(self.describe, instance, instance._follow)


class Listing(Generic[P, Page, T]):
    """A method that goes through all pages of a listing, asking for each when it is needed."""

    def __init__(
        self, page: Operation[P, Page], items: Callable[[Page], Sequence[T]], doc: str
    ) -> None:
        """Prepare.

        Args:
            page: takes a ``cursor``; its result tells ``next_cursor``.
            items: of a page.
        """
        self._page = page
        self._items = items
        self.__doc__ = doc

    @overload
    def __get__(self, instance: Sync, owner: type) -> Callable[P, Iterator[T]]: ...
    @overload
    def __get__(self, instance: Async, owner: type) -> Callable[P, AsyncIterator[T]]: ...
    @overload
    def __get__(self, instance: object | None, owner: type) -> Listing[P, Page, T]: ...
    def __get__(self, instance: Any, owner: type) -> Any:
        if instance is None:
            return self
        walk = self._walk_async if isinstance(instance, Async) else self._walk
        return functools.wraps(self._page.describe)(functools.partial(walk, instance))

    def _walk(self, instance: Sync, *args: Any, **options: Any) -> Iterator[T]:
        while True:
            page = instance._run(self._page.describe(instance, *args, **options))
            yield from self._items(page)
            cursor = getattr(page, "next_cursor", None)
            if not cursor:
                return
            options["cursor"] = cursor

    async def _walk_async(self, instance: Async, *args: Any, **options: Any) -> AsyncIterator[T]:
        while True:
            page = await instance._run(self._page.describe(instance, *args, **options))
            for item in self._items(page):
                yield item
            cursor = getattr(page, "next_cursor", None)
            if not cursor:
                return
            options["cursor"] = cursor
