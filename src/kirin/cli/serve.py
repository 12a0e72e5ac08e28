"""``kirin serve``: the API and a worker process, without any configuration."""

from __future__ import annotations

import signal
from contextlib import suppress
from typing import Annotated

import typer

from kirin.cli.environment import Data, load_for_start
from kirin.cli.listening import answer, greet, interrupt, listening
from kirin.cli.output import plain_errors

Host = Annotated[
    str | None, typer.Option(help="Address to listen on (KIRIN_HOST; 127.0.0.1 by default).")
]
Port = Annotated[
    int | None,
    typer.Option(help="Port to listen on, 0 for a free one (KIRIN_PORT; 8000 by default)."),
]
Open = Annotated[
    bool | None,
    typer.Option(
        "--open",
        help="Let a server that is free of charge listen where other machines reach it "
        "(KIRIN_OPEN).",
        show_default=False,
    ),
]


def serve(host: Host = None, port: Port = None, open_: Open = None, data: Data = None) -> None:
    """Serve the API, with a worker process beside it. Ctrl-C ends both."""
    from kirin.app import App
    from kirin.cli.supervisor import Supervisor
    from kirin.clock import now_ms
    from kirin.composition.migration import migrate
    from kirin.console.welcome import Welcome
    from kirin.logs import configure_logs

    with (
        plain_errors(),
        listening(load_for_start(host=host, port=port, open=open_, data_dir=data)) as taken,
    ):
        settings, listener = taken
        configure_logs(settings.log_level, settings.log_format)
        if not settings.embedded:  # else the worker migrates what only workers need
            migrate(settings)
        app = App.open(settings)
        supervisor = Supervisor(settings)
        signal.signal(signal.SIGTERM, interrupt)
        try:
            with suppress(KeyboardInterrupt):
                first_key = app.first_key()
                supervisor.start()
                welcome = Welcome(first_key, now_ms) if first_key else None
                greet(settings, first_key, welcome)
                answer(app, listener, welcome)
        finally:
            supervisor.stop()
            app.close()
