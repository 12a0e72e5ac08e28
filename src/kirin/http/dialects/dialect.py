"""What a dialect is: addresses, routes, and the shape of its errors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fastapi import APIRouter

from kirin.http.accounts.dependencies import AccountDependencies
from kirin.http.error_format import ErrorFormat
from kirin.http.files.uploads import UploadDesk
from kirin.http.route import Route
from kirin.http.tasks.dependencies import TaskDependencies
from kirin.http.tasks.intake import Intake
from kirin.http.tasks.waiting_room import WaitingRoom
from kirin.storage.base import Storage
from kirin.storage.links import Links


@dataclass(frozen=True, kw_only=True)
class DialectDependencies:
    """What dialects work with: all of it serves the native API too.

    Attributes:
        waiting_room: where requests wait for the end of their task.
        upload_desk: takes files in.
        result_ms: how long results are kept after the end of a task; ``None`` is for good.
    """

    tasks: TaskDependencies
    accounts: AccountDependencies
    intake: Intake
    waiting_room: WaitingRoom
    upload_desk: UploadDesk
    storage: Storage
    links: Links
    result_ms: int | None


@dataclass(frozen=True, kw_only=True)
class ServedDialect:
    """Another API's wire format.

    Attributes:
        name: as in ``KIRIN_DIALECTS``, and of its OpenAPI document.
        title, description: for people.
        paths: patterns of its addresses, for errors of any kind below them: segments, of which
            ``{}`` is any one. Of several dialects, the one with the most exact pattern answers.
        routes: all that it serves, below each of its prefixes.
        add_routes: adds their handlers.
        errors: their format.
        prefixes: what its addresses may have before them; ``paths`` has each with each.
        request_headers, response_headers: that pages of other origins may send and read, where
            any may call.
    """

    name: str
    title: str
    description: str
    paths: Sequence[str]
    routes: Sequence[Route]
    add_routes: Callable[[APIRouter, DialectDependencies], None]
    errors: ErrorFormat
    prefixes: Sequence[str] = ("",)
    request_headers: Sequence[str] = ()
    response_headers: Sequence[str] = ()

    @property
    def document_path(self) -> str:
        """Where its OpenAPI document is."""
        return f"/openapi/{self.name}.json"
