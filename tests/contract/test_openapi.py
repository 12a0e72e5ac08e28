"""The OpenAPI document: valid, and of one mind with the server.

Beyond these tests every answer of every contract test is held against it (support/api.py).
"""

from __future__ import annotations

from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from kirin import __version__
from kirin.catalogue.card import Card
from kirin.http.dialects.registry import DIALECTS
from support.api import GENERATION, Api
from support.cards import good, without_effect
from support.openapi import Document
from support.sources import provide_examples


@pytest.fixture
def document(api: Api) -> Document:
    return Document(api.stranger.get("/openapi.json").json())


def request_of(card: Card, params: object) -> dict[str, Any]:
    return {"model": card.id, "input": [{"params": params}]}


def test_the_document_is_valid(document: Document) -> None:
    assert document.document["info"]["version"] == __version__
    assert list(OpenAPIV31SpecValidator(document.document).iter_errors()) == []


def test_every_route_is_documented(api: Api, document: Document) -> None:
    served = {
        (route.path.replace(":path", ""), method)
        for route in routes(api.app.http().routes)
        for method in route.methods or ()  # /mcp takes any; its tools describe themselves
        if not route.endpoint.__module__.startswith("kirin.console.")
    }
    spoken = [api.stranger.get(dialect.document_path).json() for dialect in DIALECTS]
    documented = {
        (server["url"].rstrip("/") + path, method.upper())
        for each in (document.document, *spoken)
        for server in each.get("servers", ({"url": ""},))
        for path, item in each["paths"].items()
        for method in item
    }
    documents = {("/openapi.json", "GET"), *((each.document_path, "GET") for each in DIALECTS)}
    heads = {(path, "HEAD") for path, method in served if method == "HEAD"}
    assert served - documents - heads == documented


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_each_dialect_has_a_document_of_its_own(api: Api, document: Document, dialect: Any) -> None:
    its = api.stranger.get(dialect.document_path).json()
    assert list(OpenAPIV31SpecValidator(its).iter_errors()) == []
    assert not its["paths"].keys() & document.document["paths"].keys()


def routes(found: list[Any]) -> list[Any]:
    """Routes of an application, those of its routers too."""
    return [
        inner
        for route in found
        for inner in (
            routes(route.original_router.routes) if hasattr(route, "original_router") else [route]
        )
    ]


def test_there_is_an_example_for_each_model(api: Api, document: Document, card: Card) -> None:
    content = document.document["paths"][GENERATION]["post"]["requestBody"]["content"]
    examples = content["application/json"]["examples"]
    of_this = [e["value"] for e in examples.values() if e["value"]["model"] == card.id]
    assert of_this
    provide_examples(api.app, api.account, card.id)
    for example in of_this:
        document.validator(content["application/json"]["schema"]).validate(example)
        answer = api.http.post(GENERATION, json=example)
        assert answer.status_code == 200, answer.text


def test_what_the_schema_refuses_the_server_refuses(
    api: Api, document: Document, card: Card
) -> None:
    schema = document.validator({"$ref": f"#/components/schemas/{card.id}"})
    assert schema.is_valid(request_of(card, good(card)))
    names = {parameter.name for parameter in card.parameters} - without_effect(card)
    for name in ("colour", *names):
        wrong = good(card, **{name: {"no": "such thing"}})
        assert not schema.is_valid(request_of(card, wrong)), name
        assert api.create(card.id, **wrong).status_code == 400, name


def test_what_is_required_is_required_in_the_schema(document: Document, card: Card) -> None:
    schema = document.validator({"$ref": f"#/components/schemas/{card.id}"})
    for name in (parameter.name for parameter in card.parameters if parameter.required):
        without = {key: value for key, value in card.examples[0].items() if key != name}
        assert not schema.is_valid(request_of(card, without))
