"""A batch: several tasks under one id, made together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from kirin.domain.task import Status

MOST: Final = 100
"""Tasks of a batch."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Several tasks under one id.

    Attributes:
        size: how many tasks it was made of.
        quote: the most in USD that they may come to.
        callback_url: what is told of its end, once.
        metadata: the client's own notes.
        created_at, cancelled_at, finished_at: Unix milliseconds; it is finished when the last of
            its tasks has ended.
        status: how it ended: completed if any task was, else failed; ``None`` before.
    """

    id: str
    account: str
    size: int
    quote: Decimal
    created_at: int
    callback_url: str | None = None
    metadata: Mapping[str, Any] | None = None
    cancelled_at: int | None = None
    finished_at: int | None = None
    status: Status | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """What a batch tells of one of its tasks.

    Attributes:
        place: among the requests of the batch, from 0.
        code: of its failure; ``None`` where there is none.
        cost, discount: USD; 0 before the end, and of one that failed.
    """

    id: str
    place: int
    external_id: str | None
    status: Status
    code: str | None
    progress: float
    cost: Decimal
    discount: Decimal


@dataclass(frozen=True, slots=True)
class BatchState:
    """A batch and its tasks as they are now.

    Attributes:
        members: in the order of the requests; those whose records have expired are missing.
    """

    batch: Batch
    members: Sequence[Member]

    @property
    def progress(self) -> float:
        """The share that is done, 0 to 1; a task that has ended is done."""
        left = sum(1 - each.progress for each in self.members if not each.status.final)
        return max(0.0, 1 - left / self.batch.size)
