"""Which tasks a listing shows."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement

from kirin.database.tables import tasks
from kirin.domain.task import Status


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Which tasks a listing shows; ``None`` means any.

    Attributes:
        models: any of these.
        created_after: created at this time or later, Unix milliseconds.
        created_before: created before this time, Unix milliseconds.
        batch: id of the batch that they were made in.
        words: all of them occur in the task's prompts, id or external id; see
            :func:`kirin.tasks.words.fold`.
    """

    states: Collection[Status] | None = None
    model: str | None = None
    models: Collection[str] | None = None
    external_id: str | None = None
    created_after: int | None = None
    created_before: int | None = None
    batch: str | None = None
    words: Collection[str] = ()

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """The filter as SQL conditions."""
        if self.states is not None:
            yield tasks.c.status.in_(sorted(self.states))
        if self.model is not None:
            yield tasks.c.model == self.model
        if self.models is not None:
            yield tasks.c.model.in_(sorted(self.models))
        if self.external_id is not None:
            yield tasks.c.external_id == self.external_id
        if self.batch is not None:
            yield tasks.c.batch == self.batch
        if self.created_after is not None:
            yield tasks.c.created_at >= self.created_after
        if self.created_before is not None:
            yield tasks.c.created_at < self.created_before


EVERYTHING = TaskFilter()
