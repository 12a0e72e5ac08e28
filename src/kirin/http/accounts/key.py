"""The route by which a client learns what its own key may do."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from kirin.accounts import administration
from kirin.accounts.keys import Scope
from kirin.clock import now_ms
from kirin.http.accounts.dependencies import AccountDependencies
from kirin.http.accounts.models import OwnKeyJson
from kirin.http.responses import json_response
from kirin.http.route import Route

READ = Route(
    method="GET",
    path="/model/v1/key",
    id="readOwnKey",
    summary="The key of the request, without its secret",
    scope=Scope.READ,
    answer=OwnKeyJson,
)
ROUTES = (READ,)


def add_own_key_routes(router: APIRouter, deps: AccountDependencies) -> None:
    """Add the route ``/model/v1/key``."""

    async def read_own_key(request: Request) -> Response:
        caller = await deps.authenticator.admit(request, READ)

        def read(connection: Connection) -> OwnKeyJson:
            key = administration.key_in_use(connection, caller.key, now_ms())
            return {
                "id": key.id,
                "account": key.account,
                "name": key.name,
                "hint": key.hint,
                "scopes": list(key.scopes),
                "created_at": key.created_at,
                "expires_at": key.expires_at,
            }

        return json_response(await deps.threads.read(read))

    READ.add_to(router, read_own_key)
