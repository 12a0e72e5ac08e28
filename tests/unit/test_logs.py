"""Log lines: one an event, whatever users write."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import structlog

from kirin.logs import configure_logs

FORGED = 'a lake\n2026-01-01 [info] paid in full\r\x1b[2J\x1b[31m\x9b1m\u2028"}'


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    yield
    configure_logs("INFO", "json")


@pytest.mark.parametrize("form", ["json", "console"])
def test_nobody_forges_a_line_or_moves_the_cursor(
    form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logs("INFO", form)
    structlog.get_logger("kirin.test").info("task failed", reason=FORGED)
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert told.endswith("\n")
    # JSON keeps the letters of all languages, and what terminals of today ignore.
    assert not set(told) & ({"\r", "\x1b"} if form == "json" else {"\r", "\x1b", "\x9b"})
    assert "paid in full" in told


def test_json_lines_say_exactly_what_was_written(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("INFO", "json")
    structlog.get_logger("kirin.test").info("task failed", reason=FORGED)
    assert json.loads(capsys.readouterr().err)["reason"] == FORGED


def test_a_traceback_keeps_its_lines(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("INFO", "console")
    try:
        raise ZeroDivisionError("by nothing")
    except ZeroDivisionError:
        structlog.get_logger("kirin.test").exception("broken")
    told = capsys.readouterr().err
    assert "\nZeroDivisionError: by nothing" in told
