"""Routes that find models and show their pages (rule N-4). They take no key."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import Field
from starlette.responses import PlainTextResponse
from typing_extensions import TypedDict

from kirin.catalogue.card import Card
from kirin.catalogue.page import model_page
from kirin.catalogue.registry import Catalogue
from kirin.errors import InvalidParameters, Problem, UnknownModel
from kirin.http.base_url import BaseUrl
from kirin.http.models import mentions
from kirin.http.protocols.kirin import GENERATION
from kirin.http.query_parameters import IntegerParameter, Parameter, PathParameter
from kirin.http.responses import json_response
from kirin.http.route import Route

SKILLS = "/model/v1/models/skill"
PROVIDER = "kirin"
MARKDOWN = "text/markdown"


class HitJson(TypedDict):
    """A model that a search has found."""

    id: str
    name: Annotated[str, Field(description="the id once more: clients read the page by it")]
    display_name: str
    description: str
    provider: str
    type: Annotated[str, Field(description="such as image-to-video")]
    tags: Annotated[list[str], Field(description="the type in short, such as i2v")]
    input_modalities: list[str]
    output_modalities: list[str]


class ModelSearchJson(TypedDict):
    """The models that a search has found."""

    hits: list[HitJson]
    query: str
    limit: int
    offset: int
    estimatedTotalHits: int


QUERY = Parameter("q", "words that must all occur; without any, every model is found")
INPUT = Parameter("input", "what it takes: text, image, video or audio")
OUTPUT = Parameter("output", "what it makes")
TYPE = Parameter("type", "such as image-to-video, or i2v in short")
PROVIDED_BY = Parameter("provider", "who provides it; here that is kirin")
LIMIT = IntegerParameter("limit", "how many to show", default=20, maximum=100)

SEARCH = Route(
    method="GET",
    path=f"{SKILLS}/search",
    id="searchModels",
    summary="Find models",
    parameters=(QUERY, INPUT, OUTPUT, TYPE, PROVIDED_BY, LIMIT),
    answer=ModelSearchJson,
    errors=(InvalidParameters,),
)
READ = Route(
    method="GET",
    path=f"{SKILLS}/{{model_id}}",
    id="readModelPage",
    summary="The page of a model, in Markdown",
    parameters=(PathParameter("model_id"),),
    media_types=(MARKDOWN,),
    answer_description="parameters, rules, prices and an example",
    errors=(UnknownModel,),
)
ROUTES = (SEARCH, READ)


def add_skill_routes(router: APIRouter, catalogue: Catalogue, base_url: BaseUrl) -> None:
    """Add the routes under ``/model/v1/models/skill``."""

    async def search(request: Request) -> Response:
        query = request.query_params
        problems: list[Problem] = []
        limit = LIMIT.read(query, problems)
        if problems:
            raise InvalidParameters(problems)
        found = [
            card
            for card in catalogue
            if mentions(card, query.get(QUERY.name))
            and query.get(INPUT.name) in (None, "", *card.input_modalities)
            and query.get(OUTPUT.name) in (None, "", *card.output_modalities)
            and query.get(TYPE.name) in (None, "", card.type, short_type(card.type))
            and query.get(PROVIDED_BY.name) in (None, "", PROVIDER)
        ]
        answer: ModelSearchJson = {
            "hits": [hit_json(card) for card in found[:limit]],
            "query": query.get(QUERY.name, ""),
            "limit": limit,
            "offset": 0,
            "estimatedTotalHits": len(found),
        }
        return json_response(answer)

    async def read(request: Request, model_id: str) -> Response:
        page = model_page(catalogue.get(model_id), f"{base_url.of(request)}{GENERATION}")
        return PlainTextResponse(page, media_type=MARKDOWN)

    SEARCH.add_to(router, search)
    READ.add_to(router, read)


def hit_json(card: Card) -> HitJson:
    """A model that a search has found."""
    return {
        "id": card.id,
        "name": card.id,
        "display_name": card.name,
        "description": card.description,
        "provider": PROVIDER,
        "type": card.type,
        "tags": [short_type(card.type)],
        "input_modalities": list(card.input_modalities),
        "output_modalities": list(card.output_modalities),
    }


def short_type(type: str) -> str:
    """A type in short.

    >>> short_type("image-to-video"), short_type("element")
    ('i2v', 'element')
    """
    source, to, target = type.partition("-to-")
    return f"{source[0]}2{target[0]}" if to else type
