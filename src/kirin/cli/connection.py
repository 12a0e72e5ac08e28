"""Which server a command talks to."""

from __future__ import annotations

from typing import Annotated

import typer

from kirin.client import Kirin

Server = Annotated[
    str,
    typer.Option("--server", envvar="KIRIN_SERVER", help="Base URL of the server."),
]
Key = Annotated[
    str,
    typer.Option(
        "--key", envvar="KIRIN_API_KEY", help="API key of that server.", show_default=False
    ),
]

DEFAULT_SERVER = "http://127.0.0.1:8000"


def connect(server: str, key: str) -> Kirin:
    """A client of the server that the options name.

    Raises:
        ValueError: there is no key.
    """
    if not key:
        raise ValueError(
            "no API key: set KIRIN_API_KEY or pass --key ('kirin keys create' makes one)"
        )
    return Kirin(server, key)
