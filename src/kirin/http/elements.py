"""Routes of the subject library (rule EL-5); subjects are made by tasks, like videos."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response

from kirin.accounts.keys import Scope
from kirin.domain.assets import Asset
from kirin.domain.subject import Subject
from kirin.errors import UnknownSubject
from kirin.http.context import json_answer
from kirin.http.gate import admit
from kirin.http.rooms import Rooms
from kirin.storage.keys import input_key

ELEMENTS = "/model/v1/elements"

Link = Callable[[Asset], str]
"""Gives a picture's address."""


def element_routes(rooms: Rooms) -> APIRouter:
    """The routes under ``/model/v1/elements``."""
    router = APIRouter()

    def link(request: Request) -> Link:
        base, now = rooms.base_url(request), time.time()
        return lambda asset: rooms.links.url(base, input_key(asset.sha256), now)

    async def list_elements(request: Request) -> Response:
        caller = await admit(rooms, request, Scope.ELEMENTS)
        found = await rooms.look(partial(rooms.library.all, caller.account))
        return json_answer({"elements": [present(each, link(request)) for each in found]})

    async def read(request: Request, id: str) -> Response:
        caller = await admit(rooms, request, Scope.ELEMENTS)
        found = await rooms.look(partial(rooms.library.get, caller.account, number(id)))
        return json_answer(present(found, link(request)))

    async def delete(request: Request, id: str) -> Response:
        caller = await admit(rooms, request, Scope.ELEMENTS)
        await rooms.blocking(rooms.library.remove, caller.account, number(id))
        return json_answer({"element_id": number(id), "deleted": True})

    router.add_api_route(ELEMENTS, list_elements, methods=["GET"])
    router.add_api_route(f"{ELEMENTS}/{{id}}", read, methods=["GET"])
    router.add_api_route(f"{ELEMENTS}/{{id}}", delete, methods=["DELETE"])
    return router


def number(text: str) -> int:
    """The id in a path.

    Raises:
        UnknownSubject: it is no 64-bit number, so there is none.
    """
    if text.isascii() and text.isdigit() and len(text) < 19:
        return int(text)
    raise UnknownSubject


def present(element: Subject, link: Link) -> dict[str, Any]:
    """A subject as the wire shows it; the links to its pictures are signed like those of results.

    ``cutout_url`` is ``null`` where nothing stands out from the picture, ``joints`` are empty
    where there is no person.
    """
    draft, portrait = element.draft, element.draft.portrait
    seen: dict[str, Any] = {}
    if portrait:
        seen = {
            "thumbnail_url": link(portrait.thumbnail),
            "cutout_url": link(portrait.cutout) if portrait.cutout else None,
            "joints": [{"x": x, "y": y, "visibility": v} for x, y, v in portrait.joints],
        }
    return {
        "element_id": element.id,
        "element_name": draft.name,
        "element_description": draft.description,
        "reference_type": f"{draft.kind.value}_refer",
        "tag_list": [{"tag_id": tag} for tag in draft.tags],
        "created_at": element.created_at,
        **seen,
    }
