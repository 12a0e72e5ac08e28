"""Routes of models: what they are called, and the schema of their input."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Request, Response
from pydantic import Field
from typing_extensions import TypedDict

from kirin.accounts.keys import Scope
from kirin.catalogue.schema import params_schema
from kirin.catalogue.structures import described_schema
from kirin.errors import NotFound, UnknownModel
from kirin.http.dialects.dialect import DialectDependencies
from kirin.http.dialects.replicate.addresses import serve
from kirin.http.dialects.replicate.create_request import CALLBACK
from kirin.http.dialects.replicate.model_names import ModelNames, NamedModel
from kirin.http.dialects.replicate.prediction_json import ROOT
from kirin.http.dialects.replicate.prediction_routes import MODEL, MODEL_NAME, SCHEMES
from kirin.http.query_parameters import PathParameter
from kirin.http.responses import json_response
from kirin.http.route import Route
from kirin.wire import replicate as wire
from kirin.wire.replicate import HostedModel

CREATED: Final = "2026-01-01T00:00:00.000Z"
"""Versions have no date here, and clients want one."""

COG: Final = "none"
"""What packages Replicate's models, which clients want to know the version of."""


class HostedVersionJson(TypedDict):
    """The only version of a model."""

    id: Annotated[str, Field(description="Stays the same.")]
    created_at: Annotated[str, Field(description="The same for all.")]
    cog_version: str
    openapi_schema: Annotated[
        dict[str, Any], Field(description="Its schemas `Input` and `Output`.")
    ]


class HostedModelJson(TypedDict):
    """A model that makes videos."""

    url: str
    owner: str
    name: str
    description: str
    visibility: Literal["public"]
    github_url: str | None
    paper_url: str | None
    license_url: str | None
    run_count: int
    cover_image_url: str | None
    default_example: None
    latest_version: HostedVersionJson


class HostedModelPageJson(TypedDict):
    """All models, on one page."""

    previous: None
    next: None
    results: list[HostedModelJson]


class HostedVersionPageJson(TypedDict):
    """The versions of a model, on one page."""

    previous: None
    next: None
    results: list[HostedVersionJson]


LIST: Final = Route(
    method="GET",
    path=f"{ROOT}{wire.MODELS}",
    id="models.list",
    summary="The models that make videos",
    scope=Scope.READ,
    schemes=SCHEMES,
    answer=HostedModelPageJson,
)
READ: Final = Route(
    method="GET",
    path=MODEL,
    id="models.get",
    summary="A model, with the schema of its input",
    scope=Scope.READ,
    schemes=SCHEMES,
    parameters=MODEL_NAME,
    answer=HostedModelJson,
    errors=(UnknownModel,),
)
LIST_VERSIONS: Final = Route(
    method="GET",
    path=f"{MODEL}/versions",
    id="models.versions.list",
    summary="The versions of a model, of which there is one",
    scope=Scope.READ,
    schemes=SCHEMES,
    parameters=MODEL_NAME,
    answer=HostedVersionPageJson,
    errors=(UnknownModel,),
)
READ_VERSION: Final = Route(
    method="GET",
    path=f"{MODEL}/versions/{{version_id}}",
    id="models.versions.get",
    summary="A version of a model",
    scope=Scope.READ,
    schemes=SCHEMES,
    parameters=(*MODEL_NAME, PathParameter("version_id", "id of the version")),
    answer=HostedVersionJson,
    errors=(UnknownModel, NotFound),
)
ROUTES: Final = (LIST, READ, LIST_VERSIONS, READ_VERSION)


def add_model_routes(router: APIRouter, spoken: DialectDependencies, models: ModelNames) -> None:
    """Add the routes of models."""
    admit, base_url = spoken.tasks.authenticator.admit, spoken.tasks.base_url

    async def list_models(request: Request) -> Response:
        await admit(request, LIST)
        base = base_url.of(request)
        shown = [model_json(model, base) for model in models.by_name.values()]
        return json_response(HostedModelPageJson(previous=None, next=None, results=shown))

    async def read_model(request: Request, owner: str, name: str) -> Response:
        await admit(request, READ)
        return json_response(model_json(models.get(owner, name), base_url.of(request)))

    async def list_versions(request: Request, owner: str, name: str) -> Response:
        await admit(request, LIST_VERSIONS)
        shown = [version_json(models.get(owner, name))]
        return json_response(HostedVersionPageJson(previous=None, next=None, results=shown))

    async def read_version(request: Request, owner: str, name: str, version_id: str) -> Response:
        await admit(request, READ_VERSION)
        model = models.get(owner, name)
        known = {model.version, *(model.hosted.versions if model.hosted else ())}
        if version_id not in known:
            raise NotFound(f"{model.name} has the version {model.version} alone")
        return json_response({**version_json(model), "id": version_id})

    serve(router, LIST, list_models)
    serve(router, LIST_VERSIONS, list_versions)
    serve(router, READ_VERSION, read_version)
    serve(router, READ, read_model)


def model_json(model: NamedModel, base_url: str) -> HostedModelJson:
    """A model as the clients read it."""
    owner, _, name = model.name.partition("/")
    return {
        "url": f"{base_url}{ROOT}{wire.MODELS}/{model.name}",
        "owner": owner,
        "name": name,
        "description": model.cards[-1].description,
        "visibility": "public",
        "github_url": None,
        "paper_url": None,
        "license_url": None,
        "run_count": 0,
        "cover_image_url": None,
        "default_example": None,
        "latest_version": version_json(model),
    }


def version_json(model: NamedModel) -> HostedVersionJson:
    """The version of a model."""
    return {
        "id": model.version,
        "created_at": CREATED,
        "cog_version": COG,
        "openapi_schema": {
            "openapi": "3.1.0",
            "info": {"title": model.name, "version": model.version},
            "paths": {},
            "components": {
                "schemas": {
                    "Input": input_schema(model),
                    "Output": {"type": "string", "format": "uri", "title": "Output"},
                }
            },
        },
    }


def input_schema(model: NamedModel) -> Mapping[str, Any]:
    """JSON Schema of a model's input."""
    if model.hosted is not None:
        return hosted_schema(model, model.hosted)
    schema = params_schema(model.cards[0])
    bare = schema["anyOf"][0] if "properties" not in schema else schema
    bare["properties"].pop(CALLBACK, None)
    return schema


def hosted_schema(model: NamedModel, hosted: HostedModel) -> Mapping[str, Any]:
    """JSON Schema of an input under Replicate's names."""
    known = {each.name: each for card in model.cards for each in card.parameters}
    properties: dict[str, Any] = {}
    for order, member in enumerate(hosted.inputs):
        schema = described_schema(known[member.parameter])
        if member.words:
            schema = {"enum": list(member.words), "description": schema["description"]}
        elif member.name == wire.SHOTS:
            schema = {"type": "string", "description": "A JSON array of shots: prompt, duration."}
        if member.name in hosted.defaults:
            schema["default"] = hosted.defaults[member.name]
        properties[member.name] = {**schema, "x-order": order}
    needed = {
        member.name
        for member in hosted.inputs
        if all(
            any(each.name == member.parameter and each.required for each in card.parameters)
            for card in model.cards
        )
    }
    return {
        "type": "object",
        "title": "Input",
        "properties": properties,
        "required": sorted(needed),
        "additionalProperties": False,
    }
