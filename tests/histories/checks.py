"""The checks: what must hold of every history, each a function that tells what contradicts it.

They are pure: they look at the history alone. ``test_checks.py`` has a forged history for each,
which it must catch.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from histories.history import Call, Heard, History, Kind, Row
from histories.model import CANCELLED, KINDS, explained, smallest

FINAL = ("completed", "failed")

WHAT_FAULTS_DO = {
    "the machine's disk is full": ("disk is full",),
    "storage does not answer or takes nothing in": ("read-only", "bucket", "disk is full"),
}
"""What the message of a task may say that has failed, and the faults of which one must have been
there for it."""

TOLD = "the scripted engine was told to fail"


@dataclass(frozen=True)
class Violation:
    """Something that must not be.

    Attributes:
        rule: name of the check.
        message: a sentence.
        calls, heard: the smallest part of the history that shows it.
    """

    rule: str
    message: str
    calls: Sequence[Call] = ()
    heard: Sequence[Heard] = ()


Found = Iterator[tuple[str, Sequence[Call], Sequence[Heard]]]


def _accepted(history: History) -> dict[str, Call]:
    """The call that was told the id of a task, by that id."""
    told: dict[str, Call] = {}
    for call in history.of(Kind.CREATE):
        if call.done:
            told.setdefault(call.answer["id"], call)
    return told


def order(history: History) -> Found:
    """An order of the calls about each task explains all answers: statuses move only forward,
    what is final stays so, progress only grows, one key makes one task."""
    for subject in dict.fromkeys(call.subject for call in history.of(*KINDS)):
        calls = [call for call in history.about(subject) if call.kind in KINDS]
        if not explained(calls):
            yield f"no order of the calls explains what was told of {subject}", smallest(calls), ()


def lost(history: History) -> Found:
    """Each accepted task is there and has ended."""
    rows = {row.id: row for row in history.end.rows}
    for id, call in _accepted(history).items():
        if id not in rows:
            yield f"task {id} was accepted and is not there", [call], ()
    for row in rows.values():
        if row.status not in FINAL:
            calls = history.about(row.subject)
            yield f"task {row.id} has not ended: {row.status}", calls, ()


def stray(history: History) -> Found:
    """Each task was asked for, and made once."""
    names = history.names()
    asked = {call.subject for call in history.of(Kind.CREATE)}
    made: dict[str, list[str]] = {}
    for row in history.end.rows:
        name = names.get(row.id, "")
        if name and name not in asked:
            yield f"nobody has asked for task {row.id}, {name}", (), ()
        if name:
            made.setdefault(name, []).append(row.id)
    for name, ids in made.items():
        if len(ids) > 1:
            creates = [call for call in history.about(name) if call.kind is Kind.CREATE]
            yield f"{name} was made {len(ids)} times: {', '.join(ids)}", creates, ()


def external_ids(history: History) -> Found:
    """An external id names one task, and is refused to any other."""
    named = Counter(row.external_id for row in history.end.rows if row.external_id)
    for external_id, count in named.items():
        if count > 1:
            yield f"external id {external_id} names {count} tasks", (), ()
    for call in history.of(Kind.REUSE):
        if call.done:
            yield f"the external id of {call.subject} was given to another task", [call], ()


def ended_once(history: History) -> Found:
    """Each task ends once: in one final event, the last, and in one settlement."""
    for row in history.end.rows:
        finals = [word for word in row.events if word in FINAL]
        if finals != [row.status] or row.events[-1] != row.status:
            yield f"task {row.id} is {row.status}, its events tell {list(row.events)}", (), ()
        if row.settled != 1:
            yield f"task {row.id} was settled {row.settled} times", (), ()


def numbered(history: History) -> Found:
    """Events are numbered without a gap."""
    numbers = list(history.end.numbers)
    if numbers and numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        gaps = [b for a, b in pairwise(numbers) if b != a + 1]
        yield f"the numbers of events are not one after the other before {gaps[:5]}", (), ()


def right_end(history: History) -> Found:
    """A task ends as it was asked to: cancelled only by who may have done it, failed only for a
    reason that was given to it."""
    names = history.names()
    for row in history.end.rows:
        calls = history.about(names.get(row.id, ""))
        creates = [call for call in calls if call.kind is Kind.CREATE]
        cancels = [c for c in calls if c.kind is Kind.CANCEL and (c.done or not c.known)]
        if row.failure == CANCELLED:
            if not cancels:
                yield f"nobody has cancelled task {row.id}", creates, ()
        elif row.status == "failed" and not row.removed:
            asked = any(call.asks.get("fails") for call in creates) and TOLD in row.message
            if not asked and not _caused(history, row.message):
                yield f"task {row.id} has failed: {row.message}", creates, ()
        elif row.status == "completed":
            told_to_fail = [call for call in creates if call.asks.get("fails")]
            if told_to_fail:
                yield f"task {row.id} was told to fail, and is completed", told_to_fail, ()


def _caused(history: History, message: str) -> bool:
    """Whether a fault was there that explains a failure."""
    causes = [words for told, words in WHAT_FAULTS_DO.items() if told in message]
    return any(word in f.name for words in causes for word in words for f in history.faults)


def ledger(history: History) -> Found:
    """The ledger sums to zero, proves itself, holds nothing any more, and has no more and no less
    than was paid in and used."""
    end = history.end
    for problem in end.ledger:
        yield problem, (), ()
    if end.total:
        yield f"all entries together are {end.total}", (), ()
    if end.held:
        yield f"{end.held} are held for nothing", (), ()
    paid = sum(sum(amounts) for amounts in end.payments.values())
    spent = sum(row.cost for row in end.rows)
    if end.available != paid - spent:
        yield f"{paid} came in, {spent} were spent, {end.available} are there", (), ()


def payments(history: History) -> Found:
    """A payment that was booked is booked once, with its amount."""
    by_name: dict[str, list[Call]] = {}
    for call in history.of(Kind.TOP_UP):
        by_name.setdefault(call.subject, []).append(call)
    for reference, amounts in history.end.payments.items():
        calls = by_name.pop(reference, [])
        asked = {call.asks["amount"] for call in calls}
        if len(amounts) != 1 or set(amounts) != asked:
            yield f"payment {reference} of {asked} was booked as {list(amounts)}", calls, ()
    for reference, calls in by_name.items():
        booked = [call for call in calls if call.done or call.status == 409]
        if booked:
            yield f"payment {reference} was booked and is not there", booked, ()


def charges(history: History) -> Found:
    """Each task is charged once what was quoted for its like, and only if it has completed."""
    quotes: dict[str, dict[int, Call]] = {}
    for call in history.of(Kind.QUOTE):
        if call.done:
            cost = int(Decimal(call.answer["usage"]["cost"]) * 1_000_000)
            quotes.setdefault(call.asks["model"], {})[cost] = call
    for row in history.end.rows:
        if list(row.used) != [row.cost]:
            yield f"task {row.id} costs {row.cost}, its usage tells {list(row.used)}", (), ()
        if row.status != "completed" and row.cost:
            calls = history.about(history.names().get(row.id, ""))
            yield f"task {row.id} is {row.status} and costs {row.cost}", calls, ()
        prices = quotes.get(row.model, {})
        if row.status == "completed" and prices and list(prices) != [row.cost]:
            told = f"task {row.id} costs {row.cost}, quoted were {list(prices)}"
            yield told, list(prices.values()), ()


def files(history: History) -> Found:
    """Rows and files agree, and every file of a completed task decodes whole."""
    end = history.end
    for key in sorted(set(end.needed) - set(end.files)):
        yield f"{key} is not there", (), ()
    for key in sorted(set(end.files) - set(end.needed)):
        yield f"nothing refers to {key}", (), ()
    for key, why in end.broken.items():
        yield f"{key} is broken: {why}", (), ()
    for row in end.rows:
        if row.status == "completed" and not row.removed and not row.results:
            yield f"task {row.id} is completed, and has no file", (), ()


def uploads(history: History) -> Found:
    """What was accepted can be read."""
    readable = set(history.end.readable)
    for call in history.of(Kind.UPLOAD):
        if call.done and call.subject not in readable:
            yield f"upload {call.subject} was accepted, and cannot be read", [call], ()


def webhooks(history: History) -> Found:
    """The statuses of each task were told in order, each as one message, and last its end."""
    again = {call.asks["webhook"] for call in history.of(Kind.REDELIVER)}
    by_task: dict[str, list[Heard]] = {}
    for message in history.heard:
        by_task.setdefault(message.task, []).append(message)
    for row in history.end.rows:
        messages = by_task.get(row.id, [])
        taken = [message for message in messages if message.taken]
        if not row.callback:
            if messages and not row.removed:
                yield f"task {row.id} has no callback, and one came", (), messages
            continue
        if not any(message.status == row.status and not message.lied for message in taken):
            yield f"nobody was told that task {row.id} is {row.status}", (), messages
        yield from _in_order(row, messages, again)


def _in_order(row: Row, messages: Sequence[Heard], again: set[str]) -> Found:
    # One that was not taken is sent again, and a later one need not wait for that all day.
    unasked = [message for message in messages if message.taken and message.id not in again]
    for earlier, later in pairwise(unasked):
        if later.number < earlier.number:
            yield f"webhooks of task {row.id} came out of order", (), [earlier, later]
    ends = {message.id for message in messages if message.status in FINAL}
    if len(ends) > 1:
        yield f"task {row.id} has told its end in {len(ends)} messages", (), messages
    for message in messages:
        if message.status in FINAL and message.status != row.status:
            yield f"task {row.id} is {row.status}, and told {message.status}", (), [message]
    highest = max((message.number for message in messages), default=0)
    for message in messages:
        if (message.number == highest) != (message.status == row.status):
            yield f"the last webhook of task {row.id} is not its end", (), messages
            return


def stuck(history: History) -> Found:
    """Nothing waits any more: no lease, no run, no webhook."""
    for row in history.end.rows:
        if row.held:
            yield f"task {row.id} has ended, and is still queued or leased", (), ()
    for id in history.end.unsent:
        yield f"webhook {id} is still to be sent", (), ()
    for id in history.end.runs:
        yield f"run {id} has not ended", (), ()


def answers(history: History) -> Found:
    """No answer tells of a bug, and no log line does."""
    for call in history.calls:
        if call.status in (400, 401, 404, 405, 422, 500) and (
            call.status != 404 or call.kind in (Kind.CREATE, Kind.UPLOAD, Kind.QUOTE, Kind.TOP_UP)
        ):
            yield f"{call.kind} was answered with {call.status}", [call], ()
    for line in history.end.bugs:
        yield line, (), ()


CHECKS: dict[str, Callable[[History], Found]] = {
    check.__name__: check
    for check in (
        order,
        lost,
        stray,
        external_ids,
        ended_once,
        numbered,
        right_end,
        ledger,
        payments,
        charges,
        files,
        uploads,
        webhooks,
        stuck,
        answers,
    )
}
"""All checks, by name."""


def violations(history: History) -> list[Violation]:
    """All that contradicts a check."""
    return [Violation(rule, *found) for rule, check in CHECKS.items() for found in check(history)]


def report(history: History, found: Iterable[Violation], seed: str) -> str:
    """What a person needs to see of violations: each with its part of the history, and how to run
    it again."""
    lines = []
    for violation in found:
        lines.append(f"{violation.rule}: {violation.message}")
        shown = [*violation.calls, *history.during(violation.calls)]
        lines += [f"  {one}" for one in sorted(shown, key=lambda one: one.began)]
        lines += [f"  {message}" for message in violation.heard]
    return "\n".join([*lines, seed])
