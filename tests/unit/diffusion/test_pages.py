"""The pages about engines are what the engines say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_the_pages_about_engines_are_up_to_date() -> None:
    done = subprocess.run(  # noqa: S603  our own script
        [sys.executable, ROOT / "scripts" / "write_engines.py", "--check"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
