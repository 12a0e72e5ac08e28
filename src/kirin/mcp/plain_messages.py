"""Plain messages: one request each, answered at once, in the form that clients write it.

They need nothing of the package's transport, which makes a session, streams and tasks for each
message. Whatever has anything else in it is no plain message, and is the package's to serve or to
refuse: what is refused is never decided here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from fastapi import Request
from mcp.server.streamable_http import check_accept_headers
from mcp.shared.inbound import (
    MCP_METHOD_HEADER,
    MCP_NAME_HEADER,
    MCP_PROTOCOL_VERSION_HEADER,
    InboundModernRoute,
    classify_inbound_request,
)
from mcp.types import (
    CLIENT_CAPABILITIES_META_KEY,
    CLIENT_INFO_META_KEY,
    DEFAULT_NEGOTIATED_VERSION,
    PROTOCOL_VERSION_META_KEY,
)
from mcp.types.methods import validate_client_request
from mcp.types.version import HANDSHAKE_PROTOCOL_VERSIONS, MODERN_PROTOCOL_VERSIONS
from pydantic import ValidationError
from pydantic_core import from_json, to_json

MOST_BYTES: Final = 64 * 1024
"""Of a plain message: it is parsed while others wait, and by the package once more if it is not
one after all."""

LARGEST_ID: Final = 2**53
"""Above it, programs disagree about numbers."""

PING: Final = "ping"
LIST: Final = "tools/list"
CALL: Final = "tools/call"

ENVELOPE: Final = {"jsonrpc", "id", "method", "params"}

PARAMS: Final[Mapping[str, set[str]]] = {
    PING: {"_meta"},
    LIST: {"_meta"},
    CALL: {"_meta", "name", "arguments"},
}
"""What plain messages may say, by method. There is no cursor: the tools fit on a page."""

TRACE: Final = {"traceparent", "tracestate", "baggage"}
MODERN_META: Final = TRACE | {
    PROTOCOL_VERSION_META_KEY,
    CLIENT_CAPABILITIES_META_KEY,
    CLIENT_INFO_META_KEY,
}
"""What their ``_meta`` may say: nothing that asks for notifications, as a progress token does."""

USUAL_ACCEPT: Final = "application/json, text/event-stream"
JSON: Final = "application/json"

MOST_META: Final = 1024
"""Bytes of a ``_meta`` whose being right is remembered: a client sends the same each time."""

USUAL_META: Final = MODERN_META - TRACE

PLAIN_NAME: Final = re.compile("[a-z_]{1,64}")
"""Of a tool: a header holds it as it is."""

VERSION, *_ = ROUTING = tuple(
    name.lower().encode()
    for name in (MCP_PROTOCOL_VERSION_HEADER, MCP_METHOD_HEADER, MCP_NAME_HEADER)
)

NONE: Final = ("",)
"""Values of a header that was not sent."""

NO_ARGUMENTS: Final[Mapping[str, Any]] = {}


@dataclass(frozen=True, slots=True)
class PlainMessage:
    """A message that can be answered at once.

    Attributes:
        version: revision of the protocol that it is in.
        tool: what it calls, with which arguments; empty unless it calls one.
    """

    id: int | str
    method: str
    version: str
    tool: str = ""
    arguments: dict[str, Any] = field(default_factory=dict)

    @property
    def modern(self) -> bool:
        """Whether it stands for itself, as messages do since 2026-07-28."""
        return self.version in MODERN_PROTOCOL_VERSIONS


def plain_message(request: Request, body: bytes) -> PlainMessage | None:
    """A plain message; ``None`` if this is none, or none that is right in every way."""
    headers = Headers.of(request)
    if len(body) > MOST_BYTES or not _expects_json(request, headers):
        return None
    version = _version(headers)
    if version is None:
        return None
    modern = version in MODERN_PROTOCOL_VERSIONS
    try:  # the package parses one revision by json.loads, which takes some more: they are its own
        said = from_json(body)
    except ValueError:
        return None
    if not _well_formed(said):
        return None
    params = said.get("params", NO_ARGUMENTS)
    if not (
        _right_in_modern(request, headers, said, version) if modern else _right_in_older(params)
    ):
        return None
    return PlainMessage(
        said["id"], said["method"], version, params.get("name", ""), params.get("arguments", {})
    )


class Headers(dict[bytes, list[str]]):
    """Values of the headers of a request, by name in small letters; read in one pass."""

    @classmethod
    def of(cls, request: Request) -> Headers:
        """The headers of a request."""
        headers = cls()
        for name, value in request.scope["headers"]:
            headers.setdefault(name, []).append(value.decode("latin-1"))
        return headers


def _expects_json(request: Request, headers: Headers) -> bool:
    kind = headers.get(b"content-type", NONE)[0]
    if kind != JSON and kind.partition(";")[0].strip() != JSON:
        return False
    return headers.get(b"accept", NONE)[0] == USUAL_ACCEPT or all(check_accept_headers(request))


def _version(headers: Headers) -> str | None:
    """The revision that the headers name; ``None`` if there is none such."""
    given = headers.get(VERSION)
    if not given:
        return DEFAULT_NEGOTIATED_VERSION
    known = given[0] in HANDSHAKE_PROTOCOL_VERSIONS or given[0] in MODERN_PROTOCOL_VERSIONS
    return given[0] if known and len(given) == 1 else None


def _well_formed(said: Any) -> bool:
    """Whether this is a request whose method and parameters plain messages may have."""
    if not isinstance(said, dict) or said.keys() - ENVELOPE or said.get("jsonrpc") != "2.0":
        return False
    match said.get("id"):
        case bool():
            return False
        case int() as number if abs(number) <= LARGEST_ID:
            pass
        case str() as text if text.isascii():
            pass
        case _:
            return False
    method, params = said.get("method"), said.get("params", NO_ARGUMENTS)
    if not isinstance(method, str) or method not in PARAMS or not isinstance(params, dict):
        return False
    if params.keys() - PARAMS[method]:
        return False
    return method != CALL or (
        isinstance(params.get("name"), str) and isinstance(params.get("arguments", {}), dict)
    )


def _right_in_older(params: Mapping[str, Any]) -> bool:
    meta = params.get("_meta", NO_ARGUMENTS)
    return isinstance(meta, Mapping) and not meta.keys() - TRACE


def _right_in_modern(
    request: Request, headers: Headers, said: Mapping[str, Any], version: str
) -> bool:
    """Whether a message says of itself what those since 2026-07-28 have to, and headers agree."""
    routing = [headers.get(name, []) for name in ROUTING]
    if any(len(values) > 1 for values in routing):
        return False
    if _usual_in_modern(said, version, routing):
        return True
    route = classify_inbound_request(said, headers=request.headers)
    if not isinstance(route, InboundModernRoute):
        return False
    params = said["params"]
    return not params["_meta"].keys() - MODERN_META and _valid(said["method"], version, params)


def _usual_in_modern(
    said: Mapping[str, Any], version: str, routing: Sequence[Sequence[str]]
) -> bool:
    """Whether a call is as clients send them, word for word; others are looked at more closely.

    Args:
        version: that the headers name.
        routing: values of the headers :data:`ROUTING`.
    """
    params = said.get("params", NO_ARGUMENTS)
    meta, name = params.get("_meta"), params.get("name")
    return (
        said["method"] == CALL
        and isinstance(meta, dict)
        and meta.get(PROTOCOL_VERSION_META_KEY) == version
        and routing[1:] == [[CALL], [name]]
        and PLAIN_NAME.fullmatch(name) is not None
        and all(map(str.isascii, params.get("arguments", NO_ARGUMENTS)))
        and meta.keys() == USUAL_META
        and _right_meta(meta, version)
    )


def _right_meta(meta: Mapping[str, Any], version: str) -> bool:
    try:
        written = to_json(meta)
    except ValueError:  # half of a surrogate pair
        return False
    return len(written) <= MOST_META and _right_written_meta(written, version)


@lru_cache(maxsize=256)
def _right_written_meta(written: bytes, version: str) -> bool:
    return _valid(CALL, version, {"name": "x", "_meta": from_json(written)})


def _valid(method: str, version: str, params: Mapping[str, Any]) -> bool:
    try:
        validate_client_request(method, version, params)
    except (KeyError, ValidationError):
        return False
    return True
