"""Compiled functions: what the cache on disk keeps, and what it must not keep."""

from __future__ import annotations

import sys
from importlib import import_module, invalidate_caches
from pathlib import Path
from typing import Any

import pytest

INNER = """
from kirin.vision.compiled import compiled

MORE = {}

@compiled
def inner(x):
    return x + {}
"""
OUTER = """
from kirin_inner import MORE, inner
from kirin.vision.compiled import compiled

@compiled
def outer(x):
    return inner(x) + MORE
"""


@pytest.fixture
def outer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Imports, as a fresh process does, a function that calls one of another file."""
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "kirin_outer.py").write_text(OUTER)

    def imported(adds: int, more: int = 0) -> Any:
        path = tmp_path / "kirin_inner.py"
        if not path.exists() or path.read_text() != INNER.format(more, adds):
            path.write_text(INNER.format(more, adds))
        for name in ("kirin_inner", "kirin_outer"):
            sys.modules.pop(name, None)
        invalidate_caches()
        return import_module("kirin_outer").outer

    yield imported
    for name in ("kirin_inner", "kirin_outer"):
        sys.modules.pop(name, None)


def test_what_calls_another_file_is_compiled_anew_when_that_has_changed(outer: Any) -> None:
    assert outer(1)(1) == 2
    kept = outer(1)
    assert kept(1) == 2
    assert sum(kept.stats.cache_hits.values()) == 1
    assert outer(20)(1) == 21
    assert outer(20, 300)(1) == 321
