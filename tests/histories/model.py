"""The model: one task as a single thread would keep it, and the search for an order that fits it.

Calls about one task that overlap may have been done in any order; one that was not answered may
have been done at any time since, or never. The answers are right if there is an order, true to the
times, in which each is what the model gives (Herlihy and Wing's linearizability, by the search of
Wing and Gong). Tasks are independent of each other, so each is looked at by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from histories.history import Call, Kind

CANCELLED = "task_cancelled"


class Phase(IntEnum):
    """How far a task is. Only :func:`grown` and calls lead from one to the next."""

    ABSENT = 0
    QUEUED = 1
    RENDERING = 2
    COMPLETED = 3
    FAILED = 4
    CANCELLED = 5
    REMOVED = 6


ENDED = (Phase.COMPLETED, Phase.FAILED, Phase.CANCELLED)
GOES_ON = (Phase.QUEUED, Phase.RENDERING)


@dataclass(frozen=True)
class State:
    """A task at a moment.

    Attributes:
        id: as it was told to a client; empty as long as nobody was told.
        progress: the largest that was told.
    """

    phase: Phase = Phase.ABSENT
    id: str = ""
    progress: float = 0.0


def grown(state: State) -> list[State]:
    """What workers can make of a task, as it is among them."""
    if state.phase is Phase.QUEUED:
        later: tuple[Phase, ...] = (Phase.RENDERING, Phase.COMPLETED, Phase.FAILED)
    elif state.phase is Phase.RENDERING:
        later = (Phase.COMPLETED, Phase.FAILED)
    else:
        later = ()
    return [state, *(replace(state, phase=phase) for phase in later)]


def phase_told(call: Call) -> Phase:
    """The phase of a task as an answer shows it."""
    status = call.answer["status"]
    if status == "completed":
        return Phase.COMPLETED
    if status == "failed":
        code = call.answer["error"]["code"]
        return Phase.CANCELLED if code == CANCELLED else Phase.FAILED
    stage = (call.answer.get("metadata") or {}).get("stage", "queued")
    return Phase.QUEUED if stage == "queued" else Phase.RENDERING


def after(state: State, call: Call) -> Iterator[State]:
    """The states that a call can leave behind, if its answer is what the model gives at that
    moment; none if it is not."""
    for now in grown(state):
        yield from _RULES[call.kind](now, call)


def _create(now: State, call: Call) -> Iterator[State]:
    if now.phase is Phase.ABSENT:
        if not call.known or call.done:
            yield State(Phase.QUEUED, call.answer.get("id", "") if call.done else "")
        elif call.status != 409:  # refused, and so not there
            yield now
    elif call.done:  # the same key again: the same task
        id = call.answer["id"]
        if call.asks.get("key") and now.id in ("", id):
            yield replace(now, id=id)
    elif not call.known or (call.status == 409 and call.asks.get("external_id")):
        yield now


def _reuse(now: State, call: Call) -> Iterator[State]:
    if not call.known or (call.status == 409) == (now.phase is not Phase.ABSENT):
        yield now


def _read(now: State, call: Call) -> Iterator[State]:
    if not call.known:
        yield now
    elif call.status == 404:
        if now.phase in (Phase.ABSENT, Phase.REMOVED):
            yield now
    elif call.done and now.phase is phase_told(call) and now.id in ("", call.answer["id"]):
        progress = call.answer.get("progress", now.progress)
        if progress >= now.progress:
            yield replace(now, id=call.answer["id"], progress=progress)


def _cancel(now: State, call: Call) -> Iterator[State]:
    if now.phase in GOES_ON and (not call.known or call.done):
        yield replace(now, phase=Phase.CANCELLED)
    elif (
        not call.known
        or (call.status == 404 and now.phase in (Phase.ABSENT, Phase.REMOVED))
        or (call.status == 409 and now.phase in ENDED)
    ):
        yield now


def _remove(now: State, call: Call) -> Iterator[State]:
    if now.phase in ENDED and (not call.known or call.done):
        yield replace(now, phase=Phase.REMOVED)
    elif (
        not call.known
        or (call.status == 404 and now.phase in (Phase.ABSENT, Phase.REMOVED))
        or (call.status == 409 and now.phase in GOES_ON)
    ):
        yield now


_RULES = {
    Kind.CREATE: _create,
    Kind.REUSE: _reuse,
    Kind.READ: _read,
    Kind.CANCEL: _cancel,
    Kind.REMOVE: _remove,
}
KINDS = tuple(_RULES)
"""The calls that the model knows."""


def explained(calls: Sequence[Call]) -> bool:
    """Whether there is an order in which the model gives these answers.

    Args:
        calls: all about one task.
    """
    # A read that was not answered has done nothing.
    calls = [call for call in calls if call.known or call.kind is not Kind.READ]
    everything = frozenset(range(len(calls)))
    seen: set[tuple[frozenset[int], State]] = set()
    open_ends = [(everything, State())]
    while open_ends:
        left, state = open_ends.pop()
        if not any(calls[i].known for i in left):
            return True
        if (left, state) in seen:
            continue
        seen.add((left, state))
        first_end = min(calls[i].ended for i in left if calls[i].known)
        for i in left:
            if calls[i].began <= first_end:
                # One that was not answered and changes nothing may as well never be done: else
                # many of them would make the search endless.
                idle = () if calls[i].known else grown(state)
                then = (one for one in after(state, calls[i]) if one not in idle)
                open_ends += [(left - {i}, one) for one in then]
    return False


def smallest(calls: Sequence[Call]) -> list[Call]:
    """The fewest of these calls, which nothing explains, that still show it.

    Only calls that can have changed nothing are left out: without a call that has, what was right
    would look wrong.
    """
    left = list(calls)
    for call in sorted(calls, key=lambda call: call.number, reverse=True):
        harmless = call.kind in (Kind.READ, Kind.REUSE) or (call.known and not call.done)
        without = [other for other in left if other is not call]
        if harmless and not explained(without):
            left = without
    return left
