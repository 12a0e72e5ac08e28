"""Batches on the wire (rule N-16): requests for several tasks, and what becomes of them."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, Final, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from kirin.catalogue.codes import CANCELLED
from kirin.catalogue.registry import Catalogue
from kirin.catalogue.shown_values import of_another_type
from kirin.catalogue.structures import shorten
from kirin.domain.batch import MOST, BatchState, Member
from kirin.domain.money import dollars
from kirin.domain.request import TaskRequest
from kirin.domain.task import Status
from kirin.errors import InvalidParameters, Problem, UnknownModel
from kirin.http.protocols.kirin_models import CostJson, Dollars, Milliseconds
from kirin.http.protocols.kirin_request import check_notes, check_seed, read_request
from kirin.http.protocols.kirin_status import TaskStage, TaskStatus, stage_of, wire_status
from kirin.http.request_models import RequestModel
from kirin.orchestration.batches import BatchRequest, NamePlace

SEED: Final = "seed"
NEVER_VARIED: Final = ("external_task_id", "callback_url")
RULES: Final = ("N-16",)


class BatchBody(RequestModel):
    """Up to 100 requests, or one and lists of what differs."""

    requests: list[dict[str, Any]] | None = Field(
        None,
        description="1 to 100 requests, each as one task takes it; this or `request`.",
    )
    request: dict[str, Any] | None = Field(
        None, description="One request, as one task takes it; `vary` says what differs."
    )
    vary: dict[str, list[Any]] | None = Field(
        None,
        description="Lists of values of parameters, or of `seed`, beside `request`: one task for "
        "each combination, at most 100. The last list changes fastest.",
    )
    callback_url: str | None = Field(
        None, description="Receives the batch once, when the last of its tasks has ended."
    )
    metadata: dict[str, Any] | None = Field(
        None, description="Notes of your own, at most 4 KB, given back with the batch."
    )


class BatchTaskJson(TypedDict):
    """A task of a batch."""

    id: str
    index: Annotated[int, Field(description="its place among the requests, from 0")]
    status: TaskStatus
    stage: NotRequired[TaskStage]
    progress: Annotated[float, Field(ge=0, le=1)]
    external_task_id: NotRequired[str]
    code: NotRequired[Annotated[str, Field(description="of its failure")]]


class BatchCountsJson(TypedDict):
    """How many tasks of a batch are how far; what is missing in the sum has expired."""

    total: int
    queued: int
    rendering: int
    completed: int
    failed: Annotated[int, Field(description="without those that were cancelled")]
    cancelled: int


class BatchJson(TypedDict):
    """A batch (rule N-16)."""

    id: str
    status: Annotated[
        TaskStatus,
        Field(description="completed or failed once all tasks have ended; failed if all failed"),
    ]
    created_at: Milliseconds
    cancelled_at: NotRequired[Milliseconds]
    finished_at: NotRequired[Milliseconds]
    progress: Annotated[float, Field(ge=0, le=1)]
    counts: BatchCountsJson
    quote: Annotated[Dollars, Field(description="USD, the most that all of it may come to")]
    usage: Annotated[CostJson, Field(description="what has completed so far")]
    tasks: Annotated[list[BatchTaskJson], Field(description="in the order of the requests")]
    metadata: NotRequired[dict[str, Any]]


class BatchPageJson(TypedDict):
    """A page of batches."""

    batches: list[BatchJson]
    next_cursor: str | None


class QuotedTaskJson(TypedDict):
    """What one request of a batch would cost."""

    model: str
    least: CostJson
    most: CostJson
    reused: bool


class BatchQuoteJson(TypedDict):
    """What a batch would cost."""

    currency: str
    exact: bool
    least: CostJson
    most: Annotated[CostJson, Field(description="What is held until its tasks have ended.")]
    tasks: list[QuotedTaskJson]


def batch_json(state: BatchState) -> BatchJson:
    """A batch as the wire shows it."""
    batch, members = state.batch, state.members
    counted = Counter(_kind(member) for member in members)
    shown = BatchJson(
        id=batch.id,
        status=TaskStatus.IN_PROGRESS if batch.status is None else wire_status(batch.status),
        created_at=batch.created_at,
        progress=1.0 if batch.finished_at is not None else round(state.progress, 4),
        counts=BatchCountsJson(
            total=batch.size,
            queued=counted["queued"],
            rendering=counted["rendering"],
            completed=counted["completed"],
            failed=counted["failed"],
            cancelled=counted["cancelled"],
        ),
        quote=dollars(batch.quote),
        usage=CostJson(
            cost=dollars(sum((each.cost for each in members), batch.quote * 0)),
            discount=float(sum(each.discount for each in members)),
        ),
        tasks=[_member_json(member) for member in members],
    )
    if batch.cancelled_at is not None:
        shown["cancelled_at"] = batch.cancelled_at
    if batch.finished_at is not None:
        shown["finished_at"] = batch.finished_at
    if batch.metadata is not None:
        shown["metadata"] = dict(batch.metadata)
    return shown


def read_batch(body: BatchBody, catalogue: Catalogue) -> BatchRequest:
    """The requests that a body holds.

    Raises:
        InvalidParameters: with everything that is wrong with their form.
    """
    problems: list[Problem] = []
    check_notes("metadata", body.metadata, problems)
    if (body.requests is None) == (body.request is None):
        message = "it takes requests, or request with vary: one of them"
        problems.append(Problem("requests", "required", message, RULES))
        raise InvalidParameters(problems)
    if body.requests is not None:
        if body.vary is not None:
            message = "it belongs to request: requests say themselves what differs"
            problems.append(Problem("vary", "not_in_this_combination", message, RULES))
        found = _listed(body.requests, catalogue, problems)
    else:
        found = _varied(body.request or {}, body.vary or {}, catalogue, problems)
    if problems:
        raise InvalidParameters(list(dict.fromkeys(problems)))
    # Combinations are written down only now that they are known to be few.
    name: NamePlace = _name_listed if body.request is None else _Varied(body.vary or {})
    return BatchRequest(found, name, body.callback_url or None, body.metadata)


def _listed(
    bodies: Sequence[Mapping[str, Any]], catalogue: Catalogue, problems: list[Problem]
) -> list[TaskRequest]:
    if not 1 <= len(bodies) <= MOST:
        message = f"1 to {MOST} requests, not {len(bodies)}"
        problems.append(Problem("requests", "wrong_count", message, RULES))
        return []
    found = []
    for place, body in enumerate(bodies):
        request = _read(body, catalogue, f"requests[{place}]", problems)
        if request is not None:
            found.append(request)
    return found


def _varied(
    body: Mapping[str, Any],
    vary: Mapping[str, Sequence[Any]],
    catalogue: Catalogue,
    problems: list[Problem],
) -> list[TaskRequest]:
    base = _read(body, catalogue, "request", problems)
    for name, values in vary.items():
        _check_list(name, values, base, problems)
    count = math.prod(len(values) for values in vary.values())
    if count > MOST:
        message = f"at most {MOST} combinations, not {count}"
        problems.append(Problem("vary", "wrong_count", message, RULES))
    if base is None or problems:
        return []
    if count > 1 and base.params.get("external_task_id"):
        message = f"it would name {count} tasks: leave it out"
        where = "request.external_task_id"
        problems.append(Problem(where, "not_in_this_combination", message, ("C-8", *RULES)))
    return [
        _with(base, dict(zip(vary, values, strict=True)))
        for values in itertools.product(*vary.values())
    ]


def _check_list(
    name: str, values: Sequence[Any], base: TaskRequest | None, problems: list[Problem]
) -> None:
    where = f"vary.{shorten(name)}"
    if not 1 <= len(values) <= MOST:
        message = f"1 to {MOST} values, not {len(values)}"
        problems.append(Problem(where, "wrong_count", message, RULES))
        return
    if name in NEVER_VARIED:
        message = "it belongs to one task: send requests, each with its own"
        problems.append(Problem(where, "not_in_this_combination", message, RULES))
    given = None
    if base is not None:
        given = base.options.seed if name == SEED else base.params.get(name)
    if given is not None:
        message = f"request has {shorten(name)} too: send it once"
        problems.append(Problem(where, "not_in_this_combination", message, RULES))
    if name != SEED:
        return
    for place, value in enumerate(values):
        found: list[Problem] = []
        if isinstance(value, bool) or not isinstance(value, int):
            message = of_another_type("a whole number", value)
            found.append(Problem(SEED, "wrong_type", message, RULES))
        else:
            check_seed(value, found)
        problems += [replace(each, param=f"{where}[{place}]") for each in found]


def _with(base: TaskRequest, values: Mapping[str, Any]) -> TaskRequest:
    params = {name: value for name, value in values.items() if name != SEED}
    options = base.options
    if SEED in values:
        options = replace(options, seed=values[SEED])
    return TaskRequest(base.model, {**base.params, **params}, options)


def _read(
    body: Mapping[str, Any], catalogue: Catalogue, where: str, problems: list[Problem]
) -> TaskRequest | None:
    try:
        request = read_request(body, catalogue)
        catalogue.get(request.model)
    except InvalidParameters as refusal:
        problems += [replace(each, param=f"{where}.{each.param}") for each in refusal.problems]
        return None
    except UnknownModel as error:
        problems.append(Problem(f"{where}.model", error.code, error.message, RULES))
        return None
    return request


def _name_listed(place: int, param: str) -> str:
    return f"requests[{place}].{param}"


class _Varied:
    """Names what is wrong with a combination by the value that it comes from."""

    def __init__(self, vary: Mapping[str, Sequence[Any]]) -> None:
        self._names = list(vary)
        self._places = list(itertools.product(*(range(len(values)) for values in vary.values())))

    def __call__(self, place: int, param: str) -> str:
        first = re.split(r"[.\[]", param, maxsplit=1)[0]
        if first not in self._names:
            return f"request.{param}"
        index = self._places[place][self._names.index(first)]
        return f"vary.{first}[{index}]{param[len(first) :]}"


def _kind(member: Member) -> str:
    if (stage := stage_of(member.status)) is not None:
        return stage.value
    if member.status is Status.FAILED and member.code == CANCELLED:
        return "cancelled"
    return member.status.value


def _member_json(member: Member) -> BatchTaskJson:
    shown = BatchTaskJson(
        id=member.id,
        index=member.place,
        status=wire_status(member.status),
        progress=round(member.progress, 4),
    )
    if (stage := stage_of(member.status)) is not None:
        shown["stage"] = stage
    if member.external_id is not None:
        shown["external_task_id"] = member.external_id
    if member.code is not None:
        shown["code"] = member.code
    return shown
