"""Tasks that are carried elsewhere: what the next attempt knows of the one before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from kirin.accounts import store as accounts
from kirin.app import App
from kirin.clock import now_ms
from kirin.domain.storyboard import Storyboard
from kirin.domain.task import Status, Task
from kirin.engines.base import RemoteJob, RemoteVideo, RenderContext, UnsupportedFeature
from kirin.engines.router import AnyEngine
from kirin.engines.scripted import ScriptedEngine
from kirin.errors import EngineAway, KirinError, Stopped
from kirin.settings import Settings
from kirin.tasks.attempt import Attempt
from support.cards import I2V, T2V
from support.pictures import inline
from support.videos import write_video

ON_SQLITE = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
"""For tests of what does not depend on the kind of database."""


@cache
def film(size: tuple[int, int]) -> bytes:
    """Five seconds that need no conforming."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "film.mp4"
        options = {"movflags": "faststart"}
        return write_video(path, size=size, seconds=5, fps=24, options=options).read_bytes()


class FakeRemoteEngine:
    """A remote engine that runs the given actions, and remembers its contexts."""

    def __init__(self, name: str, *acts: Callable[[RenderContext], None]) -> None:
        self.name = name
        self.acts = list(acts)
        self.contexts: list[RenderContext] = []
        self.cancelled: list[RemoteJob] = []
        self.deaf = False

    def unsupported(self, _: Storyboard) -> list[UnsupportedFeature]:
        return []

    def render_remotely(self, board: Storyboard, context: RenderContext) -> RemoteVideo:
        self.contexts.append(context)
        if self.acts:
            self.acts.pop(0)(context)
        path = context.folder / "far.mp4"
        path.write_bytes(film((board.width, board.height)))
        return RemoteVideo(path, "their-id", {"upstream_cost": 1})

    def cancel(self, begun: RemoteJob) -> None:
        self.cancelled.append(begun)
        if self.deaf:
            raise KirinError("no line")

    def check_health(self) -> str | None:
        return "no line" if self.deaf else None


def away(_: RenderContext) -> None:
    raise EngineAway("no line")


def killed(context: RenderContext) -> None:
    """The worker dies, having begun."""
    context.job_started("their-id")
    raise KeyboardInterrupt


@pytest.fixture
def start(app: App) -> Iterator[Callable[..., Task]]:
    """Submits a task to the engines that are given."""

    def submit(*engines: AnyEngine) -> Task:
        app.executor.runner.router.engines = engines
        with app.database.write() as connection:
            account = accounts.ensure_account(connection, "test", now_ms())
        return app.tasks.submit(account, T2V, {"prompt": "a lake"})

    return submit


def run(app: App, task: Task) -> Task:
    app.executor.execute(task.id, lambda: False)
    return app.tasks.find(task.account, task.id)


@ON_SQLITE
def test_the_remote_id_is_the_job_id(app: App, start: Callable[..., Task]) -> None:
    done = run(app, start(FakeRemoteEngine("far")))
    assert done.status is Status.COMPLETED
    shown = app.presenter.task(done, "http://here")
    assert shown["output"][0]["jobId"] == "their-id"
    assert shown["output"][0]["content"][0]["jobId"] == "their-id"
    assert (shown["metadata"]["engine"], shown["metadata"]["upstream_cost"]) == ("far", 1)


def test_after_a_crash_the_same_engine_is_asked_and_told(
    app: App, start: Callable[..., Task]
) -> None:
    first, second = FakeRemoteEngine("first", away), FakeRemoteEngine("second", killed)
    task = start(first, second)
    with pytest.raises(KeyboardInterrupt):
        app.executor.execute(task.id, lambda: False)
    assert app.tasks.find(task.account, task.id).engine == "second"
    done = run(app, task)
    assert done.metadata["engine"] == "second"
    assert len(first.contexts) == 1
    before, after = second.contexts
    assert (before.task_id, before.is_retry, before.job_id) == (task.id, False, None)
    assert (after.task_id, after.is_retry, after.job_id) == (task.id, True, "their-id")


@pytest.mark.parametrize("deaf", [False, True])
def test_a_task_cancelled_while_its_worker_was_dead_is_cancelled_remotely(
    app: App, start: Callable[..., Task], deaf: bool
) -> None:
    far, other = FakeRemoteEngine("far", killed), FakeRemoteEngine("other")
    far.deaf = deaf
    task = start(far, other)
    with pytest.raises(KeyboardInterrupt):
        app.executor.execute(task.id, lambda: False)
    app.tasks.cancel(task.account, task.id)
    assert run(app, task).status is Status.FAILED  # the worker that takes over what was left
    assert far.cancelled == [RemoteJob(T2V, task.id, "their-id")]
    assert other.cancelled == []
    assert len(far.contexts) == 1


@ON_SQLITE
def test_a_task_that_never_started_is_not_cancelled_remotely(
    app: App, start: Callable[..., Task]
) -> None:
    far = FakeRemoteEngine("far")
    task = start(far)
    app.tasks.cancel(task.account, task.id)
    run(app, task)
    assert far.cancelled == []
    assert far.contexts == []


@ON_SQLITE
def test_an_engine_here_takes_over_from_one_that_is_away(
    app: App, start: Callable[..., Task]
) -> None:
    done = run(app, start(FakeRemoteEngine("far", away), ScriptedEngine()))
    assert (done.status, done.metadata["engine"]) == (Status.COMPLETED, "scripted")
    assert done.job == done.id


@ON_SQLITE
def test_where_all_are_away_the_model_says_so_in_its_own_code(
    app: App, start: Callable[..., Task]
) -> None:
    done = run(app, start(FakeRemoteEngine("far", away)))
    assert done.failure is not None
    assert (done.failure.code, done.failure.message) == ("002004095", "no line")


@ON_SQLITE
def test_a_cancelled_task_is_abandoned_and_one_of_a_stopped_worker_is_not(
    app: App, start: Callable[..., Task]
) -> None:
    seen: list[bool] = []

    def look(context: RenderContext) -> None:
        seen.append(context.abandoned())
        app.tasks.cancel(task.account, task.id)
        seen.append(context.abandoned())
        raise Stopped

    task = start(FakeRemoteEngine("far", look))
    run(app, task)
    assert seen == [False, True]


@ON_SQLITE
def test_a_task_whose_time_is_up_is_abandoned(app: App, start: Callable[..., Task]) -> None:
    task = start(FakeRemoteEngine("far"))
    for seconds, over in ((60, False), (0, True)):
        attempt = Attempt(app.database, task, lambda: False, seconds)
        assert (attempt.cancelled(), attempt.abandoned()) == (over, over)


@ON_SQLITE
def test_what_took_over_after_the_task_had_ended_is_told_to_stop(
    app: App, start: Callable[..., Task]
) -> None:
    seen: list[bool] = []

    def late(context: RenderContext) -> None:
        app.tasks.cancel(task.account, task.id)
        context.job_started("their-id")
        seen.append(context.cancelled())
        raise Stopped

    task = start(FakeRemoteEngine("far", late))
    assert run(app, task).status is Status.FAILED
    assert seen == [True]


@pytest.mark.parametrize("engines", ["nowhere", "far,nowhere"])
def test_an_engine_that_is_nowhere_is_named(tmp_path: Path, engines: str) -> None:
    file = tmp_path / "engines.toml"
    file.write_text('[engines.far]\nkind = "kirin"\nurl = "http://far"\nkey = "k"\n')
    settings = Settings(data_dir=tmp_path / "data", engines=engines, engine_file=file)
    with pytest.raises(KirinError, match=r"'nowhere'; available: animatic, .*far"):
        App.open(settings)


def test_inputs_are_linked_where_others_can_reach_us(tmp_path: Path) -> None:
    for url, linked in ((None, False), ("https://videos.example.com", True)):
        settings = Settings(data_dir=tmp_path, engines="scripted", public_url=url)
        opened = App.open(settings)
        try:
            link = opened.executor.runner.link
            assert (link is not None) == linked
            if link is None:
                continue
            with opened.database.write() as connection:
                account = accounts.ensure_account(connection, "test", now_ms())
            task = opened.tasks.submit(account, I2V, {"image": inline(400, 300), "prompt": "x"})
            (asset,) = task.assets.values()
            start, _, rest = link(asset).partition("/files/")
            key, _, query = rest.partition("?")
            expires, signature = (part.partition("=")[2] for part in query.split("&"))
            opened.links.check(key, expires, signature, 0)
            assert start == "https://videos.example.com"
            assert opened.storage.path(key).exists()
        finally:
            opened.close()
