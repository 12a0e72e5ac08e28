"""The dialect, put together."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from kirin.http.dialects.dialect import DialectDependencies, ServedDialect
from kirin.http.dialects.replicate import account, files, models, prediction_routes
from kirin.http.dialects.replicate.account import add_account_routes
from kirin.http.dialects.replicate.addresses import PATHS, bare
from kirin.http.dialects.replicate.errors import ERRORS
from kirin.http.dialects.replicate.files import add_file_routes
from kirin.http.dialects.replicate.model_names import ModelNames
from kirin.http.dialects.replicate.models import add_model_routes
from kirin.http.dialects.replicate.prediction_json import NAME
from kirin.http.dialects.replicate.predictions import add_prediction_routes
from kirin.http.dialects.replicate.preferences import CANCEL_AFTER, PREFERENCE_APPLIED


def add_routes(router: APIRouter, spoken: DialectDependencies) -> None:
    """Add all routes."""
    names = ModelNames(spoken.tasks.catalogue)
    add_prediction_routes(router, spoken, names)
    add_model_routes(router, spoken, names)
    add_file_routes(router, spoken)
    add_account_routes(router, spoken)


ROUTES: Final = (*prediction_routes.ROUTES, *models.ROUTES, *files.ROUTES, *account.ROUTES)

REPLICATE: Final = ServedDialect(
    name=NAME,
    title="Replicate",
    description="Predictions as the clients of Replicate ask for them: run, wait, list, cancel.",
    paths=PATHS,
    routes=(*ROUTES, *(each for each in map(bare, ROUTES) if each is not None)),
    add_routes=add_routes,
    errors=ERRORS,
    request_headers=("Prefer", CANCEL_AFTER),
    response_headers=(PREFERENCE_APPLIED,),
)
