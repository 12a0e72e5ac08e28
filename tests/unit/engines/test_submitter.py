"""Submitting once, where the provider has no ids of ours: by an idempotency key, or not at all."""

from __future__ import annotations

from typing import cast

import pytest

from kirin.engines.remote.session import Busy, OutcomeUnknown, Session, Unreachable
from kirin.engines.upstream.dialect import Dialect, Recovery, TaskPhase, TaskState, UpstreamTask
from kirin.engines.upstream.submitter import SUBMITTED_TO, Submitter
from kirin.errors import EngineAway, InputsRefused, NotStarted, StatusUnknown, TaskError
from support.render_contexts import QUICK, FakeAttempt

TASK = UpstreamTask("kirin_v1_6_t2v", {"prompt": "a lake"}, "ours")
ACCEPTED = TaskState("theirs", TaskPhase.QUEUED)


class Provider:
    """A provider that answers by a script; its last answer is given for good."""

    def __init__(self, recovery: Recovery, *answers: TaskState | Exception) -> None:
        self.recovery = recovery
        self.answers = list(answers) or [ACCEPTED]
        self.calls: list[str] = []

    def submit(self, _: Session, task: UpstreamTask) -> TaskState:
        assert task is TASK
        return self._answer("submit")

    def get(self, _: Session, __: UpstreamTask, id: str) -> TaskState:
        return self._answer(f"get {id}")

    def _answer(self, call: str) -> TaskState:
        self.calls.append(call)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def submit(
    provider: Provider, attempt: FakeAttempt, *, retry: bool = False, silence: float = 300
) -> TaskState:
    context = attempt.context(is_retry=retry)
    session = cast(Session, None)
    dialect = cast(Dialect, provider)
    return Submitter("cloud", dialect, session, context, QUICK, silence).submit(TASK)


@pytest.mark.parametrize("recovery", [Recovery.BY_KEY, Recovery.NONE])
def test_its_id_is_recorded_and_asked_for_by_the_next_attempt(
    recovery: Recovery, attempt: FakeAttempt
) -> None:
    provider = Provider(recovery)
    assert submit(provider, attempt) is ACCEPTED
    assert attempt.job_id == "theirs"
    submit(provider, attempt, retry=True)
    assert provider.calls == ["submit", "get theirs"]


def test_with_a_key_a_lost_reply_is_asked_for_again(attempt: FakeAttempt) -> None:
    provider = Provider(
        Recovery.BY_KEY, OutcomeUnknown("cut off"), Unreachable("x"), Busy("x", 0.01), ACCEPTED
    )
    assert submit(provider, attempt) is ACCEPTED
    assert provider.calls == ["submit"] * 4


def test_with_a_key_an_attempt_that_broke_off_is_repeated(attempt: FakeAttempt) -> None:
    provider = Provider(Recovery.BY_KEY)
    assert submit(provider, attempt, retry=True) is ACCEPTED


def test_with_a_key_a_silence_after_a_lost_reply_is_no_refusal(attempt: FakeAttempt) -> None:
    """Another engine must not be asked: this one may have begun."""
    provider = Provider(Recovery.BY_KEY, OutcomeUnknown("cut off"), Unreachable("x"))
    with pytest.raises(StatusUnknown, match="not repeated"):
        submit(provider, attempt, silence=0.1)


@pytest.mark.parametrize("recovery", [Recovery.BY_KEY, Recovery.NONE])
@pytest.mark.parametrize("error", [Unreachable("no line"), Busy("later", 0.01)])
def test_what_never_arrived_is_away(
    recovery: Recovery, error: Exception, attempt: FakeAttempt
) -> None:
    provider = Provider(recovery, error)
    with pytest.raises(EngineAway):
        submit(provider, attempt)
    assert provider.calls == ["submit"] * 3
    assert attempt.noted == {}


def test_without_a_key_a_lost_reply_ends_the_task(attempt: FakeAttempt) -> None:
    provider = Provider(Recovery.NONE, OutcomeUnknown("cut off"))
    with pytest.raises(StatusUnknown, match="cut off; the task may have started"):
        submit(provider, attempt)
    assert provider.calls == ["submit"]


def test_without_a_key_it_is_noted_before_it_is_submitted(attempt: FakeAttempt) -> None:
    seen: list[dict[str, object]] = []

    class Looking(Provider):
        def submit(self, session: Session, task: UpstreamTask) -> TaskState:
            seen.append(dict(attempt.noted))
            return super().submit(session, task)

    submit(Looking(Recovery.NONE), attempt)
    assert seen == [{SUBMITTED_TO: "cloud"}]


def test_without_a_key_an_attempt_that_broke_off_is_not_repeated(attempt: FakeAttempt) -> None:
    attempt.noted = {SUBMITTED_TO: "cloud"}
    provider = Provider(Recovery.NONE)
    with pytest.raises(StatusUnknown, match="not repeated"):
        submit(provider, attempt, retry=True)
    assert provider.calls == []


@pytest.mark.parametrize("error", [InputsRefused("no"), NotStarted("no such model")])
def test_a_refusal_frees_it_for_another_engine(attempt: FakeAttempt, error: TaskError) -> None:
    with pytest.raises(type(error)):
        submit(Provider(Recovery.NONE, error), attempt)
    assert attempt.noted == {}
