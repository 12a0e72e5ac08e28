"""Sessions with providers that are not there, for tests of the client sides of their APIs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from kirin.engines.remote.session import Reply, Session


class Answering:
    """A session that answers by a script; its last reply is given for good.

    Attributes:
        sent: what each call was made with.
    """

    name = "cloud"

    def __init__(self, replies: Sequence[Reply]) -> None:
        self._replies = list(replies)
        self.sent: list[dict[str, Any]] = []

    def call(self, method: str, path: str, **options: Any) -> Reply:
        """Note a call, and answer it."""
        self.sent.append({"method": method, "path": path, **options})
        return self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]

    @property
    def session(self) -> Session:
        """Itself, as what it stands for."""
        return cast(Session, self)


def answering(*replies: dict[str, Any], status: int = 200) -> Answering:
    """A session whose provider replies with these bodies."""
    return Answering([Reply(status, body) for body in replies])
