"""The client's types are those of the document, and a type is found for every schema."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import NotRequired, get_origin, get_type_hints

import pytest

from kirin.catalogue.registry import built_in
from kirin.client import types
from kirin.http.openapi import openapi

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
    written = Path(types.__file__).read_text("utf-8")
    assert script.python(openapi(built_in())) == written, "run 'make types'"


def test_they_mean_what_the_document_says() -> None:
    schemas = openapi(built_in())["components"]["schemas"]
    for name in ("Created", "Task", "TaskPage", "Error", "Upload", "Webhook", "Signing"):
        members = get_type_hints(getattr(types, name), include_extras=True)
        required = {each for each, hint in members.items() if get_origin(hint) is not NotRequired}
        assert members.keys() == schemas[name]["properties"].keys()
        assert required == set(schemas[name]["required"])


def test_a_form_of_schema_that_is_not_known_is_an_error(script: ModuleType) -> None:
    with pytest.raises(ValueError, match="no Python type"):
        script.type_of({"type": "tuple"})


def test_the_console_has_the_schema() -> None:
    text = (SCRIPTS.parent / "web" / "src" / "api" / "schema.d.ts").read_text("utf-8")
    for name in openapi(built_in())["components"]["schemas"]:
        assert f"        {name}: " in text, f"{name} is missing: run 'make types'"
