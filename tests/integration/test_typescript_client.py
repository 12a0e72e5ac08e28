"""The client in TypeScript, as it is built, in Node.js against a real server."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import kirin_client
from kirin.catalogue.registry import built_in
from kirin.http.openapi import openapi
from kirin.media.decode import facts
from support.client_routes import OTHERWISE
from support.flaky import Flaky
from support.javascript import CLIENT, node, npm, our_client, run_script
from support.pictures import flat_png
from support.servers import Running
from support.typescript import bad_connections, check

DOCUMENT = openapi(built_in())
pytestmark = pytest.mark.timeout(600)  # the first of them runs the script


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("typescript")
    (made / "a.png").write_bytes(flat_png(400, 300))
    return made


@pytest.fixture(scope="module")
def told(running: Running, folder: Path) -> tuple[Mapping[str, Any], Flaky]:
    """What the script found."""
    our_client()
    paths = {"path": str(folder / "a.png"), "target": str(folder / "saved.png")}
    with bad_connections(running.server) as (given, flaky):
        return run_script("kirin.mjs", seconds=280, published=False, **given, **paths), flaky


def test_ten_acts(told: tuple[Mapping[str, Any], Flaky], folder: Path) -> None:
    check(*told, folder)


def test_files_are_sent_and_saved(told: tuple[Mapping[str, Any], Flaky], folder: Path) -> None:
    found, _ = told
    assert found["upload_of_a_path"] == 400
    assert Path(found["saved"]).read_bytes() == flat_png(400, 300)
    assert not list(folder.glob(".*.part"))


def test_every_route_is_a_method(told: tuple[Mapping[str, Any], Flaky]) -> None:
    ours = {(each["method"], each["route"]) for each in told[0]["routes"]}
    theirs = {(method.upper(), path) for path, item in DOCUMENT["paths"].items() for method in item}
    assert theirs - ours - OTHERWISE.keys() == set(), "run 'make types'"
    assert ours - theirs == set()


def test_every_parameter_is_sent(told: tuple[Mapping[str, Any], Flaky]) -> None:
    for each in told[0]["routes"]:
        described = DOCUMENT["paths"][each["route"]][each["method"].lower()]
        parameters = described.get("parameters", ())
        query = {its["name"] for its in parameters if its["in"] == "query"}
        assert set(each["query"]) in (query, query - {"format"}), each
        headers = {its["name"] for its in parameters if its["in"] == "header"}
        assert each["keyed"] == ("Idempotency-Key" in headers), each
        assert each["repeatable"] or each["method"] != "GET", each
        content = described.get("requestBody", {}).get("content", {}).get("application/json")
        if content is None or "$ref" not in content["schema"]:
            continue
        kind = content["schema"]["$ref"].rpartition("/")[2]
        members = DOCUMENT["components"]["schemas"][kind].get("properties")
        if members is not None:
            assert set(each["body"]) == set(members), each
        else:  # one for each model
            assert {"model", "input", "metadata", "seed"} <= set(each["body"]), each


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which npm's package lies as it would be installed."""
    our_client()
    folder = tmp_path_factory.mktemp("package")
    npm("pack", "--ignore-scripts", "--silent", "--pack-destination", str(folder))
    target = folder / "node_modules" / "@kirin" / "client"
    (archive,) = folder.glob("*.tgz")
    with tarfile.open(archive) as package:
        package.extractall(folder, filter="data")
    target.parent.mkdir(parents=True)
    (folder / "package").rename(target)
    return folder


def test_the_package_has_what_is_published_and_nothing_else(installed: Path) -> None:
    package = installed / "node_modules" / "@kirin" / "client"
    names = {path.relative_to(package).as_posix() for path in package.rglob("*") if path.is_file()}
    outside = {name for name in names if not name.startswith("dist/")}
    assert outside == {"LICENSE", "README.md", "package.json"}
    described = json.loads((package / "package.json").read_text())
    assert "dependencies" not in described
    for entry in described["exports"].values():
        paths = [entry] if isinstance(entry, str) else entry.values()
        assert {path.removeprefix("./") for path in paths} <= names
    assert all(name.endswith((".js", ".d.ts")) for name in names - outside)
    assert described["version"] == kirin_client.__version__
    version = (package / "dist" / "version.js").read_text()
    assert f'"{kirin_client.__version__}"' in version


EXAMPLES = re.findall(
    r"^```js\n(.*?)^```$", (CLIENT / "README.md").read_text("utf-8"), re.DOTALL | re.MULTILINE
)


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_the_examples_of_the_page_run(example: str, installed: Path, running: Running) -> None:
    program = installed / "example.mjs"
    # The engine of the tests makes short work of it.
    program.write_text(re.sub(r'prompt: ".*?"', 'prompt: "tiny"', example))
    (installed / "photo.jpg").write_bytes(flat_png(400, 300))
    environment = {
        **os.environ,
        "KIRIN_SERVER": running.server.base_url,
        "KIRIN_API_KEY": running.server.api_key,
    }
    done = subprocess.run(  # noqa: S603  our own example
        [node(), str(program)],
        cwd=installed,
        env=environment,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, f"{example}\n{done.stderr}"
    assert done.stdout or facts(installed / "out.mp4").frame_count
