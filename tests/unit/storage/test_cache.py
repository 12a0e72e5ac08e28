"""Copies: fetched once a version, and the longest unused go first."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kirin.storage.cache import Cache


def test_a_version_is_fetched_once(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache", 1000)
    fetched: list[Path] = []

    def fetch(target: Path) -> None:
        fetched.append(target)
        target.write_bytes(b"content")

    first = cache.get("a/b.mp4", "1", fetch)
    assert cache.get("a/b.mp4", "1", fetch) == first
    assert first.suffix == ".mp4"
    assert first.read_bytes() == b"content"
    assert cache.get("a/b.mp4", "2", fetch) != first
    assert cache.get("a/c.mp4", "1", fetch) != first
    assert len(fetched) == 3


def test_a_fetch_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    def fetch(target: Path) -> None:
        target.write_bytes(b"half")
        raise OSError("the line is dead")

    with pytest.raises(OSError, match="the line is dead"):
        Cache(tmp_path, 1000).get("a", "1", fetch)
    assert list(tmp_path.iterdir()) == []


def test_the_longest_unused_go_first_and_what_is_in_use_stays(tmp_path: Path) -> None:
    cache = Cache(tmp_path, 250)
    copies = [
        cache.get(str(n), "1", lambda target: (target.write_bytes(bytes(100)), None)[1])
        for n in range(4)
    ]
    assert all(copy.exists() for copy in copies)  # just asked for, so somebody may read them
    for age, copy in enumerate(copies):
        os.utime(copy, (1000 - age, 1000 - age))
    cache.get("0", "1", lambda _: None)
    cache.get("new", "1", lambda target: (target.write_bytes(bytes(100)), None)[1])
    assert [copy.exists() for copy in copies] == [True, False, False, False]
