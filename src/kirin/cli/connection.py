"""Which server a command talks to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from kirin.cli.exits import Misused
from kirin.client import Kirin, LocalServer
from kirin.errors import KirinError

Server = Annotated[
    str,
    typer.Option("--server", envvar="KIRIN_SERVER", help="Base URL of the server."),
]
ServerOrPrivate = Annotated[
    str | None,
    typer.Option(
        "--server",
        envvar="KIRIN_SERVER",
        help="Base URL of a running server; without one, a private server runs meanwhile.",
        show_default=False,
    ),
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
        KeyNeeded: there is no key.
    """
    return Kirin(a_url(server), required(key))


class KeyNeeded(KirinError):
    """No key was given."""


@contextmanager
def server_or_private(server: str | None, key: str) -> Iterator[tuple[str, str]]:
    """Base URL and key of the named server, or of a private one that runs meanwhile.

    Raises:
        KeyNeeded: a server is named, but no key.
    """
    if server:
        yield a_url(server), required(key)
        return
    with LocalServer(settings={"KIRIN_LOG_LEVEL": "WARNING"}) as local:
        yield local.base_url, local.api_key


def a_url(server: str) -> str:
    """The base URL of a server.

    Raises:
        Misused: it is none.
    """
    if not server.startswith(("http://", "https://")):
        raise Misused(f"'{server}' is no URL of http or https: look at KIRIN_SERVER or --server")
    return server


def required(key: str) -> str:
    """The key of a server.

    Raises:
        KeyNeeded: there is none.
    """
    if not key:
        raise KeyNeeded(
            "no API key: set KIRIN_API_KEY or pass --key ('kirin keys create' makes one)"
        )
    return key
