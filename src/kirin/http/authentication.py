"""Authentication: API keys in the Authorization header (rule W-10), their scopes and rates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import structlog
from fastapi import Request
from sqlalchemy.exc import DBAPIError

from kirin.accounts import caller, keys
from kirin.accounts.audit import Actor
from kirin.accounts.caller import Caller
from kirin.accounts.keys import Scope
from kirin.accounts.limits import window_headers
from kirin.accounts.rate_limiter import AllowanceUsedUp, RateLimiter, RateLimitStatus
from kirin.accounts.sealing import KeySealer
from kirin.accounts.tokens import TokenVerifier, is_token
from kirin.database.engine import Database
from kirin.errors import InvalidKey, KeyNotSent, ScopeMissing
from kirin.http.responses import add_headers
from kirin.http.route import BEARER, Route
from kirin.http.thread_pool import ThreadPool

log = structlog.get_logger(__name__)

AUTHORIZATION = "Authorization"

CALLER = "kirin.caller"
"""In the scope of a request that this process sends itself: the caller, if it has just looked them
up by the key that the request has."""


READING = Route(
    method="GET", path="/", id="read", summary="What any key may read", scope=Scope.READ
)
"""Stands for routes that ask for a key only where the operator wants it."""


class Authenticator:
    """Finds the account that a request's key belongs to, and counts its requests."""

    def __init__(
        self,
        database: Database,
        threads: ThreadPool,
        now: Callable[[], int],
        sealer: KeySealer | None = None,
    ) -> None:
        """Create an authenticator.

        Args:
            database: where keys are stored.
            threads: for what blocks.
            now: the time in Unix milliseconds.
            sealer: opens secrets of keys, where signed tokens may be checked.
        """
        self._database = database
        self._threads = threads
        self._now = now
        self._rate_limiter = RateLimiter(database, now)
        self._tokens = TokenVerifier(sealer)

    async def admit(
        self,
        request: Request,
        route: Route,
        find: Callable[[], Caller] | None = None,
        *,
        signed: bool = False,
    ) -> Caller:
        """Authenticate a request.

        The answer gets ``RateLimit-*`` headers where the account or the key has a limit.

        Args:
            route: the route it was sent to; the key needs its scope.
            find: finds the caller, where that is not by the header.
            signed: whether a token that a key has signed will do in place of that key.

        Raises:
            InvalidKey: there is no key, or it is not valid.
            LimitReached: too many requests in this minute.
            ScopeMissing: the key lacks the scope.
        """
        header = request.headers.get(AUTHORIZATION)
        found: Caller | None = None if find else request.scope.get(CALLER)
        if found is None:
            find = find or partial(self.caller, header, route.schemes, signed=signed)
            found = await self._threads.run_short(find)
        if found.quotas and (status := await self._count(found)):
            headers = window_headers(status.limit, status.remaining, status.seconds)
            add_headers(request, headers)
        if found.stale(self._now()):
            await self._threads.run(self._note_use, found)
        if route.scope is not None and route.scope not in found.scopes:
            raise ScopeMissing(
                f"this API key has the scopes {', '.join(found.scopes) or 'none'}; "
                f"this takes one with the scope {route.scope}"
            )
        return found

    async def admit_reader(self, request: Request) -> None:
        """Refuse whoever may not read.

        Raises:
            ApiError: as :meth:`admit`.
        """
        await self.admit(request, READING)

    async def admit_operator(self, request: Request, route: Route) -> Actor:
        """Authenticate an operator.

        Returns:
            How the audit log names them.

        Raises:
            ApiError: as :meth:`admit`.
        """
        found = await self.admit(request, route)
        address = request.client.host if request.client else ""
        return Actor(f"key:{found.key}", address, request.scope["request_id"])

    async def still_valid(
        self,
        request: Request,
        find: Callable[[], Caller] | None = None,
        schemes: Sequence[str] = BEARER,
    ) -> bool:
        """Whether the key of a long-running request is still valid.

        Args:
            find: as for :meth:`admit`.
            schemes: of its route.
        """
        header = request.headers.get(AUTHORIZATION)
        try:
            await self._threads.run_short(find or partial(self.caller, header, schemes))
        except InvalidKey:
            return False
        return True

    def caller(
        self,
        authorization: str | None,
        schemes: Sequence[str] = BEARER,
        *,
        signed: bool = False,
    ) -> Caller:
        """Who sends an Authorization header.

        Args:
            schemes: that it may have, in small letters, the usual one first.
            signed: as for :meth:`admit`.

        Raises:
            InvalidKey: the key is not valid; the message says what is wrong, but not whether
                the key ever existed.
        """
        scheme, _, secret = (authorization or "").strip().partition(" ")
        secret = secret.strip()
        usual = f"{schemes[0].capitalize()} KEY"
        if not authorization:
            raise KeyNotSent(f"no API key was sent: send the header 'Authorization: {usual}'")
        if scheme.lower() not in schemes or not secret:
            raise InvalidKey(f"the Authorization header must be '{usual}'")
        if signed and is_token(secret):
            with self._database.read() as connection:
                return self._tokens.caller(connection, secret, self._now())
        if keys.acceptable(secret):
            # Looked up by its hash, so the time that the comparison takes reveals nothing useful.
            with self._database.read() as connection:
                found = caller.find(connection, secret, self._now())
            if found is not None:
                return found
        raise InvalidKey(
            "this API key is not valid: check it for typos, or whether it was revoked or has "
            "expired"
        )

    async def _count(self, who: Caller) -> RateLimitStatus | None:
        try:
            return self._rate_limiter.acquire(who.quotas)
        except AllowanceUsedUp:
            return await self._threads.run(self._rate_limiter.acquire_blocking, who.quotas)

    def _note_use(self, who: Caller) -> None:
        """Record when a key was last used; if that fails, the request goes on."""
        try:
            with self._database.write() as connection:
                caller.note_use(connection, who.key, self._now())
        except DBAPIError:
            log.warning("could not record the last use of a key", key=who.key, exc_info=True)
