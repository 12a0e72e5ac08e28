"""Answers to requests that were refused, in the format that the caller's API has."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import Response
from starlette.types import Scope

from kirin.errors import ApiError
from kirin.http.error_format import NATIVE, ErrorFormat


class ErrorAnswers:
    """Answers errors of every kind: by the path, as a dialect has it or as rule W-9 has it."""

    def __init__(self, formats: Mapping[str, ErrorFormat] | None = None) -> None:
        """Set up.

        Args:
            formats: by pattern of paths, which holds for all that is below it: segments, of which
                ``{}`` is any one. The most exact pattern counts; other paths are native.
        """
        self._formats = dict(formats or {})

    def of(self, scope: Scope, error: ApiError) -> Response:
        """The answer to a request.

        Args:
            scope: of the request, with its id.
        """
        return self.format_of(scope["path"]).response(error, scope["request_id"])

    def format_of(self, path: str) -> ErrorFormat:
        """The format of errors at a path."""
        best = max(self._formats, key=lambda pattern: exactness(pattern, path), default="")
        return self._formats[best] if best and any(exactness(best, path)) else NATIVE


def exactness(pattern: str, path: str) -> tuple[int, int]:
    """How exactly a pattern names a path: segments in all, and those that are no ``{}``.

    ``(0, 0)`` where it does not.

    >>> exactness("/v1/videos", "/v1/videos/1/content"), exactness("/v1", "/v2")
    ((2, 2), (0, 0))
    >>> exactness("/v1/models/{}/{}", "/v1/models/kirin/v3")
    (4, 2)
    """
    wanted, given = pattern.strip("/").split("/"), path.strip("/").split("/")
    if len(given) < len(wanted):
        return 0, 0
    if any(segment not in ("{}", there) for segment, there in zip(wanted, given, strict=False)):
        return 0, 0
    return len(wanted), sum(segment != "{}" for segment in wanted)
