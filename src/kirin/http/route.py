"""A route declared once: what the router serves and what the OpenAPI document describes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, Response

from kirin.accounts.keys import Scope
from kirin.errors import ApiError
from kirin.http.query_parameters import Parameter

Schema = dict[str, Any]

JSON = "application/json"

BEARER = ("bearer",)
"""The scheme in which keys come, where nothing else is said."""


@dataclass(frozen=True, kw_only=True)
class Route:
    """A method and a path.

    Attributes:
        method: such as ``GET``.
        path: with parameters in braces; ``{name:path}`` takes slashes too.
        id: ``operationId`` of the document.
        scope: what an API key needs to be accepted; ``None`` takes no key.
        parameters: of path, query and headers.
        body: what a JSON body holds: a model, or the name of one of the document's schemas.
        answer: what a JSON answer holds, likewise; ``None`` is any object.
        media_types: of answers other than JSON; where there are any, ``answer`` adds JSON only
            if it is set.
        errors: that the handler raises, beyond those that follow from ``scope`` and ``body``.
        request_body: of a body that is not JSON, as OpenAPI describes it.
        other_responses: further statuses, as OpenAPI describes them.
        head: whether HEAD is answered too.
        status: of the answer where nothing went wrong.
        schemes: in which the Authorization header may bring the key, in small letters, the usual
            one first.
    """

    method: str
    path: str
    id: str
    summary: str
    scope: Scope | None = None
    parameters: Sequence[Parameter] = ()
    body: Any = None
    answer: Any = None
    media_types: Sequence[str] = ()
    answer_description: str = "done"
    errors: Sequence[type[ApiError]] = ()
    request_body: Schema | None = None
    other_responses: Mapping[str, Schema] = field(default_factory=dict)
    head: bool = False
    status: int = 200
    schemes: Sequence[str] = BEARER

    def add_to(
        self, router: APIRouter, handler: Callable[..., Awaitable[Response]], prefix: str = ""
    ) -> None:
        """Serve the route with a handler, which takes the path's parameters by name.

        Args:
            prefix: before its path.
        """
        methods = [self.method, "HEAD"] if self.head else [self.method]
        # The framework's own models of answers would copy and check each answer once more.
        router.add_api_route(prefix + self.path, handler, methods=methods, response_model=None)
