"""Routes of the account: who it is, and what signs its webhooks."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Request, Response
from pydantic import Field
from typing_extensions import TypedDict

from kirin.accounts import signing
from kirin.accounts.keys import Scope
from kirin.clock import now_ms
from kirin.http.dialects.dialect import DialectDependencies
from kirin.http.dialects.replicate.addresses import serve
from kirin.http.dialects.replicate.prediction_json import ROOT
from kirin.http.dialects.replicate.prediction_routes import SCHEMES
from kirin.http.responses import json_response, secret_response
from kirin.http.route import Route
from kirin.wire import replicate as wire


class ReplicateAccountJson(TypedDict):
    """The account of the key."""

    type: Literal["organization"]
    username: Annotated[str, Field(description="The id of the account.")]
    name: str
    github_url: None


class SigningSecretJson(TypedDict):
    """What webhooks are signed with."""

    key: Annotated[str, Field(description="whsec_ and base64, as Standard Webhooks have it.")]


READ: Final = Route(
    method="GET",
    path=f"{ROOT}{wire.ACCOUNT}",
    id="account.get",
    summary="The account of the key",
    scope=Scope.READ,
    schemes=SCHEMES,
    answer=ReplicateAccountJson,
)
# Whoever knows the secret can forge webhooks, so a key that can only read does not get it.
READ_SECRET: Final = Route(
    method="GET",
    path=f"{ROOT}{wire.WEBHOOK_SECRET}",
    id="webhooks.default.secret.get",
    summary="What webhooks are signed with",
    scope=Scope.GENERATE,
    schemes=SCHEMES,
    answer=SigningSecretJson,
)
ROUTES: Final = (READ, READ_SECRET)


def add_account_routes(router: APIRouter, spoken: DialectDependencies) -> None:
    """Add the routes of the account."""
    admit, threads = spoken.tasks.authenticator.admit, spoken.tasks.threads

    async def read(request: Request) -> Response:
        account = (await admit(request, READ)).account
        return json_response(
            ReplicateAccountJson(
                type="organization", username=account, name=account, github_url=None
            )
        )

    async def read_secret(request: Request) -> Response:
        account = (await admit(request, READ_SECRET)).account
        find = partial(signing.secrets_of, account=account, now=now_ms())
        secrets = await threads.read_short(find)
        return secret_response(SigningSecretJson(key=secrets.current))

    serve(router, READ, read)
    serve(router, READ_SECRET, read_secret)
