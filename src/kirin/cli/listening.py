"""The API process: binds its port, prints where it is, and serves until it is stopped."""

from __future__ import annotations

import gc
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn, cast

from kirin import __version__
from kirin.cli.output import err, out
from kirin.client.local import LISTENING
from kirin.errors import KirinError
from kirin.settings import Settings

if TYPE_CHECKING:
    import uvicorn
    from fastapi import FastAPI

    from kirin.app import App
    from kirin.console.welcome import Welcome

STOP_SECONDS = 5
"""How long open requests may take when the server shuts down."""


@contextmanager
def listening(settings: Settings) -> Iterator[tuple[Settings, socket.socket]]:
    """Bind the port before anything else; gives the settings with the actual port.

    Raises:
        KirinError: the port cannot be bound, or anybody could use what listens there; the message
            says what to do.
    """
    check_exposure(settings)
    host, port = settings.host, settings.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=512)
    except OSError as error:
        raise KirinError(
            f"cannot listen on {host}:{port} ({error.strerror}): choose another with --port"
        ) from None
    with listener:
        taken = {"port": listener.getsockname()[1]}
        yield settings.model_copy(update=taken), listener


def check_exposure(settings: Settings) -> None:
    """Say what it means to listen where other machines come by.

    Raises:
        KirinError: the server is free of charge, and nobody has said that it may be open.
    """
    if not settings.reachable:
        return
    free = settings.billing == "free"
    if free and not (settings.open or settings.catalogue_key):
        raise KirinError(
            f"{settings.host} can be reached from other machines, and this server is free of "
            "charge: whoever gets there reads the catalogue without a key, and whoever has a key "
            "makes as many videos as its limits allow. If that is meant, pass --open "
            "(KIRIN_OPEN=true); KIRIN_CATALOGUE_KEY=true asks for a key for reading, too; "
            "KIRIN_BILLING=prepaid has tasks paid from balances"
        )
    open_to = [] if settings.catalogue_key else ["whoever gets there reads the catalogue"]
    open_to += ["tasks cost nothing"] if free else []
    if settings.public_url is None or settings.public_url.scheme != "https":
        open_to.append(
            "keys and prompts travel as they are unless a proxy in front adds HTTPS (it is named "
            "by KIRIN_PUBLIC_URL)"
        )
    if open_to:
        err.print(
            f"[yellow]warning[/yellow] {settings.host} can be reached from other machines: "
            + "; ".join(open_to),
            soft_wrap=True,
        )


def answer(app: App, listener: socket.socket, welcome: Welcome | None = None) -> None:
    """Serve requests until SIGTERM or Ctrl-C.

    Args:
        welcome: the first key of a new installation, for the first browser.

    Raises:
        KeyboardInterrupt: uvicorn raises the signal again when it has stopped.
    """
    import uvicorn

    app.record_prices()
    server = uvicorn.Server(configuration(app.http(welcome), app.settings))
    # What is here by now stays: looked through by the garbage collector, it would hold up every
    # request for half a second now and then.
    gc.collect()
    gc.freeze()
    server.run(sockets=[listener])


def configuration(http: FastAPI, settings: Settings) -> uvicorn.Config:
    """How the application is served: which proxies are trusted, how many clients may connect."""
    import uvicorn

    from kirin.http.connections import Connection

    return uvicorn.Config(
        http,
        http=cast(Any, partial(Connection, most=settings.connections)),
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=cast(Any, settings.keep_alive_seconds),  # fractions work as well
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=STOP_SECONDS,
    )


def greet(settings: Settings, first_key: str | None, welcome: Welcome | None = None) -> None:
    """Print where everything is, and the first key once."""
    url = settings.own_url
    out.print(f"Kirin {__version__} {LISTENING}{url}", soft_wrap=True)
    out.print(f"  data    {settings.data_dir}", soft_wrap=True)
    out.print(f"  console {url}/{welcome.fragment() if welcome else ''}", soft_wrap=True)
    if welcome is not None:
        out.print("          (this link signs one browser in, within 15 minutes)")
    if first_key is not None:
        out.print(f"  key     {first_key}", soft_wrap=True)
        out.print("          (shown this once; 'kirin keys create' makes others)")


def interrupt(*_: object) -> NoReturn:
    """Handler of SIGTERM: shut down in order, as Ctrl-C does."""
    raise KeyboardInterrupt
