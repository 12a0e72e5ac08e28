"""The list of slow tests names tests that exist: who renames one measures anew."""

from __future__ import annotations

import re
from pathlib import Path

from support.slow_tests import read_list

ROOT = Path(__file__).parents[2]


def test_every_slow_test_exists() -> None:
    gone = []
    for name in read_list():
        path, *_, function = name.split("::")  # a class may stand between them
        file = ROOT / path
        pattern = rf"^\s*(async )?def {re.escape(function)}\("
        if not file.is_file() or not re.search(pattern, file.read_text("utf-8"), re.MULTILINE):
            gone.append(name)
    assert not gone, "make slow-tests"
