"""``kirin batches``: what a file may say, and what is said of a batch."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kirin.cli import app
from kirin.cli.batches import read
from kirin.cli.progress import state_of_batch
from kirin.errors import KirinError
from kirin_client.models import Batch
from support.cards import I2V
from support.pictures import flat_png


def batch(**counts: int) -> Batch:
    none = dict.fromkeys(("queued", "rendering", "completed", "failed", "cancelled"), 0)
    return Batch.model_validate(
        {
            "id": "b1",
            "status": "in_progress",
            "created_at": 1,
            "progress": 0.5,
            "counts": {"total": sum(counts.values()), **none, **counts},
            "quote": "0.0000",
            "usage": {"cost": "0.0000", "discount": 0.0},
            "tasks": [],
        }
    )


def test_pictures_of_a_file_are_sent_along(tmp_path: Path) -> None:
    photo, file = tmp_path / "a.png", tmp_path / "batch.json"
    photo.write_bytes(flat_png(300, 300))
    request: dict[str, Any] = {"model": I2V, "input": [{"params": {"image": f"@{photo}"}}]}
    file.write_text(json.dumps({"requests": [request]}))
    (found,) = read(str(file))["requests"]
    assert found["input"][0]["params"]["image"].startswith("iVBORw0KGgo")
    assert found["model"] == I2V


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "is not JSON"),
        ("[]", "is not a JSON object"),
        ('{"reqests": []}', "'reqests'; a batch has requests, request, vary"),
    ],
)
def test_what_is_no_batch_is_told_before_anything_is_sent(
    text: str, words: str, tmp_path: Path
) -> None:
    file = tmp_path / "batch.json"
    file.write_text(text)
    with pytest.raises(KirinError, match=words):
        read(str(file))


def test_a_file_that_is_not_there_or_names_one_that_is_not(tmp_path: Path) -> None:
    run = CliRunner(env={"KIRIN_SERVER": "http://127.0.0.1:9", "KIRIN_API_KEY": "k" * 16})
    missing = run.invoke(app, ["batches", "quote", str(tmp_path / "none.json")])
    assert (missing.exit_code, "none.json" in missing.stderr) == (9, True)
    said = run.invoke(app, ["batches", "quote", "-"], input='{"request": {"image": "@none.png"}}')
    assert (said.exit_code, "none.png" in said.stderr) == (9, True)


def test_states_are_counted() -> None:
    assert state_of_batch(batch(queued=3, rendering=1, completed=2)) == (
        "3 queued, 1 rendering, 2 completed"
    )
    assert state_of_batch(batch(cancelled=1)) == "1 cancelled"
