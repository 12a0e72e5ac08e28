"""One contract, every storage."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kirin.storage.base import Storage
from kirin.storage.cache import Cache
from kirin.storage.files import FileStorage
from kirin.storage.memory import MemoryStorage
from kirin.storage.objects import ObjectStorage
from support.objects import ObjectServer

BACKENDS: dict[str, Callable[[Path], Storage]] = {
    "files": FileStorage,
    "memory": lambda _: MemoryStorage(),
}


@pytest.fixture(params=[*BACKENDS, "objects"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param in BACKENDS:
        return BACKENDS[request.param](tmp_path / "store")
    server: ObjectServer = request.getfixturevalue("objects")
    return ObjectStorage(server.bucket(), Cache(tmp_path / "cache", 10**6))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source"
    path.write_bytes(b"content")
    return path


def test_put_copies(storage: Storage, source: Path) -> None:
    storage.put("results/a/1/v.mp4", source)
    assert source.read_bytes() == b"content"
    assert storage.path("results/a/1/v.mp4").read_bytes() == b"content"
    assert storage.size("results/a/1/v.mp4") == 7
    assert storage.exists("results/a/1/v.mp4")


def test_put_moves(storage: Storage, source: Path) -> None:
    storage.put("key", source, move=True)
    assert not source.exists()
    assert storage.path("key").read_bytes() == b"content"


def test_later_put_wins(storage: Storage, source: Path) -> None:
    storage.put_bytes("key", b"first")
    storage.put("key", source)
    assert storage.path("key").read_bytes() == b"content"
    storage.put_bytes("key", b"")
    assert storage.size("key") == 0


def test_missing(storage: Storage, tmp_path: Path) -> None:
    assert not storage.exists("no/such")
    for look in (storage.path, storage.size):
        with pytest.raises(FileNotFoundError):
            look("no/such")
    storage.delete("no/such")
    with pytest.raises(FileNotFoundError):
        storage.put("key", tmp_path / "none")
    assert not storage.exists("key")


def test_delete(storage: Storage) -> None:
    storage.put_bytes("a/b/c", b"1")
    storage.put_bytes("a/d", b"2")
    storage.delete("a/b/c")
    assert not storage.exists("a/b/c")
    assert storage.exists("a/d")
    storage.put_bytes("a/b/c", b"3")
    assert storage.size("a/b/c") == 1


def test_keys(storage: Storage) -> None:
    for key in ("inputs/ab/ab12", "inputs/ab/ab13", "inputs/cd/cd1", "results/x/1/v.mp4"):
        storage.put_bytes(key, b"")
    assert list(storage.keys("inputs/ab/")) == ["inputs/ab/ab12", "inputs/ab/ab13"]
    assert list(storage.keys("inputs/ab/ab13")) == ["inputs/ab/ab13"]
    assert list(storage.keys("inputs/c")) == ["inputs/cd/cd1"]
    assert len(list(storage.keys())) == 4
    assert list(storage.keys("nothing/here")) == []


@pytest.mark.parametrize(
    "key",
    [
        "",
        "/",
        "/etc/passwd",
        "..",
        "a/../b",
        "a/..",
        "./a",
        "a//b",
        "a/",
        ".hidden",
        "a/.incoming",
        "a b",
        "a\n",
        "a\0",
        "ä",
        "a\\b",
        "a" * 201,
        "/".join(["a" * 100] * 6),
    ],
)
def test_what_is_no_key(storage: Storage, source: Path, key: str) -> None:
    for act in (storage.path, storage.exists, storage.size, storage.delete):
        with pytest.raises(ValueError, match="not a storage key"):
            act(key)
    with pytest.raises(ValueError, match="not a storage key"):
        storage.put(key, source)
    with pytest.raises(ValueError, match="not a storage key"):
        storage.put_bytes(key, b"")


def test_many_writers_of_one_key(storage: Storage) -> None:
    values = [bytes([number]) * 200_000 for number in range(8)]

    def write(value: bytes) -> None:
        for _ in range(5):
            storage.put_bytes("a/key", value)
            storage.delete("a/other")

    def read() -> None:
        for _ in range(40):
            assert storage.path("a/key").read_bytes() in values

    storage.put_bytes("a/key", values[0])
    with ThreadPoolExecutor(10) as pool:
        work = [pool.submit(write, value) for value in values] + [pool.submit(read)] * 2
        for job in work:
            job.result()
    assert storage.path("a/key").read_bytes() in values
    assert list(storage.keys()) == ["a/key"]


def test_puts_beside_deletes_of_the_last_neighbour(storage: Storage) -> None:
    def churn(number: int) -> None:
        for _ in range(20):
            storage.put_bytes(f"a/b/{number}", b"x")
            storage.delete(f"a/b/{number}")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(churn, range(4)))
    assert list(storage.keys()) == []


def test_file_storage_is_shared_and_kept(tmp_path: Path) -> None:
    FileStorage(tmp_path).put_bytes("a/b", b"kept")
    assert FileStorage(tmp_path).path("a/b").read_bytes() == b"kept"


def test_file_storage_leaves_no_empty_directories(tmp_path: Path) -> None:
    storage = FileStorage(tmp_path)
    storage.put_bytes("results/a/1/v.mp4", b"")
    storage.delete("results/a/1/v.mp4")
    assert [path.name for path in tmp_path.iterdir()] == [".incoming"]


def test_failed_put_leaves_the_old_value_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = FileStorage(tmp_path)
    storage.put_bytes("key", b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        storage.put_bytes("key", b"new")
    assert storage.path("key").read_bytes() == b"old"
    assert not list((tmp_path / ".incoming").iterdir())


def test_what_a_crash_left_is_swept(tmp_path: Path) -> None:
    FileStorage(tmp_path)
    old, young = (tmp_path / ".incoming" / name for name in ("old", "young"))
    old.touch()
    young.touch()
    os.utime(old, (0, time.time() - 2 * 86_400))
    FileStorage(tmp_path)
    assert young.exists()
    assert not old.exists()


def test_a_copy_lives_apart(storage: Storage) -> None:
    storage.put_bytes("results/a/1/video.mp4", b"old")
    storage.copy("results/a/1/video.mp4", "results/b/0/video.mp4")
    storage.put_bytes("results/a/1/video.mp4", b"new")
    assert storage.path("results/b/0/video.mp4").read_bytes() == b"old"
    storage.delete("results/a/1/video.mp4")
    assert storage.path("results/b/0/video.mp4").read_bytes() == b"old"
    with pytest.raises(FileNotFoundError):
        storage.copy("results/a/1/video.mp4", "results/c/0/video.mp4")
    assert not storage.exists("results/c/0/video.mp4")
    with pytest.raises(ValueError, match="key"):
        storage.copy("results/b/0/video.mp4", "../video.mp4")


def test_a_copy_needs_no_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError("this file system has none")

    storage = FileStorage(tmp_path)
    storage.put_bytes("a", b"x")
    monkeypatch.setattr(Path, "hardlink_to", refuse)
    storage.copy("a", "b")
    storage.delete("a")
    assert storage.path("b").read_bytes() == b"x"
