"""Routes of the catalogue (rule W-11): what models there are and what they take. No key."""

from __future__ import annotations

from math import ceil

from fastapi import APIRouter, Request, Response

from kirin.catalogue.card import Card
from kirin.catalogue.spec import spec
from kirin.errors import InvalidParameters, Problem, UnknownModel
from kirin.http.context import error_answer, json_answer
from kirin.http.protocols.kirin import GENERATION
from kirin.http.queries import whole
from kirin.http.rooms import Rooms

MODELS = "/api/v1/skill/models"
PAGE_SIZE_LIMIT = 100


def catalogue_routes(rooms: Rooms) -> APIRouter:
    """The routes under ``/api/v1/skill/models``."""
    router = APIRouter()

    async def list_models(request: Request) -> Response:
        query = request.query_params
        problems: list[Problem] = []
        page = whole(query, "page", 1, None, problems)
        page_size = whole(query, "page_size", 20, PAGE_SIZE_LIMIT, problems)
        if problems:
            raise InvalidParameters(problems)
        found = [
            card
            for card in rooms.catalogue
            if query.get("type") in (None, "", card.type) and mentions(card, query.get("keywords"))
        ]
        return json_answer(
            envelope(
                {
                    "models": [entry(c) for c in found[(page - 1) * page_size : page * page_size]],
                    "total": len(found),
                    "page": page,
                    "page_size": page_size,
                    "total_pages": ceil(len(found) / page_size),
                }
            )
        )

    async def read_spec(request: Request, id: str) -> Response:
        try:
            card = rooms.catalogue.get(id)
        except UnknownModel as error:
            # Both worlds: the envelope of the catalogue, and the fields of every error.
            answer = error_answer(error, request.scope["request_id"])
            return json_answer(
                {
                    **envelope(None, 404, error.message),
                    "code": error.code,
                    "message": error.message,
                    "request_id": request.scope["request_id"],
                },
                answer.status_code,
            )
        return json_answer(envelope(spec(card, f"{rooms.base_url(request)}{GENERATION}")))

    router.add_api_route(MODELS, list_models, methods=["GET"])
    router.add_api_route(f"{MODELS}/{{id}}/spec", read_spec, methods=["GET"])
    return router


def envelope(data: object, code: int = 200, message: str = "success") -> dict[str, object]:
    """What the catalogue's answers come in."""
    return {"data": data, "status": {"code": code, "message": message}}


def entry(card: Card) -> dict[str, object]:
    """A model in the list."""
    return {
        "id": card.id,
        "name": card.name,
        "type": card.type,
        "description": card.description,
        "input_modalities": card.input_modalities,
        "output_modalities": card.output_modalities,
    }


def mentions(card: Card, keywords: str | None) -> bool:
    """Whether all the words stand in a model's id, name, type or description."""
    text = f"{card.id} {card.name} {card.type} {card.description}".lower()
    return all(word in text for word in (keywords or "").lower().split())
