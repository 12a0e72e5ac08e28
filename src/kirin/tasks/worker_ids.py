"""Ids of workers: each names its machine and its process, and is never used again."""

from __future__ import annotations

import os
import secrets
import socket


def new_id() -> str:
    """An id for a worker of this process."""
    return f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"


def process_of(worker: str) -> tuple[str, int]:
    """The host name of a worker's machine and the id of its process there.

    Raises:
        ValueError: it is no id of a worker.
    """
    host, pid, _ = worker.rsplit("-", 2)
    return host, int(pid)
