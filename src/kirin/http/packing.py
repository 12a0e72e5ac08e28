"""JSON answers that are the same for everybody, compressed for who takes that."""

from __future__ import annotations

import gzip

from fastapi import Request, Response

from kirin.http.responses import json_response

LEAST_BYTES = 1024
"""Smaller answers fit one packet as they are."""

LEVEL = 6
"""Of zlib: more takes longer than it saves."""


def public_response(request: Request, body: object) -> Response:
    """A JSON answer without anything of an account in it.

    Those that have are sent as they are: what is compressed beside a secret tells of it by its
    length (CVE-2013-3587).
    """
    response = json_response(body)
    content = bytes(response.body)
    if len(content) >= LEAST_BYTES and takes_gzip(request.headers.get("Accept-Encoding", "")):
        response = Response(gzip.compress(content, LEVEL, mtime=0), media_type=response.media_type)
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    return response


def takes_gzip(accepted: str) -> bool:
    """Whether an Accept-Encoding header names gzip, with a weight above zero (RFC 9110, 12.5.3)."""
    for part in accepted.lower().split(","):
        coding, _, weight = part.replace(" ", "").partition(";q=")
        if coding == "gzip":
            return not weight or bool(weight.strip("0."))
    return False
