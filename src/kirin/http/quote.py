"""Route of quotes: what a request would cost, before it is made."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from kirin.accounts.keys import Scope
from kirin.domain.money import dollars
from kirin.domain.tariff import Charge, Estimate
from kirin.http.bodies import parse_object, read_body
from kirin.http.context import json_answer
from kirin.http.gate import admit
from kirin.http.heap import HeapTrimmer
from kirin.http.protocols.kirin import read_request
from kirin.http.rooms import Rooms

QUOTE = "/model/v1/quote"


def quote_routes(rooms: Rooms) -> APIRouter:
    """The route ``/model/v1/quote``."""
    router = APIRouter()
    trimmer = HeapTrimmer()

    async def quote(request: Request) -> Response:
        caller = await admit(rooms, request, Scope.GENERATE)
        body = await read_body(request, rooms.max_body_bytes, rooms.body_seconds)
        size = len(body)

        def estimate() -> tuple[str, Estimate]:
            nonlocal body
            parsed = parse_object(body)
            body = b""
            model, params = read_request(parsed)
            return model, rooms.tasks.quote(caller.account, model, params)

        try:
            return json_answer(shown(*await rooms.blocking(estimate)))
        finally:
            trimmer.after(size)

    router.add_api_route(QUOTE, quote, methods=["POST"])
    return router


def shown(model: str, estimate: Estimate) -> dict[str, Any]:
    """An estimate as the wire shows it; ``usage`` is what the task's own will be."""
    return {
        "model": model,
        "currency": "USD",
        "exact": estimate.exact,
        **({"usage": usage(estimate.most)} if estimate.exact else {}),
        "least": usage(estimate.least),
        "most": usage(estimate.most),
        "after_fetch": list(estimate.after_fetch),
    }


def usage(charge: Charge) -> dict[str, Any]:
    """Cost and discount as rule W-6 has them."""
    return {"cost": dollars(charge.cost), "discount": float(charge.discount)}
