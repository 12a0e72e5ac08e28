"""Keys of requests: in the SDK's header, in the address, or as everywhere else."""

from __future__ import annotations

from functools import partial
from typing import Final

from fastapi import Request

from kirin.accounts.caller import Caller
from kirin.errors import KeyNotSent
from kirin.http.authentication import AUTHORIZATION, Authenticator
from kirin.http.query_parameters import Header, Parameter
from kirin.http.route import Route
from kirin.wire import veo as wire

KEY: Final = (
    Header(wire.KEY_HEADER, "the API key, in place of the Authorization header"),
    Parameter(wire.KEY_QUERY, "the same, for programs that set no headers"),
)


async def admit(authenticator: Authenticator, request: Request, route: Route) -> Caller:
    """Authenticate a request; see :meth:`Authenticator.admit`.

    Raises:
        ApiError: as there.
    """
    given = request.headers.get(wire.KEY_HEADER) or request.query_params.get(wire.KEY_QUERY)
    if given:
        find = partial(authenticator.caller, f"Bearer {given}")
        return await authenticator.admit(request, route, find)
    if AUTHORIZATION not in request.headers:
        raise KeyNotSent(f"no API key was sent: send the header '{wire.KEY_HEADER}: KEY'")
    return await authenticator.admit(request, route)
