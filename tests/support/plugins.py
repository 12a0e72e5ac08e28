"""Packages of strangers: a module and the metadata that registers what is in it."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

_NUMBERS = itertools.count()


class Packages:
    """Installs packages into a folder that Python finds them in, until the test ends."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self._folder = folder
        self._patch = patch

    def install(self, name: str, group: str, entry: str, source: str) -> None:
        """Install a package.

        Args:
            name: of the distribution.
            group: of its entry point.
            entry: the name of that.
            source: of its module, which calls ``THING`` what it registers.
        """
        number = next(_NUMBERS)  # a module is imported once per process, so each has its own name
        folder = self._folder / str(number)
        metadata = folder / f"{name}-1.2.dist-info"
        metadata.mkdir(parents=True)
        module = f"stranger_{number}"
        (folder / f"{module}.py").write_text(source)
        (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n")
        (metadata / "entry_points.txt").write_text(f"[{group}]\n{entry} = {module}:THING\n")
        self._patch.syspath_prepend(str(folder))
