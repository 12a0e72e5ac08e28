"""The source distribution: whoever unpacks it can build, read and test what is in it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hatchling.builders.sdist import SdistBuilder

ROOT = Path(__file__).parents[2]


def test_the_source_distribution_has_every_file_of_the_repository() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("no git checkout: this is a source distribution already")
    listed = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    tracked = {name for name in listed.stdout.split("\0") if (ROOT / name).is_file()}
    included = {file.relative_path for file in SdistBuilder(str(ROOT)).recurse_included_files()}
    assert tracked <= included
