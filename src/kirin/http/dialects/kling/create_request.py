"""Requests for tasks: the parameters of a model under their own names, and ``model_name``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kirin.domain.request import RequestOptions, TaskRequest
from kirin.errors import InvalidParameters, Problem
from kirin.http.bodies import parse_object
from kirin.http.dialects.kling.models import MODEL_NAME, PathModels

NAME: Final = "kling"
"""Of the dialect, as tasks keep it."""


@dataclass(frozen=True)
class KlingRequestReader:
    """Reads a body sent to a path."""

    models: PathModels

    def __call__(self, body: bytes) -> tuple[TaskRequest, tuple[bytes, ...]]:
        """What a body asks for, and what only a repetition of it shares with it.

        Raises:
            MalformedBody: it is no JSON object.
            InvalidParameters: with what is wrong.
            UnknownModel: the path has no such model.
        """
        params = parse_object(body)
        card = self.models.card(params)
        if self.models.names:
            params = {name: value for name, value in params.items() if name != MODEL_NAME}
            if "model" in params:
                message = "the name of the model goes into model_name"
                raise InvalidParameters([Problem("model", "unknown_parameter", message)])
        options = RequestOptions(origin={"dialect": NAME})
        return TaskRequest(card.id, params, options), (self.models.path.encode() + b"\n", body)
