"""``kirin worker``: a process that renders queued tasks."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import structlog
import typer

from kirin.cli.environment import Data, load_for_start, load_settings
from kirin.cli.output import out, plain_errors
from kirin.cli.priority import lower
from kirin.cli.tables import me, opened
from kirin.clock import now_ms
from kirin.errors import Stopped
from kirin.orchestration import queue_control
from kirin.tasks.worker_ids import process_of

if TYPE_CHECKING:
    from kirin.app import App
    from kirin.tasks.worker import Worker

log = structlog.get_logger(__name__)


worker = typer.Typer(
    help="Render tasks until SIGTERM or Ctrl-C; 'drain' lets another one end.",
    invoke_without_command=True,
)


@worker.callback()
def run(
    context: typer.Context,
    data: Data = None,
    engines: Annotated[
        str | None,
        typer.Option(
            help="Comma-separated engines of this worker: it takes only their tasks "
            "(KIRIN_ENGINES; animatic by default)."
        ),
    ] = None,
    slots: Annotated[
        int | None,
        typer.Option(help="Renders at the same time (KIRIN_SLOTS; 1 by default)."),
    ] = None,
    device: Annotated[
        str | None,
        typer.Option(help="GPU of the diffusion engine, or cpu (KIRIN_DEVICE; cuda:0 by default)."),
    ] = None,
    until_stdin_closes: Annotated[
        bool,
        typer.Option(
            "--until-stdin-closes", help="Stop when standard input closes: with the parent."
        ),
    ] = False,
) -> None:
    """Render tasks until SIGTERM or Ctrl-C; 'drain' lets another one end.

    'kirin serve' starts one by itself. More workers share the work: on the same machine, or with
    KIRIN_DATABASE_URL and KIRIN_STORAGE_URL on any machine.
    """
    if context.invoked_subcommand is not None:
        return
    from kirin.app import App
    from kirin.logs import configure_logs

    with plain_errors():
        # A worker of 'kirin serve' has the same environment, which was checked there a moment ago;
        # to check it takes all that answers HTTP.
        load = load_settings if until_stdin_closes else load_for_start
        settings = load(data_dir=data, engines=engines, slots=slots, device=device)
        configure_logs(settings.log_level, settings.log_format)
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        lower(settings.niceness)  # before anything starts threads
        app = App.open(settings, migrates=settings.embedded)
        if not settings.embedded and settings.public_url is None:
            log.warning("KIRIN_PUBLIC_URL is not set: links in callbacks point to this machine")
        if settings.embedded:
            app.worker.migrate()
        app.worker.enter()
        scratch = own_scratch(settings.data_dir / "scratch", app.worker)
        app.worker.start(on_drained=stop.set)
        app.deliverer.start()
        app.garbage_collector.start()
        if settings.warm_up:
            threading.Thread(target=_warm_up, args=(app,), name="warm-up", daemon=True).start()
        if until_stdin_closes:
            threading.Thread(target=_stop_at_end_of_input, args=(stop,), daemon=True).start()
        stop.wait()
        app.garbage_collector.stop()
        app.deliverer.stop()
        app.worker.stop(settings.stop_seconds)
        shutil.rmtree(scratch, ignore_errors=True)
        sys.stderr.flush()
        # A render that has not stopped yet must not keep the process alive.
        os._exit(0)


@worker.command("drain")
def drain(
    id: Annotated[str, typer.Argument(help="As 'kirin queue list' and the overview show it.")],
    data: Data = None,
) -> None:
    """Let a worker take nothing new, end what it has, and leave with status 0.

    The one that 'kirin serve' runs is followed by a fresh one: 'kirin queue pause' is what keeps
    that from new tasks.
    """
    with plain_errors(), opened(data) as database:
        with database.write() as connection:
            queue_control.drain(connection, me(), id, now_ms())
        out.print(f"{id} drains: it ends what it has, and leaves")


def own_scratch(folder: Path, worker: Worker) -> Path:
    """Give the worker a folder of its own for temporary files, and remove those of dead workers.

    Args:
        folder: parent of the scratch folders of all workers on this machine.
        worker: this process's worker; it must hold its lock.

    Returns:
        The worker's folder.
    """
    own = folder / worker.id
    own.mkdir(parents=True)
    tempfile.tempdir = str(own)
    for other in folder.iterdir():
        # One whose lock was lost with its session renders on until it notices.
        if other != own and worker.is_dead(other.name) and not _runs_here(other.name):
            shutil.rmtree(other, ignore_errors=True)
    return own


def _runs_here(worker: str) -> bool:
    """Whether the process of a worker, by its id, is there on this machine."""
    try:
        host, pid = process_of(worker)
        if host != socket.gethostname():
            return False
        os.kill(pid, 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:  # it is there, and somebody else's
        return True
    return True


def _warm_up(app: App) -> None:
    start = time.monotonic()
    try:
        app.router.warm_up(lambda: app.worker.busy)
    except Stopped:
        return
    except Exception:
        # The first task will say what is wrong, if it needs the same.
        log.exception("warm-up failed")
        return
    log.info("warmed up", seconds=round(time.monotonic() - start, 1), cut_short=app.worker.busy)


def _stop_at_end_of_input(stop: threading.Event) -> None:
    while os.read(0, 4096):
        pass
    stop.set()
