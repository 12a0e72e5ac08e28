"""Logging: one line per event, for people on a terminal and as JSON elsewhere."""

from __future__ import annotations

import io
import logging
import sys
from typing import TextIO

import structlog

DETAIL = "DETAIL:"
"""Start of the line in which PostgreSQL quotes the values of a row that it refuses."""

CONTROLS = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029)}
"""Characters that move a terminal's cursor or break a line, and their escapes."""


def configure_logs(level: str, form: str) -> None:
    """Send all logs, ours and the libraries', to standard error.

    Args:
        level: lowest level of our own lines; libraries log warnings and above.
        form: ``json``, ``console``, or ``auto`` for console on a terminal.
    """
    console = form == "console" or (form == "auto" and sys.stderr.isatty())
    renderer = (
        # Not its usual traceback, which shows local variables: prompts and keys among them.
        structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=write_traceback
        )
        if console
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    handler = logging.StreamHandler(sys.stderr)
    finish: list[structlog.typing.Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        *([escape_controls] if console else [structlog.processors.ExceptionRenderer(traceback)]),
        renderer,
    ]
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(processors=finish, foreign_pre_chain=shared)
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("kirin").setLevel(level)
    # It would log to a handler of its own as well.
    task_engine = logging.getLogger("dbos")
    task_engine.handlers = [logging.NullHandler()]
    task_engine.propagate = True
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def escape_controls(
    _: object, __: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Escape control characters in values, so that users' text can neither forge lines nor control
    the terminal. JSON escapes them by itself."""
    return {
        name: value.translate(CONTROLS) if isinstance(value, str) else value
        for name, value in event.items()
    }


def traceback(exc_info: structlog.typing.ExcInfo) -> str:
    """A traceback without local variables and other text of users."""
    written = io.StringIO()
    structlog.dev.plain_traceback(written, exc_info)
    lines = written.getvalue().splitlines()
    return "\n".join(line for line in lines if not line.startswith(DETAIL))


def write_traceback(to: TextIO, exc_info: structlog.typing.ExcInfo) -> None:
    """Write a :func:`traceback` to a stream."""
    to.write(traceback(exc_info))
