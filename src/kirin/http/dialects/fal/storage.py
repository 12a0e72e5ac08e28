"""What the addresses of files do."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime

from fastapi import APIRouter, Request, Response

from kirin.http.authentication import AUTHORIZATION
from kirin.http.bodies import parse_object, read_body
from kirin.http.dialects.dialect import DialectDependencies
from kirin.http.dialects.fal import storage_routes as routes
from kirin.http.dialects.fal.storage_routes import FalAccessJson, FalTokenJson, FalUploadJson
from kirin.http.files.uploads import MAX_REQUEST_BYTES
from kirin.http.responses import json_response, secret_response
from kirin.orchestration.uploads import Upload
from kirin.storage.keys import input_key

NAME_BYTES = 32
"""As many as a digest has."""


def add_storage_routes(router: APIRouter, spoken: DialectDependencies) -> None:
    """Add the routes of files."""
    admit, links = spoken.tasks.authenticator.admit, spoken.links
    base_url, limits = spoken.tasks.base_url, spoken.tasks.body_limits

    async def initiate(request: Request) -> Response:
        caller = await admit(request, routes.INITIATE)
        body = await read_body(request, MAX_REQUEST_BYTES, limits.seconds)
        if body.strip():
            parse_object(body)
        name, now = secrets.token_hex(NAME_BYTES), time.time()
        sent_to = links.sign(f"{routes.PROMISED}/{caller.account}/{name}", now)
        here = base_url.of(request)
        return json_response(
            FalUploadJson(
                upload_url=f"{here}{routes.CDN}/{sent_to}",
                file_url=links.url(here, input_key(name), now),
            )
        )

    async def token(request: Request) -> Response:
        await admit(request, routes.TOKEN)
        _, _, key = request.headers[AUTHORIZATION].strip().partition(" ")
        end = datetime.fromtimestamp(links.end(time.time()), tz=UTC)
        return secret_response(
            FalTokenJson(
                token=key.strip(),
                token_type="Bearer",  # noqa: S106  a scheme
                base_url=f"{base_url.of(request)}{routes.CDN}",
                expires_at=end.isoformat(),
            )
        )

    async def upload(request: Request) -> Response:
        caller = await admit(request, routes.UPLOAD)
        taken, _ = await spoken.upload_desk.receive(request, caller.account)
        return access(request, taken, taken.asset.sha256)

    async def send(request: Request, account: str, name: str) -> Response:
        query = request.query_params
        given = query.get("expires", ""), query.get("signature", "")
        links.check(f"{routes.PROMISED}/{account}/{name}", *given, now=time.time())
        taken, _ = await spoken.upload_desk.receive(request, account, name=name)
        return access(request, taken, name)

    def access(request: Request, taken: Upload, name: str) -> Response:
        url = links.url(base_url.of(request), input_key(name), taken.at / 1000)
        return json_response(FalAccessJson(access_url=url))

    routes.INITIATE.add_to(router, initiate)
    routes.TOKEN.add_to(router, token)
    routes.UPLOAD.add_to(router, upload)
    routes.SEND.add_to(router, send)
