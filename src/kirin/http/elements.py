"""Routes of the subject library (rule EL-5); subjects are made by tasks, like videos."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from kirin.domain.element import Element
from kirin.errors import UnknownElement
from kirin.http.context import json_answer
from kirin.http.rooms import Rooms

ELEMENTS = "/model/v1/elements"


def element_routes(rooms: Rooms) -> APIRouter:
    """The routes under ``/model/v1/elements``."""
    router = APIRouter()

    def account(request: Request) -> str:
        return rooms.authenticator.account(request.headers.get("Authorization"))

    async def list_elements(request: Request) -> Response:
        def look() -> list[Element]:
            return rooms.library.all(account(request))

        return json_answer({"elements": [present(element) for element in rooms.look(look)]})

    async def read(request: Request, id: str) -> Response:
        def look() -> Element:
            return rooms.library.get(account(request), number(id))

        return json_answer(present(rooms.look(look)))

    async def delete(request: Request, id: str) -> Response:
        def remove() -> None:
            rooms.library.remove(account(request), number(id))

        await rooms.blocking(remove)
        return json_answer({"element_id": number(id), "deleted": True})

    router.add_api_route(ELEMENTS, list_elements, methods=["GET"])
    router.add_api_route(f"{ELEMENTS}/{{id}}", read, methods=["GET"])
    router.add_api_route(f"{ELEMENTS}/{{id}}", delete, methods=["DELETE"])
    return router


def number(text: str) -> int:
    """The id in a path.

    Raises:
        UnknownElement: it is no 64-bit number, so there is none.
    """
    if text.isascii() and text.isdigit() and len(text) < 19:
        return int(text)
    raise UnknownElement


def present(element: Element) -> dict[str, Any]:
    """A subject as the wire shows it."""
    draft = element.draft
    return {
        "element_id": element.id,
        "element_name": draft.name,
        "element_description": draft.description,
        "reference_type": f"{draft.kind.value}_refer",
        "tag_list": [{"tag_id": tag} for tag in draft.tags],
        "created_at": element.created_at,
    }
