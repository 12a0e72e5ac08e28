"""All routes of operators."""

from __future__ import annotations

from fastapi import APIRouter

from kirin.http.admin import accounts, audit, keys, ledger, top_ups, usage
from kirin.http.admin.dependencies import AdminDependencies

ROUTES = (
    *accounts.ROUTES,
    *top_ups.ROUTES,
    *keys.ROUTES,
    *ledger.ROUTES,
    *audit.ROUTES,
    *usage.ROUTES,
)


def admin_routes(deps: AdminDependencies) -> APIRouter:
    """The routes of operators."""
    router = APIRouter()
    router.include_router(accounts.account_routes(deps))
    router.include_router(top_ups.top_up_routes(deps))
    router.include_router(keys.key_routes(deps))
    router.include_router(ledger.ledger_routes(deps))
    router.include_router(audit.audit_routes(deps))
    router.include_router(usage.usage_routes(deps))
    return router
