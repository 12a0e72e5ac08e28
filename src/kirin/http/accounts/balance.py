"""The route of an account's balance."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from kirin.accounts import administration, ledger
from kirin.accounts.keys import Scope
from kirin.accounts.ledger import Balance
from kirin.domain.money import dollars, from_micro
from kirin.http.accounts.dependencies import AccountDependencies
from kirin.http.accounts.models import BalanceJson, OwnBalanceJson
from kirin.http.responses import json_response
from kirin.http.route import Route

READ = Route(
    method="GET",
    path="/model/v1/balance",
    id="readBalance",
    summary="The account's balance",
    scope=Scope.READ,
    answer=OwnBalanceJson,
)
ROUTES = (READ,)


def add_balance_routes(router: APIRouter, deps: AccountDependencies) -> None:
    """Add the route ``/model/v1/balance``."""

    async def read_balance(request: Request) -> Response:
        caller = await deps.authenticator.admit(request, READ)

        def read(connection: Connection) -> OwnBalanceJson:
            account = administration.account(connection, caller.account)
            return {
                **balance_json(ledger.balance(connection, caller.account)),
                "prepaid": deps.tasks.billing.prepaid,
                "discount_percent": str(account.discount_percent),
            }

        return json_response(await deps.threads.read(read))

    READ.add_to(router, read_balance)


def balance_json(balance: Balance) -> BalanceJson:
    """A balance as the wire shows it."""
    return {
        "available": dollars(from_micro(balance.available)),
        "held": dollars(from_micro(balance.held)),
        "currency": "USD",
    }
