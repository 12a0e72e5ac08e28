"""All routes of operators."""

from __future__ import annotations

from fastapi import APIRouter

from kirin.http.admin import (
    accounts,
    audit,
    checks,
    erasure,
    keys,
    ledger,
    overview,
    proof,
    queue,
    settings,
    storage,
    top_ups,
    usage,
)
from kirin.http.admin.dependencies import AdminDependencies

ROUTES = (
    *accounts.ROUTES,
    *top_ups.ROUTES,
    *erasure.ROUTES,
    *keys.ROUTES,
    *ledger.ROUTES,
    *audit.ROUTES,
    *usage.ROUTES,
    *overview.ROUTES,
    *queue.ROUTES,
    *storage.ROUTES,
    *proof.ROUTES,
    *settings.ROUTES,
    *checks.ROUTES,
)


def add_admin_routes(router: APIRouter, deps: AdminDependencies) -> None:
    """Add the routes of operators."""
    accounts.add_account_routes(router, deps)
    top_ups.add_top_up_routes(router, deps)
    erasure.add_erasure_routes(router, deps)
    keys.add_key_routes(router, deps)
    ledger.add_ledger_routes(router, deps)
    audit.add_audit_routes(router, deps)
    usage.add_usage_routes(router, deps)
    overview.add_overview_routes(router, deps)
    queue.add_queue_control_routes(router, deps)
    storage.add_storage_routes(router, deps)
    proof.add_proof_routes(router, deps)
    settings.add_setting_routes(router, deps)
    checks.add_check_routes(router, deps)
