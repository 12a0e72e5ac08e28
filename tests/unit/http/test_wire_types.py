"""The client's types are those of the document, and a type is found for every schema."""

from __future__ import annotations

import importlib.util
import re
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from kirin.catalogue.registry import built_in
from kirin.http.openapi import openapi
from kirin_client import models

SCRIPTS = Path(__file__).parents[3] / "scripts"
TYPESCRIPT = SCRIPTS.parent / "clients" / "typescript" / "src"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    sys.path.append(str(SCRIPTS))
    spec = importlib.util.spec_from_file_location("wire_types", SCRIPTS / "write_wire_types.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_types_of_the_client_are_up_to_date(script: ModuleType) -> None:
    written = Path(models.__file__).read_text("utf-8")
    assert script.python(openapi(built_in())) == written, "run 'make types'"


def test_they_mean_what_the_document_says() -> None:
    schemas = openapi(built_in())["components"]["schemas"]
    for name in ("Created", "Task", "TaskPage", "Error", "Upload", "Webhook", "Signing"):
        fields = getattr(models, name).model_fields
        required = {each for each, field in fields.items() if field.is_required()}
        assert fields.keys() == schemas[name]["properties"].keys()
        assert required == set(schemas[name]["required"])


def test_a_form_of_schema_that_is_not_known_is_an_error(script: ModuleType) -> None:
    with pytest.raises(ValueError, match="no Python type"):
        script.type_of({"type": "tuple"})


def test_the_client_in_typescript_has_the_schema() -> None:
    text = (TYPESCRIPT / "schema.ts").read_text("utf-8")
    for name in openapi(built_in())["components"]["schemas"]:
        assert f"        {name}: " in text, f"{name} is missing: run 'make types'"


def test_the_routes_of_the_client_in_typescript_are_up_to_date() -> None:
    generator = import_module("typescript_client")
    for name, text in generator.files(openapi(built_in())):
        assert (TYPESCRIPT / name).read_text("utf-8") == text, f"{name}: run 'make types'"


def test_the_client_in_typescript_has_every_route() -> None:
    document = openapi(built_in())
    theirs = {(method.upper(), path) for path, item in document["paths"].items() for method in item}
    written = "".join(path.read_text("utf-8") for path in (TYPESCRIPT / "routes").glob("*.ts"))
    ours = set(re.findall(r'return describe\("([A-Z]+)", "([^"]+)"', written))
    assert ours - theirs == set()
    assert theirs - ours == {
        ("GET", "/model/v1/generation/task/{task_id}/stream"),
        ("GET", "/model/v1/events"),
        ("GET", "/files/{key}"),
        ("GET", "/model/v1/generation/zip"),
    }


def test_a_form_of_schema_that_typescript_does_not_know_is_an_error(script: ModuleType) -> None:
    with pytest.raises(ValueError, match="no TypeScript type"):
        script.typescript_client.type_of({"type": "tuple"})
