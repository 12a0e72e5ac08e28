"""The upstream engine: no task is submitted twice, whatever fails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from kirin.domain.assets import AssetKind
from kirin.domain.storyboard import Driving, Orientation, Reference, Shot, Storyboard
from kirin.engines.base import RemoteJob
from kirin.engines.remote.session import Busy, OutcomeUnknown, Session, Unreachable
from kirin.engines.upstream.dialect import Recovery, TaskPhase, TaskState, UpstreamTask
from kirin.engines.upstream.engine import UpstreamEngine
from kirin.engines.upstream.params import SUBJECT_MODEL
from kirin.errors import (
    EngineAway,
    FetchFailed,
    InputsRefused,
    NotStarted,
    ResultUnusable,
    StatusUnknown,
    Stopped,
    TaskError,
)
from kirin.media.egress import EgressPolicy
from support.loopback import FileHost
from support.render_contexts import BOARD, QUICK, FakeAttempt

HD = replace(BOARD, width=1280, height=720)


class Provider:
    """A dialect whose provider follows a script.

    Attributes:
        script: by name of the call what happens, one after the other: an error, or a phase; the
            last one goes on for good.
        tasks: what was ordered, by the name given to it.
        calls: all calls in order.
    """

    def __init__(self, url: str = "", **script: list[object]) -> None:
        self.url = url
        self.script = {
            "submit": [TaskPhase.QUEUED],
            "find": [None],
            "get": [TaskPhase.RUNNING, TaskPhase.SUCCEEDED],
            **script,
        }
        self.tasks: dict[str, UpstreamTask] = {}
        self.calls: list[str] = []
        self.cancelled: list[str] = []
        self.deleted: list[int] = []
        self.lacking: tuple[str, ...] = ()

    recovery = Recovery.BY_NAME
    upload = None

    def lacks(self, _: str) -> tuple[str, ...]:
        return self.lacking

    def headers(self) -> Mapping[str, str]:
        return {}

    def submit(self, _: Session, task: UpstreamTask) -> TaskState:
        assert task.external_id not in self.tasks, "ordered twice"
        state = self._next("submit", task)
        self.tasks[task.external_id] = task
        assert state is not None
        return state

    def find(self, _: Session, task: UpstreamTask) -> TaskState | None:
        return self._next("find", task)

    def get(self, _: Session, task: UpstreamTask, id: str) -> TaskState:
        assert id == f"id of {task.external_id}"
        state = self._next("get", task)
        assert state is not None
        return state

    def cancel(self, _: Session, __: UpstreamTask, id: str) -> None:
        self.cancelled.append(id)

    def delete_subject(self, _: Session, element: int) -> None:
        self.deleted.append(element)

    def _next(self, call: str, task: UpstreamTask) -> TaskState | None:
        self.calls.append(call)
        script = self.script[call]
        happens = script.pop(0) if len(script) > 1 else script[0]
        if happens is None:
            return None
        if isinstance(happens, Taken):
            self.tasks[task.external_id] = task
            raise happens.error
        if isinstance(happens, Exception):
            raise happens
        assert isinstance(happens, TaskPhase)
        return TaskState(
            id=f"id of {task.external_id}",
            phase=happens,
            progress=0.5,
            url=self.url if task.model != SUBJECT_MODEL else "",
            subject_id=len(self.tasks) if task.model == SUBJECT_MODEL else 0,
            failure=TaskError("cloud: it broke (7)") if happens is TaskPhase.FAILED else None,
            notes={"upstream_cost": 1},
        )


class Taken:
    """The task was submitted, although the reply was an error."""

    def __init__(self, error: Exception) -> None:
        self.error = error


@pytest.fixture(scope="module")
def files() -> Iterator[FileHost]:
    with FileHost() as host:
        host.add("video.mp4", b"a video")
        yield host


@pytest.fixture
def url(files: FileHost) -> str:
    return files.url("video.mp4")


def engine(provider: Provider, **settings: object) -> UpstreamEngine:
    usual = {
        "models": [BOARD.model, "kirin_v3_i2v"],
        "egress": EgressPolicy(allow=("127.0.0.1",)),
        "can_link": True,
        "backoff": QUICK,
        "max_seconds": 300.0,
        "silence_seconds": 300.0,  # where a silence is to end, the test says so
    }
    return UpstreamEngine("cloud", "http://127.0.0.1:9", provider, **{**usual, **settings})  # type: ignore[arg-type]


def test_a_task_is_submitted_polled_and_downloaded(attempt: FakeAttempt, url: str) -> None:
    provider = Provider(url)
    video = engine(provider).render_remotely(HD, attempt.context())
    assert video.path.read_bytes() == b"a video"
    assert (video.job_id, video.notes) == ("id of 0123456789abcdef", {"upstream_cost": 1})
    assert provider.calls == ["submit", "get", "get"]
    assert attempt.reported == [0.5, 0.5]


def test_a_retry_finds_the_task_of_the_first_attempt(attempt: FakeAttempt, url: str) -> None:
    provider = Provider(url, find=[TaskPhase.RUNNING])
    video = engine(provider).render_remotely(HD, attempt.context(is_retry=True))
    assert video.path.read_bytes() == b"a video"
    assert provider.calls == ["find", "get", "get"]


def test_a_retry_submits_what_the_first_attempt_has_not(attempt: FakeAttempt, url: str) -> None:
    provider = Provider(url)
    engine(provider).render_remotely(HD, attempt.context(is_retry=True))
    assert provider.calls[:2] == ["find", "submit"]


def test_after_an_unknown_outcome_the_task_is_looked_up(attempt: FakeAttempt, url: str) -> None:
    provider = Provider(url, submit=[Taken(OutcomeUnknown("cut off"))], find=[TaskPhase.QUEUED])
    engine(provider).render_remotely(HD, attempt.context())
    assert provider.calls == ["submit", "find", "get", "get"]


def test_it_is_looked_for_until_it_is_clear(attempt: FakeAttempt, url: str) -> None:
    provider = Provider(
        url,
        submit=[Taken(OutcomeUnknown("x"))],
        find=[OutcomeUnknown("x"), Unreachable("x"), TaskPhase.QUEUED],
    )
    engine(provider).render_remotely(HD, attempt.context())
    assert provider.calls.count("submit") == 1


def test_while_the_outcome_is_unknown_nothing_is_submitted_again(
    attempt: FakeAttempt, url: str
) -> None:
    provider = Provider(
        url, submit=[Taken(OutcomeUnknown("cut off"))], find=[OutcomeUnknown("cut off")]
    )
    with pytest.raises(StatusUnknown, match="not repeated"):
        engine(provider, silence_seconds=0.1).render_remotely(HD, attempt.context())
    assert provider.calls.count("submit") == 1


def test_a_task_that_did_not_arrive_is_submitted_again(attempt: FakeAttempt, url: str) -> None:
    provider = Provider(url, submit=[OutcomeUnknown("cut off"), TaskPhase.QUEUED])
    engine(provider).render_remotely(HD, attempt.context())
    assert provider.calls[:3] == ["submit", "find", "submit"]


@pytest.mark.parametrize(
    "error", [Unreachable("no line"), Busy("later", 0.01), OutcomeUnknown("cut off")]
)
def test_what_never_began_is_away(attempt: FakeAttempt, error: Exception) -> None:
    provider = Provider(submit=[error])
    with pytest.raises(EngineAway):
        engine(provider).render_remotely(HD, attempt.context())
    assert provider.calls.count("submit") == 3


@pytest.mark.parametrize("error", [InputsRefused("no"), NotStarted("no such model")])
def test_a_refusal_is_passed_on_at_once(attempt: FakeAttempt, error: TaskError) -> None:
    provider = Provider(submit=[error])
    with pytest.raises(type(error)):
        engine(provider).render_remotely(HD, attempt.context())
    assert provider.calls == ["submit"]


def test_a_failure_there_is_the_tasks(attempt: FakeAttempt) -> None:
    provider = Provider(get=[TaskPhase.FAILED])
    with pytest.raises(TaskError, match=r"cloud: it broke \(7\)"):
        engine(provider).render_remotely(HD, attempt.context())
    assert attempt.noted == {"upstream_cost": 1}  # it is spent all the same


def test_a_short_silence_is_borne(attempt: FakeAttempt, url: str) -> None:
    provider = Provider(
        url, get=[Unreachable("x"), OutcomeUnknown("x"), Busy("x", None), TaskPhase.SUCCEEDED]
    )
    assert engine(provider).render_remotely(HD, attempt.context()).path.exists()


def test_a_long_silence_ends_the_task(attempt: FakeAttempt) -> None:
    provider = Provider(get=[Unreachable("cloud cannot be reached")])
    with pytest.raises(StatusUnknown, match="cannot be reached"):
        engine(provider, silence_seconds=0.1).render_remotely(HD, attempt.context())


def test_what_takes_too_long_is_cancelled_there(attempt: FakeAttempt) -> None:
    provider = Provider(get=[TaskPhase.RUNNING])
    with pytest.raises(StatusUnknown, match=r"did not finish within 0\.05 s"):
        engine(provider, max_seconds=0.05).render_remotely(HD, attempt.context())
    assert provider.cancelled == ["id of 0123456789abcdef"]


def test_a_cancelled_task_is_cancelled_there(attempt: FakeAttempt) -> None:
    def cancel(_: float) -> None:
        attempt.over = attempt.ended = True

    provider = Provider(get=[TaskPhase.RUNNING])
    with pytest.raises(Stopped):
        engine(provider).render_remotely(HD, attempt.context(progress=cancel))
    assert provider.cancelled == ["id of 0123456789abcdef"]


def test_one_cancelled_before_it_was_clear_is_looked_for_and_cancelled(
    attempt: FakeAttempt,
) -> None:
    def cancelled() -> bool:
        return "find" in provider.calls

    attempt.ended = True
    provider = Provider(
        submit=[Taken(OutcomeUnknown("x"))], find=[OutcomeUnknown("x"), TaskPhase.RUNNING]
    )
    with pytest.raises(Stopped):
        engine(provider).render_remotely(HD, attempt.context(cancelled=cancelled))
    assert provider.cancelled == ["id of 0123456789abcdef"]


def test_a_worker_that_shuts_down_leaves_the_task_running(attempt: FakeAttempt) -> None:
    def stop(_: float) -> None:
        attempt.over = True

    provider = Provider(get=[TaskPhase.RUNNING])
    with pytest.raises(Stopped):
        engine(provider).render_remotely(HD, attempt.context(progress=stop))
    assert provider.cancelled == []


def test_a_failed_download_is_reported(attempt: FakeAttempt, files: FileHost) -> None:
    provider = Provider(files.url("nothing.mp4"), get=[TaskPhase.SUCCEEDED])
    with pytest.raises(FetchFailed, match="the video of cloud could not be downloaded"):
        engine(provider).render_remotely(HD, attempt.context())
    assert provider.calls.count("get") == 6  # perhaps with a fresh link
    assert attempt.noted == {"upstream_cost": 1}


def test_results_come_from_allowed_addresses_only(attempt: FakeAttempt, url: str) -> None:
    with pytest.raises(FetchFailed) as caught:
        engine(Provider(url), egress=EgressPolicy()).render_remotely(HD, attempt.context())
    assert "not a public address" in str(caught.value.__cause__)
    assert "127.0.0.1" not in str(caught.value)


def test_no_result_at_all_is_unusable(attempt: FakeAttempt) -> None:
    with pytest.raises(ResultUnusable, match="without a video"):
        engine(Provider()).render_remotely(HD, attempt.context())


def cast(attempt: FakeAttempt) -> Storyboard:
    subjects = tuple(
        Reference(name, (attempt.asset(name.encode()), attempt.asset(name[::-1].encode())))
        for name in ("Ada", "Rex")
    )
    first = attempt.asset(b"first")
    shots = (Shot("<<<element_1>>>", 5, first=first, references=subjects),)
    return replace(HD, model="kirin_v3_i2v", shots=shots)


def test_subjects_are_created_first_and_deleted_afterwards(attempt: FakeAttempt, url: str) -> None:
    provider = Provider(url, get=[TaskPhase.SUCCEEDED])
    engine(provider).render_remotely(cast(attempt), attempt.context())
    *subjects, video = provider.tasks.values()
    assert [s.params["element_name"] for s in subjects] == ["Ada", "Rex"]
    assert len({task.external_id for task in provider.tasks.values()}) == 3
    assert video.params["element_list"] == [{"element_id": 1}, {"element_id": 2}]
    assert provider.deleted == [1, 2]


def test_subjects_stay_for_the_next_attempt(attempt: FakeAttempt) -> None:
    def stop(_: float) -> None:
        attempt.over = True

    provider = Provider(get=[TaskPhase.SUCCEEDED, TaskPhase.SUCCEEDED, TaskPhase.RUNNING])
    with pytest.raises(Stopped):
        engine(provider).render_remotely(cast(attempt), attempt.context(progress=stop))
    assert provider.deleted == []


@pytest.mark.parametrize(
    ("phase", "cancelled"), [(TaskPhase.RUNNING, True), (TaskPhase.SUCCEEDED, False), (None, False)]
)
def test_a_dead_workers_task_is_cancelled_if_unfinished(
    phase: TaskPhase | None, cancelled: bool
) -> None:
    provider = Provider(find=[phase])
    engine(provider).cancel(RemoteJob(BOARD.model, "task-1", None))
    assert provider.cancelled == (["id of task-1"] if cancelled else [])
    assert provider.calls == ["find"]


def test_its_subjects_are_deleted() -> None:
    provider = Provider(find=[TaskPhase.RUNNING, TaskPhase.SUCCEEDED, TaskPhase.SUCCEEDED, None])
    provider.tasks = dict.fromkeys(("a", "b"))  # whose number is an element's id
    engine(provider).cancel(RemoteJob("kirin_v3_i2v", "task-1", None))
    assert provider.cancelled == ["id of task-1"]
    assert provider.deleted == [2, 2]


def test_a_look_tells_whether_it_can_be_used() -> None:
    assert engine(Provider()).check_health() is None
    assert engine(Provider(find=[Unreachable("cloud cannot be reached")])).check_health() == (
        "cloud cannot be reached"
    )


def test_files_are_sent_ahead_until_they_are_there(attempt: FakeAttempt, url: str) -> None:
    """A provider that takes uploads need not reach this server."""
    tries: list[Path] = []

    class Taking(Provider):
        def upload(self, _: Session, path: Path) -> str:  # type: ignore[override]
            tries.append(path)
            if len(tries) == 1:
                raise OutcomeUnknown("cloud closed the connection")
            return "https://cloud/dance.mp4"

    video = attempt.asset(b"dance", kind=AssetKind.VIDEO, seconds=5.0)
    driving = Driving(video, Orientation.IMAGE, True)
    shot = replace(BOARD.shots[0], first=attempt.asset(b"ada"))
    board = replace(BOARD, model="kirin_v3_motion_control", shots=(shot,), driving=driving)
    provider = Taking(url)
    upstream = engine(provider, can_link=False, models=[board.model])
    assert upstream.unsupported(board) == []
    assert engine(Provider(url), can_link=False, models=[board.model]).unsupported(board) != []
    upstream.render_remotely(board, attempt.context())
    (order,) = provider.tasks.values()
    assert order.params["video_url"] == "https://cloud/dance.mp4"
    assert [path.read_bytes() for path in tries] == [b"dance"] * 2


def test_other_models_are_refused_by_name() -> None:
    (reason,) = engine(Provider()).unsupported(replace(BOARD, model="kirin_v1_i2v"))
    assert (reason.field, reason.message) == ("model", "cloud does not serve kirin_v1_i2v")


def test_a_refusal_may_mean_that_the_first_try_arrived_late(attempt: FakeAttempt, url: str) -> None:
    refused = InputsRefused("external_task_id is used")
    provider = Provider(url, submit=[OutcomeUnknown("x"), refused], find=[None, TaskPhase.QUEUED])
    assert (
        engine(provider).render_remotely(HD, attempt.context()).job_id == "id of 0123456789abcdef"
    )
