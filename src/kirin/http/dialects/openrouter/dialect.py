"""The dialect, put together."""

from __future__ import annotations

from typing import Final

from kirin.http.dialects.dialect import ServedDialect
from kirin.http.dialects.openrouter import video_routes
from kirin.http.dialects.openrouter.create_request import NAME
from kirin.http.dialects.openrouter.errors import ERRORS
from kirin.http.dialects.openrouter.videos import add_video_routes
from kirin.wire.openrouter import VIDEOS

OPENROUTER: Final = ServedDialect(
    name=NAME,
    title="OpenRouter videos",
    description="Videos as the SDKs of OpenRouter ask for them: create, poll, download.",
    paths=(VIDEOS,),
    routes=video_routes.ROUTES,
    add_routes=add_video_routes,
    errors=ERRORS,
    request_headers=(
        "HTTP-Referer",
        "X-OpenRouter-Categories",
        "X-OpenRouter-Title",
        "X-Title",
    ),
)
