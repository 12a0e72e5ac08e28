"""Routes of the catalogue (rule W-11): the models, and what each accepts. They take no key."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Annotated, Any, Literal, NotRequired, cast

from fastapi import APIRouter, Request, Response
from pydantic import Field
from typing_extensions import TypedDict

from kirin.catalogue.card import Card
from kirin.catalogue.registry import Catalogue, other_name
from kirin.catalogue.spec import spec
from kirin.errors import InvalidParameters, Problem, UnknownModel
from kirin.http.base_url import BaseUrl
from kirin.http.packing import public_response
from kirin.http.protocols.kirin import GENERATION
from kirin.http.query_parameters import IntegerParameter, Parameter, PathParameter
from kirin.http.responses import error_json, json_response
from kirin.http.route import Route

MODELS = "/api/v1/skill/models"


class EnvelopeStatusJson(TypedDict):
    """Whether a request of the catalogue succeeded."""

    code: Annotated[int, Field(description="HTTP status")]
    message: str


class ModelJson(TypedDict):
    """A model in the list."""

    id: str
    name: str
    type: Annotated[str, Field(description="such as image-to-video")]
    description: str
    input_modalities: list[str]
    output_modalities: list[str]


class ModelPageJson(TypedDict):
    """A page of models."""

    models: list[ModelJson]
    total: int
    page: int
    page_size: int
    total_pages: int


class ModelListJson(TypedDict):
    """The answer with a page of models."""

    data: ModelPageJson
    status: EnvelopeStatusJson


class EndpointJson(TypedDict):
    """How to send a request for a model."""

    endpoint: str
    method: str
    headers: dict[str, str]


class ConstraintsJson(TypedDict, total=False):
    """What restricts the value of a parameter."""

    enum: list[str]
    default: Any
    min: float
    max: float
    min_length: int
    max_length: int
    min_items: int
    max_items: int


class MediaLimitsJson(TypedDict, total=False):
    """What restricts the file or subject that a parameter refers to."""

    max_bytes: int
    min_side: Annotated[int, Field(description="pixels")]
    max_side: Annotated[int, Field(description="pixels")]
    max_aspect: Annotated[float, Field(description="long side over short side")]
    min_seconds: float
    max_seconds: float
    reference_types: list[str]
    models: Annotated[list[str], Field(description="whose videos apply")]


class ParameterJson(TypedDict):
    """A parameter of a model."""

    name: str
    path: Annotated[str, Field(description="JSON path in the request")]
    type: Literal["string", "number", "integer", "boolean", "object", "array"]
    required: bool
    description: str
    constraints: ConstraintsJson
    example: Any
    format: NotRequired[
        Literal["image", "video", "audio", "task", "element", "face_session", "face", "uri"]
    ]
    limits: NotRequired[MediaLimitsJson]
    children: list[ParameterJson]


class GivenJson(TypedDict):
    """What a request may hold: a parameter, or a field of a list's entries, and its value."""

    param: str
    equals: NotRequired[Any]


class RuleJson(TypedDict):
    """A condition between parameters; what else it has depends on its kind."""

    message: str
    rules: Annotated[Sequence[str], Field(description="rules of the contract")]
    kind: str
    params: NotRequired[Sequence[str]]
    first: NotRequired[Sequence[str]]
    second: NotRequired[Sequence[str]]
    list: NotRequired[Annotated[str, Field(description="name of the list that it refers to")]]
    other: NotRequired[str]
    equals: NotRequired[Any]
    value: NotRequired[Any]
    total: NotRequired[str]
    seconds: NotRequired[dict[str, float]]
    given: NotRequired[GivenJson]
    needs: NotRequired[GivenJson]
    against: NotRequired[GivenJson]
    unless: NotRequired[Sequence[GivenJson]]
    most: NotRequired[int]


class FailureJson(TypedDict):
    """A way in which tasks of a model fail."""

    code: str
    reason: str


class SpecJson(TypedDict):
    """All that a form or a program needs to make a request for a model."""

    model_id: str
    name: str
    vendor: str
    type: str
    description: str
    api: EndpointJson
    parameters: list[ParameterJson]
    rules: list[RuleJson]
    failures: list[FailureJson]
    examples: list[dict[str, Any]]
    agent_prompt: str


class SpecAnswerJson(TypedDict):
    """The answer with the spec of a model."""

    data: SpecJson
    status: EnvelopeStatusJson


PAGE = IntegerParameter("page", default=1)
PAGE_SIZE = IntegerParameter("page_size", default=100, maximum=100)
TYPE = Parameter("type", "such as image-to-video")
KEYWORDS = Parameter("keywords", "words that must all occur")

LIST = Route(
    method="GET",
    path=MODELS,
    id="listModels",
    summary="The models of this server",
    parameters=(PAGE, PAGE_SIZE, TYPE, KEYWORDS),
    answer=ModelListJson,
    errors=(InvalidParameters,),
)
READ_SPEC = Route(
    method="GET",
    path=f"{MODELS}/{{model_id}}/spec",
    id="readSpec",
    summary="Everything that a model accepts",
    parameters=(PathParameter("model_id"),),
    answer=SpecAnswerJson,
    errors=(UnknownModel,),
)
ROUTES = (LIST, READ_SPEC)

SUCCESS: EnvelopeStatusJson = {"code": 200, "message": "success"}


def add_model_routes(router: APIRouter, catalogue: Catalogue, base_url: BaseUrl) -> None:
    """Add the routes under ``/api/v1/skill/models``."""

    async def list_models(request: Request) -> Response:
        query = request.query_params
        problems: list[Problem] = []
        page, size = PAGE.read(query, problems), PAGE_SIZE.read(query, problems)
        if problems:
            raise InvalidParameters(problems)
        found = [
            card
            for card in catalogue
            if query.get(TYPE.name) in (None, "", card.type)
            and mentions(card, query.get(KEYWORDS.name))
        ]
        data: ModelPageJson = {
            "models": [model_json(card) for card in found[(page - 1) * size : page * size]],
            "total": len(found),
            "page": page,
            "page_size": size,
            "total_pages": ceil(len(found) / size),
        }
        return public_response(request, ModelListJson(data=data, status=SUCCESS))

    async def read_spec(request: Request, model_id: str) -> Response:
        try:
            card = catalogue.get(model_id)
        except UnknownModel as error:
            return unknown_model(request, error)
        data = cast(SpecJson, spec(card, f"{base_url.of(request)}{GENERATION}"))
        return public_response(request, SpecAnswerJson(data=data, status=SUCCESS))

    LIST.add_to(router, list_models)
    READ_SPEC.add_to(router, read_spec)


def unknown_model(request: Request, error: UnknownModel) -> Response:
    """The answer about no model: the envelope of the catalogue, and the members of every error."""
    status: EnvelopeStatusJson = {"code": error.status, "message": error.message}
    body = error_json(error, request.scope["request_id"])
    return json_response({"data": None, "status": status, **body}, error.status)


def model_json(card: Card) -> ModelJson:
    """A model in the list."""
    return {
        "id": card.id,
        "name": card.name,
        "type": card.type,
        "description": card.description,
        "input_modalities": list(card.input_modalities),
        "output_modalities": list(card.output_modalities),
    }


def mentions(card: Card, keywords: str | None) -> bool:
    """Whether all the words occur in a model's id, other id, name, type or description."""
    ids = f"{card.id} {other_name(card.id) or ''}"
    text = f"{ids} {card.name} {card.type} {card.description}".lower()
    return all(word in text for word in (keywords or "").lower().split())
