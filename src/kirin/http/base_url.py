"""The base URL of links in answers."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request


@dataclass(frozen=True)
class BaseUrl:
    """Where clients reach this server.

    Attributes:
        public: the configured URL; ``None`` uses the one that each request was sent to.
    """

    public: str | None

    def of(self, request: Request) -> str:
        """The base URL for the answer to a request, without a slash at the end."""
        return (self.public or str(request.base_url)).rstrip("/")
