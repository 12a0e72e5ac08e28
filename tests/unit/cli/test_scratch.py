"""The folders of workers for temporary files: those of the dead are removed, and no others."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from kirin.cli.worker import own_scratch


def test_only_what_dead_workers_have_left_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", None)
    host = socket.gethostname()
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    dead, elsewhere, living = f"{host}-{gone.pid}-1a", f"far-{os.getpid()}-2b", f"{host}-1-3c"
    # Its lock is lost, and it has not noticed: what it renders is still there.
    deaf = f"{host}-{os.getpid()}-4d"
    for name in (dead, elsewhere, living, deaf):
        (tmp_path / name).mkdir()
    worker = SimpleNamespace(id=f"{host}-7-own", is_dead=lambda name: name != living)
    own = own_scratch(tmp_path, worker)  # type: ignore[arg-type]
    assert {path.name for path in tmp_path.iterdir()} == {own.name, living, deaf}
    assert tempfile.gettempdir() == str(own)
