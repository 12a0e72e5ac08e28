"""Addresses: below a prefix of the dialect's own, and without it where nobody else has them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

from fastapi import APIRouter, Response

from kirin.http.dialects.replicate.prediction_json import PREFIX
from kirin.http.route import Route

TAKEN: Final = ("/v1/models",)
"""What another dialect has."""

PATHS: Final = (
    PREFIX,
    "/v1/account",
    "/v1/files",
    "/v1/models/{}/{}",
    "/v1/predictions",
    "/v1/webhooks/default",
)
"""Patterns of all addresses: more exact ones than ``/v1``."""


def bare(route: Route) -> Route | None:
    """The same route without the prefix; ``None`` where it is another dialect's.

    A program that has never heard of the prefix runs by the server's address alone.
    """
    path = route.path.removeprefix(PREFIX)
    return None if path in TAKEN else replace(route, path=path, id=f"bare.{route.id}")


def serve(router: APIRouter, route: Route, handler: Callable[..., Awaitable[Response]]) -> None:
    """Serve a route at both of its addresses."""
    for each in (route, bare(route)):
        if each is not None:
            each.add_to(router, handler)
