"""``kirin api``: the API alone; workers run elsewhere."""

from __future__ import annotations

import signal
from contextlib import suppress

from kirin.cli.environment import Data, load_for_start
from kirin.cli.listening import answer, greet, interrupt, listening
from kirin.cli.output import plain_errors
from kirin.cli.serve import Host, Open, Port


def api(host: Host = None, port: Port = None, open_: Open = None, data: Data = None) -> None:
    """Serve the API without rendering: 'kirin worker' does that, on any machine.

    With KIRIN_DATABASE_URL the tables must exist: 'kirin migrate' creates them.
    """
    from kirin.app import App
    from kirin.logs import configure_logs

    with (
        plain_errors(),
        listening(load_for_start(host=host, port=port, open=open_, data_dir=data)) as taken,
    ):
        settings, listener = taken
        configure_logs(settings.log_level, settings.log_format)
        app = App.open(settings, migrates=settings.embedded)
        signal.signal(signal.SIGTERM, interrupt)
        try:
            with suppress(KeyboardInterrupt):
                greet(settings, app.first_key())
                answer(app, listener)
        finally:
            app.close()
