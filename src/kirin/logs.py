"""Logging: one line an event, for people on a terminal and as JSON elsewhere."""

from __future__ import annotations

import logging
import sys

import structlog


def configure_logs(level: str, form: str) -> None:
    """Send all logs, ours and the libraries', to standard error.

    Args:
        level: lowest level of our own lines; libraries only warn.
        form: ``json``, ``console``, or ``auto`` for console where a terminal listens.
    """
    console = form == "console" or (form == "auto" and sys.stderr.isatty())
    renderer = (
        structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
        if console
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    handler = logging.StreamHandler(sys.stderr)
    finish: list[structlog.typing.Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        *([] if console else [structlog.processors.format_exc_info]),
        renderer,
    ]
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(processors=finish, foreign_pre_chain=shared)
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("kirin").setLevel(level)
    # It would log to a handler of its own beside ours.
    task_engine = logging.getLogger("dbos")
    task_engine.handlers = [logging.NullHandler()]
    task_engine.propagate = True
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
