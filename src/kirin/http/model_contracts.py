"""The route of models' contracts (rule N-5). It takes no key."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired, cast

from fastapi import APIRouter, Request, Response
from pydantic import Field
from typing_extensions import TypedDict

from kirin.catalogue.contract import contract
from kirin.catalogue.registry import Catalogue
from kirin.errors import UnknownModel
from kirin.http.models import SUCCESS, EnvelopeStatusJson, unknown_model
from kirin.http.query_parameters import PathParameter
from kirin.http.queue import path_of
from kirin.http.responses import json_response
from kirin.http.route import Route

CONTRACTS = "/api/v1/skill/model-contracts"


class ContractEndpointJson(TypedDict):
    """Where one step of a request goes."""

    method: str
    path: Annotated[str, Field(description="on this server; {request_id} is to be replaced")]


class ContractEndpointsJson(TypedDict):
    """Where a request is sent, followed and cancelled."""

    submit: ContractEndpointJson
    status: ContractEndpointJson
    result: ContractEndpointJson
    cancel: ContractEndpointJson


class PrerequisiteJson(TypedDict):
    """A parameter that takes the result of another model."""

    field: str
    source_model: str
    context_kind: str
    source_path: Annotated[str, Field(description="where it stands in the other model's task")]
    notes: str


class InputRuleJson(TypedDict):
    """A condition between parameters."""

    kind: Literal["one_of", "at_least_one", "requires", "mutually_exclusive"]
    fields: NotRequired[list[str]]
    when: NotRequired[
        Annotated[dict[str, Any], Field(description="values with which the rule applies")]
    ]
    required: NotRequired[list[str]]
    notes: str


class ContractJson(TypedDict):
    """What a model takes, for programs that check a request before they send it."""

    schema_version: Literal["model-contract.v1"]
    revision: Annotated[str, Field(description="another one whenever anything in it is different")]
    model_id: str
    display_name: str
    family: str
    kind: Literal["multimodal"]
    protocol: Literal["queue"]
    body_mode: Literal["raw_json"]
    endpoints: ContractEndpointsJson
    input_schema: Annotated[dict[str, Any], Field(description="JSON Schema of the parameters")]
    examples: list[dict[str, Any]]
    prerequisites: list[PrerequisiteJson]
    input_rules: list[InputRuleJson]


class ContractAnswerJson(TypedDict):
    """The answer with the contract of a model."""

    data: ContractJson
    status: EnvelopeStatusJson


READ = Route(
    method="GET",
    path=f"{CONTRACTS}/{{model_id}}",
    id="readContract",
    summary="The contract of a model, to check requests by",
    parameters=(PathParameter("model_id"),),
    answer=ContractAnswerJson,
    errors=(UnknownModel,),
)
ROUTES = (READ,)


def add_contract_routes(router: APIRouter, catalogue: Catalogue) -> None:
    """Add the route under ``/api/v1/skill/model-contracts``."""

    async def read_contract(request: Request, model_id: str) -> Response:
        try:
            card = catalogue.get(model_id)
        except UnknownModel as error:
            return unknown_model(request, error)
        data = cast(ContractJson, contract(card, path_of(card.id)))
        return json_response(ContractAnswerJson(data=data, status=SUCCESS))

    READ.add_to(router, read_contract)
