"""The request that creates a task."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kirin_client.models import Created
from kirin_client.requests import Request, given, model, request

GENERATION = "/model/v1/generation"


def body_of(
    model_id: str,
    params: Mapping[str, Any],
    *,
    moderation: bool | None = None,
    metadata: Mapping[str, Any] | None = None,
    parameters: Mapping[str, Any] | None = None,
    seed: int | None = None,
    cache: bool | None = None,
) -> dict[str, Any]:
    """The body of a request that describes a task."""
    return given(
        model=model_id,
        input=[{"params": dict(params)}],
        moderation=moderation,
        metadata=metadata,
        parameters=parameters,
        seed=seed,
        cache=cache,
    )


def once(idempotency_key: str | None) -> dict[str, str]:
    """The header that makes a request count once, where the caller names a key."""
    return {} if idempotency_key is None else {"Idempotency-Key": idempotency_key}


def creation(
    model_id: str, params: Mapping[str, Any], idempotency_key: str | None = None, **options: Any
) -> Request[Created]:
    """The request for a new task."""
    return request(
        "POST",
        GENERATION,
        model(Created),
        body=body_of(model_id, params, **options),
        headers=once(idempotency_key),
        keyed=True,
    )
