"""Routes of webhooks: their state of delivery, redelivery, and the secrets that sign them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from typing import cast

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from kirin.accounts import signing
from kirin.accounts.keys import Scope
from kirin.accounts.signing import Secrets
from kirin.clock import now_ms
from kirin.errors import InvalidParameters, UnknownTask, UnknownWebhook
from kirin.http.accounts.dependencies import AccountDependencies
from kirin.http.accounts.models import AttemptJson, SigningJson, WebhookJson, WebhookPageJson
from kirin.http.pagination import PAGE, cut, page_of
from kirin.http.protocols.kirin_status import TaskStatus
from kirin.http.query_parameters import Parameter, PathParameter
from kirin.http.responses import json_response, secret_response
from kirin.http.route import Route
from kirin.webhooks import history
from kirin.webhooks.history import Delivery

WEBHOOKS = "/model/v1/webhooks"
SECRET = f"{WEBHOOKS}/secret"

HOUR_MS = 3_600_000

TASK = Parameter("task", "id or external_task_id of a task")
WEBHOOK_ID = PathParameter("webhook_id", "the webhook-id that receivers see")

LIST = Route(
    method="GET",
    path=WEBHOOKS,
    id="listWebhooks",
    summary="The account's webhooks, the newest first",
    scope=Scope.READ,
    parameters=(TASK, *PAGE),
    answer=WebhookPageJson,
    errors=(InvalidParameters, UnknownTask),
)
# Whoever knows the secret can forge webhooks, so a key that can only read does not get it.
READ_SECRET = Route(
    method="GET",
    path=SECRET,
    id="readWebhookSecret",
    summary="What webhooks are signed with",
    scope=Scope.GENERATE,
    answer=SigningJson,
)
ROTATE_SECRET = Route(
    method="POST",
    path=f"{SECRET}/rotate",
    id="rotateWebhookSecret",
    summary="Create a new secret; for a while webhooks carry the signatures of both",
    scope=Scope.GENERATE,
    answer=SigningJson,
)
READ = Route(
    method="GET",
    path=f"{WEBHOOKS}/{{webhook_id}}",
    id="readWebhook",
    summary="A webhook and every attempt at it",
    scope=Scope.READ,
    parameters=(WEBHOOK_ID,),
    answer=WebhookJson,
    errors=(UnknownWebhook,),
)
REDELIVER = Route(
    method="POST",
    path=f"{WEBHOOKS}/{{webhook_id}}/redeliver",
    id="redeliverWebhook",
    summary="Send a webhook once more, at once",
    scope=Scope.GENERATE,
    parameters=(WEBHOOK_ID,),
    answer=WebhookJson,
    errors=(UnknownWebhook,),
)
ROUTES = (LIST, READ_SECRET, ROTATE_SECRET, READ, REDELIVER)


def add_webhook_routes(router: APIRouter, deps: AccountDependencies) -> None:
    """Add the routes under ``/model/v1/webhooks``."""
    admit, threads = deps.authenticator.admit, deps.threads

    async def list_webhooks(request: Request) -> Response:
        account = (await admit(request, LIST)).account
        limit, before = page_of(request.query_params, LIST.parameters)
        name = request.query_params.get(TASK.name)

        task = None
        if name is not None:
            task = (await threads.run_short(partial(deps.tasks.find, account, name))).id

        def page(connection: Connection) -> Sequence[Delivery]:
            return history.page(connection, account, limit + 1, before=before, task=task)

        found, cursor = cut(
            await threads.read(page), limit, lambda last: (last.created_at, last.id)
        )
        shown = [webhook_json(delivery) for delivery in found]
        return json_response(WebhookPageJson(webhooks=shown, next_cursor=cursor))

    async def read(request: Request, webhook_id: str) -> Response:
        account = (await admit(request, READ)).account

        def find(connection: Connection) -> WebhookJson:
            return with_attempts(connection, account, webhook_id)

        return json_response(await threads.read_short(find))

    async def redeliver(request: Request, webhook_id: str) -> Response:
        account = (await admit(request, REDELIVER)).account

        def schedule(connection: Connection) -> WebhookJson:
            return schedule_redelivery(connection, account, webhook_id)

        return json_response(await threads.write(schedule))

    async def read_secret(request: Request) -> Response:
        account = (await admit(request, READ_SECRET)).account

        def find(connection: Connection) -> Secrets:
            return signing.secrets_of(connection, account, now_ms())

        return secret_response(signing_json(await threads.read_short(find)))

    async def rotate_secret(request: Request) -> Response:
        account = (await admit(request, ROTATE_SECRET)).account

        rotate = partial(rotate_secrets, account=account, overlap_ms=deps.rotation_hours * HOUR_MS)
        return secret_response(signing_json(await threads.write(rotate)))

    LIST.add_to(router, list_webhooks)
    READ_SECRET.add_to(router, read_secret)
    ROTATE_SECRET.add_to(router, rotate_secret)
    READ.add_to(router, read)
    REDELIVER.add_to(router, redeliver)


def owned(connection: Connection, account: str, id: str) -> Delivery:
    """A webhook of an account.

    Raises:
        UnknownWebhook: it has none with that id.
    """
    delivery = history.find(connection, account, id)
    if delivery is None:
        raise UnknownWebhook
    return delivery


def with_attempts(connection: Connection, account: str, id: str) -> WebhookJson:
    """A webhook of an account with every attempt at it; raises as :func:`owned`."""
    shown = webhook_json(owned(connection, account, id))
    attempts = history.attempts(connection, id)
    shown["body"] = history.body(connection, id)
    shown["attempts"] = [cast(AttemptJson, asdict(attempt)) for attempt in attempts]
    return shown


def schedule_redelivery(connection: Connection, account: str, id: str) -> WebhookJson:
    """Have a webhook sent once more; raises as :func:`owned`."""
    owned(connection, account, id)
    history.redeliver(connection, id, now_ms())
    return with_attempts(connection, account, id)


def rotate_secrets(connection: Connection, account: str, overlap_ms: int) -> Secrets:
    """Create a new secret; the earlier one signs for a while longer."""
    now = now_ms()
    signing.rotate(connection, account, now + overlap_ms)
    return signing.secrets_of(connection, account, now)


def webhook_json(delivery: Delivery) -> WebhookJson:
    """A webhook as the wire shows it."""
    shown: WebhookJson = {
        "id": delivery.id,
        "task": delivery.task,
        "status": TaskStatus(delivery.status),
        "url": delivery.url,
        "state": delivery.state,
        "attempt_count": delivery.attempts,
        "created_at": delivery.created_at,
        "next_attempt_at": delivery.next_at,
    }
    if delivery.batch is not None:
        shown["batch"] = delivery.batch
    return shown


def signing_json(secrets: Secrets) -> SigningJson:
    """Secrets as the wire shows them."""
    return {"secret": secrets.current, "earlier_valid_until": secrets.earlier_until}
