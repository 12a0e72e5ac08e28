"""The addresses of predictions, as the OpenAPI document describes them."""

from __future__ import annotations

from typing import Final

from kirin.accounts.keys import Scope
from kirin.errors import (
    InvalidParameters,
    TooManyWaiting,
    UnknownTask,
)
from kirin.http.dialects.replicate.prediction_json import ROOT, PredictionJson, PredictionPageJson
from kirin.http.query_parameters import Header, Parameter, PathParameter
from kirin.http.route import JSON, Route, Schema
from kirin.http.tasks.idempotency import IDEMPOTENCY_KEY
from kirin.http.tasks.intake import SUBMITTING_ERRORS
from kirin.wire import replicate as wire

SCHEMES: Final = ("bearer", "token")
"""In which keys come: the second is of older clients."""

PREDICTIONS: Final = f"{ROOT}{wire.PREDICTIONS}"
PREDICTION: Final = f"{PREDICTIONS}/{{prediction_id}}"
MODEL: Final = f"{ROOT}{wire.MODELS}/{{owner}}/{{name}}"

PREDICTION_ID: Final = PathParameter("prediction_id", "id of the prediction")
MODEL_NAME: Final = (PathParameter("owner"), PathParameter("name"))
CURSOR: Final = Parameter("cursor", "as next or previous of another page has it")
CREATED_AFTER: Final = Parameter("created_after", "ISO 8601: created then or later")
CREATED_BEFORE: Final = Parameter("created_before", "ISO 8601: created earlier")
PREFER: Final = Header("Prefer", "wait, or wait=n: seconds to wait for the end, at most 60")

_INPUT: Final[Schema] = {
    "input": {
        "type": "object",
        "description": "Parameters of the model: the schema `Input` of its `openapi_schema`.",
    },
    "webhook": {"type": "string", "format": "uri"},
    "webhook_events_filter": {
        "type": "array",
        "items": {"type": "string", "enum": list(wire.EVENTS)},
    },
}
_VERSION: Final[Schema] = {
    "version": {"type": "string", "description": "owner/name, the id of a version, or both"}
}


def _body(properties: Schema) -> Schema:
    schema = {"type": "object", "properties": properties}
    return {"required": True, "content": {JSON: {"schema": schema}}}


_CREATING_ERRORS: Final = (*SUBMITTING_ERRORS, TooManyWaiting)

CREATE: Final = Route(
    method="POST",
    path=PREDICTIONS,
    id="predictions.create",
    summary="Create a prediction by a version of a model",
    scope=Scope.GENERATE,
    schemes=SCHEMES,
    parameters=(PREFER, IDEMPOTENCY_KEY),
    request_body=_body({**_VERSION, **_INPUT}),
    answer=PredictionJson,
    status=201,
    errors=_CREATING_ERRORS,
)
CREATE_BY_MODEL: Final = Route(
    method="POST",
    path=f"{MODEL}{wire.PREDICTIONS}",
    id="models.predictions.create",
    summary="Create a prediction by a model",
    scope=Scope.GENERATE,
    schemes=SCHEMES,
    parameters=(*MODEL_NAME, PREFER, IDEMPOTENCY_KEY),
    request_body=_body(_INPUT),
    answer=PredictionJson,
    status=201,
    errors=_CREATING_ERRORS,
)
LIST: Final = Route(
    method="GET",
    path=PREDICTIONS,
    id="predictions.list",
    summary="The account's predictions, the newest first",
    scope=Scope.READ,
    schemes=SCHEMES,
    parameters=(CURSOR, CREATED_AFTER, CREATED_BEFORE),
    answer=PredictionPageJson,
    errors=(InvalidParameters,),
)
READ: Final = Route(
    method="GET",
    path=PREDICTION,
    id="predictions.get",
    summary="A prediction, finished or to come",
    scope=Scope.READ,
    schemes=SCHEMES,
    parameters=(PREDICTION_ID,),
    answer=PredictionJson,
    errors=(UnknownTask,),
)
CANCEL: Final = Route(
    method="POST",
    path=f"{PREDICTION}/cancel",
    id="predictions.cancel",
    summary="Cancel a prediction; one that has ended stays as it is",
    scope=Scope.GENERATE,
    schemes=SCHEMES,
    parameters=(PREDICTION_ID,),
    answer=PredictionJson,
    errors=(UnknownTask,),
)
ROUTES: Final = (CREATE, CREATE_BY_MODEL, LIST, READ, CANCEL)
