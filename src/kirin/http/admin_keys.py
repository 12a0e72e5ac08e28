"""Routes of an operator: the keys of accounts. They take the scope ``admin``."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from kirin.accounts import administration, store
from kirin.accounts.keys import Key
from kirin.clock import now_ms
from kirin.http.admin import ACCOUNTS, ADMIN
from kirin.http.admin_bodies import CHANGED_KEY, NEW_KEY, ROTATION, limits_of, read_fields
from kirin.http.context import json_answer
from kirin.http.gate import operator
from kirin.http.rooms import Rooms

KEYS = f"{ADMIN}/keys"


def admin_key_routes(rooms: Rooms) -> APIRouter:
    """The routes that make, list, limit, rotate and revoke keys."""
    router = APIRouter()

    async def list_keys(request: Request, account_id: str) -> Response:
        await operator(rooms, request)

        def read(connection: Connection) -> list[Key]:
            return store.list_keys(connection, administration.account(connection, account_id).id)

        return json_answer({"keys": [shown_key(key) for key in await rooms.reading(read)]})

    async def create_key(request: Request, account_id: str) -> Response:
        who = await operator(rooms, request)
        values = await read_fields(rooms, request, NEW_KEY)

        def create(connection: Connection) -> tuple[Key, str]:
            now = now_ms()
            life = values.get("expires_in")
            return administration.create_key(
                connection,
                who,
                administration.account(connection, account_id),
                values["name"],
                now,
                scopes=values["scopes"],
                expires_at=None if life is None else now + life * 1000,
                limits=limits_of(values),
            )

        return key_answer(*await rooms.writing(create))

    async def change_key(request: Request, key_id: str) -> Response:
        who = await operator(rooms, request)
        limits = limits_of(await read_fields(rooms, request, CHANGED_KEY))

        def change(connection: Connection) -> Key:
            return administration.limit_key(connection, who, key_id, limits, now_ms())

        return json_answer(shown_key(await rooms.writing(change)))

    async def rotate_key(request: Request, key_id: str) -> Response:
        who = await operator(rooms, request)
        values = await read_fields(rooms, request, ROTATION)

        def rotate(connection: Connection) -> tuple[Key, str]:
            overlap = values["overlap_seconds"] * 1000
            return administration.rotate_key(connection, who, key_id, now_ms(), overlap)

        return key_answer(*await rooms.writing(rotate))

    async def revoke_key(request: Request, key_id: str) -> Response:
        who = await operator(rooms, request)

        def revoke(connection: Connection) -> Key:
            return administration.revoke_key(connection, who, key_id, now_ms())

        return json_answer(shown_key(await rooms.writing(revoke)))

    keys_of, one = f"{ACCOUNTS}/{{account_id}}/keys", f"{KEYS}/{{key_id}}"
    router.add_api_route(keys_of, list_keys, methods=["GET"])
    router.add_api_route(keys_of, create_key, methods=["POST"])
    router.add_api_route(one, change_key, methods=["PATCH"])
    router.add_api_route(one, revoke_key, methods=["DELETE"])
    router.add_api_route(f"{one}/rotate", rotate_key, methods=["POST"])
    return router


def shown_key(key: Key) -> dict[str, Any]:
    """A key as the wire shows it, without its secret."""
    return {
        "id": key.id,
        "account": key.account,
        "name": key.name,
        "hint": key.hint,
        "scopes": list(key.scopes),
        "limits": administration.told(key.limits),
        "created_at": key.created_at,
        "expires_at": key.expires_at,
        "last_used_at": key.last_used_at,
        "revoked_at": key.revoked_at,
    }


def key_answer(key: Key, secret: str) -> Response:
    """A new key with its secret, this once; nobody on the way shall keep it."""
    answer = json_answer({**shown_key(key), "secret": secret})
    answer.headers["Cache-Control"] = "no-store"
    return answer
