"""Routes of an operator that only look: the ledger, the audit, everybody's usage."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from kirin.accounts import administration, audit, ledger
from kirin.accounts import usage as records
from kirin.accounts.audit import Entry
from kirin.accounts.ledger import Transaction
from kirin.accounts.usage import By, Total
from kirin.domain.money import dollars, from_micro
from kirin.http.admin import ACCOUNTS, ADMIN
from kirin.http.context import json_answer
from kirin.http.gate import operator
from kirin.http.listing import cursor_of, cut, place_of
from kirin.http.rooms import Rooms
from kirin.http.usage import usage_answer, wanted_of

AUDIT = f"{ADMIN}/audit"
ALL_USAGE = f"{ADMIN}/usage"


def book_routes(rooms: Rooms) -> APIRouter:
    """The routes of the ledger, ``/admin/v1/audit`` and ``/admin/v1/usage``."""
    router = APIRouter()

    def account_of(connection: Connection, name: str | None) -> str | None:
        return None if name is None else administration.account(connection, name).id

    async def list_transactions(request: Request, account_id: str) -> Response:
        await operator(rooms, request)
        limit, before = place_of(request.query_params)

        def page(connection: Connection) -> list[Transaction]:
            owner = administration.account(connection, account_id)
            return ledger.page(connection, owner.id, limit + 1, before)

        found, following = cut(
            await rooms.reading(page), limit, lambda last: cursor_of(last.created_at, last.id)
        )
        shown = [shown_transaction(each) for each in found]
        return json_answer({"transactions": shown, "next_cursor": following})

    async def list_audit(request: Request) -> Response:
        await operator(rooms, request)
        query = request.query_params
        limit, before = place_of(query)

        def page(connection: Connection) -> list[Entry]:
            return audit.page(
                connection,
                limit + 1,
                before=before,
                account=account_of(connection, query.get("account")),
                action=query.get("action"),
            )

        found, following = cut(
            await rooms.reading(page), limit, lambda last: cursor_of(last.at, last.id)
        )
        shown = [shown_entry(entry) for entry in found]
        return json_answer({"entries": shown, "next_cursor": following})

    async def read_usage(request: Request) -> Response:
        await operator(rooms, request)
        query = request.query_params
        wanted = wanted_of(query, tuple(By))

        def look(connection: Connection) -> list[Total]:
            owner = account_of(connection, query.get("account"))
            return records.totals(connection, owner, wanted.by, wanted.first, wanted.last)

        return usage_answer(wanted, await rooms.reading(look))

    router.add_api_route(f"{ACCOUNTS}/{{account_id}}/ledger", list_transactions, methods=["GET"])
    router.add_api_route(AUDIT, list_audit, methods=["GET"])
    router.add_api_route(ALL_USAGE, read_usage, methods=["GET"])
    return router


def shown_transaction(transaction: Transaction) -> dict[str, Any]:
    """A transaction as the wire shows it."""
    return {
        "id": transaction.id,
        "kind": transaction.kind,
        "task": transaction.task,
        "reference": transaction.reference,
        "note": transaction.note,
        "entries": {
            book: dollars(from_micro(amount)) for book, amount in transaction.amounts.items()
        },
        "created_at": transaction.created_at,
    }


def shown_entry(entry: Entry) -> dict[str, Any]:
    """An entry of the audit as the wire shows it."""
    return {
        "id": entry.id,
        "at": entry.at,
        "actor": entry.actor,
        "action": entry.action,
        "account": entry.account,
        "target": entry.target,
        "details": dict(entry.details),
        "address": entry.address,
        "request_id": entry.request_id,
    }
