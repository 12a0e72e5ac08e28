"""Routes of the subject library (rule EL-5), "elements" on the wire; tasks create them."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from fastapi import APIRouter, Request, Response

from kirin.accounts.keys import Scope
from kirin.domain.assets import Asset
from kirin.domain.subject import Subject, SubjectKind
from kirin.errors import UnknownSubject
from kirin.http.accounts.dependencies import AccountDependencies
from kirin.http.accounts.models import DeletedElementJson, ElementJson, ElementListJson
from kirin.http.query_parameters import PathInteger
from kirin.http.responses import json_response
from kirin.http.route import Route
from kirin.storage.keys import input_key

ELEMENTS = "/model/v1/elements"

MAX_DIGITS = 18
"""Of an id: what surely fits 64 bits."""

ELEMENT_ID = PathInteger("element_id", "id of the subject")

LIST = Route(
    method="GET",
    path=ELEMENTS,
    id="listElements",
    summary="The account's subjects, the newest first",
    scope=Scope.ELEMENTS,
    answer=ElementListJson,
)
READ = Route(
    method="GET",
    path=f"{ELEMENTS}/{{element_id}}",
    id="readElement",
    summary="A subject",
    scope=Scope.ELEMENTS,
    parameters=(ELEMENT_ID,),
    answer=ElementJson,
    errors=(UnknownSubject,),
)
DELETE = Route(
    method="DELETE",
    path=f"{ELEMENTS}/{{element_id}}",
    id="deleteElement",
    summary="Delete a subject; tasks that use it are not affected",
    scope=Scope.ELEMENTS,
    parameters=(ELEMENT_ID,),
    answer=DeletedElementJson,
    errors=(UnknownSubject,),
)
ROUTES = (LIST, READ, DELETE)

SignedUrl = Callable[[Asset], str]
"""Gives the signed URL of a picture."""


def add_subject_routes(router: APIRouter, deps: AccountDependencies) -> None:
    """Add the routes under ``/model/v1/elements``."""
    admit, threads, library = deps.authenticator.admit, deps.threads, deps.library

    def signed_url(request: Request) -> SignedUrl:
        base, now = deps.base_url.of(request), time.time()
        return lambda asset: deps.links.url(base, input_key(asset.sha256), now)

    async def list_elements(request: Request) -> Response:
        caller = await admit(request, LIST)
        found = await threads.run_short(partial(library.all, caller.account))
        url = signed_url(request)
        return json_response(ElementListJson(elements=[element_json(e, url) for e in found]))

    async def read(request: Request, element_id: str) -> Response:
        caller = await admit(request, READ)
        number = number_of(element_id)
        found = await threads.run_short(partial(library.get, caller.account, number))
        return json_response(element_json(found, signed_url(request)))

    async def delete(request: Request, element_id: str) -> Response:
        caller = await admit(request, DELETE)
        number = number_of(element_id)
        await threads.run(library.remove, caller.account, number)
        return json_response(DeletedElementJson(element_id=number, deleted=True))

    LIST.add_to(router, list_elements)
    READ.add_to(router, read)
    DELETE.add_to(router, delete)


def number_of(text: str) -> int:
    """The id in a path.

    Raises:
        UnknownSubject: it is not a 64-bit number, so there is no such subject.
    """
    if text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS:
        return int(text)
    raise UnknownSubject


def element_json(subject: Subject, url: SignedUrl) -> ElementJson:
    """A subject as the wire shows it; URLs of its pictures are signed like those of results."""
    draft, portrait = subject.draft, subject.draft.portrait
    shown: ElementJson = {
        "element_id": subject.id,
        "element_name": draft.name,
        "element_description": draft.description,
        "reference_type": "image_refer" if draft.kind is SubjectKind.IMAGE else "video_refer",
        "tag_list": [{"tag_id": tag} for tag in draft.tags],
        "created_at": subject.created_at,
    }
    if portrait:
        shown["thumbnail_url"] = url(portrait.thumbnail)
        shown["cutout_url"] = url(portrait.cutout) if portrait.cutout else None
        shown["joints"] = [{"x": x, "y": y, "visibility": v} for x, y, v in portrait.joints]
    return shown
