"""Clients in JavaScript: scripts of ``tests/clients``, run by Node.js as they stand."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
CLIENTS = ROOT / "tests" / "clients"
CLIENT = ROOT / "clients" / "typescript"


def _script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    # It imports its neighbours by their names.
    sys.path.insert(0, str(ROOT / "scripts"))
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(ROOT / "scripts"))
    return module


def node() -> str:
    """The program; the test is skipped where there is none."""
    program: str | None = _script("node").program()
    if program is None:
        pytest.skip("CLIENTS IN JAVASCRIPT NOT TESTED: there is no Node.js")
    return program


def npm(*arguments: str) -> None:
    """Run npm in the folder of our own client."""
    _script("node").npm(CLIENT, arguments, quiet=True)


def our_client() -> Path:
    """Where our own client in TypeScript is built; the test is skipped where it is not."""
    built = _script("build_client")
    if not built.is_built():
        pytest.skip("CLIENT IN TYPESCRIPT NOT TESTED: make clients")
    folder: Path = built.DIST
    return folder


def run_script(
    name: str, *, seconds: float = 240, published: bool = True, **given: Any
) -> Mapping[str, Any]:
    """Run a script of ``tests/clients``, and what it printed.

    The test is skipped where there is no Node.js, or where the clients are not installed.

    Args:
        name: such as ``fal.mjs``.
        seconds: how long it may take.
        published: whether it uses clients that npm installs.
        given: what the script reads as JSON from its first argument.

    Returns:
        The JSON object that is the last line of its output.
    """
    program = node()
    if published and not _script("node").installed(CLIENTS):
        pytest.skip("CLIENTS IN JAVASCRIPT NOT TESTED: make clients")
    done = subprocess.run(  # noqa: S603  our own scripts
        [program, str(CLIENTS / name), json.dumps(given)],
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    assert done.returncode == 0, f"{name} failed\n{done.stdout}\n{done.stderr}"
    told: Mapping[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told
