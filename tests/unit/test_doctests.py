"""Examples in docstrings are true."""

from __future__ import annotations

import doctest
import re
from importlib import import_module
from pathlib import Path

import pytest

import kirin

ROOT = Path(kirin.__file__).parent
EXAMPLE = re.compile(r"^ +>>> ", re.MULTILINE)
WITH_EXAMPLES = sorted(path for path in ROOT.rglob("*.py") if EXAMPLE.search(path.read_text()))


@pytest.mark.parametrize("path", WITH_EXAMPLES, ids=lambda path: str(path.relative_to(ROOT)))
def test_examples(path: Path) -> None:
    name = ".".join(path.relative_to(ROOT.parent).with_suffix("").parts)
    found = doctest.testmod(import_module(name))
    assert found.attempted
    assert not found.failed
