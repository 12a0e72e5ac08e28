"""Housekeeping: what expires, what is waste, and what must not be taken for it."""

from __future__ import annotations

import threading
from dataclasses import replace
from decimal import Decimal
from functools import partial
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import func, select

from kirin.database.engine import Database
from kirin.database.tables import scheduled_jobs, tombstones, webhook_attempts
from kirin.domain.assets import Asset, AssetKind
from kirin.domain.subject import Portrait, Subject, SubjectDraft, SubjectKind
from kirin.domain.tariff import Charge
from kirin.domain.task import Failure, Result, Task
from kirin.orchestration.garbage_collection import (
    EVERY_MS,
    GRACE_MS,
    CollectionSummary,
    GarbageCollector,
    RetentionPeriods,
    clear_tombstone,
)
from kirin.storage.keys import input_key, result_key
from kirin.storage.memory import MemoryStorage
from kirin.storage.reference_aware import ReferenceAwareStorage
from kirin.subjects import store as elements
from kirin.tasks import events, idempotency, store
from kirin.tasks.idempotency import IdempotencyKey
from kirin.webhooks import history, outbox
from kirin.webhooks.outbox import Saturated
from support.tasks import a_task
from support.waiting import until

DAY = 86_400_000
NOW = 1_000 * DAY
PERIODS = RetentionPeriods(results=30 * DAY, inputs=10 * DAY, idempotency=DAY, events=DAY)
FOR_GOOD = RetentionPeriods(results=None, inputs=None, idempotency=DAY, events=DAY)


class House:
    """A database, a storage, and a clock that is set by hand."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.plain = MemoryStorage()
        self.storage = ReferenceAwareStorage(self.plain, partial(clear_tombstone, database))
        self.now = NOW
        self.runs = 1200
        self.keeper = self.kept_for(PERIODS)

    def kept_for(self, periods: RetentionPeriods) -> GarbageCollector:
        return GarbageCollector(
            self.database, self.plain, periods, lambda: self.now, self.delete_runs
        )

    def delete_runs(self, before: int, limit: int) -> int:
        """The record of runs: it has 1200 that ended long ago."""
        assert before == self.now - DAY
        gone = min(self.runs, limit)
        self.runs -= gone
        return gone

    def sweep(self) -> list[str]:
        """Clean up twice, so far apart that waste is removed, and tell what is left."""
        self.keeper.collect()
        self.now += GRACE_MS + 1
        self.keeper.collect()
        return list(self.plain.keys())

    def picture(self, name: str, kind: AssetKind = AssetKind.IMAGE) -> Asset:
        """A picture that is in storage."""
        digest = sha256(name.encode()).hexdigest()
        self.storage.put_bytes(input_key(digest), name.encode())
        return Asset(digest, kind, "image/png", 3, 300, 300)

    def task(self, **changes: Any) -> Task:
        with self.database.write() as connection:
            return a_task(connection, **changes)

    def completed(self, at: int, *names: str, **changes: Any) -> Task:
        """A task that has made these files."""
        task = self.task(**changes)
        results = tuple(Result(result_key(task.id, 1, name), "video") for name in names)
        for result in results:
            self.storage.put_bytes(result.key, b"video")
        with self.database.write() as connection:
            claimed = store.claim(connection, task.id, at - 1)
            assert claimed is not None
            nothing = Charge(Decimal(0), Decimal(0))
            assert store.complete(connection, claimed, results, nothing, {}, at)
        return task

    def subject(self, account: str) -> tuple[Subject, list[Asset]]:
        """A subject with everything that it may have, and its bytes."""
        names = ("front", "side", "thumbnail", "cutout")
        front, side, thumbnail, cutout = (self.picture(name) for name in names)
        video = self.picture("video", AssetKind.VIDEO)
        portrait = Portrait(thumbnail, cutout)
        views = (front, side)
        draft = SubjectDraft("Ada", "A", SubjectKind.VIDEO, views, video, portrait=portrait)
        with self.database.write() as connection:
            element = elements.add(connection, account, draft, 1)
        return element, [front, side, thumbnail, cutout, video]

    def row(self, task: Task) -> Task:
        with self.database.read() as connection:
            found = store.get(connection, task.id)
        assert found is not None
        return found


@pytest.fixture
def house(database: Database) -> House:
    return House(database)


def test_results_expire_and_the_task_says_so(house: House) -> None:
    old = house.completed(NOW - 30 * DAY - 1, "video.mp4", "watermarked.mp4")
    young = house.completed(NOW - 30 * DAY, "video.mp4")
    assert house.keeper.collect() == CollectionSummary(expired=2, marked=0, removed=0)
    assert list(house.plain.keys()) == [result_key(young.id, 1, "video.mp4")]
    assert house.row(old).expired_at == NOW
    assert house.row(old).results  # what it was is still told
    assert house.row(young).expired_at is None
    house.now += DAY
    assert house.keeper.collect().expired == 1
    assert house.row(old).expired_at == NOW


def test_what_is_kept_for_good_stays(house: House) -> None:
    picture = house.picture("mine")
    house.completed(1, "video.mp4", assets={"image": picture})
    house.keeper = house.kept_for(FOR_GOOD)
    house.now *= 100
    assert len(house.sweep()) == 2


def test_inputs_expire_some_days_after_the_end(house: House) -> None:
    picture = house.picture("mine")
    task = house.task(assets={"image": picture})
    key = input_key(picture.sha256)
    assert house.sweep() == [key]  # it may wait for as long as it likes
    with house.database.write() as connection:
        store.cancel(connection, task, Failure("c", "m"), house.now)
    house.now += 10 * DAY - 2 * GRACE_MS
    assert house.sweep() == [key]
    house.now += 2 * GRACE_MS
    assert house.sweep() == []


def test_what_two_tasks_share_waits_for_the_second(house: House) -> None:
    picture = house.picture("mine")
    house.completed(1, assets={"image": picture})
    house.task(assets={"image_list[0].image": picture})
    assert house.sweep() == [input_key(picture.sha256)]


def test_a_subject_keeps_all_that_it_consists_of(house: House) -> None:
    task = house.task()
    element, assets = house.subject(task.account)
    kept = sorted(input_key(asset.sha256) for asset in assets)
    assert house.sweep() == kept
    using = house.task(subjects=(element,))
    with house.database.write() as connection:
        elements.remove(connection, task.account, element.id)
    assert house.sweep() == kept  # a task that uses it goes on
    with house.database.write() as connection:
        store.cancel(connection, using, Failure("c", "m"), 1)
    assert house.sweep() == []


def test_files_of_killed_attempts_are_waste_once_the_task_has_ended(house: House) -> None:
    task = house.completed(NOW - DAY, "video.mp4", attempt=1)
    left = result_key(task.id, 7, "video.mp4")
    running = house.task()
    under_way = result_key(running.id, 1, "video.mp4")
    nobodys = result_key("nobody", 1, "video.mp4")
    for key in (left, under_way, nobodys):
        house.plain.put_bytes(key, b"half a video")
    assert left not in house.sweep()
    assert sorted(house.plain.keys()) == sorted([house.row(task).results[0].key, under_way])


def test_waste_is_removed_after_a_while_only(house: House) -> None:
    house.picture("nobody's")
    assert house.keeper.collect() == CollectionSummary(expired=0, marked=1, removed=0)
    house.now += GRACE_MS
    assert house.keeper.collect() == CollectionSummary(expired=0, marked=0, removed=0)
    house.now += 1
    assert house.keeper.collect() == CollectionSummary(expired=0, marked=0, removed=1)
    with house.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(tombstones)).scalar() == 0


def test_what_is_put_again_is_not_removed(house: House) -> None:
    """As a create does it whose row comes later."""
    house.picture("again")
    house.keeper.collect()
    house.now += GRACE_MS + 1
    picture = house.picture("again")
    assert house.keeper.collect() == CollectionSummary(expired=0, marked=1, removed=0)
    house.task(assets={"image": picture})
    house.now += GRACE_MS + 1
    assert house.keeper.collect() == CollectionSummary(expired=0, marked=0, removed=0)
    assert house.plain.exists(input_key(picture.sha256))


def test_who_puts_what_is_being_removed_puts_it_anew(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = house.picture("again")
    key = input_key(picture.sha256)
    house.keeper.collect()
    house.now += GRACE_MS + 1
    begun, go_on = threading.Event(), threading.Event()
    remove = house.plain.delete

    def remove_slowly(key: str) -> None:
        begun.set()
        assert go_on.wait(60)
        remove(key)

    monkeypatch.setattr(house.plain, "delete", remove_slowly)
    sweeping = threading.Thread(target=house.keeper.collect)
    sweeping.start()
    assert begun.wait(60)
    putting = threading.Thread(target=house.picture, args=["again"])
    putting.start()
    putting.join(0.3)
    assert putting.is_alive()  # it waits for the removal to end
    go_on.set()
    sweeping.join(60)
    putting.join(60)
    assert house.plain.exists(key)


def test_rows_that_have_had_their_time_go(house: House) -> None:
    task = house.task()
    with house.database.write() as connection:
        for number, at in enumerate((NOW - DAY - 1, NOW - DAY)):
            token = IdempotencyKey(f"key-{number}", "0" * 64)
            idempotency.remember(connection, task.account, token, task.id, at, 0)
            events.add(connection, task, {}, at)
    house.keeper.collect()
    with house.database.read() as connection:
        assert idempotency.earlier(connection, task.account, "key-0", 0) is None
        assert idempotency.earlier(connection, task.account, "key-1", 0) is not None
        assert events.oldest(connection, task.account) == 2


def test_one_worker_cleans_up_for_all(house: House) -> None:
    other = house.kept_for(PERIODS)
    assert house.keeper.collect_if_due() is not None
    assert other.collect_if_due() is None
    house.now += EVERY_MS
    assert other.collect_if_due() is not None
    assert house.keeper.collect_if_due() is None


def test_it_goes_on_after_a_failure(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kirin.orchestration.garbage_collection.POLL_SECONDS", 0.02)
    monkeypatch.setattr("kirin.orchestration.garbage_collection.EVERY_MS", 0)
    keys = house.plain.keys
    monkeypatch.setattr(house.plain, "keys", lambda prefix="": 1 / 0)
    house.picture("nobody's")
    house.keeper.start()

    def begun() -> bool:
        with house.database.read() as connection:
            return connection.execute(select(scheduled_jobs)).first() is not None

    assert until(begun)
    monkeypatch.setattr(house.plain, "keys", keys)
    house.now += GRACE_MS

    def gone() -> bool:
        house.now += GRACE_MS
        return list(keys()) == []

    assert until(gone)
    house.keeper.stop()
    house.keeper._thread.join(60)


def test_records_go_with_all_that_belongs_to_them(house: House) -> None:
    old = house.completed(NOW - 100 * DAY - 1, "video.mp4", id="a" * 32, external_id="mine")
    young = house.completed(NOW - 100 * DAY, id="b" * 32)
    unsent = house.completed(NOW - 200 * DAY, id="c" * 32)
    failed = house.task(id="d" * 32)
    with house.database.write() as connection:
        claimed = store.claim(connection, failed.id, NOW - 150 * DAY)
        assert claimed is not None
        assert store.fail(connection, claimed, Failure("1", "x"), NOW - 150 * DAY)
        for task in (old, unsent):
            address = {"url": "https://example.com", "body": {}, "reports": "completed", "now": NOW}
            outbox.add(connection, task=task.id, account=task.account, **address)
        (sent,) = [
            each for each in outbox.due(connection, NOW, 9, Saturated()) if each.task == old.id
        ]
        outbox.settle(connection, sent, now=NOW, next_at=None, status=200, outcome="heard")
        tried = history.Attempt(1, NOW, 3, 200, "heard")
        history.record(connection, f"{old.id}:0", tried)
        events.add(connection, old, {}, NOW)
        idempotency.remember(
            connection, old.account, IdempotencyKey("key", "digest"), old.id, NOW, 0
        )
    house.keeper = house.kept_for(replace(PERIODS, records=100 * DAY))
    house.keeper.collect()
    with house.database.read() as connection:
        left = {id for id in "abcd" if store.get(connection, id * 32)}
        attempts = connection.execute(select(func.count()).select_from(webhook_attempts)).scalar()
    assert left == {"b", "c"}
    assert attempts == 0
    assert house.task(id="e" * 32, external_id="mine")  # the name is free again
    assert house.row(young).finished_at
    assert house.sweep() == []


def test_all_runs_that_ended_long_ago_are_deleted(house: House) -> None:
    house.keeper.collect()
    assert house.runs == 0


def test_records_stay_for_good_where_nobody_says_otherwise(house: House) -> None:
    old = house.completed(1, "video.mp4")
    house.sweep()
    assert house.row(old).expired_at
