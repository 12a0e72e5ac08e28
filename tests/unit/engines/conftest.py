"""An attempt for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.render_contexts import FakeAttempt


@pytest.fixture
def attempt(tmp_path: Path) -> FakeAttempt:
    return FakeAttempt(tmp_path)
