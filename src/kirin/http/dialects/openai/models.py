"""Routes that list the models."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Request, Response
from pydantic import Field
from typing_extensions import TypedDict

from kirin.accounts.keys import Scope
from kirin.errors import UnknownModel
from kirin.http.dialects.dialect import DialectDependencies
from kirin.http.dialects.openai.model_names import known, names
from kirin.http.query_parameters import PathParameter
from kirin.http.responses import json_response
from kirin.http.route import Route

CREATED: Final = 1_767_225_600
"""Models have no date here, and clients want one: the start of 2026."""


class OpenAIModelJson(TypedDict):
    """A model."""

    id: str
    object: Literal["model"]
    created: Annotated[int, Field(description="The same for all.")]
    owned_by: str


class OpenAIModelListJson(TypedDict):
    """All models that make videos."""

    object: Literal["list"]
    data: list[OpenAIModelJson]


LIST: Final = Route(
    method="GET",
    path="/v1/models",
    id="listModels",
    summary="The models that make videos",
    scope=Scope.READ,
    answer=OpenAIModelListJson,
)
READ: Final = Route(
    method="GET",
    path="/v1/models/{model}",
    id="retrieveModel",
    summary="One model",
    scope=Scope.READ,
    parameters=(PathParameter("model", "id of the model"),),
    answer=OpenAIModelJson,
    errors=(UnknownModel,),
)
ROUTES: Final = (LIST, READ)


def model_json(name: str) -> OpenAIModelJson:
    """A model."""
    return {"id": name, "object": "model", "created": CREATED, "owned_by": "kirin"}


def add_model_routes(router: APIRouter, deps: DialectDependencies) -> None:
    """Add the routes under ``/v1/models``."""
    admit, catalogue = deps.tasks.authenticator.admit, deps.tasks.catalogue

    async def list_models(request: Request) -> Response:
        await admit(request, LIST)
        data = [model_json(name) for name in names(catalogue)]
        return json_response(OpenAIModelListJson(object="list", data=data))

    async def read_model(request: Request, model: str) -> Response:
        await admit(request, READ)
        return json_response(model_json(known(catalogue, model)))

    LIST.add_to(router, list_models)
    READ.add_to(router, read_model)
