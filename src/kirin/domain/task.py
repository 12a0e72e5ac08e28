"""A task: one request for a video, from creation to its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from kirin.domain.assets import Asset
from kirin.domain.request import NO_OPTIONS, RequestOptions
from kirin.domain.subject import Subject
from kirin.domain.tariff import Tariff


class Status(StrEnum):
    """The states of the queue; the wire has words of its own for them."""

    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"

    @property
    def final(self) -> bool:
        """Whether a task in this status will never change again."""
        return self in (Status.COMPLETED, Status.FAILED)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a task failed: a code of the model's own table and a sentence to act on."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Result:
    """One thing that a completed task made.

    Attributes:
        key: where storage keeps it; empty for what is no file.
        type: ``video``, ``image`` or ``element``.
        watermark: whether this is the marked copy.
        extra: further fields that the model's own document lists.
    """

    key: str
    type: str
    watermark: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Task:
    """One request for a video and what became of it.

    Attributes:
        created_at, updated_at, started_at, finished_at: Unix milliseconds.
        params: the checked parameters; a picture given inline stands there as its sha256.
        assets: what is known of the media, by their path in ``params``; what came by URL is
            missing until it has been fetched.
        subjects: the account's subjects that it uses, as they were at creation.
        engine: the one that was chosen at creation; ``None`` where none is needed.
        size: the storyboard's, as far as it was known at creation; ``None`` where there is none.
        key: id of the API key that asked for it; ``None`` where none is known.
        tariff: the terms on which it is charged; ``None`` of tasks from before there were any.
        quote: price in USD at creation, the highest that it can come to.
        options: what was asked for beside the parameters.
        cost: price in USD that was charged, once completed.
        discount: USD that the account's discount took off the cost.
        expired_at: when its results were removed.
        trace: the ``traceparent`` of the request that made it.
        attempt: how often a worker has claimed it.
        priority: its place among those that wait; higher is sooner.
        releases: how many of these attempts were released by a worker that stopped in order.
        recipe: by what its result is found again; ``None`` where it never is.
        batch: id of the batch that it was made in; ``None`` of one that was made by itself.
        place: its place among the requests of the batch, from 0.
        made_by: engine and version that made it, once completed; see
            :meth:`kirin.engines.router.Router.maker`.
    """

    id: str
    account: str
    model: str
    status: Status
    created_at: int
    updated_at: int
    params: Mapping[str, Any]
    seed: int
    quote: Decimal
    assets: Mapping[str, Asset] = field(default_factory=dict)
    subjects: tuple[Subject, ...] = ()
    engine: str | None = None
    size: str | None = None
    key: str | None = None
    tariff: Tariff | None = None
    options: RequestOptions = NO_OPTIONS
    external_id: str | None = None
    callback_url: str | None = None
    progress: float = 0.0
    attempt: int = 0
    priority: int = 0
    releases: int = 0
    started_at: int | None = None
    finished_at: int | None = None
    results: tuple[Result, ...] = ()
    cost: Decimal | None = None
    discount: Decimal = Decimal(0)
    failure: Failure | None = None
    expired_at: int | None = None
    trace: str | None = None
    recipe: str | None = None
    made_by: str | None = None
    batch: str | None = None
    place: int | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)

    @property
    def job(self) -> str:
        """What whoever made the result calls the job: another machine's id, or our own."""
        return str(self.metadata.get("job", self.id))
