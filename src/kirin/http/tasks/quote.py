"""Routes of quotes: what a request would cost, before it is sent."""

from __future__ import annotations

from typing import Literal, NotRequired, cast

from fastapi import APIRouter, Request, Response
from typing_extensions import TypedDict

from kirin.accounts.keys import Scope
from kirin.domain.money import dollars
from kirin.domain.tariff import Charge
from kirin.errors import UnknownModel
from kirin.http.protocols.kirin import GENERATION
from kirin.http.protocols.kirin_models import (
    GENERATION_REQUEST,
    CostJson,
    Dollars,
    ForeseenJson,
    QuoteJson,
)
from kirin.http.protocols.kirin_request import X_MODEL
from kirin.http.responses import json_response
from kirin.http.route import Route
from kirin.http.tasks.dependencies import TaskDependencies
from kirin.http.tasks.intake import Intake
from kirin.orchestration.task_service import Quote


class PrechargeDataJson(TypedDict):
    """A quote in the words of the API's own clients (rule N-3)."""

    model: str
    billing_model: str
    currency: Literal["USD"]
    cost: Dollars
    discount: float
    reason: NotRequired[str]


class PrechargeJson(QuoteJson):
    """A quote, once more in the words of the API's own clients."""

    status: Literal["success"]
    data: PrechargeDataJson


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
PRECHARGE = Route(
    method="POST",
    path=f"{GENERATION}/precharge",
    id="precharge",
    summary="The quote, at the address of the API's own clients",
    scope=Scope.GENERATE,
    parameters=(X_MODEL,),
    body=GENERATION_REQUEST,
    answer=PrechargeJson,
    errors=(UnknownModel,),
)
ROUTES = (QUOTE, PRECHARGE)

FORESEEN = (*ForeseenJson.__annotations__, "shots")
"""What of an engine's preview the wire shows."""


def add_quote_routes(router: APIRouter, deps: TaskDependencies, intake: Intake) -> None:
    """Add the routes ``/model/v1/quote`` and ``/model/v1/generation/precharge``."""

    async def quote(request: Request) -> Response:
        caller = await deps.authenticator.admit(request, QUOTE)
        return json_response(quote_json(*await intake.quote(request, caller)))

    async def precharge(request: Request) -> Response:
        caller = await deps.authenticator.admit(request, PRECHARGE)
        return json_response(precharge_json(quote_json(*await intake.quote(request, caller))))

    QUOTE.add_to(router, quote)
    PRECHARGE.add_to(router, precharge)


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
    if quote.reused:
        shown["reused"] = True
    foreseen = {name: quote.preview[name] for name in FORESEEN if name in quote.preview}
    return cast(QuoteJson, {**shown, **foreseen})


def cost_json(charge: Charge) -> CostJson:
    """Cost and discount as rule W-6 has them."""
    return {"cost": dollars(charge.cost), "discount": float(charge.discount)}


def precharge_json(quote: QuoteJson) -> PrechargeJson:
    """A quote with the members that the API's own clients read (rule N-3).

    Where the cost is not known before something is fetched, they are told what is held.
    """
    data: PrechargeDataJson = {
        "model": quote["model"],
        "billing_model": quote["model"],
        "currency": quote["currency"],
        "cost": quote["most"]["cost"],
        "discount": quote["most"]["discount"],
    }
    if not quote["exact"]:
        data["reason"] = f"at most: it depends on {', '.join(quote['after_fetch'])}"
    return {**quote, "status": "success", "data": data}
