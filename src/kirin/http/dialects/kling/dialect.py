"""The dialect, put together."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from kirin.http.dialects.dialect import DialectDependencies, ServedDialect
from kirin.http.dialects.kling import routes
from kirin.http.dialects.kling.account import KlingAccount
from kirin.http.dialects.kling.create_request import NAME
from kirin.http.dialects.kling.errors import ERRORS
from kirin.http.dialects.kling.faces import FaceSearches
from kirin.http.dialects.kling.models import PathModels
from kirin.http.dialects.kling.task_json import KlingPresenter
from kirin.http.dialects.kling.tasks import PathTasks
from kirin.wire import kling


def add_routes(router: APIRouter, spoken: DialectDependencies) -> None:
    """Add all routes."""
    catalogue = spoken.tasks.catalogue
    presenter = KlingPresenter(spoken.tasks.presenter, spoken.accounts.links, catalogue)
    account = KlingAccount(spoken)
    faces = FaceSearches(spoken, PathModels.of(kling.FACES, catalogue))
    tasks = {
        path: PathTasks(spoken, presenter, PathModels.of(path, catalogue)) for path in routes.TASKS
    }
    for prefix in kling.PREFIXES:
        for path, those in tasks.items():
            routes.CREATE[path].add_to(router, those.create, prefix)
            routes.LIST[path].add_to(router, those.page, prefix)
            routes.READ[path].add_to(router, those.read, prefix)
        routes.FIND_FACES.add_to(router, faces.find, prefix)
        routes.PRESETS.add_to(router, account.presets, prefix)
        routes.DELETE.add_to(router, account.delete, prefix)
        routes.DELETE_BEFORE.add_to(router, account.delete_before, prefix)
        routes.COSTS.add_to(router, account.costs, prefix)


KLING: Final = ServedDialect(
    name=NAME,
    title="Kling",
    description="Videos and elements as clients of the Kling family's own API ask for them, in "
    "the standard that has the name of the model in the body.",
    paths=routes.PATHS,
    routes=routes.ROUTES,
    add_routes=add_routes,
    errors=ERRORS,
    prefixes=kling.PREFIXES,
)
