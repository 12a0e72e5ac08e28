"""Routes that list the models."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Request, Response
from pydantic import Field
from typing_extensions import TypedDict

from kirin.accounts.keys import Scope
from kirin.catalogue.registry import Catalogue
from kirin.errors import UnknownModel
from kirin.http.dialects.dialect import DialectDependencies
from kirin.http.dialects.veo.keys import KEY, admit
from kirin.http.dialects.veo.model_names import VeoName, named, served
from kirin.http.dialects.veo.operation_routes import MODEL, MODEL_NAME
from kirin.http.responses import json_response
from kirin.http.route import Route
from kirin.wire import veo as wire


class VeoModelJson(TypedDict):
    """A model."""

    name: Annotated[str, Field(description="models/NAME")]
    version: Annotated[str, Field(description="The same for all.")]
    displayName: str
    description: str
    supportedGenerationMethods: list[str]


class VeoModelListJson(TypedDict):
    """All models that make videos; there is one page."""

    models: list[VeoModelJson]


LIST: Final = Route(
    method="GET",
    path=wire.MODELS,
    id="listModels",
    summary="The models that make videos",
    scope=Scope.READ,
    parameters=KEY,
    answer=VeoModelListJson,
)
READ: Final = Route(
    method="GET",
    path=MODEL,
    id="getModel",
    summary="One model",
    scope=Scope.READ,
    parameters=(MODEL_NAME, *KEY),
    answer=VeoModelJson,
    errors=(UnknownModel,),
)
ROUTES: Final = (LIST, READ)


def model_json(catalogue: Catalogue, model: VeoName) -> VeoModelJson:
    """A model."""
    if model.alias is None:
        card = catalogue.get(model.name)
        title, description = card.name, card.description
    else:
        title = model.alias.title
        description = f"Made by {model.alias.words} and its sisters."
    return {
        "name": f"models/{model.name}",
        "version": "001",
        "displayName": title,
        "description": description,
        "supportedGenerationMethods": [wire.PREDICT],
    }


def add_model_routes(router: APIRouter, deps: DialectDependencies) -> None:
    """Add the routes under ``/v1beta/models``."""
    authenticator, catalogue = deps.tasks.authenticator, deps.tasks.catalogue

    async def list_models(request: Request) -> Response:
        await admit(authenticator, request, LIST)
        models = [model_json(catalogue, each) for each in served(catalogue)]
        return json_response(VeoModelListJson(models=models))

    async def read_model(request: Request, model: str) -> Response:
        await admit(authenticator, request, READ)
        return json_response(model_json(catalogue, named(catalogue, model)))

    LIST.add_to(router, list_models)
    READ.add_to(router, read_model)
