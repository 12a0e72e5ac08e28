"""The route of quotes: what a request would cost, before it is sent."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from kirin.accounts.keys import Scope
from kirin.domain.money import dollars
from kirin.domain.tariff import Charge
from kirin.errors import UnknownModel
from kirin.http.bodies import parse_object, read_body
from kirin.http.heap import HeapTrimmer
from kirin.http.protocols.kirin_models import GENERATION_REQUEST, CostJson, QuoteJson
from kirin.http.protocols.kirin_request import X_MODEL, read_request
from kirin.http.responses import json_response
from kirin.http.route import Route
from kirin.http.tasks.dependencies import TaskDependencies
from kirin.orchestration.task_service import Quote

QUOTE = Route(
    method="POST",
    path="/model/v1/quote",
    id="quote",
    summary="What a request would cost and show",
    scope=Scope.GENERATE,
    parameters=(X_MODEL,),
    body=GENERATION_REQUEST,
    answer=QuoteJson,
    errors=(UnknownModel,),
)
ROUTES = (QUOTE,)


def add_quote_routes(router: APIRouter, deps: TaskDependencies) -> None:
    """Add the route ``/model/v1/quote``."""
    trimmer = HeapTrimmer()
    limits = deps.body_limits

    async def quote(request: Request) -> Response:
        caller = await deps.authenticator.admit(request, QUOTE)
        body = await read_body(request, limits.max_bytes, limits.seconds)
        size = len(body)

        def estimate() -> tuple[str, Quote]:
            nonlocal body
            parsed = parse_object(body)
            body = b""
            read = read_request(parsed, deps.catalogue, request.headers.get(X_MODEL.name))
            return read.model, deps.tasks.quote(caller.account, read.model, read.params)

        try:
            return json_response(quote_json(*await deps.threads.run(estimate)))
        finally:
            trimmer.after(size)

    QUOTE.add_to(router, quote)


def quote_json(model: str, quote: Quote) -> QuoteJson:
    """A quote as the wire shows it; ``usage`` is what the task's own will be."""
    estimate = quote.estimate
    shown = QuoteJson(
        model=model,
        currency="USD",
        exact=estimate.exact,
        least=cost_json(estimate.least),
        most=cost_json(estimate.most),
        after_fetch=list(estimate.after_fetch),
    )
    if estimate.exact:
        shown["usage"] = cost_json(estimate.most)
    if "scene" in quote.preview:
        shown["scene"] = quote.preview["scene"]
    if "motion" in quote.preview:
        shown["motion"] = quote.preview["motion"]
    if "shots" in quote.preview:
        shown["shots"] = list(quote.preview["shots"])
    return shown


def cost_json(charge: Charge) -> CostJson:
    """Cost and discount as rule W-6 has them."""
    return {"cost": dollars(charge.cost), "discount": float(charge.discount)}
