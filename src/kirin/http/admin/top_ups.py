"""The route that adds money to an account."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from kirin.accounts import administration, ledger
from kirin.clock import now_ms
from kirin.errors import AlreadyThere, InsufficientBalance, UnknownAccount
from kirin.http.accounts.balance import balance_json
from kirin.http.admin.bodies import TopUp, read_model
from kirin.http.admin.dependencies import ACCOUNT_ID, ACCOUNTS, SCOPE, AdminDependencies
from kirin.http.admin.models import BookedTopUpJson
from kirin.http.responses import json_response
from kirin.http.route import Route

TOP_UP = Route(
    method="POST",
    path=f"{ACCOUNTS}/{{account_id}}/top-ups",
    id="topUp",
    summary="Add money to an account",
    scope=SCOPE,
    parameters=(ACCOUNT_ID,),
    body=TopUp,
    answer=BookedTopUpJson,
    errors=(UnknownAccount, AlreadyThere, InsufficientBalance),
)
ROUTES = (TOP_UP,)


def add_top_up_routes(router: APIRouter, deps: AdminDependencies) -> None:
    """Add the route ``/admin/v1/accounts/{account_id}/top-ups``."""

    async def top_up(request: Request, account_id: str) -> Response:
        who = await deps.authenticator.admit_operator(request, TOP_UP)
        body = await read_model(request, deps.body_limits, TopUp)

        def add(connection: Connection) -> BookedTopUpJson:
            owner = administration.account(connection, account_id)
            id = administration.top_up(
                connection,
                who,
                owner,
                body.amount,
                now_ms(),
                reference=body.reference,
                note=body.note,
            )
            balance = ledger.balance(connection, owner.id)
            return {"transaction": id, "account": owner.id, "balance": balance_json(balance)}

        return json_response(await deps.threads.write(add))

    TOP_UP.add_to(router, top_up)
