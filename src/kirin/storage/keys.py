"""Storage keys."""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 512

# No segment starts with a dot: neither '..' nor the hidden files of a backend.
_KEY: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
_SEGMENT: Final = 200
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


def check_key(key: str) -> str:
    """Return a key if it is well-formed.

    A key is segments of letters, digits, ``.``, ``_`` and ``-`` between single slashes; none
    starts with a dot or has more than 200 characters, and the whole at most 512.

    Raises:
        ValueError: it is malformed.
    """
    if (
        len(key) > LONGEST
        or not _KEY.fullmatch(key)
        or any(len(segment) > _SEGMENT for segment in key.split("/"))
    ):
        raise ValueError(f"not a storage key: {key[:80]!r}")
    return key


def input_key(sha256: str) -> str:
    """The key of an input: ``inputs/ab/abcdef...``, so that the same bytes are stored once.

    Args:
        sha256: lower-case hex digest of the bytes.

    Raises:
        ValueError: it is not such a digest.
    """
    if not _SHA256.fullmatch(sha256):
        raise ValueError(f"not a sha256 in lower-case hex: {sha256[:80]!r}")
    return f"inputs/{sha256[:2]}/{sha256}"


def results_prefix(task_id: str) -> str:
    """The prefix of the keys of all results of a task."""
    return f"results/{task_id}/"


def task_of(key: str) -> str | None:
    """The id of the task that a result's key belongs to; ``None`` for other keys."""
    room, _, rest = key.partition("/")
    return rest.partition("/")[0] if room == "results" else None


def result_key(task_id: str, attempt: int, name: str) -> str:
    """The key of a result: ``results/TASK/ATTEMPT/NAME``.

    Each attempt has its own, so that a worker that was taken for dead and comes back cannot
    overwrite what its successor has stored.

    Raises:
        ValueError: the key would be malformed.
    """
    return check_key(f"{results_prefix(task_id)}{attempt}/{name}")
