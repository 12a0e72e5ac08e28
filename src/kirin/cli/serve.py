"""``kirin serve``: the API and its worker processes, with nothing to configure."""

from __future__ import annotations

import signal
import socket
from typing import Annotated, NoReturn

import typer

from kirin import __version__
from kirin.cli.environment import Data, load_settings
from kirin.cli.output import out, plain_errors
from kirin.client.local import LISTENING
from kirin.errors import KirinError
from kirin.settings import Settings

STOP_SECONDS = 5
"""How long open requests may take to end when the server goes down."""


def serve(
    host: Annotated[
        str | None, typer.Option(help="Address to listen on (KIRIN_HOST; 127.0.0.1 by default).")
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(help="Port to listen on, 0 for a free one (KIRIN_PORT; 8000 by default)."),
    ] = None,
    data: Data = None,
) -> None:
    """Serve the API, with a worker process beside it. Ctrl-C ends both."""
    with plain_errors():
        settings = load_settings(host=host, port=port, data_dir=data)
        with listen(settings.host, settings.port) as listener:
            port_taken = listener.getsockname()[1]
            run(settings.model_copy(update={"port": port_taken}), listener)


def listen(host: str, port: int) -> socket.socket:
    """Take the port before anything else is done.

    Raises:
        KirinError: it can't be had; the message says what to do.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=512)
    except OSError as error:
        raise KirinError(
            f"cannot listen on {host}:{port} ({error.strerror}): choose another with --port"
        ) from None


def run(settings: Settings, listener: socket.socket) -> None:
    """Serve until told to stop."""
    import uvicorn

    from kirin.app import App
    from kirin.cli.supervisor import Supervisor
    from kirin.logs import configure_logs

    configure_logs(settings.log_level, settings.log_format)
    app = App.open(settings)
    supervisor = Supervisor(settings)
    # uvicorn hands the signal on when it has stopped; without this, SIGTERM would end us there.
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        first_key = app.first_key()
        server = uvicorn.Server(
            uvicorn.Config(
                app.http(),
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=STOP_SECONDS,
            )
        )
        supervisor.start()
        greet(settings, first_key)
        server.run(sockets=[listener])
    except KeyboardInterrupt:
        pass
    finally:
        supervisor.stop()
        app.close()


def greet(settings: Settings, first_key: str | None) -> None:
    """Print where everything is, and the first key once."""
    shown = f"[{settings.host}]" if ":" in settings.host else settings.host
    url = f"http://{shown}:{settings.port}"
    out.print(f"Kirin {__version__} {LISTENING}{url}", soft_wrap=True)
    out.print(f"  data    {settings.data_dir}", soft_wrap=True)
    if first_key is not None:
        out.print(f"  key     {first_key}", soft_wrap=True)
        out.print("          (shown this once; 'kirin keys create' makes others)")


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt
