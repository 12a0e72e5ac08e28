"""The route that verifies the ledger, as ``kirin ledger verify`` does."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request, Response

from kirin.accounts.verification import Report, verify
from kirin.clock import now_ms
from kirin.domain.money import dollars, from_micro
from kirin.http.admin.dependencies import ADMIN, SCOPE, AdminDependencies
from kirin.http.admin.models import ProofJson
from kirin.http.responses import json_response
from kirin.http.route import Route

MOST_PROBLEMS = 100
"""Problems that an answer tells; the first ones show what is wrong."""

VERIFY = Route(
    method="POST",
    path=f"{ADMIN}/ledger/verify",
    id="verifyLedger",
    summary="Add up the whole ledger, and compare every task with its settlement",
    scope=SCOPE,
    answer=ProofJson,
)
ROUTES = (VERIFY,)


def add_proof_routes(router: APIRouter, deps: AdminDependencies) -> None:
    """Add the route ``/admin/v1/ledger/verify``."""
    # It reads everything, so one at a time is enough; the others wait without a thread.
    alone = asyncio.Lock()

    def prove() -> ProofJson:
        with deps.database.snapshot() as connection:
            return proof_json(verify(connection), now_ms())

    async def verify_ledger(request: Request) -> Response:
        await deps.authenticator.admit_operator(request, VERIFY)
        async with alone:
            return json_response(await deps.threads.run(prove))

    VERIFY.add_to(router, verify_ledger)


def proof_json(report: Report, now: int) -> ProofJson:
    """A verification as the wire shows it."""
    return {
        "at": now,
        "transactions": report.transactions,
        "settled": report.settled,
        "open": report.open,
        "total": dollars(from_micro(report.total)),
        "problem_count": len(report.problems),
        "problems": list(report.problems[:MOST_PROBLEMS]),
    }
