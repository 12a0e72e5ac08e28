"""Duplicate keys in JSON bodies: parsers drop all but the last value without a word."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Final

from kirin.catalogue.structures import shorten
from kirin.errors import MalformedBody

LONG: Final = 1024
"""Bytes of a string from which it is cut out before the keys are read."""

MOST_QUOTES: Final = 500_000
"""Quotation marks of a document. A request has at most thousands; each costs time and memory."""

MOST_REPORTED: Final = 20
"""Duplicates beyond these are not reported."""


def all_keys_differ(parsed: object, short: bytes) -> bool:
    """Whether a document has no key twice, as is plain from most: it has as many colons as keys
    were parsed. A colon in a string, as URLs have them, leaves it open.

    Args:
        parsed: the document.
        short: the same :func:`without_long_strings`.
    """
    return short.count(b":") == _count_keys(parsed)


def duplicate_keys(body: bytes, short: bytes) -> list[str]:
    """JSON paths of keys that an object of a document has more than once.

    Args:
        body: valid JSON in UTF-8, without a byte order mark.
        short: the same :func:`without_long_strings`.

    Returns:
        Paths such as ``input[0].params.duration``, at most :data:`MOST_REPORTED`.
    """
    found = _paths(short)
    if found and len(short) < len(body):
        # Long keys are all alike in the short one.
        found = _paths(body)
    return found


def without_long_strings(body: bytes) -> bytes:
    """A document with its long strings emptied: to scan base64 takes longer than to parse it.

    Raises:
        MalformedBody: it has more than :data:`MOST_QUOTES` quotation marks.
    """
    kept: list[bytes] = []
    copied = 0
    start = previous = -1  # the quotation marks that opened the string, and that came last
    for _ in range(MOST_QUOTES):
        at = body.find(b'"', previous + 1)
        if at < 0:
            return b"".join([*kept, body[copied:]]) if kept else body
        if start < 0:
            start = at
        elif not _escaped(body, previous, at):
            if at - start > LONG:
                kept.append(body[copied : start + 1])
                copied = at
            start = -1
        previous = at
    raise MalformedBody(f"the body has more than {MOST_QUOTES // 2:,} strings")


def _count_keys(value: object) -> int:
    """How many keys all objects have."""
    if type(value) is dict:
        return len(value) + sum(_count_keys(each) for each in value.values())
    if type(value) is list:
        return sum(_count_keys(each) for each in value)
    return 0


def _escaped(body: bytes, previous: int, at: int) -> bool:
    """Whether an odd number of backslashes, all after ``previous``, precedes a quotation mark."""
    if body[at - 1 : at] != b"\\":
        return False
    between = body[previous + 1 : at]
    return (len(between) - len(between.rstrip(b"\\"))) % 2 == 1


class _Duplicates:
    """Stands for an object that has duplicate keys, or that contains one which does."""

    def __init__(self, paths: list[str]) -> None:
        self.paths = paths


def _paths(body: bytes) -> list[str]:
    # Numbers stay text: converting one of thousands of digits would be refused.
    found = json.loads(
        body, object_pairs_hook=_inspect, parse_int=str, parse_float=str, strict=False
    )
    # A document that is not an object is refused for that.
    return [path.removeprefix(".") for path in found.paths] if type(found) is _Duplicates else []


def _inspect(pairs: Sequence[tuple[str, object]]) -> _Duplicates | None:
    """What is found in an object; nothing of one without duplicates has to be held."""
    paths: list[str] = []
    if len(pairs) > 1 and len({key for key, _ in pairs}) < len(pairs):
        times = Counter(key for key, _ in pairs)
        paths += [f".{shorten(key)}" for key, count in times.items() if count > 1]
    for key, value in pairs:
        if type(value) in _CONTAINERS:
            paths += [f".{shorten(key)}{path}" for path in _inside(value)]
    return _Duplicates(paths[:MOST_REPORTED]) if paths else None


def _inside(value: object) -> list[str]:
    """The paths that were found in a value."""
    if isinstance(value, _Duplicates):
        return value.paths
    if not isinstance(value, list):
        return []
    return [
        f"[{index}]{path}"
        for index, entry in enumerate(value)
        if type(entry) in _CONTAINERS
        for path in _inside(entry)
    ]


_CONTAINERS: Final = frozenset((list, _Duplicates))
