"""What stands in for processes, threads and engines in a simulation."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from kirin.catalogue.card import Card
from kirin.domain.tariff import Charge
from kirin.domain.task import Result, Task
from kirin.errors import Stopped, TaskError
from kirin.orchestration.task_runner import TaskOutput
from kirin.storage.keys import result_key
from kirin.tasks.attempt import Attempt

EPOCH_MS = 1_800_000_000_000
"""When it begins, Unix milliseconds."""


class Died(BaseException):
    """A process was killed here: nothing of what it would have done next is done."""


@dataclass
class VirtualClock:
    """The time of everything."""

    ms: int = EPOCH_MS

    def ns(self) -> int:
        """As :func:`time.time_ns`."""
        return self.ms * 1_000_000

    def seconds(self) -> float:
        """As :func:`time.time`."""
        return self.ms / 1000


class Moments:
    """Where a process may die: it does at some of the moments that it passes."""

    def __init__(self, luck: random.Random) -> None:
        self.luck = luck
        self.share = 0.0

    def pass_by(self) -> None:
        """Go on, or die."""
        if self.luck.random() < self.share:
            raise Died


@dataclass
class Sketcher:
    """Makes what a task asks for, in next to no time; its prompt says how that goes."""

    storage: Any
    moments: Moments
    clock: VirtualClock

    def run(self, card: Card, attempt: Attempt, folder: Path) -> TaskOutput:
        """An output that cost what it was quoted."""
        task = attempt.task
        if "fail" in str(task.params["prompt"]):
            raise TaskError("the scripted engine was told to fail")
        for step in range(3):
            self.clock.ms += 700
            attempt.progress(step / 3)
            if attempt.cancelled():
                raise Stopped
            self.moments.pass_by()
        key = result_key(task.id, task.attempt, "video.mp4")
        self.storage.put_bytes(key, task.id.encode())
        self.moments.pass_by()
        return TaskOutput(Charge(task.quote, Decimal(0)), {}, (Result(key, "video"),))

    def maker(self, engine: str) -> str | None:
        """Nothing that could be reused."""

    def cancel_remote_job(self, task: Task) -> None:
        """There is none."""


class InlineRuns:
    """Runs in the thread that starts them."""

    def __init__(self) -> None:
        self.work: Callable[[str], None] = lambda _: None

    def start(self, task: str) -> None:
        self.work(task)

    def unfinished(self, worker: str | None = None) -> dict[str, str | None]:
        return {}

    def cancel(self, runs: object) -> None:
        pass


class Inline:
    """A pool without threads."""

    def submit(self, work: Callable[..., object], *given: object) -> None:
        work(*given)


@dataclass
class Graves:
    """The locks of workers: who is dead is known at once."""

    dead: set[str] = field(default_factory=set)

    def is_dead(self, worker: str) -> bool:
        return worker in self.dead
