"""Settings of what requests may ask for."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, field_validator

from kirin.settings.diffusion import DiffusionSettings
from kirin.settings.lists import split_list

OPEN_FILES = Path("/proc/self/fd")
"""Where Linux shows what a process has open; elsewhere files have no such names."""


class RequestSettings(DiffusionSettings):
    """What requests may ask for, beside what models take."""

    reuse: str = Field(
        "account",
        pattern="^(account|all|off)$",
        description="Whose results answer a request that has a `seed` and asks for what was made "
        "before: `account`, those of the same account; `all`, everybody's, so that whoever guesses "
        "a request learns whether somebody has made it; `off`, nobody's. See "
        "[repeat a request](howto/repeat-a-request.md).",
    )
    reuse_cost: str = Field(
        "free",
        pattern="^(free|full)$",
        description="What such an answer costs: nothing, or as much as making it again.",
    )
    input_dirs: str = Field(
        "",
        description="Comma-separated absolute folders of the server's own disk whose files the "
        "requests of every key may name as `file:///FOLDER/NAME`; by default none. API and workers "
        "need the same folders at the same place. See [use files of the server]"
        "(howto/use-local-files.md).",
    )

    @field_validator("input_dirs")
    @classmethod
    def _absolute(cls, text: str) -> str:
        if split_list(text) and not OPEN_FILES.is_dir():
            raise ValueError("files of the disk are read on Linux only")
        for entry in split_list(text):
            path = Path(entry)
            if not path.is_absolute() or ".." in path.parts:
                raise ValueError(f"{entry!r} is not an absolute folder")
        return text

    @property
    def input_folders(self) -> tuple[Path, ...]:
        """``input_dirs``, taken apart."""
        return tuple(Path(entry) for entry in split_list(self.input_dirs))
