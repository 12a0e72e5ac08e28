"""The client in TypeScript, as it is built, in Node.js against a real server."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from kirin.catalogue.registry import built_in
from kirin.http.openapi import openapi
from support.flaky import Flaky
from support.javascript import our_client, run_script
from support.pictures import flat_png
from support.servers import Running
from support.typescript import bad_connections, check

DOCUMENT = openapi(built_in())

OTHERWISE = {
    ("GET", "/model/v1/generation/task/{task_id}/stream"): "stream",
    ("GET", "/model/v1/events"): "events",
    ("GET", "/files/{key}"): "download",
    ("GET", "/model/v1/generation/zip"): "download",
}
"""Routes of methods that take more than one request, or a link."""


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
