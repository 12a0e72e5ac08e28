"""The HTTP application: an explicit list of routes, handlers and middleware."""

from __future__ import annotations

from fastapi import FastAPI, Response
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware

from kirin.clock import now_ms
from kirin.errors import ApiError
from kirin.http.admin import admin_routes
from kirin.http.admin_keys import admin_key_routes
from kirin.http.books import book_routes
from kirin.http.catalogue import catalogue_routes
from kirin.http.context import (
    DATABASE_AWAY,
    RequestContext,
    answer_api_error,
    answer_database_away,
    answer_http_error,
    json_answer,
)
from kirin.http.elements import element_routes
from kirin.http.events import event_routes
from kirin.http.files import file_routes
from kirin.http.generation import generation_routes
from kirin.http.health import HEALTH, METRICS, READY, health_routes
from kirin.http.metrics import Metrics
from kirin.http.observed import Observed
from kirin.http.openapi import openapi
from kirin.http.quote import quote_routes
from kirin.http.reading import reading_routes
from kirin.http.rooms import Rooms
from kirin.http.uploads import upload_routes
from kirin.http.usage import usage_routes
from kirin.http.watch import Watch
from kirin.http.webhooks import webhook_routes

OPENAPI = "/openapi.json"

SENT = ["Authorization", "Content-Type", "Idempotency-Key", "Last-Event-ID", "X-Request-Id"]
"""Headers that pages of other origins may send, where any may call."""

TOLD = [
    "Idempotent-Replayed",
    "RateLimit-Limit",
    "RateLimit-Remaining",
    "RateLimit-Reset",
    "Retry-After",
    "X-Request-Id",
]
"""Headers of answers that they may read."""


def create_http(rooms: Rooms) -> FastAPI:
    """Build the application."""
    # The framework's own document and pages are off: ours is made from the cards, and its
    # pages would load scripts from elsewhere.
    # Its own telemetry, too: it would record messages of errors, which may tell what users wrote.
    app = FastAPI(
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        title="Kirin",
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    watch = Watch(rooms)
    app.include_router(generation_routes(rooms))
    app.include_router(reading_routes(rooms, watch))
    app.include_router(event_routes(rooms, watch))
    app.include_router(catalogue_routes(rooms))
    app.include_router(element_routes(rooms))
    app.include_router(file_routes(rooms))
    app.include_router(upload_routes(rooms))
    app.include_router(webhook_routes(rooms))
    app.include_router(quote_routes(rooms))
    app.include_router(usage_routes(rooms))
    app.include_router(admin_routes(rooms))
    app.include_router(admin_key_routes(rooms))
    app.include_router(book_routes(rooms))

    metrics = Metrics(rooms.database, now_ms)
    app.include_router(health_routes(rooms, metrics))

    document = openapi(rooms.catalogue)

    async def describe() -> Response:
        return json_answer(document)

    app.add_api_route(OPENAPI, describe, methods=["GET"])
    app.add_exception_handler(ApiError, answer_api_error)
    app.add_exception_handler(HTTPException, answer_http_error)
    for kind in DATABASE_AWAY:
        app.add_exception_handler(kind, answer_database_away)
    app.add_middleware(RequestContext, quiet=[HEALTH, READY, METRICS])
    app.add_middleware(Observed, metrics=metrics)
    if rooms.cors_origins:
        # Keys come in a header that scripts must set, so no cookies are let through.
        app.add_middleware(
            CORSMiddleware,
            allow_origins=rooms.cors_origins,
            allow_methods=["GET", "POST", "PATCH", "DELETE"],
            allow_headers=SENT,
            expose_headers=TOLD,
            max_age=600,
        )
    return app
