"""All routes of an account's own affairs."""

from __future__ import annotations

from fastapi import APIRouter

from kirin.http.accounts import balance, subjects, usage, webhooks
from kirin.http.accounts.dependencies import AccountDependencies

ROUTES = (*balance.ROUTES, *usage.ROUTES, *webhooks.ROUTES, *subjects.ROUTES)


def account_routes(deps: AccountDependencies) -> APIRouter:
    """The routes of an account's own affairs."""
    router = APIRouter()
    router.include_router(balance.balance_routes(deps))
    router.include_router(usage.usage_routes(deps))
    router.include_router(webhooks.webhook_routes(deps))
    router.include_router(subjects.subject_routes(deps))
    return router
