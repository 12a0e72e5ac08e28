"""Pictures as parameters take them."""

from __future__ import annotations

from base64 import b64encode

from kirin_client.bodies import Content, Sendable


def picture(file: Sendable) -> str:
    """A picture in the form that parameters take: raw base64.

    Args:
        file: a path, bytes, an open binary file, or a picture of PIL.
    """
    return b64encode(b"".join(Content(file))).decode("ascii")
