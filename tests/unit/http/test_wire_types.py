"""The client's types are those of the document, and a type is found for every schema."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from kirin.catalogue.registry import built_in
from kirin.http.openapi import openapi
from kirin_client import models

SCRIPTS = Path(__file__).parents[3] / "scripts"


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


def test_the_console_has_the_schema() -> None:
    text = (SCRIPTS.parent / "web" / "src" / "api" / "schema.d.ts").read_text("utf-8")
    for name in openapi(built_in())["components"]["schemas"]:
        assert f"        {name}: " in text, f"{name} is missing: run 'make types'"
