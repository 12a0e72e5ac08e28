"""Routes of batches (rule N-16)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, TypeVar

from fastapi import APIRouter, Request, Response

from kirin.accounts.caller import Caller
from kirin.accounts.keys import Scope
from kirin.accounts.limits import reached
from kirin.domain.batch import BatchState
from kirin.errors import (
    BatchFinished,
    ExternalIdUsed,
    IdempotencyKeyUsed,
    InsufficientBalance,
    InvalidParameters,
    StorageAway,
    UnknownBatch,
)
from kirin.http.bodies import parse_object, read_body
from kirin.http.heap import HeapTrimmer
from kirin.http.pagination import PAGE, cut, page_of
from kirin.http.protocols.batches import (
    BatchBody,
    BatchJson,
    BatchPageJson,
    BatchQuoteJson,
    QuotedTaskJson,
    batch_json,
    read_batch,
)
from kirin.http.protocols.kirin import GENERATION
from kirin.http.query_parameters import PathParameter
from kirin.http.request_models import parse_model
from kirin.http.responses import json_response
from kirin.http.route import Route
from kirin.http.tasks.account_slots import AccountSlots
from kirin.http.tasks.dependencies import TaskDependencies
from kirin.http.tasks.idempotency import (
    IDEMPOTENCY_KEY,
    IDEMPOTENT_REPLAYED,
    check_key,
    idempotency_key_of,
)
from kirin.http.tasks.quote import cost_json
from kirin.orchestration.batches import BatchQuote, BatchRequest, BatchService
from kirin.tasks.idempotency import IdempotencyKey

PATH: Final = f"{GENERATION}/batch"
BATCH_ID = PathParameter("batch_id", "id of the batch")
T = TypeVar("T")

AT_ONCE: Final = 2
"""Batches that an account may have checked at a time by this process: each may have a hundred
pictures to look at."""

BESIDE: Final = b"\0batch"
"""Tells a batch from the request for one task that has the same body; no JSON has its first
byte."""

CREATE = Route(
    method="POST",
    path=PATH,
    id="createBatch",
    summary="Create up to 100 tasks under one id: all of them or none",
    scope=Scope.GENERATE,
    parameters=(IDEMPOTENCY_KEY,),
    body=BatchBody,
    answer=BatchJson,
    errors=(
        InvalidParameters,
        ExternalIdUsed,
        IdempotencyKeyUsed,
        InsufficientBalance,
        StorageAway,
    ),
)
QUOTE = Route(
    method="POST",
    path=f"{PATH}/quote",
    id="quoteBatch",
    summary="What a batch would cost",
    scope=Scope.GENERATE,
    body=BatchBody,
    answer=BatchQuoteJson,
    errors=(InvalidParameters, StorageAway),
)
LIST = Route(
    method="GET",
    path=PATH,
    id="listBatches",
    summary="The account's batches, the newest first",
    scope=Scope.READ,
    parameters=PAGE,
    answer=BatchPageJson,
    errors=(InvalidParameters,),
)
READ = Route(
    method="GET",
    path=f"{PATH}/{{batch_id}}",
    id="readBatch",
    summary="A batch: how many of its tasks are how far",
    scope=Scope.READ,
    parameters=(BATCH_ID,),
    answer=BatchJson,
    errors=(UnknownBatch,),
)
CANCEL = Route(
    method="POST",
    path=f"{PATH}/{{batch_id}}/cancel",
    id="cancelBatch",
    summary="Cancel all tasks of a batch that have not ended",
    scope=Scope.GENERATE,
    parameters=(BATCH_ID,),
    answer=BatchJson,
    errors=(UnknownBatch, BatchFinished),
)
ROUTES = (CREATE, QUOTE, LIST, READ, CANCEL)


def add_batch_routes(router: APIRouter, deps: TaskDependencies) -> None:
    """Add the routes under ``/model/v1/generation/batch``."""
    batches, threads = BatchService(deps.tasks), deps.threads
    message = f"the account has {AT_ONCE} batches checked, which is the limit: wait for one"
    slots = AccountSlots(AT_ONCE, lambda: reached("account", "batches", AT_ONCE, message))
    take = partial(_take, deps, slots, HeapTrimmer())

    async def create(request: Request) -> Response:
        caller = await deps.authenticator.admit(request, CREATE)
        key = request.headers.get(IDEMPOTENCY_KEY.name)
        check_key(key)

        def submit(asked: BatchRequest, body: bytes) -> tuple[BatchState, bool]:
            once: IdempotencyKey | None = idempotency_key_of(key, (body, BESIDE))
            return batches.submit(caller.account, asked, once, caller.key)

        state, replayed = await take(request, caller, submit)
        response = json_response(batch_json(state))
        if replayed:
            response.headers[IDEMPOTENT_REPLAYED] = "true"
        return response

    async def quote(request: Request) -> Response:
        caller = await deps.authenticator.admit(request, QUOTE)

        def work(asked: BatchRequest, _: bytes) -> BatchQuote:
            return batches.quote(caller.account, asked)

        return json_response(quote_json(await take(request, caller, work)))

    async def list_batches(request: Request) -> Response:
        account = (await deps.authenticator.admit(request, LIST)).account
        limit, before = page_of(request.query_params)
        found: Sequence[BatchState] = await threads.run(batches.page, account, limit + 1, before)
        page, cursor = cut(found, limit, lambda last: (last.batch.created_at, last.batch.id))
        shown = [batch_json(state) for state in page]
        return json_response(BatchPageJson(batches=shown, next_cursor=cursor))

    async def read(request: Request, batch_id: str) -> Response:
        account = (await deps.authenticator.admit(request, READ)).account
        return json_response(batch_json(await threads.run(batches.find, account, batch_id)))

    async def cancel(request: Request, batch_id: str) -> Response:
        account = (await deps.authenticator.admit(request, CANCEL)).account
        return json_response(batch_json(await threads.run(batches.cancel, account, batch_id)))

    CREATE.add_to(router, create)
    QUOTE.add_to(router, quote)
    LIST.add_to(router, list_batches)
    READ.add_to(router, read)
    CANCEL.add_to(router, cancel)


async def _take(
    deps: TaskDependencies,
    slots: AccountSlots,
    trimmer: HeapTrimmer,
    request: Request,
    caller: Caller,
    work: Callable[[BatchRequest, bytes], T],
) -> T:
    """Read a body, and do something in a thread with the batch that it asks for."""
    give_back = slots.take(caller.account)
    size = 0
    try:
        body = await read_body(request, deps.body_limits.max_bytes, deps.body_limits.seconds)
        size = len(body)

        def parse_and_work() -> T:
            asked = read_batch(parse_model(BatchBody, parse_object(body)), deps.catalogue)
            return work(asked, body)

        return await deps.threads.run(parse_and_work)
    finally:
        give_back()
        trimmer.after(size)


def quote_json(quote: BatchQuote) -> BatchQuoteJson:
    """What a batch would cost, as the wire shows it."""
    return BatchQuoteJson(
        currency="USD",
        exact=quote.least == quote.most,
        least=cost_json(quote.least),
        most=cost_json(quote.most),
        tasks=[
            QuotedTaskJson(
                model=model,
                least=cost_json(estimate.least),
                most=cost_json(estimate.most),
                reused=reused,
            )
            for model, estimate, reused in quote.items
        ],
    )
