"""A bucket that is away: for how long requests to it are repeated."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from kirin.storage import objects as bucket_storage
from kirin.storage.base import StorageUnavailable
from kirin.storage.cache import Cache
from kirin.storage.objects import ObjectStorage
from support.gate import Gate
from support.objects import ObjectServer
from support.waiting import until

Open = Callable[[float], ObjectStorage]


@pytest.fixture
def gate(objects: ObjectServer) -> Iterator[Gate]:
    port = urlsplit(objects.endpoint).port
    assert port
    with closing(Gate(port)) as gate:
        yield gate


@pytest.fixture
def open_storage(objects: ObjectServer, gate: Gate, tmp_path: Path) -> Open:
    port = urlsplit(objects.endpoint).port
    url = objects.bucket().replace(f":{port}", f":{gate.port}")
    return lambda seconds: ObjectStorage(url, Cache(tmp_path / "cache", 10**6), seconds)


def test_time_alone_ends_the_tries(
    gate: Gate, open_storage: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bucket_storage, "MOST_BACKOFF", timedelta(milliseconds=150))
    storage = open_storage(600.0)
    gate.shut()
    with ThreadPoolExecutor(1) as pool:
        stored = pool.submit(storage.put_bytes, "key", b"content")
        try:
            until(lambda: gate.refused > 15, seconds=60)  # the library's own limit is 10
        finally:
            gate.open()
        stored.result(timeout=60)
    assert storage.path("key").read_bytes() == b"content"


def test_it_is_asked_once_only_after_it_was_away(
    gate: Gate, open_storage: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bucket_storage, "MOST_BACKOFF", timedelta(milliseconds=150))
    monkeypatch.setattr(bucket_storage, "AWAY_SECONDS", 3600.0)
    storage = open_storage(3.0)
    storage.put_bytes("key", b"content")
    gate.shut()
    with pytest.raises(StorageUnavailable):
        storage.path("key")
    before = gate.refused
    assert before  # that it is asked again and again is proved above
    calls: list[Callable[[], object]] = [
        lambda: storage.path("key"),
        lambda: storage.size("key"),
        lambda: storage.exists("key"),
        lambda: storage.put_bytes("key", b"new"),
        lambda: storage.copy("key", "other"),
        lambda: storage.delete("key"),
        lambda: list(storage.keys()),
    ]
    for call in calls:
        with pytest.raises(StorageUnavailable, match="object storage"):
            call()
    assert gate.refused == before + len(calls)
    gate.open()
    assert storage.path("key").read_bytes() == b"content"
