"""How much is stored, and when that is measured."""

from __future__ import annotations

from kirin.storage import meter
from kirin.storage.memory import MemoryStorage
from kirin.storage.meter import StorageMeter, StorageUse


def test_files_and_bytes_are_counted_once_a_minute() -> None:
    storage = MemoryStorage()
    now = 0.0
    found = StorageMeter(storage, lambda: now)
    assert found.measure() == StorageUse(0, 0, complete=True)
    storage.put_bytes("inputs/a", b"123")
    storage.put_bytes("results/b", b"45")
    now = meter.FRESH_SECONDS
    assert found.measure() == StorageUse(0, 0, complete=True)
    now += 0.5
    assert found.measure() == StorageUse(2, 5, complete=True)


def test_what_takes_too_long_is_told_as_a_part() -> None:
    storage = MemoryStorage()
    for name in "abc":
        storage.put_bytes(name, b"123")
    # Each look at the clock takes as long as two files may.
    looks = iter(range(9))
    found = StorageMeter(storage, lambda: next(looks) * meter.MOST_SECONDS / 2)
    assert found.measure() == StorageUse(2, 6, complete=False)
