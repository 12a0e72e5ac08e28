"""The dialect, put together."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from kirin.http.dialects.dialect import DialectDependencies, ServedDialect
from kirin.http.dialects.fal import hosts, request_routes, storage_routes
from kirin.http.dialects.fal.endpoints import NAME
from kirin.http.dialects.fal.errors import ERRORS
from kirin.http.dialects.fal.hosts import add_proxy_routes
from kirin.http.dialects.fal.requests import add_request_routes
from kirin.http.dialects.fal.storage import add_storage_routes
from kirin.wire import fal


def add_routes(router: APIRouter, spoken: DialectDependencies) -> None:
    """Add all routes: those of endpoints, whose names may be anything, last."""
    add_proxy_routes(router)
    add_storage_routes(router, spoken)
    add_request_routes(router, spoken)


FAL: Final = ServedDialect(
    name=NAME,
    title="fal queue",
    description="Requests as the clients of fal make them: submit, follow, read the result.",
    paths=(request_routes.QUEUE,),
    routes=(*hosts.ROUTES, *storage_routes.ROUTES, *request_routes.ROUTES),
    add_routes=add_routes,
    errors=ERRORS,
    request_headers=fal.REQUEST_HEADERS,
    response_headers=(fal.REQUEST_ID, fal.ERROR_TYPE, fal.TIMEOUT_TYPE),
)
