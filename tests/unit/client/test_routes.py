"""Every route and every parameter of the OpenAPI document is in the client, and nothing else."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import pytest

from kirin.catalogue.registry import built_in
from kirin.http.openapi import openapi
from kirin_client.operations import Listing, Operation
from kirin_client.requests import Request
from kirin_client.routes import AdminRoutes, Routes
from support.client_routes import OTHERWISE

DOCUMENT = openapi(built_in())

HEADERS = {"X-Model", "Idempotency-Key"}
"""The first says what the body says, the second is always sent."""

VALUES = {
    "params": {},
    "metadata": {},
    "parameters": {},
    "limits": {},
    "task_ids": ["a"],
    "requests": [{}],
    "vary": {"seed": [1]},
    "wait": 5,
    "file": b"x",
}


def requests() -> Iterator[tuple[str, Request[Any]]]:
    """Each method, called with all that it takes."""
    for kind in (Routes, AdminRoutes):
        for name, operation in inspect.getmembers(kind, lambda it: isinstance(it, Operation)):
            parameters = list(inspect.signature(operation.describe).parameters)[1:]
            values = {each: VALUES.get(each, "x") for each in parameters}
            yield f"{kind.__name__}.{name}", operation.describe(None, **values)


def test_every_route_is_a_method() -> None:
    ours = {(each.method, each.route) for _, each in requests()}
    theirs = {(method.upper(), path) for path, item in DOCUMENT["paths"].items() for method in item}
    assert theirs - ours - OTHERWISE.keys() == set(), "add them to kirin_client/routes"
    assert ours - theirs == set()
    assert ours.isdisjoint(OTHERWISE)


@pytest.mark.parametrize("found", list(requests()), ids=lambda it: it[0])
def test_every_parameter_is_sent(found: tuple[str, Request[Any]]) -> None:
    _, request_ = found
    described = DOCUMENT["paths"][request_.route][request_.method.lower()]
    query = {each["name"] for each in described.get("parameters", ()) if each["in"] == "query"}
    expected = query - {"format"} if "format" not in request_.query else query
    assert request_.query.keys() == expected
    headers = {each["name"] for each in described.get("parameters", ()) if each["in"] == "header"}
    assert headers <= HEADERS
    assert request_.keyed == ("Idempotency-Key" in headers)
    content = described.get("requestBody", {}).get("content", {}).get("application/json")
    if content is None or "$ref" not in content["schema"]:
        return
    kind = content["schema"]["$ref"].rpartition("/")[2]
    schema = DOCUMENT["components"]["schemas"][kind]
    members = schema.get("properties") or {
        "model", "input", "moderation", "metadata", "parameters", "dash_scope", "seed", "cache",
    }  # fmt: skip
    assert request_.body is not None
    assert members - request_.body.keys() <= {"dash_scope"}  # it has no effect
    assert request_.body.keys() <= set(members)


def test_what_only_reads_may_be_repeated() -> None:
    for name, request in requests():
        assert request.repeatable or request.method != "GET", name


@pytest.mark.parametrize("kind", [Routes, AdminRoutes])
def test_every_listing_has_an_iterator(kind: type) -> None:
    paged = {
        name
        for name, operation in inspect.getmembers(kind, lambda it: isinstance(it, Operation))
        if "cursor" in inspect.signature(operation.describe).parameters
    }
    walked = inspect.getmembers(kind, lambda it: isinstance(it, Listing))
    assert {listing._page.__name__ for _, listing in walked} == paged
    assert all(listing.__doc__ for _, listing in walked)


def test_names_in_paths_are_quoted() -> None:
    request = Routes.task.describe(None, "a/b?c#d é")
    assert request.path == "/model/v1/generation/task/a%2Fb%3Fc%23d%20%C3%A9"
