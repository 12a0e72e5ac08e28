"""Files that agents send: by base64, by URL, or from the disk of the agent's own machine."""

from __future__ import annotations

import stat
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

from anyio import open_file

from kirin.errors import InvalidParameters, Problem
from kirin.mcp.arguments import LocalUploadArguments, UploadArguments
from kirin.mcp.native_api import NativeApi
from kirin.media import base64
from kirin.media.refusal import MediaRefused

MOST_INLINE_BYTES: Final = 8 * 1024 * 1024
"""Of a file as base64, decoded."""

CHUNK_BYTES: Final = 1024 * 1024


async def upload(api: NativeApi, given: UploadArguments) -> dict[str, Any]:
    """Send a file.

    Raises:
        InvalidParameters: it is not given in exactly one way, or cannot be read.
        KirinApiError: the server refuses it.
    """
    path = given.path if isinstance(given, LocalUploadArguments) else None
    ways = [name for name in ("base64", "url", "path") if getattr(given, name, None) is not None]
    if len(ways) != 1:
        names = list(type(given).model_fields)
        raise _wrong("", "wrong_count", f"give exactly one of {', '.join(names)}")
    if given.url is not None:
        return await api.fetch(given.url)
    if path is not None:
        return await api.send(_chunks(checked(path)))
    try:
        return await api.send(base64.decode(given.base64 or "", MOST_INLINE_BYTES))
    except MediaRefused as refusal:
        raise _wrong("base64", refusal.code, refusal.message) from None


def checked(given: str) -> Path:
    """A file on this machine, if it is a picture or a video.

    What an agent is talked into must not leave the machine: keys and letters are neither.

    Raises:
        InvalidParameters: it is anything else, or is not there.
    """
    # Few agents send one, and each starts a process: what reads media is not loaded before.
    from kirin.media.sniff import UNKNOWN, media_type

    try:
        path = Path(given).expanduser()
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe would never end
            raise _wrong("path", "not_media", "this is not a file")
        kind = media_type(path)
    except (OSError, RuntimeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise _wrong("path", "not_fetched", f"this file cannot be read: {reason}") from None
    if kind == UNKNOWN:
        raise _wrong("path", "not_media", "this is neither a JPEG or PNG nor an mp4 or mov")
    return path


async def _chunks(path: Path) -> AsyncIterator[bytes]:
    async with await open_file(path, "rb") as file:
        while chunk := await file.read(CHUNK_BYTES):
            yield chunk


def _wrong(param: str, code: str, message: str) -> InvalidParameters:
    return InvalidParameters([Problem(param, code, message)])
