"""Routes of operators: accounts and their money."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from kirin.accounts import administration, ledger, store
from kirin.accounts.limits import Limits
from kirin.accounts.store import Account
from kirin.clock import now_ms
from kirin.domain.money import dollars
from kirin.errors import AlreadyThere, InsufficientBalance, InvalidParameters, UnknownAccount
from kirin.http.accounts.balance import balance_json
from kirin.http.admin.bodies import AccountChanges, NewAccount, TopUp, read_model
from kirin.http.admin.dependencies import ACCOUNT_ID, ACCOUNTS, SCOPE, AdminDependencies
from kirin.http.admin.models import AccountJson, AccountPageJson, BookedTopUpJson, LimitsJson
from kirin.http.pagination import PAGE, cut, page_of
from kirin.http.responses import json_response
from kirin.http.route import Route

ONE = f"{ACCOUNTS}/{{account_id}}"

LIST = Route(
    method="GET",
    path=ACCOUNTS,
    id="listAccounts",
    summary="Accounts, the newest first",
    scope=SCOPE,
    parameters=PAGE,
    answer=AccountPageJson,
    errors=(InvalidParameters,),
)
CREATE = Route(
    method="POST",
    path=ACCOUNTS,
    id="createAccount",
    summary="Make an account",
    scope=SCOPE,
    body=NewAccount,
    answer=AccountJson,
    errors=(AlreadyThere,),
)
READ = Route(
    method="GET",
    path=ONE,
    id="readAccount",
    summary="An account",
    scope=SCOPE,
    parameters=(ACCOUNT_ID,),
    answer=AccountJson,
    errors=(UnknownAccount,),
)
CHANGE = Route(
    method="PATCH",
    path=ONE,
    id="changeAccount",
    summary="Change an account: what is left out stays",
    scope=SCOPE,
    parameters=(ACCOUNT_ID,),
    body=AccountChanges,
    answer=AccountJson,
    errors=(UnknownAccount, AlreadyThere),
)
TOP_UP = Route(
    method="POST",
    path=f"{ONE}/top-ups",
    id="topUp",
    summary="Add money to an account",
    scope=SCOPE,
    parameters=(ACCOUNT_ID,),
    body=TopUp,
    answer=BookedTopUpJson,
    errors=(UnknownAccount, AlreadyThere, InsufficientBalance),
)
ROUTES = (LIST, CREATE, READ, CHANGE, TOP_UP)


def account_routes(deps: AdminDependencies) -> APIRouter:
    """The routes that create, show, change and top up accounts."""
    router = APIRouter()
    admit, threads = deps.authenticator.admit_operator, deps.threads

    async def list_accounts(request: Request) -> Response:
        await admit(request, LIST)
        limit, before = page_of(request.query_params)

        def page(connection: Connection) -> AccountPageJson:
            found, cursor = cut(
                store.page_of_accounts(connection, limit + 1, before),
                limit,
                lambda last: (last.created_at, last.id),
            )
            shown = [account_json(connection, account) for account in found]
            return {"accounts": shown, "next_cursor": cursor}

        return json_response(await threads.read(page))

    async def create_account(request: Request) -> Response:
        who = await admit(request, CREATE)
        body = await read_model(request, deps.body_limits, NewAccount)

        def create(connection: Connection) -> AccountJson:
            made = administration.create_account(
                connection,
                who,
                body.name,
                now_ms(),
                discount_percent=body.discount_percent,
                limits=body.limits.limits(),
            )
            return account_json(connection, made)

        return json_response(await threads.write(create))

    async def read_account(request: Request, account_id: str) -> Response:
        await admit(request, READ)

        def read(connection: Connection) -> AccountJson:
            return account_json(connection, administration.account(connection, account_id))

        return json_response(await threads.read(read))

    async def change_account(request: Request, account_id: str) -> Response:
        who = await admit(request, CHANGE)
        body = await read_model(request, deps.body_limits, AccountChanges)
        given: dict[str, Any] = {
            "name": body.name,
            "discount_percent": body.discount_percent,
            "limits": body.limits and body.limits.limits(),
        }
        changes = {name: value for name, value in given.items() if value is not None}

        def change(connection: Connection) -> AccountJson:
            old = administration.account(connection, account_id)
            new = replace(old, **changes)
            administration.change_account(connection, who, old, new, now_ms())
            return account_json(connection, new)

        return json_response(await threads.write(change))

    async def top_up(request: Request, account_id: str) -> Response:
        who = await admit(request, TOP_UP)
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

        return json_response(await threads.write(add))

    LIST.add_to(router, list_accounts)
    CREATE.add_to(router, create_account)
    READ.add_to(router, read_account)
    CHANGE.add_to(router, change_account)
    TOP_UP.add_to(router, top_up)
    return router


def account_json(connection: Connection, account: Account) -> AccountJson:
    """An account as the wire shows it."""
    return {
        "id": account.id,
        "name": account.name,
        "discount_percent": str(account.discount_percent),
        "limits": limits_json(account.limits),
        "balance": balance_json(ledger.balance(connection, account.id)),
        "created_at": account.created_at,
    }


def limits_json(limits: Limits) -> LimitsJson:
    """Limits as the wire shows them."""
    spend = limits.daily_spend
    return {
        "requests_per_minute": limits.requests_per_minute,
        "unfinished_tasks": limits.unfinished_tasks,
        "queued_tasks": limits.queued_tasks,
        "daily_spend": None if spend is None else dollars(spend),
    }
