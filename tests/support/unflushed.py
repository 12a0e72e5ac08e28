"""Files that need not reach the disk before a test goes on: a test ends processes, never the
machine, so whatever was written is there for whoever reads it next.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import URL, Engine, event

from kirin.database import engine


@contextmanager
def unflushed() -> Iterator[None]:
    """Within the block, this process waits for no disk: neither SQLite nor the storage of files.

    Tests' PostgreSQL does the same. To wait takes milliseconds each time, and thousands of tests
    write several times. Processes that tests start flush as anywhere.
    """
    durable = engine.sqlite_engine

    def opened(url: URL) -> Engine:
        made = durable(url)
        event.listen(made, "connect", _unflushed)
        return made

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "sqlite_engine", opened)
        patch.setattr(os, "fsync", lambda _: None)
        yield


def _unflushed(connection: Any, _: object) -> None:
    connection.execute("PRAGMA synchronous = OFF").close()
