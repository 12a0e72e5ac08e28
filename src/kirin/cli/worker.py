"""``kirin worker``: a process that renders what the API has taken in."""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import Annotated

import typer

from kirin.cli.environment import Data, load_settings
from kirin.cli.output import plain_errors


def worker(
    data: Data = None,
    until_stdin_closes: Annotated[
        bool,
        typer.Option(
            "--until-stdin-closes", help="Stop when standard input closes: with the parent."
        ),
    ] = False,
) -> None:
    """Render tasks from the data folder of a server, until SIGTERM or Ctrl-C.

    'kirin serve' starts one by itself; more of them on the same machine share the work.
    """
    from kirin.app import App
    from kirin.logs import configure_logs

    with plain_errors():
        settings = load_settings(data_dir=data)
        configure_logs(settings.log_level, settings.log_format)
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        app = App.open(settings)
        app.worker.start()
        app.deliverer.start()
        if until_stdin_closes:
            threading.Thread(target=_wait_for_end, args=(stop,), daemon=True).start()
        stop.wait()
        app.deliverer.stop()
        app.worker.stop(settings.stop_seconds)
        sys.stderr.flush()
        # Threads of handed-back tasks are parked for good; see kirin.tasks.worker.
        os._exit(0)


def _wait_for_end(stop: threading.Event) -> None:
    while os.read(0, 4096):
        pass
    stop.set()
