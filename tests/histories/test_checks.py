"""The checks themselves: each catches a forged history that violates it, and passes a right one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from histories.checks import CHECKS, TOLD, report, violations
from histories.history import Call, End, Fault, Heard, History, Kind, Row
from histories.model import explained, smallest
from support.cards import T2V

COST = 280_000
PAID = 1_000_000_000

_SEEN: dict[str, Any] = {
    "queued": {"status": "in_progress", "metadata": {"stage": "queued"}},
    "rendering": {"status": "in_progress", "metadata": {"stage": "rendering"}},
    "completed": {"status": "completed", "progress": 1.0},
    "failed": {"status": "failed", "error": {"code": "002004095"}},
    "cancelled": {"status": "failed", "error": {"code": "task_cancelled"}},
}


def told(
    number: int,
    kind: Kind,
    seen: str | int | None = 200,
    *,
    took: int = 5,
    id: str = "id-a",
    progress: float | None = None,
    **asks: Any,
) -> Call:
    """A call about the task ``a``, the tenth millisecond after the one before."""
    answer = dict(_SEEN[seen]) if isinstance(seen, str) else {}
    if progress is not None:
        answer["progress"] = progress
    status = 200 if isinstance(seen, str) else seen
    answer |= {"id": id} if status == 200 else {}
    began = 10 * number
    return Call(number, "one", kind, "a", began, began + took, status, answer, asks)


def created(**asks: Any) -> Call:
    return told(0, Kind.CREATE, key="k", external_id="x", **asks)


ROW = Row(
    "id-a",
    "a",
    "completed",
    external_id="x",
    callback=True,
    cost=COST,
    results=["results/id-a/1/video.mp4"],
    events=["in_progress", "in_progress", "completed"],
    used=[COST],
)
END = End(
    rows=[ROW],
    available=PAID - COST,
    payments={"p": [PAID]},
    files=["results/id-a/1/video.mp4", "inputs/aa/aa"],
    needed=["results/id-a/1/video.mp4", "inputs/aa/aa"],
    readable=["u"],
    numbers=[1, 2, 3],
)
CALLS = [
    created(),
    told(1, Kind.READ, "queued", progress=0.0),
    told(2, Kind.READ, "rendering", progress=0.4),
    told(3, Kind.REUSE, 409),
    told(4, Kind.READ, "completed", progress=1.0),
    Call(5, "one", Kind.UPLOAD, "u", 50, 55, 200),
    Call(6, "one", Kind.QUOTE, T2V, 60, 65, 200, {"usage": {"cost": "0.2800"}}, {"model": T2V}),
    Call(7, "one", Kind.TOP_UP, "p", 70, 75, 200, {}, {"amount": PAID}),
]
HEARD = [
    Heard(21, "id-a:0", "id-a", "in_progress"),
    Heard(41, "id-a:1", "id-a", "completed"),
]
RIGHT = History(CALLS, HEARD, [], END)


DISK_IS_FULL = {
    "status": "failed",
    "failure": "002004095",
    "message": "the machine's disk is full: its operator must free some",
    "cost": 0,
    "used": [0],
    "results": [],
    "events": ["in_progress", "failed"],
}


def broken(**changes: Any) -> History:
    """The right history with another end."""
    return replace(RIGHT, end=replace(END, **changes))


def with_row(**changes: Any) -> History:
    """The right history with another row."""
    return broken(rows=[replace(ROW, **changes)])


def with_calls(*calls: Call) -> History:
    """The right history with other calls about the task."""
    return replace(RIGHT, calls=[*calls, *CALLS[5:]])


def heard(*messages: Heard) -> History:
    """The right history with other webhooks."""
    return replace(RIGHT, heard=list(messages))


FORGED: list[tuple[str, str, History]] = [
    ("order", "final and then not", with_calls(*CALLS[:5], told(5, Kind.READ, "rendering"))),
    (
        "order",
        "completed and then failed",
        with_calls(*CALLS[:5], told(5, Kind.READ, "failed")),
    ),
    (
        "order",
        "rendering and then queued",
        with_calls(
            created(), told(1, Kind.READ, "rendering"), told(2, Kind.READ, "queued"), CALLS[4]
        ),
    ),
    (
        "order",
        "progress that shrinks",
        with_calls(
            created(),
            told(1, Kind.READ, "rendering", progress=0.5),
            told(2, Kind.READ, "rendering", progress=0.4),
        ),
    ),
    ("order", "accepted and then unknown", with_calls(created(), told(1, Kind.READ, 404))),
    ("order", "read before it was asked for", with_calls(told(0, Kind.READ, "queued"), CALLS[1])),
    (
        "order",
        "one key, two tasks",
        with_calls(created(), told(1, Kind.CREATE, key="k", id="id-b")),
    ),
    (
        "order",
        "cancelled, but completed all the same",
        with_calls(created(), told(1, Kind.CANCEL, "cancelled"), told(2, Kind.READ, "completed")),
    ),
    (
        "order",
        "a cancel that is refused while it renders",
        with_calls(created(), told(1, Kind.CANCEL, 409), told(2, Kind.READ, "rendering"), CALLS[4]),
    ),
    (
        "order",
        "removed, and there again",
        with_calls(*CALLS[:5], told(5, Kind.REMOVE), told(6, Kind.READ, "completed")),
    ),
    (
        "order",
        "removed while it renders",
        with_calls(created(), told(1, Kind.REMOVE), told(2, Kind.READ, "rendering")),
    ),
    (
        "order",
        "a refused create that made a task",
        with_calls(told(0, Kind.CREATE, 403), told(1, Kind.READ, "queued")),
    ),
    ("lost", "accepted and gone", broken(rows=[])),
    ("lost", "never ended", with_row(status="processing")),
    ("stray", "nobody asked for it", broken(rows=[ROW, replace(ROW, id="id-z", subject="z")])),
    ("stray", "made twice", broken(rows=[ROW, replace(ROW, id="id-b", external_id=None)])),
    ("external_ids", "named twice", broken(rows=[ROW, replace(ROW, id="id-b")])),
    (
        "external_ids",
        "given to another",
        with_calls(created(), told(1, Kind.REUSE, 200, id="id-b")),
    ),
    ("ended_once", "two ends", with_row(events=["in_progress", "completed", "completed"])),
    ("ended_once", "no end", with_row(events=["in_progress"])),
    ("ended_once", "another end", with_row(events=["in_progress", "failed"])),
    ("ended_once", "on after its end", with_row(events=["completed", "in_progress"])),
    ("ended_once", "settled twice", with_row(settled=2)),
    ("numbered", "a gap", broken(numbers=[1, 2, 4])),
    ("right_end", "cancelled by nobody", with_row(status="failed", failure="task_cancelled")),
    (
        "right_end",
        "failed by a bug",
        with_row(status="failed", failure="002004095", message="an internal error"),
    ),
    ("right_end", "told to fail", with_calls(created(fails=True))),
    (
        "right_end",
        "failed by nobody's telling",
        with_row(status="failed", failure="002004095", message=TOLD),
    ),
    ("right_end", "a full disk that never was", with_row(**DISK_IS_FULL)),
    ("ledger", "it says so itself", broken(ledger=["transaction t adds up to 1"])),
    ("ledger", "a sum", broken(total=1)),
    ("ledger", "held for nothing", broken(held=COST)),
    ("ledger", "money that vanished", broken(available=PAID - 2 * COST)),
    ("payments", "booked twice", broken(payments={"p": [PAID, PAID]}, available=2 * PAID - COST)),
    ("payments", "booked as less", broken(payments={"p": [PAID - 1]}, available=PAID - 1 - COST)),
    ("payments", "booked and gone", broken(payments={}, available=-COST)),
    ("charges", "used twice", with_row(used=[COST, COST])),
    ("charges", "not used", with_row(used=[])),
    ("charges", "failed and paid for", with_row(status="failed", failure="task_cancelled")),
    ("charges", "dearer than quoted", with_row(cost=COST + 1, used=[COST + 1])),
    ("files", "a result that is gone", broken(files=["inputs/aa/aa"])),
    ("files", "an orphan", broken(files=[*END.files, "results/id-z/1/video.mp4"])),
    ("files", "half a video", broken(broken={"results/id-a/1/video.mp4": "60 frames of 120"})),
    ("files", "completed with nothing", with_row(results=[])),
    ("uploads", "accepted and gone", broken(readable=[])),
    ("webhooks", "never told", heard()),
    ("webhooks", "refused, and never again", heard(HEARD[0], replace(HEARD[1], answered=500))),
    ("webhooks", "only a liar was told", heard(HEARD[0], replace(HEARD[1], lied=True))),
    ("webhooks", "out of order", heard(HEARD[1], HEARD[0])),
    ("webhooks", "the start once more, after the end", heard(*HEARD, HEARD[0])),
    ("webhooks", "two ends", heard(*HEARD, Heard(60, "id-a:2", "id-a", "completed"))),
    ("webhooks", "another end", heard(*HEARD, Heard(60, "id-a:2", "id-a", "failed"))),
    ("webhooks", "not asked for", replace(with_row(callback=False), heard=HEARD)),
    ("stuck", "a lease", with_row(held=True)),
    ("stuck", "a webhook", broken(unsent=["id-a:1"])),
    ("stuck", "a run", broken(runs=["id-a-12345678"])),
    ("answers", "an internal error", with_calls(created(), told(1, Kind.CANCEL, 500))),
    ("answers", "a line of the log", broken(bugs=["task failed by a bug"])),
]


@pytest.mark.parametrize(
    ("rule", "forged"),
    [pytest.param(rule, forged, id=f"{rule}: {what}") for rule, what, forged in FORGED],
)
def test_a_forged_history_is_caught(rule: str, forged: History) -> None:
    assert rule in {violation.rule for violation in violations(forged)}


def test_every_check_has_a_forged_history() -> None:
    assert {rule for rule, _, _ in FORGED} == set(CHECKS)


def test_a_right_history_passes() -> None:
    assert violations(RIGHT) == []


def test_a_fault_explains_a_failure() -> None:
    full = Fault(10, 20, "the disk is full")
    failed = replace(with_row(**DISK_IS_FULL), faults=[full])
    assert "right_end" not in {violation.rule for violation in violations(failed)}


UNKNOWN = (None, 503)

EXPLAINED: list[tuple[str, Iterable[Call]]] = [
    ("a create without an answer that was done", [created(took=3), told(1, Kind.READ, "queued")]),
    *(
        (
            f"a create with {status} that was done, or not",
            [told(0, Kind.CREATE, status), told(1, Kind.READ, seen)],
        )
        for status in UNKNOWN
        for seen in ("queued", 404)
    ),
    (
        "a create without an answer, that is done much later",
        [told(0, Kind.CREATE, None), told(1, Kind.READ, 404), told(2, Kind.READ, "queued")],
    ),
    (
        "the same key again",
        [told(0, Kind.CREATE, None, key="k"), told(1, Kind.CREATE, key="k"), CALLS[4]],
    ),
    (
        "a cancel without an answer, and the task completed all the same",
        [created(), told(1, Kind.CANCEL, None), told(2, Kind.READ, "completed")],
    ),
    (
        "a cancel without an answer that was done much later",
        [
            created(),
            told(1, Kind.CANCEL, 503),
            told(2, Kind.READ, "rendering"),
            told(3, Kind.READ, "cancelled"),
        ],
    ),
    (
        "two reads that overlap, the later one answered first",
        [
            created(),
            told(1, Kind.READ, "completed", took=50),
            told(2, Kind.READ, "rendering", took=5),
        ],
    ),
    (
        "two cancels at once: one does it, the other is refused",
        [created(), told(1, Kind.CANCEL, "cancelled", took=50), told(2, Kind.CANCEL, 409)],
    ),
    (
        "removed, and unknown from then on",
        [*CALLS[:5], told(5, Kind.REMOVE), told(6, Kind.READ, 404), told(7, Kind.CANCEL, 404)],
    ),
]


@pytest.mark.parametrize("calls", [pytest.param(calls, id=what) for what, calls in EXPLAINED])
def test_what_overlaps_or_is_not_answered_has_an_order(calls: Iterable[Call]) -> None:
    assert explained(list(calls))


def test_the_smallest_part_is_shown() -> None:
    reads = [told(number, Kind.READ, "rendering", progress=number / 100) for number in range(1, 20)]
    calls = [created(), *reads, told(20, Kind.READ, "queued"), told(21, Kind.READ, "completed")]
    assert not explained(calls)
    # A create, what was told first, and what contradicts it.
    assert [call.number for call in smallest(calls)] == [0, 1, 20]
    history = replace(with_calls(*calls), faults=[Fault(150, 160, "kill a worker"), LATER])
    shown = report(history, violations(history), "seed 6")
    assert "kill a worker" in shown
    assert "later" not in shown
    assert shown.endswith("seed 6")


LATER = Fault(9000, 9010, "later")


def test_a_long_history_is_looked_at_quickly() -> None:
    """Many calls that were not answered do not make the search endless."""
    lost_cancels = [told(number, Kind.CANCEL, None) for number in range(1, 12)]
    reads = [told(number, Kind.READ, "rendering") for number in range(12, 60)]
    assert explained([created(), *lost_cancels, *reads, told(60, Kind.READ, "cancelled")])
    assert not explained([created(), *lost_cancels, *reads, told(60, Kind.READ, "queued")])
