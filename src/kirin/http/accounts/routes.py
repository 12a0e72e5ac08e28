"""All routes of an account's own affairs."""

from __future__ import annotations

from fastapi import APIRouter

from kirin.http.accounts import balance, key, subjects, usage, webhooks
from kirin.http.accounts.dependencies import AccountDependencies

ROUTES = (
    *balance.ROUTES,
    *key.ROUTES,
    *usage.ROUTES,
    *webhooks.ROUTES,
    *subjects.ROUTES,
)


def add_account_routes(router: APIRouter, deps: AccountDependencies) -> None:
    """Add the routes of an account's own affairs."""
    balance.add_balance_routes(router, deps)
    key.add_own_key_routes(router, deps)
    usage.add_usage_routes(router, deps)
    webhooks.add_webhook_routes(router, deps)
    subjects.add_subject_routes(router, deps)
