"""A history: every call with its answer, every webhook heard, every fault, and what is there at
the end.

Plain records, so that tests can forge one, and a run can be written to a file. Times are
milliseconds of one clock that only runs forward, from the start of the run.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any


class Kind(StrEnum):
    """What a call asks for."""

    CREATE = "create"
    REUSE = "reuse"
    """A create that takes the external id of another task, which is there."""
    READ = "read"
    CANCEL = "cancel"
    REMOVE = "remove"
    REDELIVER = "redeliver"
    UPLOAD = "upload"
    QUOTE = "quote"
    TOP_UP = "top-up"


@dataclass(frozen=True)
class Call:
    """A call, and its answer.

    Attributes:
        number: in the order in which calls began.
        client: who made it.
        subject: what it is about: the name that the client gave to a task, a file or a payment.
        asks: what it says beside that.
        began: when it was sent.
        ended: when its answer was there, or was no longer waited for.
        status: HTTP status; ``None`` where no answer came, or only a part of one.
        answer: the body of the answer.
    """

    number: int
    client: str
    kind: Kind
    subject: str
    began: int
    ended: int
    status: int | None
    answer: Mapping[str, Any] = field(default_factory=dict)
    asks: Mapping[str, Any] = field(default_factory=dict)

    @property
    def known(self) -> bool:
        """Whether its answer tells what it has done; after 5xx it may have been done or not."""
        return self.status is not None and self.status < 500

    @property
    def done(self) -> bool:
        """Whether it was answered with 200."""
        return self.status == 200

    def __str__(self) -> str:
        asked = {name: value for name, value in self.asks.items() if name != "prompt"}
        told = "no answer" if self.status is None else str(self.status)
        seen = {
            name: self.answer[name]
            for name in ("id", "status", "progress", "code", "transaction")
            if name in self.answer
        }
        error = self.answer.get("error")
        if isinstance(error, Mapping):
            seen["error"] = error.get("code")
        return (
            f"#{self.number:<4} {self.began / 1000:8.3f} to {self.ended / 1000:8.3f} s  "
            f"{self.client:<8} {self.kind} {self.subject} {asked or ''} -> {told} {seen or ''}"
        )


@dataclass(frozen=True)
class Heard:
    """A webhook that came in.

    Attributes:
        id: the same for all attempts; the number of the message within its task comes last.
        answered: with what status; ``None`` for no answer, or only a part of one.
        lied: it was answered, and nothing was stored.
    """

    at: int
    id: str
    task: str
    status: str
    answered: int | None = 200
    lied: bool = False

    @property
    def number(self) -> int:
        """Number of the message within its task."""
        return int(self.id.rpartition(":")[2])

    @property
    def taken(self) -> bool:
        """Whether the sender was told that it has arrived."""
        return self.answered is not None and 200 <= self.answered < 300

    def __str__(self) -> str:
        answered = "no answer" if self.answered is None else self.answered
        lie = ", a lie" if self.lied else ""
        return f"      {self.at / 1000:8.3f} s  webhook {self.id} {self.status} -> {answered}{lie}"


@dataclass(frozen=True)
class Fault:
    """Something that was broken on purpose, and when."""

    began: int
    ended: int
    name: str

    def __str__(self) -> str:
        return f"      {self.began / 1000:8.3f} to {self.ended / 1000:8.3f} s  FAULT {self.name}"


@dataclass(frozen=True)
class Row:
    """A task's row at the end.

    Attributes:
        subject: the name in its prompt; empty where it was removed.
        external_id: its external id.
        callback: whether it tells of itself.
        cost: in millionths of a dollar; 0 unless completed.
        held: whether a worker still has a lease of it, or it still waits for one.
        results: storage keys of its files.
        events: the statuses that its events tell, in order.
        settled: how often it was settled on the ledger.
        used: what its rows of usage cost, in millionths of a dollar.
        removed: whether a client has removed it, or its files have expired.
    """

    id: str
    subject: str
    status: str
    model: str = "kirin_v1_6_t2v"
    external_id: str | None = None
    failure: str | None = None
    message: str = ""
    callback: bool = False
    attempt: int = 1
    cost: int = 0
    held: bool = False
    results: Sequence[str] = ()
    events: Sequence[str] = ()
    settled: int = 1
    used: Sequence[int] = (0,)
    removed: bool = False


@dataclass(frozen=True)
class End:
    """What is there when all has settled.

    Attributes:
        ledger: what is wrong with the ledger, a sentence each.
        total: sum of all its entries.
        available, held: the account's balance, in millionths of a dollar.
        payments: amounts that were booked, by their reference, in millionths of a dollar.
        files: storage keys of all files.
        needed: storage keys of the files that rows refer to.
        broken: what is wrong with files of completed tasks, by storage key.
        readable: names of uploads whose bytes came back.
        unsent: ids of webhooks that still wait.
        runs: ids of runs that have not ended.
        bugs: lines of the log that tell of a bug.
        numbers: numbers of all events of the account, in order.
    """

    rows: Sequence[Row] = ()
    ledger: Sequence[str] = ()
    total: int = 0
    available: int = 0
    held: int = 0
    payments: Mapping[str, Sequence[int]] = field(default_factory=dict)
    files: Sequence[str] = ()
    needed: Sequence[str] = ()
    broken: Mapping[str, str] = field(default_factory=dict)
    readable: Sequence[str] = ()
    unsent: Sequence[str] = ()
    runs: Sequence[str] = ()
    bugs: Sequence[str] = ()
    numbers: Sequence[int] = ()


@dataclass(frozen=True)
class History:
    """All that happened."""

    calls: Sequence[Call] = ()
    heard: Sequence[Heard] = ()
    faults: Sequence[Fault] = ()
    end: End = field(default_factory=End)

    def of(self, *kinds: Kind) -> list[Call]:
        """The calls of some kinds."""
        return [call for call in self.calls if call.kind in kinds]

    def about(self, subject: str) -> list[Call]:
        """The calls about a task, a file or a payment."""
        return [call for call in self.calls if call.subject == subject]

    def names(self) -> dict[str, str]:
        """The name of each task, by its id: as clients were told, or as its row tells."""
        told = {c.answer["id"]: c.subject for c in self.of(Kind.CREATE) if c.done}
        return {**{row.id: row.subject for row in self.end.rows if row.subject}, **told}

    def during(self, calls: Iterable[Call]) -> list[Fault]:
        """The faults at the time of some calls."""
        times = [(call.began, call.ended) for call in calls]
        if not times:
            return []
        first, last = min(began for began, _ in times), max(ended for _, ended in times)
        return [f for f in self.faults if f.began <= last and f.ended >= first]

    def save(self, path: Path) -> None:
        """Write it to a file, as JSON."""
        path.write_text(json.dumps(asdict(self), indent=1))


class Recorder:
    """Writes a history down while it happens; any thread may."""

    def __init__(self, heard: list[Heard]) -> None:
        """Begin; webhooks are written by who hears them."""
        self.calls: list[Call] = []
        self.heard = heard
        self.faults: list[Fault] = []

    def history(self, end: End) -> History:
        """What was written, with its end."""
        calls = sorted(self.calls, key=lambda call: call.number)
        return History(calls, list(self.heard), list(self.faults), end)
