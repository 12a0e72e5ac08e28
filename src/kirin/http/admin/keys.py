"""Routes of operators: the API keys of accounts."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from kirin.accounts import administration, store
from kirin.accounts.audit import Actor
from kirin.accounts.keys import Key
from kirin.accounts.sealing import KeySealer
from kirin.clock import now_ms
from kirin.errors import AlreadyThere, InvalidParameters, UnknownAccount, UnknownKey
from kirin.http.admin.accounts import limits_json
from kirin.http.admin.audit import ACCOUNT
from kirin.http.admin.audit import account_id as named_account
from kirin.http.admin.bodies import KeyChanges, NewKey, Rotation, read_model
from kirin.http.admin.dependencies import (
    ACCOUNT_ID,
    ACCOUNTS,
    KEY_ID,
    KEYS,
    SCOPE,
    AdminDependencies,
)
from kirin.http.admin.models import CreatedKeyJson, KeyJson, KeyListJson, KeyPageJson
from kirin.http.pagination import PAGE, cut, page_of
from kirin.http.responses import json_response, secret_response
from kirin.http.route import Route

KEYS_OF_ACCOUNT = f"{ACCOUNTS}/{{account_id}}/keys"
ONE = f"{KEYS}/{{key_id}}"

LIST = Route(
    method="GET",
    path=KEYS_OF_ACCOUNT,
    id="listKeys",
    summary="An account's keys, the oldest first",
    scope=SCOPE,
    parameters=(ACCOUNT_ID,),
    answer=KeyListJson,
    errors=(UnknownAccount,),
)
LIST_ALL = Route(
    method="GET",
    path=KEYS,
    id="listAllKeys",
    summary="Keys of all accounts, the newest first",
    scope=SCOPE,
    parameters=(ACCOUNT, *PAGE),
    answer=KeyPageJson,
    errors=(InvalidParameters, UnknownAccount),
)
CREATE = Route(
    method="POST",
    path=KEYS_OF_ACCOUNT,
    id="createKey",
    summary="Create a key",
    scope=SCOPE,
    parameters=(ACCOUNT_ID,),
    body=NewKey,
    answer=CreatedKeyJson,
    errors=(UnknownAccount, AlreadyThere),
)
CHANGE = Route(
    method="PATCH",
    path=ONE,
    id="changeKey",
    summary="Set the limits of a key",
    scope=SCOPE,
    parameters=(KEY_ID,),
    body=KeyChanges,
    answer=KeyJson,
    errors=(UnknownKey,),
)
REVOKE = Route(
    method="DELETE",
    path=ONE,
    id="revokeKey",
    summary="Revoke a key",
    scope=SCOPE,
    parameters=(KEY_ID,),
    answer=KeyJson,
    errors=(UnknownKey,),
)
ROTATE = Route(
    method="POST",
    path=f"{ONE}/rotate",
    id="rotateKey",
    summary="Replace a key; for a while both work",
    scope=SCOPE,
    parameters=(KEY_ID,),
    body=Rotation,
    answer=CreatedKeyJson,
    errors=(UnknownKey,),
)
ROUTES = (LIST, LIST_ALL, CREATE, CHANGE, REVOKE, ROTATE)


def add_key_routes(router: APIRouter, deps: AdminDependencies) -> None:
    """Add the routes that create, list, limit, rotate and revoke keys."""
    admit, threads = deps.authenticator.admit_operator, deps.threads

    async def list_keys(request: Request, account_id: str) -> Response:
        await admit(request, LIST)

        def read(connection: Connection) -> list[Key]:
            return store.list_keys(connection, administration.account(connection, account_id).id)

        return json_response(KeyListJson(keys=[key_json(k) for k in await threads.read(read)]))

    async def list_all_keys(request: Request) -> Response:
        await admit(request, LIST_ALL)
        limit, before = page_of(request.query_params, LIST_ALL.parameters)
        name = request.query_params.get(ACCOUNT.name)

        def read(connection: Connection) -> list[tuple[Key, str]]:
            owner = named_account(connection, name)
            return store.page_of_keys(connection, limit + 1, before, owner)

        found, cursor = cut(
            await threads.read(read), limit, lambda last: (last[0].created_at, last[0].id)
        )
        return json_response(
            KeyPageJson(
                keys=[{**key_json(key), "account_name": owner} for key, owner in found],
                next_cursor=cursor,
            )
        )

    async def create_key(request: Request, account_id: str) -> Response:
        who = await admit(request, CREATE)
        body = await read_model(request, deps.body_limits, NewKey)

        def create(connection: Connection) -> tuple[Key, str]:
            return create_key_of(connection, who, account_id, body, deps.sealer)

        return secret_response(created_key_json(*await threads.write(create)))

    async def change_key(request: Request, key_id: str) -> Response:
        who = await admit(request, CHANGE)
        body = await read_model(request, deps.body_limits, KeyChanges)

        def change(connection: Connection) -> Key:
            limits = body.limits.limits()
            return administration.limit_key(connection, who, key_id, limits, now_ms())

        return json_response(key_json(await threads.write(change)))

    async def rotate_key(request: Request, key_id: str) -> Response:
        who = await admit(request, ROTATE)
        body = await read_model(request, deps.body_limits, Rotation)

        def rotate(connection: Connection) -> tuple[Key, str]:
            overlap_ms = body.overlap_seconds * 1000
            return administration.rotate_key(
                connection, who, key_id, now_ms(), overlap_ms, deps.sealer
            )

        return secret_response(created_key_json(*await threads.write(rotate)))

    async def revoke_key(request: Request, key_id: str) -> Response:
        who = await admit(request, REVOKE)

        def revoke(connection: Connection) -> Key:
            return administration.revoke_key(connection, who, key_id, now_ms())

        return json_response(key_json(await threads.write(revoke)))

    LIST.add_to(router, list_keys)
    LIST_ALL.add_to(router, list_all_keys)
    CREATE.add_to(router, create_key)
    CHANGE.add_to(router, change_key)
    REVOKE.add_to(router, revoke_key)
    ROTATE.add_to(router, rotate_key)


def create_key_of(
    connection: Connection, who: Actor, account_id: str, wanted: NewKey, sealer: KeySealer | None
) -> tuple[Key, str]:
    """Create a key of an account.

    Args:
        sealer: as for :func:`kirin.accounts.administration.create_key`.

    Returns:
        The key and its secret.

    Raises:
        UnknownAccount: there is no such account.
    """
    now = now_ms()
    return administration.create_key(
        connection,
        who,
        administration.account(connection, account_id),
        wanted.name,
        now,
        scopes=wanted.scopes,
        expires_at=None if wanted.expires_in is None else now + wanted.expires_in * 1000,
        limits=wanted.limits.limits(),
        sealer=sealer,
    )


def key_json(key: Key) -> KeyJson:
    """A key as the wire shows it, without its secret."""
    return {
        "id": key.id,
        "account": key.account,
        "name": key.name,
        "hint": key.hint,
        "scopes": list(key.scopes),
        "limits": limits_json(key.limits),
        "created_at": key.created_at,
        "expires_at": key.expires_at,
        "last_used_at": key.last_used_at,
        "revoked_at": key.revoked_at,
    }


def created_key_json(key: Key, secret: str) -> CreatedKeyJson:
    """A new key with its secret, which is never shown again."""
    return {**key_json(key), "secret": secret}
