"""Routes of an account's balance."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from kirin.accounts import administration, ledger
from kirin.accounts.keys import Scope
from kirin.accounts.ledger import Balance
from kirin.domain.money import dollars, from_micro
from kirin.http.accounts.dependencies import AccountDependencies
from kirin.http.accounts.models import (
    BalanceJson,
    OwnBalanceJson,
    UserBalanceAnswerJson,
    UserBalanceJson,
)
from kirin.http.models import SUCCESS
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
READ_USER = Route(
    method="GET",
    path="/api/v1/user/balance",
    id="readUserBalance",
    summary="The account's balance, in the words of the API's own clients",
    scope=Scope.READ,
    answer=UserBalanceAnswerJson,
)
ROUTES = (READ, READ_USER)


def add_balance_routes(router: APIRouter, deps: AccountDependencies) -> None:
    """Add the routes ``/model/v1/balance`` and ``/api/v1/user/balance``."""

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

    async def read_user_balance(request: Request) -> Response:
        caller = await deps.authenticator.admit(request, READ_USER)

        def read(connection: Connection) -> UserBalanceJson:
            return user_balance_json(
                caller.account,
                ledger.balance(connection, caller.account),
                ledger.topped_up(connection, caller.account),
                prepaid=deps.tasks.billing.prepaid,
            )

        data = await deps.threads.read(read)
        return json_response(UserBalanceAnswerJson(data=data, status=SUCCESS))

    READ.add_to(router, read_balance)
    READ_USER.add_to(router, read_user_balance)


def balance_json(balance: Balance) -> BalanceJson:
    """A balance as the wire shows it."""
    return {
        "available": dollars(from_micro(balance.available)),
        "held": dollars(from_micro(balance.held)),
        "currency": "USD",
    }


def user_balance_json(
    account: str, balance: Balance, topped_up: int, *, prepaid: bool
) -> UserBalanceJson:
    """The same in the words of the API's own clients (rule N-8): all of it strings.

    Args:
        topped_up: all top-ups together, in millionths of a dollar.
    """
    nothing = dollars(from_micro(0))
    # Where nothing is charged, holds are written down, but nobody has that money.
    whole = balance.available + (balance.held if prepaid else 0)
    return {
        "user_id": account,
        "balance": dollars(from_micro(whole)),
        "available_balance": dollars(from_micro(balance.available)),
        "total_recharged": dollars(from_micro(topped_up)),
        "currency": "USD",
        "billing_mode": "prepaid" if prepaid else "free",
        "credit_limit": nothing,
        "arrears": nothing,
    }
