"""Tokens for what a browser opens without a header: event streams and downloads of archives."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from fastapi import Request

from kirin.accounts import caller
from kirin.accounts.caller import Caller
from kirin.database.engine import Database
from kirin.errors import InvalidKey
from kirin.http.query_parameters import Parameter

SECRET: Final = "stream tokens"  # noqa: S105  its name
"""Name of the secret that signs them."""

LIFETIME_MS: Final = 10 * 60_000
"""How long a token opens a stream; one that is open then ends."""

EVENTS: Final = "*"
"""What a token is for that opens the stream of an account; others name a task."""

TOKEN = Parameter("token", "in place of the key: of a request for a token for this stream")

LONGEST: Final = 8192
"""Characters; those for an archive name up to a hundred tasks."""


@dataclass(frozen=True, slots=True)
class StreamTokens:
    """Makes and reads tokens: ``KEY.STREAM.END.SIGNATURE``, with ids and Unix milliseconds.

    Attributes:
        secret: whoever has it can make tokens.
        now: the time in Unix milliseconds.
    """

    secret: bytes
    database: Database
    now: Callable[[], int]

    def issue(self, key: str, stream: str) -> tuple[str, int]:
        """A token, and when it ends.

        Args:
            key: id of the key in whose place it is.
            stream: :data:`EVENTS`, id of a task, or what else a token may open.
        """
        end = self.now() + LIFETIME_MS
        said = f"{key}.{stream}.{end}"
        return f"{said}.{self._signature(said)}", end

    def stream_of(self, token: str) -> str:
        """What a token is for.

        Raises:
            InvalidKey: it was not made here, or has ended.
        """
        return self._parts(token)[1]

    def caller(self, token: str) -> Caller:
        """Who has a token: the holder of its key, as long as that is valid.

        Raises:
            InvalidKey: the token, or its key, is not valid.
        """
        key = self._parts(token)[0]
        with self.database.read() as connection:
            found = caller.find_by_id(connection, key, self.now())
        if found is None:
            raise _refusal()
        return found[0]

    def finder(self, request: Request) -> Callable[[], Caller] | None:
        """Finds out who has the token of a request; ``None`` where that has a key or no token.

        A request with both is one by its key.
        """
        token = request.query_params.get(TOKEN.name)
        if token is None or "Authorization" in request.headers:
            return None
        return partial(self.caller, token)

    def check(self, request: Request, stream: str) -> None:
        """Check that a request that came by a token asks for the stream that it is for.

        Raises:
            InvalidKey: it does not.
        """
        if self.finder(request) and self.stream_of(request.query_params[TOKEN.name]) != stream:
            raise _refusal()

    def _parts(self, token: str) -> tuple[str, str]:
        said, _, signature = token.rpartition(".")
        genuine = hmac.compare_digest(
            self._signature(said).encode(), signature.encode(errors="replace")
        )
        if len(token) > LONGEST or not genuine:
            raise _refusal()
        key, stream, end = said.rsplit(".", 2)
        if int(end) <= self.now():
            raise _refusal()
        return key, stream

    def _signature(self, said: str) -> str:
        made = hmac.digest(self.secret, said.encode(errors="replace"), "sha256")
        return urlsafe_b64encode(made).decode().rstrip("=")


def _refusal() -> InvalidKey:
    return InvalidKey("this token is not valid here, or has ended: ask for another")
