"""What the command line says of a task while it waits."""

from __future__ import annotations

from typing import Any

import pytest

from kirin.cli.progress import state_of
from kirin_client import Task
from support.client_server import task


@pytest.mark.parametrize(
    ("status", "metadata", "word"),
    [
        ("in_progress", {"stage": "queued"}, "queued"),
        ("in_progress", {"stage": "rendering"}, "rendering"),
        ("completed", {}, "completed"),
        ("failed", {}, "failed"),
    ],
)
def test_the_command_line_shows_the_stage(
    status: str, metadata: dict[str, Any], word: str
) -> None:  # W-4
    assert state_of(Task.model_validate(task(status, metadata=metadata))) == word
