"""The dialect, put together."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from kirin.http.dialects.dialect import DialectDependencies, ServedDialect
from kirin.http.dialects.veo import models, operation_routes
from kirin.http.dialects.veo.errors import ERRORS
from kirin.http.dialects.veo.models import add_model_routes
from kirin.http.dialects.veo.operation_json import NAME
from kirin.http.dialects.veo.operations import add_operation_routes
from kirin.wire import veo as wire


def add_routes(router: APIRouter, spoken: DialectDependencies) -> None:
    """Add all routes."""
    add_operation_routes(router, spoken)
    add_model_routes(router, spoken)


VEO: Final = ServedDialect(
    name=NAME,
    title="Veo in the Gemini API",
    description="Videos as Google's SDK asks for them: generate, poll the operation, download.",
    paths=(wire.BASE,),
    routes=(*operation_routes.ROUTES, *models.ROUTES),
    add_routes=add_routes,
    errors=ERRORS,
    request_headers=(wire.KEY_HEADER, "X-Goog-Api-Client"),
)
