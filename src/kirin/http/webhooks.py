"""Routes of webhooks: what became of them, another try, and the secrets that sign them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from kirin.accounts import signing
from kirin.accounts.keys import Scope
from kirin.accounts.signing import Secrets
from kirin.clock import now_ms
from kirin.errors import UnknownWebhook
from kirin.http.context import json_answer
from kirin.http.gate import admit
from kirin.http.listing import cursor_of, cut, place_of
from kirin.http.rooms import Rooms
from kirin.webhooks import history
from kirin.webhooks.history import Delivery

WEBHOOKS = "/model/v1/webhooks"
SECRET = f"{WEBHOOKS}/secret"

HOUR_MS = 3_600_000


def webhook_routes(rooms: Rooms) -> APIRouter:
    """The routes under ``/model/v1/webhooks``."""
    router = APIRouter()

    async def list_webhooks(request: Request) -> Response:
        owner = (await admit(rooms, request, Scope.READ)).account

        def look() -> list[Delivery]:
            task = request.query_params.get("task")
            about = rooms.tasks.find(owner, task).id if task is not None else None
            with rooms.database.read() as connection:
                return history.page(connection, owner, limit + 1, before=before, task=about)

        limit, before = place_of(request.query_params)
        found, following = cut(
            await rooms.blocking(look), limit, lambda last: cursor_of(last.created_at, last.id)
        )
        return json_answer(
            {"webhooks": [shown(delivery) for delivery in found], "next_cursor": following}
        )

    def one(connection: Connection, owner: str, id: str) -> dict[str, Any]:
        return {
            **shown(owned(connection, owner, id)),
            "attempts": [asdict(attempt) for attempt in history.attempts(connection, id)],
        }

    async def read(request: Request, webhook_id: str) -> Response:
        owner = (await admit(rooms, request, Scope.READ)).account

        def look() -> dict[str, Any]:
            with rooms.database.read() as connection:
                return one(connection, owner, webhook_id)

        return json_answer(await rooms.look(look))

    async def redeliver(request: Request, webhook_id: str) -> Response:
        owner = (await admit(rooms, request, Scope.GENERATE)).account

        def again() -> dict[str, Any]:
            with rooms.database.write() as connection:
                owned(connection, owner, webhook_id)
                history.redeliver(connection, webhook_id, now_ms())
                return one(connection, owner, webhook_id)

        return json_answer(await rooms.blocking(again))

    async def read_secret(request: Request) -> Response:
        # Who knows it can forge webhooks, so a key that only reads does not get it.
        owner = (await admit(rooms, request, Scope.GENERATE)).account

        def look() -> Secrets:
            with rooms.database.read() as connection:
                return signing.secrets_of(connection, owner, now_ms())

        return secret_answer(await rooms.look(look))

    async def rotate_secret(request: Request) -> Response:
        owner = (await admit(rooms, request, Scope.GENERATE)).account

        def rotate() -> Secrets:
            now = now_ms()
            with rooms.database.write() as connection:
                signing.rotate(connection, owner, now + rooms.rotation_hours * HOUR_MS)
                return signing.secrets_of(connection, owner, now)

        return secret_answer(await rooms.blocking(rotate))

    router.add_api_route(WEBHOOKS, list_webhooks, methods=["GET"])
    router.add_api_route(SECRET, read_secret, methods=["GET"])
    router.add_api_route(f"{SECRET}/rotate", rotate_secret, methods=["POST"])
    router.add_api_route(f"{WEBHOOKS}/{{webhook_id}}", read, methods=["GET"])
    router.add_api_route(f"{WEBHOOKS}/{{webhook_id}}/redeliver", redeliver, methods=["POST"])
    return router


def owned(connection: Connection, account: str, id: str) -> Delivery:
    """A message of an account.

    Raises:
        UnknownWebhook: it has none of that id.
    """
    delivery = history.find(connection, account, id)
    if delivery is None:
        raise UnknownWebhook
    return delivery


def shown(delivery: Delivery) -> dict[str, Any]:
    """A message as the wire shows it."""
    return {
        "id": delivery.id,
        "task": delivery.task,
        "status": delivery.status,
        "url": delivery.url,
        "state": delivery.state,
        "attempt_count": delivery.attempts,
        "created_at": delivery.created_at,
        "next_attempt_at": delivery.next_at,
    }


def secret_answer(secrets: Secrets) -> Response:
    """The current secret; nobody on the way shall keep it."""
    answer = json_answer({"secret": secrets.current, "earlier_valid_until": secrets.earlier_until})
    answer.headers["Cache-Control"] = "no-store"
    return answer
