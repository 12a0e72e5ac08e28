"""A hold on tasks: the scripted engine stands still in the middle of a video until it is let go."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Hold:
    """Holds the tasks whose prompts have its word, on every attempt.

    What must be seen in the middle of a task is seen there, however slow or quick a machine is.

    Attributes:
        word: goes into the prompt.
        sign: the file that lets them go as soon as it is there.
    """

    def __init__(self, folder: Path) -> None:
        """Hold, by a file of a folder whose path has no spaces."""
        self.sign = folder / f"go-{secrets.token_hex(4)}"
        self.word = f"hold:{self.sign}"

    def release(self) -> None:
        """Let them go on to their end."""
        self.sign.touch()


@contextmanager
def holding(folder: Path) -> Iterator[Hold]:
    """A hold for the length of a block."""
    hold = Hold(folder)
    try:
        yield hold
    finally:
        hold.release()  # whatever has failed: a server does little else meanwhile
