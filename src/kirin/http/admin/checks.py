"""The route that checks the server's machine, as ``kirin doctor`` does."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from kirin.clock import now_ms
from kirin.http.admin.dependencies import ADMIN, SCOPE, AdminDependencies
from kirin.http.admin.settings_models import ChecksJson
from kirin.http.responses import json_response
from kirin.http.route import Route

RUN = Route(
    method="POST",
    path=f"{ADMIN}/checks",
    id="runChecks",
    summary="Check the machine of the process that answers; takes some seconds",
    scope=SCOPE,
    answer=ChecksJson,
)
ROUTES = (RUN,)


def add_check_routes(router: APIRouter, deps: AdminDependencies) -> None:
    """Add the route ``/admin/v1/checks``."""

    async def run(request: Request) -> Response:
        await deps.authenticator.admit_operator(request, RUN)
        found = await deps.threads.run(deps.checks)
        good = all(check["good"] for check in found)
        return json_response(ChecksJson(at=now_ms(), good=good, checks=found))

    RUN.add_to(router, run)
