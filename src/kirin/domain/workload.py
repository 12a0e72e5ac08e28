"""A workload: what an account or a key has in hand, for limits to be held against."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Workload:
    """What there is at a moment.

    Attributes:
        queued: tasks that no worker has begun.
        running: tasks that a worker has begun and that have not ended.
        spent: USD since the day began: what ended tasks have cost and unfinished ones may come to.
    """

    queued: int
    running: int
    spent: Decimal
