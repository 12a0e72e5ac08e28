"""The example plug-in: built as a wheel, unpacked where Python finds it, and used by a server."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from kirin.app import App
from kirin.settings import Settings
from support.api import Api, InProcess

EXAMPLE = Path(__file__).parents[3] / "examples" / "plugin"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The wheel's files in a folder that Python looks for packages in."""
    folder = tmp_path_factory.mktemp("plugin")
    built = subprocess.run(  # noqa: S603  our own example
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder / "dist"],
        cwd=EXAMPLE,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    (wheel,) = (folder / "dist").glob("kirin_stripes-1.0-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder / "site"))
        yield folder / "site"


def test_its_contracts_hold(installed: Path) -> None:
    """As its author runs them, in a process of its own."""
    done = subprocess.run(  # noqa: S603  our own example
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", EXAMPLE / "tests"],
        cwd=EXAMPLE,
        env={"PYTHONPATH": f"{installed}:{Path(__file__).parents[3] / 'src'}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout


class Unchecked(InProcess):
    """Speaks to the server without holding answers against the documents of our own dialects."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._runner.run(self._handle(request))


def test_a_server_serves_it(installed: Path, tmp_path: Path) -> None:
    """Its model is listed, its dialect makes a task, and its engine renders it."""
    app = App.open(Settings(data_dir=tmp_path / "data", engines="stripes"))
    transport = Unchecked(app.http())
    try:
        api = Api(app, transport)
        assert api.stranger.get("/openapi/plain.json").json()["paths"].keys() == {
            "/plain/videos",
            "/plain/videos/{id}",
        }
        refused = api.http.post("/plain/videos", json={"word": ""})
        assert refused.status_code == 400
        assert refused.json().keys() == {"error"}
        made = api.http.post("/plain/videos", json={"word": "red"})
        assert made.status_code == 201
        id = made.json()["id"]
        api.run(id)
        assert api.http.get(f"/plain/videos/{id}").json() == {"id": id, "status": "completed"}
    finally:
        transport.end()
        app.close()
