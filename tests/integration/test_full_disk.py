"""The disk fills while a video is made, and is freed again: on a file system of its own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kirin.client import Kirin, KirinApiError, TaskFailed
from support.cards import T2V
from support.databases import KINDS, Databases
from support.fleet import fleet
from support.holds import holding
from support.waiting import until

SIZE = "48m"
"""Enough for the database of a fresh server and a few videos."""


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "data"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "kirin-test", folder]
    if os.geteuid() or subprocess.run(mount, check=False, capture_output=True).returncode:  # noqa: S603
        pytest.skip("only root may mount a small disk: a full one is not tested")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)  # noqa: S603, S607


def fill(folder: Path) -> Path:
    """Leave no byte free."""
    path = folder / "ballast"
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return path


def outcome(kirin: Kirin, id: str) -> dict[str, Any]:
    try:
        return kirin.wait(id, timeout=60)
    except TaskFailed as failed:
        return failed.task


@pytest.mark.parametrize("kind", KINDS)
def test_a_full_disk_is_survived(kind: str, disk: Path, databases: Databases) -> None:
    # Logs and the sign lie on another disk.
    with fleet(kind, databases, disk.parent) as ships, holding(disk.parent) as hold:
        ships.api()
        worker = ships.worker()
        ships.ready(worker)
        with ships.client() as kirin:
            id = kirin.create(T2V, {"prompt": hold.word})["id"]
            until(lambda: kirin.task(id)["progress"] > 0.02, seconds=60)
            ballast = fill(disk)
            try:
                kirin.create(T2V, {"prompt": "a lake"})
            except KirinApiError as refusal:
                assert refusal.status == 503  # noqa: PT017  it may be taken, too
            hold.release()
            until(lambda: ships.events(f"ran out of something.*{id}"))
            assert kirin.task(id)["status"] in ("in_progress", "failed")
            ballast.unlink()
            ended = outcome(kirin, id)
            if ended["status"] == "failed":
                assert "disk is full" in ended["error"]["message"]
            assert outcome(kirin, kirin.create(T2V, {"prompt": "b"})["id"])["status"] == "completed"
        assert worker.poll() is None
