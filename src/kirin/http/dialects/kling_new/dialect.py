"""The dialect, put together."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from kirin.http.dialects.dialect import DialectDependencies, ServedDialect
from kirin.http.dialects.kling.errors import ERRORS
from kirin.http.dialects.kling.task_json import KlingPresenter
from kirin.http.dialects.kling_new import routes
from kirin.http.dialects.kling_new.create_request import NAME
from kirin.http.dialects.kling_new.task_json import NewPresenter
from kirin.http.dialects.kling_new.tasks import NewTasks
from kirin.wire import kling, kling_new


def add_routes(router: APIRouter, spoken: DialectDependencies) -> None:
    """Add all routes."""
    legacy = KlingPresenter(spoken.tasks.presenter, spoken.accounts.links, spoken.tasks.catalogue)
    tasks = NewTasks(spoken, NewPresenter(legacy))
    for prefix in kling.PREFIXES:
        routes.CREATE[kling_new.TEXT].add_to(router, tasks.create_from_text, prefix)
        routes.CREATE[kling_new.IMAGE].add_to(router, tasks.create_from_image, prefix)
        routes.CREATE[kling_new.OMNI].add_to(router, tasks.create_omni, prefix)
        routes.CREATE[kling_new.MOTION].add_to(router, tasks.create_motion, prefix)
        routes.READ.add_to(router, tasks.read, prefix)
        routes.LIST.add_to(router, tasks.page, prefix)


KLING_NEW: Final = ServedDialect(
    name=NAME,
    title="Kling, new standard",
    description="Videos as clients of the Kling family's own API ask for them, in the standard "
    "that has the name of the model in the address.",
    paths=routes.PATHS,
    routes=routes.ROUTES,
    add_routes=add_routes,
    errors=ERRORS,
    prefixes=kling.PREFIXES,
)
