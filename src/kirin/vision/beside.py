"""Work beside other work: what prepares a picture in two threads where it can.

OpenCV, numba, ONNX Runtime and PatchMatch release the interpreter's lock. Each piece of work gives
the same result in any thread; cameras are drawn and frames encoded later, so nothing contends.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Iterator

_Result = TypeVar("_Result")
_Item = TypeVar("_Item")

_THREADS = 2
_AHEAD = 3  # items that are made before they are asked for


@contextmanager
def beside(work: Callable[[], _Result]) -> Iterator[Callable[[], _Result]]:
    """Start some work; what is given waits for it, and returns or raises what it did.

    At the end of the block it is waited for in any case.
    """
    with ThreadPoolExecutor(1) as executor:
        yield executor.submit(work).result


def each(work: Callable[[_Item], _Result], items: Iterable[_Item]) -> list[_Result]:
    """Results of the same work on several things, in their order."""
    with ThreadPoolExecutor(_THREADS) as executor:
        return list(executor.map(work, items))


def ahead(items: Iterable[_Item]) -> Iterator[_Item]:
    """The same items, each made in a thread while those before it are worked on."""
    source, end = iter(items), object()
    with ThreadPoolExecutor(1) as executor:
        coming = deque(executor.submit(next, source, end) for _ in range(_AHEAD))
        try:
            while (item := coming.popleft().result()) is not end:
                coming.append(executor.submit(next, source, end))
                yield cast(_Item, item)
        finally:
            for future in coming:
                future.cancel()
            if isinstance(source, Generator):
                executor.submit(source.close)
