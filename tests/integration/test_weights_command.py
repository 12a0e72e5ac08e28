"""``kirin weights`` with the hub's own library, against a hub on loopback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from kirin.vision.networks.optional import DEPTH
from support.hub import COMMIT, Hub, serving
from support.tiny_networks import tiny_depth


@pytest.fixture
def hub(tmp_path):
    content = tiny_depth(tmp_path / "depth.onnx").read_bytes()
    return Hub(DEPTH.repository, DEPTH.file, content, "apache-2.0")


def weights(*words: str, data: Path, endpoint: str = "http://127.0.0.1:9", status: int = 0) -> str:
    home = data.parent / "home"
    result = subprocess.run(  # noqa: S603  # our own command
        [sys.executable, "-m", "kirin", "weights", *words, "--data", str(data)],
        env={
            **os.environ,
            "COLUMNS": "300",
            "HF_ENDPOINT": endpoint,
            "HF_HOME": str(home),
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "NO_PROXY": "127.0.0.1",
        },
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert result.returncode == status, result.stdout + result.stderr
    assert "Traceback" not in result.stderr
    return result.stdout + result.stderr


def test_weights_are_fetched_recorded_listed_and_removed(hub, tmp_path) -> None:
    data = tmp_path / "data"
    assert "not installed" in weights("list", data=data)
    with serving(hub):
        said = weights("add", "depth", data=data, endpoint=hub.url)
    assert "Apache-2.0" in said
    assert hub.sha256 in said
    record = json.loads((data / "networks" / "depth" / "record.json").read_text())
    assert record["source"] == DEPTH.url
    assert record["revision"] == COMMIT
    assert record["licence"] == "Apache-2.0"
    assert record["sha256"] == hub.sha256
    assert record["size"] == len(hub.content)
    assert hub.sha256 in weights("list", data=data)
    assert sorted(path.name for path in (data / "networks").iterdir()) == ["depth"]
    assert "removed" in weights("remove", "depth", data=data)
    assert not (data / "networks" / "depth" / "model.onnx").exists()


def test_another_licence_than_the_known_one_is_refused(hub, tmp_path) -> None:
    with serving(replace(hub, licence="cc-by-nc-4.0")) as changed:
        said = weights("add", "depth", data=tmp_path / "d", endpoint=changed.url, status=1)
    assert "states the licence 'cc-by-nc-4.0'" in said
    assert not any("resolve" in path for path in changed.asked)


def test_other_bytes_than_announced_are_refused(hub, tmp_path) -> None:
    with serving(replace(hub, announced="0" * 64)) as lying:
        said = weights("add", "depth", data=tmp_path / "d", endpoint=lying.url, status=1)
    assert "not what the hub announced" in said
    assert not (tmp_path / "d" / "networks" / "depth").exists()


def test_without_a_hub_a_file_will_do(hub, tmp_path) -> None:
    data, path = tmp_path / "d", tmp_path / "copied.onnx"
    path.write_bytes(hub.content)
    said = weights("add", "depth", data=data, status=1)
    assert "cannot be fetched" in said
    assert "--from" in said
    assert hub.sha256 in weights("add", "depth", "--from", str(path), data=data)
    assert path.exists()


def test_unknown_names_are_told_with_the_known_ones(tmp_path) -> None:
    said = weights("add", "nose", data=tmp_path / "d", status=1)
    assert "there are: depth, mask, fill" in said
