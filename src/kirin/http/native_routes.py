"""All routes of the native API."""

from __future__ import annotations

from collections.abc import Sequence

from kirin.http import model_contracts, model_skills, models, queue
from kirin.http.accounts import routes as accounts
from kirin.http.admin import routes as admin
from kirin.http.files import downloads, uploads
from kirin.http.operations import health
from kirin.http.route import Route
from kirin.http.tasks import routes as tasks

ROUTES: Sequence[Route] = (
    *tasks.ROUTES,
    *queue.ROUTES,
    *accounts.ROUTES,
    *admin.ROUTES,
    *models.ROUTES,
    *model_contracts.ROUTES,
    *model_skills.ROUTES,
    *uploads.ROUTES,
    *downloads.ROUTES,
    *health.ROUTES,
)
