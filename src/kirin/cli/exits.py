"""Exit statuses, which scripts go by."""

from __future__ import annotations

from enum import IntEnum

from kirin.errors import KirinError


class ExitStatus(IntEnum):
    """How a command has ended."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    NO_SERVER = 3
    KEY = 4
    BALANCE = 5
    REFUSED = 6
    TASK_FAILED = 7
    NOT_FOUND = 8
    FILE = 9
    BUSY = 10
    INTERRUPTED = 130


class Misused(KirinError):
    """An option or argument has a value that it does not take, or lacks another one beside it."""


MEANINGS: dict[ExitStatus, str] = {
    ExitStatus.DONE: "It is done.",
    ExitStatus.FAILED: "Something else went wrong; standard error says what.",
    ExitStatus.USAGE: "There is no such command, option or value, or options do not go together.",
    ExitStatus.NO_SERVER: "No server answers, or what answers is none.",
    ExitStatus.KEY: "The key is missing, unknown or revoked, or may not do this.",
    ExitStatus.BALANCE: "The account has too little money.",
    ExitStatus.REFUSED: "The request is wrong: a parameter, the model, or the state of a task.",
    ExitStatus.TASK_FAILED: "The task has failed or was cancelled.",
    ExitStatus.NOT_FOUND: "There is no such thing, or it has expired.",
    ExitStatus.FILE: "A file or folder cannot be read or written.",
    ExitStatus.BUSY: "A limit is reached, or the server is overloaded or broken: try again later.",
    ExitStatus.INTERRUPTED: "Interrupted by Ctrl-C.",
}
"""For people; the reference page has them."""
