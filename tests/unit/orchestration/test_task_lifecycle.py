"""The story of a task where it does not go straight: handed back, taken over, cancelled late."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import pytest
from sqlalchemy import select

from kirin.accounts import store as accounts
from kirin.app import App
from kirin.clock import now_ms
from kirin.database.tables import webhooks
from kirin.domain.frame import Frame
from kirin.domain.task import Status, Task
from kirin.engines.base import Clip
from kirin.engines.scripted import ScriptedEngine
from kirin.errors import (
    FailureKind,
    InvalidParameters,
    Stopped,
    StorageAway,
    TaskError,
    UnknownTask,
)
from kirin.orchestration import resource_exhaustion, task_executor
from kirin.orchestration.garbage_collection import GRACE_MS
from kirin.tasks import attempt, queue, store, tombstones
from support.cards import I2V, T2V
from support.pictures import inline

HOOK = "https://example.com/hook"


@pytest.fixture
def account(app: App) -> str:
    with app.database.write() as connection:
        return accounts.ensure_account(connection, "test", now_ms())


@pytest.fixture
def submit(app: App, account: str) -> Callable[[str], Task]:
    return lambda prompt: app.tasks.submit(account, T2V, {"prompt": prompt, "callback_url": HOOK})


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each frame looks at the database."""
    monkeypatch.setattr(attempt, "PROGRESS_SECONDS", 0)


def now_is(app: App, task: Task) -> Task:
    return app.tasks.find(task.account, task.id)


def told(app: App) -> list[str]:
    """The statuses in the outbox."""
    with app.database.read() as connection:
        rows = connection.execute(select(webhooks.c.body).order_by(webhooks.c.sequence))
        return [body["status"] for (body,) in rows]


def never() -> bool:
    return False


class Countdown:
    """Says no so many times, then does something, and says what it gives from then on."""

    def __init__(self, count: int, then: Callable[[], bool]) -> None:
        self.count = count
        self.then = then

    def __call__(self) -> bool:
        self.count -= 1
        return self.count < 0 and self.then()


def test_a_worker_that_goes_down_hands_its_task_back(
    app: App, submit: Callable[[str], Task]
) -> None:
    task = submit("a tiny lake")
    with pytest.raises(Stopped):
        app.executor.execute(task.id, Countdown(10, lambda: True))
    waiting = now_is(app, task)
    assert (waiting.status, waiting.attempt, waiting.releases) == (Status.PROCESSING, 1, 1)
    app.executor.execute(task.id, never)
    assert now_is(app, task).status is Status.COMPLETED
    assert told(app) == ["in_progress", "completed"]


def test_handing_back_never_uses_up_the_attempts(app: App, submit: Callable[[str], Task]) -> None:
    task = submit("a tiny lake")
    for _ in range(app.executor.max_attempts + 2):
        with pytest.raises(Stopped):
            app.executor.execute(task.id, lambda: True)
    app.executor.execute(task.id, never)
    assert now_is(app, task).status is Status.COMPLETED


def test_workers_that_died_use_up_the_attempts(app: App, submit: Callable[[str], Task]) -> None:
    task = submit("a tiny lake")
    with app.database.write() as connection:
        for _ in range(app.executor.max_attempts):
            store.claim(connection, task.id, now_ms())
    app.executor.execute(task.id, never)
    failure = now_is(app, task).failure
    assert failure is not None
    assert failure.code == "002004095"
    assert "took down its worker 3 times" in failure.message


def test_a_cancelled_render_stops_and_leaves_no_file(
    app: App, submit: Callable[[str], Task], at_once: None
) -> None:  # W-4
    task = submit("a tiny lake")

    def cancel() -> bool:
        if now_is(app, task).failure is None:
            app.tasks.cancel(task.account, task.id)
        return False

    app.executor.execute(task.id, Countdown(10, cancel))
    ended = now_is(app, task)
    assert ended.failure is not None
    assert ended.failure.code == "task_cancelled"
    assert list(app.storage.keys("results/")) == []
    assert told(app) == ["in_progress", "failed"]


def test_a_task_cancelled_in_the_last_moment_leaves_no_file(
    app: App, submit: Callable[[str], Task], monkeypatch: pytest.MonkeyPatch
) -> None:  # W-4
    task = submit("a tiny lake")
    keep = app.storage.put

    def keep_late(key: str, source: Path, *, move: bool = False) -> None:
        keep(key, source, move=move)
        app.tasks.cancel(task.account, task.id)

    monkeypatch.setattr(
        type(app.storage), "put", lambda _, *args, **named: keep_late(*args, **named)
    )
    app.executor.execute(task.id, never)
    ended = now_is(app, task)
    assert ended.failure is not None
    assert ended.failure.code == "task_cancelled"
    assert ended.results == ()
    assert list(app.storage.keys("results/")) == []
    assert told(app) == ["in_progress", "failed"]


def test_a_worker_that_was_given_up_for_dead_changes_nothing(
    app: App, submit: Callable[[str], Task], at_once: None
) -> None:
    task = submit("a tiny lake")

    def take_over() -> bool:
        with app.database.write() as connection:
            if now_is(app, task).attempt == 1:
                store.claim(connection, task.id, now_ms())
        return False

    app.executor.execute(task.id, Countdown(10, take_over))
    assert now_is(app, task).status is Status.PROCESSING
    assert list(app.storage.keys("results/")) == []


def lease(app: App, task: Task) -> None:
    with app.database.write() as connection:
        assert queue.lease(connection, "w", ("scripted",), 1) == [task.id]


def leased(app: App) -> set[str]:
    with app.database.read() as connection:
        return queue.leased(connection, "w")


@pytest.mark.parametrize("prompt", ["a tiny lake", "fail", "crash"])
def test_the_lease_of_a_first_attempt_ends_with_its_task(
    app: App, submit: Callable[[str], Task], prompt: str
) -> None:
    task = submit(prompt)
    lease(app, task)
    assert app.executor.execute(task.id, never, "w")
    assert now_is(app, task).status.final
    assert leased(app) == set()


def test_the_lease_of_a_further_attempt_covers_the_cleaning_up(
    app: App, submit: Callable[[str], Task]
) -> None:
    task = submit("a tiny lake")
    lease(app, task)
    with app.database.write() as connection:
        store.claim(connection, task.id, now_ms(), "w")  # by a worker that has died since
    assert not app.executor.execute(task.id, never, "w")
    assert now_is(app, task).status is Status.COMPLETED
    assert leased(app) == {task.id}


def test_the_lease_of_a_cancelled_task_covers_the_cleaning_up(
    app: App, submit: Callable[[str], Task], at_once: None
) -> None:
    task = submit("a tiny lake")
    lease(app, task)

    def cancel() -> bool:
        if now_is(app, task).failure is None:
            app.tasks.cancel(task.account, task.id)
        return False

    assert not app.executor.execute(task.id, Countdown(10, cancel), "w")
    assert leased(app) == {task.id}


def test_running_what_has_ended_does_nothing(app: App, submit: Callable[[str], Task]) -> None:
    task = submit("fail")
    app.executor.execute(task.id, never)
    ended = now_is(app, task)
    app.executor.execute(task.id, never)
    assert now_is(app, task) == ended
    app.executor.execute("nothing", never)


@pytest.mark.parametrize(
    ("prompt", "words"), [("fail", "told to fail"), ("crash", "internal error")]
)
def test_what_an_engine_raises(
    app: App, submit: Callable[[str], Task], prompt: str, words: str
) -> None:  # W-7
    task = submit(prompt)
    app.executor.execute(task.id, never)
    failure = now_is(app, task).failure
    assert failure is not None
    assert words in failure.message
    assert "Zero" not in failure.message
    assert told(app) == ["in_progress", "failed"]


def test_an_error_half_way_leaves_no_file(
    app: App, submit: Callable[[str], Task], monkeypatch: pytest.MonkeyPatch
) -> None:
    task = submit("a tiny lake")
    render = ScriptedEngine.render

    def break_down(*given: Any) -> Clip:
        clip = render(*given)

        def frames() -> Iterator[Frame]:
            yield next(clip.frames)
            raise TaskError("the film tore")

        return replace(clip, frames=frames())

    monkeypatch.setattr(ScriptedEngine, "render", break_down)
    app.executor.execute(task.id, never)
    failure = now_is(app, task).failure
    assert failure is not None
    assert failure.message == "the film tore"
    assert list(app.storage.keys("results/")) == []


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (MemoryError(), "too little memory"),
        (cv2.error("Failed to allocate 9 bytes"), "too little memory"),
        (OSError(errno.ENOSPC, "No space left on device"), "disk is full"),
    ],
)
def test_what_runs_out_is_told(
    app: App,
    submit: Callable[[str], Task],
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    words: str,
) -> None:
    if isinstance(error, cv2.error):
        error.code = cv2.Error.StsNoMem

    def run_out(*_: Any) -> Clip:
        raise error

    task = submit("a tiny lake")
    monkeypatch.setattr(ScriptedEngine, "render", run_out)
    app.executor.execute(task.id, never)
    failure = now_is(app, task).failure
    assert failure is not None
    assert words in failure.message
    assert failure.code == app.catalogue.get(T2V).codes[FailureKind.RESOURCES]
    assert told(app) == ["in_progress", "failed"]


@pytest.mark.parametrize("method", ["put", "path"])
@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.EROFS, "Read-only file system"), "storage does not answer or takes nothing"),
        (OSError("the object storage cannot be used"), "storage does not answer or takes nothing"),
        (OSError(errno.ENOSPC, "No space left on device"), "disk is full"),
    ],
)
def test_a_storage_that_fails_is_no_bug(
    app: App,
    account: str,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    error: OSError,
    words: str,
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(resource_exhaustion, "STORAGE_SECONDS", 0.0)
    task = app.tasks.submit(account, I2V, {"prompt": "a tiny lake", "image": inline()})
    monkeypatch.setattr(type(app.storage), method, fail)
    app.executor.execute(task.id, never)
    failure = now_is(app, task).failure
    assert failure is not None
    assert words in failure.message
    assert failure.code == app.catalogue.get(I2V).codes[FailureKind.RESOURCES]


@pytest.mark.parametrize("method", ["put", "path"])
def test_a_storage_that_fails_for_a_while_is_waited_for(
    app: App, account: str, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    storage = type(app.storage)
    works, tries = getattr(storage, method), []

    def fail_twice(*given: Any, **named: Any) -> Any:
        tries.append(given)
        if len(tries) < 3:
            raise OSError("the object storage cannot be used")
        return works(*given, **named)

    monkeypatch.setattr(resource_exhaustion, "PAUSE_SECONDS", 0.0)
    task = app.tasks.submit(account, I2V, {"prompt": "a tiny lake", "image": inline()})
    monkeypatch.setattr(storage, method, fail_twice)
    app.executor.execute(task.id, never)
    assert now_is(app, task).status is Status.COMPLETED
    assert len(tries) >= 3


@pytest.mark.usefixtures("at_once")
def test_a_task_that_takes_too_long_fails(app: App, submit: Callable[[str], Task]) -> None:
    task = submit("slow")
    replace(app.executor, task_seconds=0.2).execute(task.id, never)
    failure = now_is(app, task).failure
    assert failure is not None
    assert failure.message == "the video was not done after 0.2 s of work"
    assert list(app.storage.keys("results/")) == []
    assert told(app) == ["in_progress", "failed"]


def test_the_same_task_gives_the_same_video(app: App, account: str) -> None:
    first = app.tasks.submit(account, I2V, {"image": inline()})
    second = replace(first, id="second")
    with app.database.write() as connection:
        store.insert_task(connection, second)
    videos = []
    for task in (first, second):
        app.executor.execute(task.id, never)
        videos.append(app.storage.path(now_is(app, task).results[0].key).read_bytes())
    assert videos[0] == videos[1]


def test_a_task_is_removed_though_storage_is_read_only(
    app: App, submit: Callable[[str], Task], monkeypatch: pytest.MonkeyPatch
) -> None:
    task = submit("a tiny lake")
    app.executor.execute(task.id, never)
    (key,) = app.storage.keys("results/")

    def read_only(*_: Any) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    with monkeypatch.context() as patch:
        patch.setattr(type(app.storage), "delete", read_only)
        app.tasks.remove(task.account, task.id)
    with pytest.raises(UnknownTask):
        now_is(app, task)
    assert list(app.storage.keys("results/")) == [key]
    collector, later = app.garbage_collector, now_ms() + GRACE_MS + 1
    collector.collect()
    monkeypatch.setattr(collector, "_now", lambda: later)
    collector.collect()
    assert list(app.storage.keys("results/")) == []


def test_a_picture_that_cannot_be_kept_makes_no_task(
    app: App, account: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(type(app.storage), "put_bytes", full)
    with pytest.raises(StorageAway) as refused:
        app.tasks.submit(account, I2V, {"image": inline()})
    assert (refused.value.status, refused.value.code) == (503, "storage_away")
    assert app.tasks.page(account, 10, None, store.TaskFilter()) == []


def test_a_picture_that_is_there_is_not_written_again(
    app: App, account: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.tasks.submit(account, I2V, {"image": inline()})
    (key,) = app.storage.keys("inputs/")
    file = app.storage.path(key)
    whole, first = file.read_bytes(), file.stat().st_ino
    collector, later = app.garbage_collector, now_ms() + GRACE_MS + 1
    with app.database.write() as connection:
        tombstones.add(connection, [key], now_ms())
    app.tasks.submit(account, I2V, {"image": inline()})
    assert app.storage.path(key).stat().st_ino == first
    with app.database.read() as connection:
        assert not tombstones.exists(connection, key), "it would be collected"
    monkeypatch.setattr(collector, "_now", lambda: later)
    collector.collect()
    # One that a disk has cut off is written anew, and so is one that has gone.
    file.write_bytes(whole[:-1])
    app.tasks.submit(account, I2V, {"image": inline()})
    assert app.storage.path(key).read_bytes() == whole
    app.storage.delete(key)
    app.tasks.submit(account, I2V, {"image": inline()})
    assert app.storage.path(key).read_bytes() == whole


def test_no_engine_at_all(app: App, account: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.tasks.validator.router, "engines", ())
    with pytest.raises(InvalidParameters, match="no engine is configured"):
        app.tasks.submit(account, T2V, {"prompt": "a lake"})


def test_an_attempt_that_breaks_after_its_task_was_taken_over_is_no_bug(
    app: App, submit: Callable[[str], Task], monkeypatch: pytest.MonkeyPatch
) -> None:
    task = submit("a tiny lake")
    said: list[str] = []

    def taken_over(*_: Any) -> None:
        with app.database.write() as connection:
            store.claim(connection, task.id, now_ms())
        raise FileNotFoundError("the folder of a worker that was taken for dead")

    monkeypatch.setattr(task_executor.log, "exception", lambda event, **_: said.append(event))
    with monkeypatch.context() as patch:
        patch.setattr(type(app.executor.runner), "run", taken_over)
        app.executor.execute(task.id, never)
    assert now_is(app, task).status is Status.PROCESSING
    assert said == []
    app.executor.execute(task.id, never)
    assert now_is(app, task).status is Status.COMPLETED


def test_an_attempt_that_breaks_while_its_worker_stops_fails_nothing(
    app: App, submit: Callable[[str], Task], monkeypatch: pytest.MonkeyPatch
) -> None:
    task = submit("a tiny lake")
    stopping: list[bool] = []

    def left_behind(*_: Any) -> None:
        stopping.append(True)
        raise FileNotFoundError("the folder of a worker that has stopped")

    with monkeypatch.context() as patch:
        patch.setattr(type(app.executor.runner), "run", left_behind)
        with pytest.raises(Stopped):
            app.executor.execute(task.id, lambda: bool(stopping))
    assert now_is(app, task).status is Status.PROCESSING
    app.executor.execute(task.id, never)
    assert now_is(app, task).status is Status.COMPLETED
