"""The route that erases an account."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import Field
from typing_extensions import TypedDict

from kirin.accounts import administration
from kirin.clock import now_ms
from kirin.errors import InvalidParameters, Problem, StorageAway, UnknownAccount
from kirin.http.admin.bodies import ShortText, read_model
from kirin.http.admin.dependencies import ACCOUNT_ID, ACCOUNTS, SCOPE, AdminDependencies
from kirin.http.request_models import RequestModel
from kirin.http.responses import json_response
from kirin.http.route import Route
from kirin.orchestration.erasure import Erased, Erasure


class ErasureOrder(RequestModel):
    """The confirmation that an account is to be erased."""

    name: ShortText = Field(description="The account's name, so that no other is meant.")


class ErasedAccountJson(TypedDict):
    """What was erased of an account."""

    account: Annotated[str, Field(description="its id, which stays in the books")]
    name: Annotated[str, Field(description="what it is called now")]
    tasks: Annotated[int, Field(description="tasks that it has had")]
    cancelled: Annotated[int, Field(description="tasks that had not ended")]
    files: Annotated[int, Field(description="files that were removed from storage")]
    webhooks: int
    subjects: int
    uploads: int
    keys: Annotated[int, Field(description="keys that worked until now")]
    held: Annotated[
        int,
        Field(description="tasks that a worker has not put down yet: ask again until it is 0"),
    ]


ERASE = Route(
    method="POST",
    path=f"{ACCOUNTS}/{{account_id}}/erase",
    id="eraseAccount",
    summary="Erase all that belongs to an account except its books, and close it for good",
    scope=SCOPE,
    parameters=(ACCOUNT_ID,),
    body=ErasureOrder,
    answer=ErasedAccountJson,
    errors=(UnknownAccount, StorageAway),
)
ROUTES = (ERASE,)


def add_erasure_routes(router: APIRouter, deps: AdminDependencies) -> None:
    """Add the route ``/admin/v1/accounts/{account_id}/erase``."""
    erasure = Erasure(deps.database, deps.storage, now_ms)

    async def erase_account(request: Request, account_id: str) -> Response:
        who = await deps.authenticator.admit_operator(request, ERASE)
        body = await read_model(request, deps.body_limits, ErasureOrder)

        def erase() -> ErasedAccountJson:
            with deps.database.read() as connection:
                owner = administration.account(connection, account_id)
            if body.name != owner.name:
                message = f"the account is not called {body.name!r}: nothing was erased"
                raise InvalidParameters([Problem("name", "not_an_option", message)])
            try:
                return erased_json(erasure.erase(who, owner.id))
            except OSError as error:
                raise StorageAway from error

        return json_response(await deps.threads.run(erase))

    ERASE.add_to(router, erase_account)


def erased_json(done: Erased) -> ErasedAccountJson:
    """What was erased, as the wire shows it."""
    return {
        "account": done.account,
        "name": done.name,
        "tasks": done.tasks,
        "cancelled": done.cancelled,
        "files": done.files,
        "webhooks": done.webhooks,
        "subjects": done.subjects,
        "uploads": done.uploads,
        "keys": done.keys,
        "held": done.held,
    }
