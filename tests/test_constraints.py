"""The versions that are tested together: no package has two."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]


def versions(file: str) -> dict[str, str]:
    """Each package of a file of constraints, named as PEP 503 has it, and its version."""
    lines = (ROOT / file).read_text().splitlines()
    pinned = (line.partition("==") for line in lines if "==" in line and line[0] != "#")
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, _, version in pinned}


def test_what_both_files_name_has_one_version() -> None:
    """``make test-diffusion`` installs by both, and pip refuses two versions of a package."""
    usual, beside = versions("constraints.txt"), versions("constraints-gpu.txt")
    shared = usual.keys() & beside.keys()
    assert shared
    assert {name: usual[name] for name in shared} == {name: beside[name] for name in shared}
