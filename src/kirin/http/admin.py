"""Routes of an operator: accounts and their money. They take the scope ``admin``."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from kirin.accounts import administration, ledger, store
from kirin.accounts.store import Account
from kirin.clock import now_ms
from kirin.http.admin_bodies import (
    CHANGED_ACCOUNT,
    NEW_ACCOUNT,
    TOP_UP,
    limits_of,
    read_fields,
)
from kirin.http.context import json_answer
from kirin.http.gate import operator
from kirin.http.listing import cursor_of, cut, place_of
from kirin.http.rooms import Rooms
from kirin.http.usage import shown_balance

ADMIN = "/admin/v1"
ACCOUNTS = f"{ADMIN}/accounts"


def admin_routes(rooms: Rooms) -> APIRouter:
    """The routes that make, show, change and top up accounts."""
    router = APIRouter()

    async def list_accounts(request: Request) -> Response:
        await operator(rooms, request)
        limit, before = place_of(request.query_params)

        def page(connection: Connection) -> tuple[list[dict[str, Any]], str | None]:
            found, following = cut(
                store.page_of_accounts(connection, limit + 1, before),
                limit,
                lambda last: cursor_of(last.created_at, last.id),
            )
            return [shown_account(connection, account) for account in found], following

        shown, following = await rooms.reading(page)
        return json_answer({"accounts": shown, "next_cursor": following})

    async def create_account(request: Request) -> Response:
        who = await operator(rooms, request)
        values = await read_fields(rooms, request, NEW_ACCOUNT)
        terms = {name: values[name] for name in ("discount_percent",) if name in values}

        def create(connection: Connection) -> dict[str, Any]:
            made = administration.create_account(
                connection, who, values["name"], now_ms(), limits=limits_of(values), **terms
            )
            return shown_account(connection, made)

        return json_answer(await rooms.writing(create))

    async def read_account(request: Request, account_id: str) -> Response:
        await operator(rooms, request)

        def read(connection: Connection) -> dict[str, Any]:
            return shown_account(connection, administration.account(connection, account_id))

        return json_answer(await rooms.reading(read))

    async def change_account(request: Request, account_id: str) -> Response:
        who = await operator(rooms, request)
        values = await read_fields(rooms, request, CHANGED_ACCOUNT)
        changes: dict[str, Any] = {
            name: values[name] for name in ("name", "discount_percent") if name in values
        }
        if "limits" in values:
            changes["limits"] = limits_of(values)

        def change(connection: Connection) -> dict[str, Any]:
            old = administration.account(connection, account_id)
            new = replace(old, **changes)
            administration.change_account(connection, who, old, new, now_ms())
            return shown_account(connection, new)

        return json_answer(await rooms.writing(change))

    async def top_up(request: Request, account_id: str) -> Response:
        who = await operator(rooms, request)
        values = await read_fields(rooms, request, TOP_UP)

        def add(connection: Connection) -> dict[str, Any]:
            owner = administration.account(connection, account_id)
            id = administration.top_up(
                connection,
                who,
                owner,
                values["amount"],
                now_ms(),
                reference=values.get("reference"),
                note=values.get("note", ""),
            )
            balance = ledger.balance(connection, owner.id)
            return {"transaction": id, "account": owner.id, "balance": shown_balance(balance)}

        return json_answer(await rooms.writing(add))

    one = f"{ACCOUNTS}/{{account_id}}"
    router.add_api_route(ACCOUNTS, list_accounts, methods=["GET"])
    router.add_api_route(ACCOUNTS, create_account, methods=["POST"])
    router.add_api_route(one, read_account, methods=["GET"])
    router.add_api_route(one, change_account, methods=["PATCH"])
    router.add_api_route(f"{one}/top-ups", top_up, methods=["POST"])
    return router


def shown_account(connection: Connection, account: Account) -> dict[str, Any]:
    """An account as the wire shows it."""
    return {
        "id": account.id,
        "name": account.name,
        "discount_percent": str(account.discount_percent),
        "limits": administration.told(account.limits),
        "balance": shown_balance(ledger.balance(connection, account.id)),
        "created_at": account.created_at,
    }
