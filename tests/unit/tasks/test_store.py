"""Tasks in the database: every change is a compare-and-swap, progress only grows."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from kirin.database.engine import Database
from kirin.domain.assets import Asset, AssetKind
from kirin.domain.tariff import Charge
from kirin.domain.task import Failure, Result, Status, Task
from kirin.tasks import queue, store
from kirin.tasks.task_filter import TaskFilter
from support.tasks import a_task

CANCELLED = Failure("task_cancelled", "the task was cancelled")
CHARGE = Charge(Decimal(1), Decimal(0))
BROKEN = Failure("002004095", "it broke")
VIDEO = Asset(
    "ab" * 32, AssetKind.VIDEO, "video/mp4", 9, 640, 360, 3.5, Fraction(30000, 1001), True
)
RESULTS = (
    Result("results/a/1/video.mp4", "video", extra={"size": "1280x720"}),
    Result("results/a/1/watermarked.mp4", "video", watermark=True),
)


def claimed(connection: Connection, task: Task, now: int = 2000) -> Task:
    found = store.claim(connection, task.id, now)
    assert found is not None
    return found


def now_is(connection: Connection, task: Task) -> Task:
    found = store.get(connection, task.id)
    assert found is not None
    return found


def test_a_task_comes_back_as_it_was_written(connection: Connection) -> None:
    task = a_task(
        connection,
        params={"prompt": "馬 🐴", "cfg_scale": 0.1},
        assets={"video_url": VIDEO},
        external_id="mine",
        callback_url="https://example.com",
        metadata={"seed": 7, "ignored": ["prompt"]},
        quote=Decimal("0.10"),
    )
    assert now_is(connection, task) == task


def test_a_lease_ends_with_its_task_if_it_is_that_workers(connection: Connection) -> None:
    ids = [a_task(connection, created_at=n).id for n in range(3)]
    assert queue.lease(connection, "mine", ("scripted",), 3) == ids
    done, broken, kept = (store.claim(connection, id, 2000, "mine") for id in ids)
    assert done is not None
    assert broken is not None
    assert kept is not None
    completed = store.complete(connection, done, RESULTS, CHARGE, {}, 3000, lessee="mine")
    assert completed == now_is(connection, done)
    assert completed.status is Status.COMPLETED
    failed = store.fail(connection, broken, BROKEN, 3000, lessee="another")
    assert failed == now_is(connection, broken)
    assert failed.failure == BROKEN
    assert store.fail(connection, kept, BROKEN, 3000) is not None
    # What another worker, or nobody, ends is still to be cleaned up by who holds the lease.
    assert queue.leased(connection, "mine") == {broken.id, kept.id}


def test_a_claim_begins_an_attempt(connection: Connection) -> None:
    task = claimed(connection, a_task(connection))
    assert (task.status, task.attempt) == (Status.PROCESSING, 1)
    assert (task.started_at, task.updated_at) == (2000, 2000)
    again = claimed(connection, task, now=3000)
    assert (again.status, again.attempt) == (Status.PROCESSING, 2)
    assert (again.started_at, again.updated_at) == (2000, 3000)


def test_what_has_ended_or_never_was_cannot_be_claimed(connection: Connection) -> None:
    task = claimed(connection, a_task(connection))
    assert store.fail(connection, task, BROKEN, 3000)
    assert store.claim(connection, task.id, 4000) is None
    assert store.claim(connection, "nothing", 4000) is None
    assert now_is(connection, task).attempt == 1


def test_progress_never_goes_back(connection: Connection) -> None:  # W-4
    task = claimed(connection, a_task(connection))
    for share, shown in ((0.5, 0.5), (0.2, 0.5), (0.7, 0.7), (0.0, 0.7)):
        assert store.report_progress(connection, task, share, 3000)
        assert now_is(connection, task).progress == shown
    second = claimed(connection, task)
    assert second.progress == 0.7
    assert store.report_progress(connection, second, 0.1, 4000)
    assert now_is(connection, task).progress == 0.7


def test_an_attempt_that_was_taken_over_changes_nothing(connection: Connection) -> None:
    first = claimed(connection, a_task(connection))
    second = claimed(connection, first)
    before = now_is(connection, first)
    assert not store.report_progress(connection, first, 0.9, 5000)
    assert not store.complete(connection, first, RESULTS, CHARGE, {}, 5000)
    assert not store.fail(connection, first, BROKEN, 5000)
    assert not store.release(connection, first, 5000)
    assert now_is(connection, first) == before
    assert store.complete(connection, second, RESULTS, CHARGE, {}, 5000)


def test_a_task_that_nobody_has_claimed_cannot_end(connection: Connection) -> None:
    task = a_task(connection)
    assert not store.report_progress(connection, task, 0.5, 2000)
    assert not store.complete(connection, task, RESULTS, CHARGE, {}, 2000)
    assert not store.fail(connection, task, BROKEN, 2000)
    assert now_is(connection, task) == task


def test_a_good_end(connection: Connection) -> None:
    task = claimed(connection, a_task(connection))
    charge = Charge(Decimal("0.0900"), Decimal("0.0100"))
    assert store.complete(connection, task, RESULTS, charge, {"fps": 24}, 5000)
    ended = now_is(connection, task)
    assert (ended.status, ended.progress) == (Status.COMPLETED, 1.0)
    assert (ended.results, ended.metadata) == (RESULTS, {"fps": 24})
    assert Charge(ended.cost or Decimal(0), ended.discount) == charge
    assert (ended.updated_at, ended.finished_at) == (5000, 5000)
    assert ended.failure is None


def test_a_bad_end(connection: Connection) -> None:
    task = claimed(connection, a_task(connection))
    endless = Failure("1", "x" * 5000)
    assert store.fail(connection, task, endless, 5000)
    ended = now_is(connection, task)
    assert ended.status is Status.FAILED
    assert ended.failure == Failure("1", "x" * 2048)
    assert (ended.cost, ended.results) == (None, ())


def test_what_has_ended_stays_as_it_is(connection: Connection) -> None:  # W-4
    task = claimed(connection, a_task(connection))
    assert store.complete(connection, task, RESULTS, CHARGE, {}, 5000)
    ended = now_is(connection, task)
    assert not store.complete(connection, task, (), CHARGE, {}, 6000)
    assert not store.fail(connection, task, BROKEN, 6000)
    assert not store.cancel(connection, task, CANCELLED, 6000)
    assert not store.report_progress(connection, task, 1.0, 6000)
    assert now_is(connection, task) == ended


@pytest.mark.parametrize("begun", [False, True])
def test_a_cancelled_task_is_nobodys_any_more(connection: Connection, begun: bool) -> None:  # W-4
    task = a_task(connection)
    if begun:
        task = claimed(connection, task)
        store.report_progress(connection, task, 0.4, 2500)
    assert store.cancel(connection, task, CANCELLED, 3000)
    ended = now_is(connection, task)
    assert (ended.status, ended.failure) == (Status.FAILED, CANCELLED)
    assert ended.progress == (0.4 if begun else 0)
    assert not store.report_progress(connection, task, 0.9, 4000)
    assert not store.complete(connection, task, RESULTS, CHARGE, {}, 4000)
    assert not store.cancel(connection, task, CANCELLED, 4000)
    assert store.claim(connection, task.id, 4000) is None
    assert now_is(connection, task) == ended


def test_releases_count_apart_from_attempts(connection: Connection) -> None:
    task = claimed(connection, a_task(connection))
    assert store.release(connection, task, 3000)
    again = claimed(connection, task)
    assert (again.attempt, again.releases) == (2, 1)
    assert again.status is Status.PROCESSING


def test_an_external_id_is_used_once_in_an_account(connection: Connection) -> None:  # C-8
    first = a_task(connection, external_id="mine")
    with pytest.raises(IntegrityError), connection.begin_nested():
        a_task(connection, external_id="mine")
    for _ in range(2):
        a_task(connection, external_id=None)
    assert store.find(connection, first.account, "mine") == first


def test_a_task_is_found_by_id_before_external_id(connection: Connection) -> None:  # C-8
    first = a_task(connection)
    second = a_task(connection, external_id=first.id)
    assert store.find(connection, first.account, first.id) == first
    assert store.find(connection, second.account, second.id) == second
    assert store.find(connection, "somebody else", first.id) is None


def test_what_no_name_can_hold_names_nothing(connection: Connection) -> None:  # W-9
    task = a_task(connection)
    assert store.find(connection, task.account, f"{task.id}\0") is None
    for only in (TaskFilter(model="a\0b"), TaskFilter(external_id="a\0b")):
        assert store.page(connection, task.account, 10, only=only) == []
    assert store.page(connection, task.account, 10) == [task]


def test_a_failure_may_quote_anything(connection: Connection) -> None:
    task = claimed(connection, a_task(connection))
    assert store.fail(connection, task, Failure("1", "it said \0 and 🐴"), 3000)
    assert now_is(connection, task).failure == Failure("1", "it said \ufffd and 🐴")


STEPS = st.lists(
    st.tuples(st.sampled_from(["claim", "report", "complete", "fail", "cancel"]), st.floats(0, 1)),
    max_size=20,
)


@given(STEPS)
def test_whatever_happens_in_whatever_order(
    shared_database: Database, steps: list[tuple[str, float]]
) -> None:  # W-4
    """Two workers and a user at one task: it ends once, and never goes back."""
    with shared_database.write() as connection:
        task = a_task(connection)
        holders = [task]
        ends = 0
        for number, (step, share) in enumerate(steps):
            before = now_is(connection, task)
            holder = holders[number % len(holders)]
            if step == "claim":
                found = store.claim(connection, task.id, number)
                holders += [found] if found else []
                assert bool(found) is not before.status.final
            elif step == "report":
                store.report_progress(connection, holder, share, number)
            elif step == "complete":
                ends += store.complete(connection, holder, RESULTS, CHARGE, {}, number) is not None
            elif step == "fail":
                ends += store.fail(connection, holder, BROKEN, number) is not None
            else:
                ends += store.cancel(connection, holder, CANCELLED, number)
            after = now_is(connection, task)
            assert after.progress >= before.progress
            assert after.attempt >= before.attempt
            assert after == before or not before.status.final
            assert ends == after.status.final
