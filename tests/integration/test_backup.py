"""A rehearsal: a server is saved while it works, lost, and goes on somewhere else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from kirin.client import Kirin, KirinApiError
from support.cards import T2V
from support.films import assert_plays_anywhere
from support.servers import SETTINGS, local_server
from support.waiting import until


def kirin(*words: str) -> str:
    """What a command prints."""
    done = subprocess.run(  # noqa: S603  our own module
        [sys.executable, "-m", "kirin", *words],
        env={**os.environ, **SETTINGS},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_lost_server_goes_on_from_its_backup(tmp_path: Path) -> None:
    archive = tmp_path / "monday.tar"
    first = local_server(tmp_path / "first")
    with ExitStack() as stack:
        stack.enter_context(first)
        client = stack.enter_context(first.client())
        key = kirin("keys", "create", "--name", "ours", "--data", str(tmp_path / "first")).split()[
            -1
        ]
        ours = stack.enter_context(Kirin(first.base_url, key))
        done = ours.wait(ours.create(T2V, {"prompt": "tiny lake"})["id"], timeout=60)
        going = ours.create(T2V, {"prompt": "crawl tiny"})["id"]
        waiting = ours.create(T2V, {"prompt": "tiny sea"})["id"]
        until(lambda: client.task(going)["metadata"]["stage"] == "rendering")
        told = kirin("backup", str(archive), "--data", str(tmp_path / "first"))
        assert "3 tasks" in told
        late = ours.create(T2V, {"prompt": "tiny, after the backup"})["id"]
    shutil.rmtree(tmp_path / "first")
    assert "whole" in kirin("restore", "--check", str(archive))
    again = kirin("restore", str(archive), "--data", str(tmp_path / "second"))
    assert "2 tasks go on" in again
    with local_server(tmp_path / "second") as second, Kirin(second.base_url, key) as ours:
        kept = ours.task(done["id"])
        video = ours.download(kept, tmp_path / "kept.mp4")
        assert_plays_anywhere(video, size=(80, 44), fps=24, seconds=5)
        until(lambda: ours.task(going)["metadata"]["stage"] == "rendering")
        ours.cancel(going)
        assert ours.wait(waiting, timeout=60)["status"] == "completed"
        with pytest.raises(KirinApiError) as gone:
            ours.task(late)
        assert gone.value.status == 404
    assert "sum 0" in kirin("ledger", "verify", "--data", str(tmp_path / "second"))
