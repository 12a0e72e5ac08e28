"""The route of an account's transactions."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from kirin.accounts import administration, ledger
from kirin.accounts.ledger import Transaction
from kirin.domain.money import dollars, from_micro
from kirin.errors import InvalidParameters, UnknownAccount
from kirin.http.admin.dependencies import ACCOUNT_ID, ACCOUNTS, SCOPE, AdminDependencies
from kirin.http.admin.models import TransactionJson, TransactionPageJson
from kirin.http.pagination import PAGE, cut, page_of
from kirin.http.responses import json_response
from kirin.http.route import Route

LIST = Route(
    method="GET",
    path=f"{ACCOUNTS}/{{account_id}}/ledger",
    id="listTransactions",
    summary="An account's transactions, the newest first",
    scope=SCOPE,
    parameters=(ACCOUNT_ID, *PAGE),
    answer=TransactionPageJson,
    errors=(InvalidParameters, UnknownAccount),
)
ROUTES = (LIST,)


def add_ledger_routes(router: APIRouter, deps: AdminDependencies) -> None:
    """Add the route ``/admin/v1/accounts/{account_id}/ledger``."""

    async def list_transactions(request: Request, account_id: str) -> Response:
        await deps.authenticator.admit_operator(request, LIST)
        limit, before = page_of(request.query_params)

        def page(connection: Connection) -> Sequence[Transaction]:
            owner = administration.account(connection, account_id)
            return ledger.page(connection, owner.id, limit + 1, before)

        found, cursor = cut(
            await deps.threads.read(page), limit, lambda last: (last.created_at, last.id)
        )
        shown = [transaction_json(each) for each in found]
        return json_response(TransactionPageJson(transactions=shown, next_cursor=cursor))

    LIST.add_to(router, list_transactions)


def transaction_json(transaction: Transaction) -> TransactionJson:
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
