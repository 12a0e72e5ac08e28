"""What an account has besides tasks: elements to delete, and money."""

from __future__ import annotations

from functools import partial
from typing import Final

from fastapi import Request, Response
from sqlalchemy import Connection

from kirin.accounts import administration, ledger
from kirin.domain.money import from_micro
from kirin.errors import InvalidParameters, Problem, UnknownSubject
from kirin.http.accounts.subjects import number_of
from kirin.http.bodies import parse_object, read_body
from kirin.http.dialects.dialect import DialectDependencies
from kirin.http.dialects.kling import routes
from kirin.http.dialects.kling.answers import (
    KlingCostsJson,
    KlingDeletedJson,
    KlingPackageJson,
)
from kirin.http.dialects.kling.envelope import enveloped
from kirin.http.dialects.kling.tasks import page_of
from kirin.http.route import Route
from kirin.wire import kling

PACKAGE: Final = "balance"
"""The one package of an account, whose units are its dollars."""

NEVER_MS: Final = 4_102_444_800_000
"""When a balance expires, for clients that want a date: the year 2100."""


class KlingAccount:
    """Handlers of requests about an account."""

    def __init__(self, spoken: DialectDependencies) -> None:
        self._spoken = spoken
        self._deps = spoken.tasks

    async def presets(self, request: Request) -> Response:
        """Show that there are no elements for everybody."""
        await self._deps.authenticator.admit(request, routes.PRESETS, signed=True)
        page_of(request.query_params)
        return enveloped(request, [])

    async def delete(self, request: Request) -> Response:
        """Delete an element."""
        return await self._delete(request, routes.DELETE)

    async def delete_before(self, request: Request) -> Response:
        """Delete an element, at the address that this had before."""
        return await self._delete(request, routes.DELETE_BEFORE)

    async def _delete(self, request: Request, route: Route) -> Response:
        caller = await self._deps.authenticator.admit(request, route, signed=True)
        limits = self._deps.body_limits
        number = _element_id(await read_body(request, limits.max_bytes, limits.seconds))
        remove = partial(self._spoken.accounts.library.remove, caller.account, number)
        await self._deps.threads.run(remove)
        done: KlingDeletedJson = {
            "task_id": request.scope["request_id"],
            "task_status": kling.SUCCEED,
        }
        return enveloped(request, done)

    async def costs(self, request: Request) -> Response:
        """Show the balance as a package of units."""
        caller = await self._deps.authenticator.admit(request, routes.COSTS, signed=True)
        query = request.query_params
        problems: list[Problem] = []
        for parameter in (routes.START, routes.END):
            if parameter.read(query, problems) is None and parameter.name not in query:
                message = "missing; it takes a time in Unix milliseconds"
                problems.append(Problem(parameter.name, "required", message))
        if problems:
            raise InvalidParameters(problems)
        wanted = query.get(routes.PACKAGE_NAME.name) or PACKAGE
        prepaid = self._deps.tasks.billing.prepaid and wanted == PACKAGE
        packages = (
            [await self._deps.threads.read(partial(_package, caller.account))] if prepaid else []
        )
        shown: KlingCostsJson = {
            "code": kling.OK,
            "msg": "success",
            "resource_pack_subscribe_infos": packages,
        }
        return enveloped(request, shown)


def _package(account: str, connection: Connection) -> KlingPackageJson:
    balance = ledger.balance(connection, account)
    created = administration.account(connection, account).created_at
    return {
        "resource_pack_name": PACKAGE,
        "resource_pack_id": account,
        "resource_pack_type": "decreasing_total",
        "total_quantity": _units(ledger.topped_up(connection, account)),
        "remaining_quantity": _units(balance.available),
        "purchase_time": created,
        "effective_time": created,
        "invalid_time": NEVER_MS,
        "status": "online" if balance.available > 0 else "runOut",
    }


def _units(micro: int) -> float:
    return round(float(from_micro(micro) / kling.UNIT_USD), 4)


def _element_id(body: bytes) -> int:
    """The element that a body names.

    Raises:
        MalformedBody, InvalidParameters: it names none.
        UnknownSubject: there cannot be such a one.
    """
    given = parse_object(body)
    if unknown := [name for name in given if name != "element_id"]:
        message = "there is only element_id here"
        raise InvalidParameters([Problem(unknown[0][:64], "unknown_parameter", message)])
    id = given.get("element_id")
    if isinstance(id, bool) or not isinstance(id, str | int):
        message = "it takes the id of an element, as text or a number"
        code = "required" if id is None else "wrong_type"
        raise InvalidParameters([Problem("element_id", code, message)])
    if isinstance(id, int) and id < 0:
        raise UnknownSubject
    return number_of(str(id))
