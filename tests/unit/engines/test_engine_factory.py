"""The engine factory: which engines the settings can name, here and in a plain installation."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kirin.composition.engines import ENGINES, open_router
from kirin.engines.scripted import ScriptedEngine
from kirin.settings import Settings

PLUGINS = Path(__file__).parents[2] / "plugins"


def test_the_engine_for_tests_is_none_of_our_own() -> None:
    assert sorted(ENGINES) == ["animatic", "diffusion"]


def test_a_plugins_engine_can_be_named() -> None:
    router = open_router(Settings(engines="animatic,scripted"))
    assert [engine.name for engine in router.engines] == ["animatic", "scripted"]
    assert isinstance(router.engines[1], ScriptedEngine)


def test_a_plugin_replaces_no_engine_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    metadata = tmp_path / "impostor-1.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: impostor\nVersion: 1\n")
    (metadata / "entry_points.txt").write_text("[kirin.engines]\nanimatic = nowhere:engine\n")
    monkeypatch.syspath_prepend(tmp_path)
    router = open_router(Settings(engines="animatic,scripted"))
    assert [engine.name for engine in router.engines] == ["animatic", "scripted"]


def test_the_engine_file_can_route_to_a_plugins_engine(tmp_path: Path) -> None:
    file = tmp_path / "engines.toml"
    file.write_text('[routes]\nkirin_v1_6_t2v = ["scripted"]\n')
    router = open_router(Settings(engines="animatic", engine_file=file))
    assert [engine.name for engine in router.engines] == ["animatic"]


@pytest.mark.parametrize("command", [["worker"], ["serve", "--port", "0"]])
def test_a_plain_installation_refuses_the_engine_for_tests(
    tmp_path: Path, command: list[str]
) -> None:
    """As an operator starts it: the settings name it, and no plugin registers it."""
    path = os.environ["PYTHONPATH"].split(os.pathsep)
    environment = {
        **os.environ,
        "KIRIN_ENGINES": "scripted",
        "PYTHONPATH": os.pathsep.join(each for each in path if Path(each) != PLUGINS),
    }
    done = subprocess.run(  # noqa: S603  our own module
        [sys.executable, "-m", "kirin", *command, "--data", tmp_path / "data"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 1
    said = " ".join((done.stdout + done.stderr).split())
    assert "KIRIN_ENGINES: unknown engine 'scripted'; available: animatic, diffusion" in said
