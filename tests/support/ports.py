"""Ports for servers that are started later, or again: whoever asks for any port gets another."""

from __future__ import annotations

import random
import socket
from collections.abc import Iterator
from contextlib import contextmanager

LOWEST, HIGHEST = 20_000, 32_000
"""Below those that systems choose from for clients, and for servers that take any (32768 on)."""

TRIES = 5
"""How many ports are tried: another process may take one before the server has it."""


def reserved_port() -> int:
    """A port that nobody listens on, nor is given by chance before somebody listens there."""
    luck = random.SystemRandom()
    while True:
        port = luck.randrange(LOWEST, HIGHEST)
        try:
            with socket.create_server(("127.0.0.1", port)):
                return port
        except OSError:  # it is taken
            continue


@contextmanager
def deaf_port() -> Iterator[int]:
    """A port that refuses all connections for the length of a block, and is nobody else's."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port: int = bound.getsockname()[1]
        yield port
