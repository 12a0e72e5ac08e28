"""Pictures in requests: URL or raw base64, and the decoding of the latter."""

from __future__ import annotations

import re
from binascii import Error
from typing import Final

import pybase64

from kirin.media.refusal import MediaRefused

_SCHEME: Final = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.-]{0,31}):")
"""No base64 text has a colon."""

_FOREIGN: Final = re.compile(r"[^A-Za-z0-9+/]")


def is_url(text: str) -> bool:
    """Whether a picture is given by URL rather than as base64. Looks at the beginning only.

    Raises:
        MediaRefused: it is neither: a ``data:`` URL (``data_url``), or one of another scheme
            than http and https (``scheme``).
    """
    if not (found := _SCHEME.match(text)):
        return False
    scheme = found[1].lower()
    if scheme == "data":
        raise MediaRefused(
            "data_url",
            "Base64 is taken without a 'data:' prefix: strip everything up to and including "
            "the comma.",
            "C-1",
        )
    if scheme not in {"http", "https"}:
        raise MediaRefused(
            "scheme",
            f"'{scheme}:' is not a URL of http or https, nor is it base64: give one of these.",
            "C-1",
        )
    return True


def decode(text: str, max_bytes: int) -> bytes:
    """Decode raw base64 (RFC 4648, section 4).

    Line breaks and blanks around the text are ignored, because common tools wrap their
    output. Padding must be complete, because nothing else tells a whole text from one that was
    cut off; the URL-safe alphabet is refused, because senders who mix up the two mix up more.

    Args:
        text: base64 without a prefix.
        max_bytes: most bytes that it may decode to; looked at before anything is decoded.

    Raises:
        MediaRefused: ``empty``, ``data_url``, ``scheme``, ``too_many_bytes``, ``not_base64``.
    """
    if is_url(text):
        raise MediaRefused("not_base64", "This is a URL; base64 is expected here.", "C-1")
    text = text.strip()
    try:
        return _decode_line(text, max_bytes)
    except MediaRefused:
        # Looked for here and not before: that takes half as long as to decode.
        if "\n" not in text:
            raise
    return _decode_line(text.replace("\r", "").replace("\n", ""), max_bytes)


def _decode_line(text: str, max_bytes: int) -> bytes:
    """Decode base64 without any blanks or line breaks.

    Raises:
        MediaRefused: as for :func:`decode`.
    """
    if not text:
        raise MediaRefused("empty", "The picture is empty: give a URL or base64.", "C-1")
    size = len(text) * 3 // 4 - text.count("=", -2)
    if size > max_bytes:
        raise MediaRefused(
            "too_many_bytes",
            f"The base64 decodes to about {size:,} bytes; at most {max_bytes:,} are allowed: "
            "make the picture smaller or compress it more.",
            "C-2",
        )
    try:
        return pybase64.b64decode(text, validate=True)
    except (Error, ValueError) as error:
        raise MediaRefused("not_base64", _fault(text), "C-1") from error


def _fault(text: str) -> str:
    """What is wrong with a text that did not decode, and how to fix it."""
    if found := _FOREIGN.search(text.rstrip("=")):
        safe = " (base64url is not accepted, use '+' and '/')" if found[0] in "-_" else ""
        return (
            f"This is neither a URL of http or https nor base64: character {found.start() + 1} "
            f"is {found[0]!a}{safe}."
        )
    return (
        f"The base64 is cut off or its padding is incomplete: it has {len(text):,} characters, "
        "where a multiple of 4 with at most two '=' at the end is expected."
    )
