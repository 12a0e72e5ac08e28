"""The envelope of answers that are no errors."""

from __future__ import annotations

from typing import Final

from fastapi import Request, Response

from kirin.http.responses import json_response
from kirin.wire import kling

SUCCEED: Final = "SUCCEED"
"""The message of an answer that is no error."""


def enveloped(request: Request, data: object) -> Response:
    """An answer that is no error."""
    return json_response(
        {
            "code": kling.OK,
            "message": SUCCEED,
            "request_id": request.scope["request_id"],
            "data": data,
        }
    )
