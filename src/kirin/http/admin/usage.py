"""The route of everybody's usage."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from kirin.accounts import usage as records
from kirin.accounts.usage import By, Total
from kirin.errors import UnknownAccount
from kirin.http.accounts.usage import usage_query, usage_response, usage_route
from kirin.http.admin.audit import ACCOUNT, account_id
from kirin.http.admin.dependencies import ADMIN, SCOPE, AdminDependencies

DIMENSIONS = tuple(By)

READ = usage_route(
    f"{ADMIN}/usage",
    "readAllUsage",
    "The usage of all accounts, or of one",
    SCOPE,
    DIMENSIONS,
    parameters=(ACCOUNT,),
    errors=(UnknownAccount,),
)
ROUTES = (READ,)


def add_usage_routes(router: APIRouter, deps: AdminDependencies) -> None:
    """Add the route ``/admin/v1/usage``."""

    async def read_usage(request: Request) -> Response:
        await deps.authenticator.admit_operator(request, READ)
        query = usage_query(request.query_params, DIMENSIONS, READ.parameters)
        name = request.query_params.get(ACCOUNT.name)

        def read(connection: Connection) -> list[Total]:
            owner = account_id(connection, name)
            return records.totals(connection, owner, query.by, query.first, query.last)

        return usage_response(query, await deps.threads.read(read))

    READ.add_to(router, read_usage)
