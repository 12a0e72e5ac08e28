"""Routes of operators: accounts."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from kirin.accounts import administration, ledger, store
from kirin.accounts.limits import Limits
from kirin.accounts.store import Account
from kirin.clock import now_ms
from kirin.domain.money import dollars
from kirin.errors import AlreadyThere, InvalidParameters, UnknownAccount
from kirin.http.accounts.balance import balance_json
from kirin.http.admin.bodies import AccountChanges, NewAccount, read_model
from kirin.http.admin.dependencies import ACCOUNT_ID, ACCOUNTS, SCOPE, AdminDependencies
from kirin.http.admin.models import AccountJson, AccountPageJson, LimitsJson
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
    summary="Create an account",
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
    summary="Change an account; what is omitted stays",
    scope=SCOPE,
    parameters=(ACCOUNT_ID,),
    body=AccountChanges,
    answer=AccountJson,
    errors=(UnknownAccount, AlreadyThere),
)
ROUTES = (LIST, CREATE, READ, CHANGE)


def add_account_routes(router: APIRouter, deps: AdminDependencies) -> None:
    """Add the routes that list, create, show and change accounts."""
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

        def change(connection: Connection) -> AccountJson:
            old = administration.account(connection, account_id)
            new = changed(old, body)
            new = administration.change_account(connection, who, old, new, now_ms())
            return account_json(connection, new)

        return json_response(await threads.write(change))

    LIST.add_to(router, list_accounts)
    CREATE.add_to(router, create_account)
    READ.add_to(router, read_account)
    CHANGE.add_to(router, change_account)


def changed(account: Account, changes: AccountChanges) -> Account:
    """An account with what is to change of it."""
    limits = changes.limits
    percent = changes.discount_percent
    return replace(
        account,
        name=account.name if changes.name is None else changes.name,
        discount_percent=account.discount_percent if percent is None else percent,
        limits=account.limits if limits is None else limits.limits(),
    )


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
