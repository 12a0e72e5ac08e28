"""What tasks would cost, and what would be shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kirin_client.models import Precharge, Quote
from kirin_client.operations import Operation
from kirin_client.requests import Request, request
from kirin_client.requests import model as model_of
from kirin_client.routes.creation import GENERATION, body_of


class QuoteRoutes:
    """Quotes: nothing is made, and nothing is charged."""

    @Operation
    def quote(
        self,
        model: str,
        params: Mapping[str, Any],
        *,
        moderation: bool | None = None,
        metadata: Mapping[str, Any] | None = None,
        parameters: Mapping[str, Any] | None = None,
        seed: int | None = None,
        cache: bool | None = None,
    ) -> Request[Quote]:
        """What a task would cost and show."""
        body = body_of(
            model,
            params,
            moderation=moderation,
            metadata=metadata,
            parameters=parameters,
            seed=seed,
            cache=cache,
        )
        return request("POST", "/model/v1/quote", model_of(Quote), body=body, repeatable=True)

    @Operation
    def precharge(
        self,
        model: str,
        params: Mapping[str, Any],
        *,
        moderation: bool | None = None,
        metadata: Mapping[str, Any] | None = None,
        parameters: Mapping[str, Any] | None = None,
        seed: int | None = None,
        cache: bool | None = None,
    ) -> Request[Precharge]:
        """What a task would cost, as clients of the family ask for it."""
        body = body_of(
            model,
            params,
            moderation=moderation,
            metadata=metadata,
            parameters=parameters,
            seed=seed,
            cache=cache,
        )
        return request(
            "POST", f"{GENERATION}/precharge", model_of(Precharge), body=body, repeatable=True
        )
