"""All routes of the native API."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kirin.accounts.keys import Scope
from kirin.http import model_contracts, model_skills, models, queue
from kirin.http.accounts import routes as accounts
from kirin.http.admin import routes as admin
from kirin.http.files import downloads, uploads
from kirin.http.operations import health
from kirin.http.route import Route
from kirin.http.tasks import routes as tasks

CATALOGUE = (*models.ROUTES, *model_contracts.ROUTES, *model_skills.ROUTES)
"""What takes no key, unless the operator wants one (`KIRIN_CATALOGUE_KEY`)."""

ROUTES: Sequence[Route] = (
    *tasks.ROUTES,
    *queue.ROUTES,
    *accounts.ROUTES,
    *admin.ROUTES,
    *CATALOGUE,
    *uploads.ROUTES,
    *downloads.ROUTES,
    *health.ROUTES,
)


def routes(*, catalogue_key: bool) -> Sequence[Route]:
    """The routes as a server has them whose catalogue takes a key, or takes none."""
    if not catalogue_key:
        return ROUTES
    return tuple(replace(each, scope=Scope.READ) if each in CATALOGUE else each for each in ROUTES)
