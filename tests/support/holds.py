"""A hold on tasks: the scripted engine stands still in the middle of a video until it is let go."""

from __future__ import annotations

import secrets
from pathlib import Path
from types import TracebackType
from typing import Self


class Hold:
    """Holds the tasks whose prompts have its word, on every attempt, for the length of a block.

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

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()  # whatever has failed: a server does little else meanwhile
