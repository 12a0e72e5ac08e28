"""The route of the audit log."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from kirin.accounts import administration, audit
from kirin.accounts.audit import Entry
from kirin.errors import InvalidParameters, UnknownAccount
from kirin.http.admin.dependencies import ADMIN, SCOPE, AdminDependencies
from kirin.http.admin.models import AuditEntryJson, AuditPageJson
from kirin.http.pagination import PAGE, cut, page_of
from kirin.http.query_parameters import Parameter
from kirin.http.responses import json_response
from kirin.http.route import Route

ACCOUNT = Parameter("account", "id or name of an account")
ACTION = Parameter("action", "such as key.revoked")

LIST = Route(
    method="GET",
    path=f"{ADMIN}/audit",
    id="listAudit",
    summary="Who did what, the newest first",
    scope=SCOPE,
    parameters=(ACCOUNT, ACTION, *PAGE),
    answer=AuditPageJson,
    errors=(InvalidParameters, UnknownAccount),
)
ROUTES = (LIST,)


def add_audit_routes(router: APIRouter, deps: AdminDependencies) -> None:
    """Add the route ``/admin/v1/audit``."""

    async def list_audit(request: Request) -> Response:
        await deps.authenticator.admit_operator(request, LIST)
        query = request.query_params
        limit, before = page_of(query, LIST.parameters)

        def page(connection: Connection) -> Sequence[Entry]:
            return audit.page(
                connection,
                limit + 1,
                before=before,
                account=account_id(connection, query.get(ACCOUNT.name)),
                action=query.get(ACTION.name),
            )

        found, cursor = cut(await deps.threads.read(page), limit, lambda last: (last.at, last.id))
        shown = [entry_json(entry) for entry in found]
        return json_response(AuditPageJson(entries=shown, next_cursor=cursor))

    LIST.add_to(router, list_audit)


def account_id(connection: Connection, name: str | None) -> str | None:
    """The id of the account that a query is restricted to, if it is.

    Raises:
        UnknownAccount: there is no such account.
    """
    return None if name is None else administration.account(connection, name).id


def entry_json(entry: Entry) -> AuditEntryJson:
    """An entry of the audit log as the wire shows it."""
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
