"""The HTTP application: an explicit list of routes, handlers and middleware."""

from __future__ import annotations

from fastapi import FastAPI, Response
from starlette.exceptions import HTTPException

from kirin import __version__
from kirin.errors import ApiError
from kirin.http.catalogue import catalogue_routes
from kirin.http.context import RequestContext, answer_api_error, answer_http_error, json_answer
from kirin.http.elements import element_routes
from kirin.http.events import event_routes
from kirin.http.files import file_routes
from kirin.http.generation import generation_routes
from kirin.http.openapi import openapi
from kirin.http.reading import reading_routes
from kirin.http.rooms import Rooms
from kirin.http.watch import Watch
from kirin.http.webhooks import webhook_routes

HEALTH = "/healthz"
OPENAPI = "/openapi.json"


def create_http(rooms: Rooms) -> FastAPI:
    """Build the application."""
    # The framework's own document and pages are off: ours is made from the cards, and its
    # pages would load scripts from elsewhere.
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, title="Kirin")
    watch = Watch(rooms)
    app.include_router(generation_routes(rooms))
    app.include_router(reading_routes(rooms, watch))
    app.include_router(event_routes(rooms, watch))
    app.include_router(catalogue_routes(rooms))
    app.include_router(element_routes(rooms))
    app.include_router(file_routes(rooms))
    app.include_router(webhook_routes(rooms))

    async def health() -> Response:
        return json_answer({"status": "ok", "version": __version__})

    document = openapi(rooms.catalogue)

    async def describe() -> Response:
        return json_answer(document)

    app.add_api_route(HEALTH, health, methods=["GET"])
    app.add_api_route(OPENAPI, describe, methods=["GET"])
    app.add_exception_handler(ApiError, answer_api_error)
    app.add_exception_handler(HTTPException, answer_http_error)
    app.add_middleware(RequestContext, quiet=[HEALTH])
    return app
