"""The gate before every route that needs a key: known, allowed, not too often."""

from __future__ import annotations

from functools import partial

from fastapi import Request

from kirin.accounts.audit import Actor
from kirin.accounts.caller import Caller
from kirin.accounts.keys import Scope
from kirin.accounts.limits import window_headers
from kirin.accounts.meter import ShareUsedUp, Standing
from kirin.errors import InvalidKey, ScopeMissing
from kirin.http.context import add_headers
from kirin.http.rooms import Rooms

AUTHORIZATION = "Authorization"


async def admit(rooms: Rooms, request: Request, scope: Scope) -> Caller:
    """Let a request in.

    The answer carries ``RateLimit-*`` headers where the account or the key has a limit.

    Args:
        scope: what its key must be good for.

    Raises:
        InvalidKey: it shows no key that opens anything.
        LimitReached: too many requests in this minute.
        ScopeMissing: the key is for other things.
    """
    header = request.headers.get(AUTHORIZATION)
    caller = await rooms.look(partial(rooms.authenticator.caller, header))
    if caller.quotas and (standing := await _metered(rooms, caller)):
        headers = window_headers(standing.limit, standing.remaining, standing.seconds)
        add_headers(request, headers)
    if rooms.authenticator.stale(caller):
        await rooms.blocking(rooms.authenticator.note_use, caller)
    if scope not in caller.scopes:
        raise ScopeMissing(
            f"this API key has the scopes {', '.join(caller.scopes) or 'none'}; "
            f"this takes one with the scope {scope}"
        )
    return caller


async def still_open(rooms: Rooms, request: Request) -> bool:
    """Whether the key of a request that goes on for long still opens something."""
    header = request.headers.get(AUTHORIZATION)
    try:
        await rooms.look(partial(rooms.authenticator.caller, header))
    except InvalidKey:
        return False
    return True


async def operator(rooms: Rooms, request: Request) -> Actor:
    """Let an operator in, and tell how the audit names them.

    Raises:
        ApiError: as :func:`admit`, for the scope ``admin``.
    """
    caller = await admit(rooms, request, Scope.ADMIN)
    address = request.client.host if request.client else ""
    return Actor(f"key:{caller.key}", address, request.scope["request_id"])


async def _metered(rooms: Rooms, caller: Caller) -> Standing | None:
    try:
        return rooms.authenticator.meter.take(caller.quotas)
    except ShareUsedUp:
        return await rooms.blocking(rooms.authenticator.meter.take_slowly, caller.quotas)
