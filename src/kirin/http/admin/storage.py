"""The route that tells an operator how much is stored."""

from __future__ import annotations

import shutil

from fastapi import APIRouter, Request, Response

from kirin.errors import StorageAway
from kirin.http.admin.dependencies import ADMIN, SCOPE, AdminDependencies
from kirin.http.admin.overview_models import StorageJson
from kirin.http.responses import json_response
from kirin.http.route import Route
from kirin.storage.meter import StorageMeter

READ = Route(
    method="GET",
    path=f"{ADMIN}/storage",
    id="readStorage",
    summary="What inputs and results take up; measured at most once a minute",
    scope=SCOPE,
    answer=StorageJson,
    errors=(StorageAway,),
)
ROUTES = (READ,)


def add_storage_routes(router: APIRouter, deps: AdminDependencies) -> None:
    """Add the route ``/admin/v1/storage``."""
    meter = StorageMeter(deps.storage)

    def measure() -> StorageJson:
        try:
            use = meter.measure()
        except OSError as error:
            raise StorageAway from error
        disk = shutil.disk_usage(deps.data_dir)
        return {
            "files": use.files,
            "bytes": use.bytes,
            "complete": use.complete,
            "disk_free": disk.free,
            "disk_total": disk.total,
        }

    async def read_storage(request: Request) -> Response:
        await deps.authenticator.admit_operator(request, READ)
        return json_response(await deps.threads.run(measure))

    READ.add_to(router, read_storage)
