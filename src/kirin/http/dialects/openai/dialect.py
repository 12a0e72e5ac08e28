"""The dialect, put together."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from kirin.http.dialects.dialect import DialectDependencies, ServedDialect
from kirin.http.dialects.openai import models, video_routes
from kirin.http.dialects.openai.errors import ERRORS
from kirin.http.dialects.openai.models import add_model_routes
from kirin.http.dialects.openai.videos import POLL_HEADER, add_video_routes

SDK_HEADERS: Final = (
    "Arch",
    "Helper-Method",
    "Lang",
    "OS",
    "Package-Version",
    "Poll-Helper",
    "Read-Timeout",
    "Custom-Poll-Interval",
    "Retry-Count",
    "Runtime",
    "Runtime-Version",
    "Timeout",
)
"""What the SDKs tell of themselves with each request."""


def add_routes(router: APIRouter, spoken: DialectDependencies) -> None:
    """Add all routes."""
    add_video_routes(router, spoken)
    add_model_routes(router, spoken)


OPENAI: Final = ServedDialect(
    name="openai",
    title="OpenAI videos",
    description="Videos as the SDKs of OpenAI ask for them: create, poll, download.",
    paths=("/v1",),
    routes=(*video_routes.ROUTES, *models.ROUTES),
    add_routes=add_routes,
    errors=ERRORS,
    request_headers=(
        "OpenAI-Organization",
        "OpenAI-Project",
        *(f"X-Stainless-{name}" for name in SDK_HEADERS),
    ),
    response_headers=(POLL_HEADER, "X-Should-Retry"),
)
