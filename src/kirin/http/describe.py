"""The words of an OpenAPI document: references, operations, parameters, answers."""

from __future__ import annotations

from inspect import getdoc

from kirin.errors import ApiError, DatabaseAway, InvalidKey, LimitReached, ScopeMissing
from kirin.http.schemas import Schema


def ref(name: str) -> Schema:
    """A reference to a schema of the document."""
    return {"$ref": f"#/components/schemas/{name}"}


def operation(id: str, summary: str, *, open_to_all: bool = False) -> Schema:
    """The head of an operation."""
    return {"operationId": id, "summary": summary, "security": [] if open_to_all else [{"key": []}]}


def body(schema: Schema, *, required: bool = True) -> Schema:
    """What a request carries."""
    return {"required": required, "content": {"application/json": {"schema": schema}}}


def parameter(name: str, where: str, schema: Schema, description: str = "") -> Schema:
    """A path or query parameter."""
    return {
        "name": name,
        "in": where,
        "required": where == "path",
        "schema": schema,
        "description": description,
    }


def responses(schema: Schema, *failures: type[ApiError]) -> Schema:
    """A JSON answer, and the errors that may stand in its place."""
    return {
        "200": {"description": "done", "content": {"application/json": {"schema": schema}}},
        **errors(*failures),
    }


def errors(*failures: type[ApiError]) -> Schema:
    """Error answers, by status; errors of one status share an entry.

    Whoever needs a key can also have one of another scope, or have used it too often, or come
    while nobody can look it up.
    """
    if InvalidKey in failures:
        failures = (*failures, ScopeMissing, LimitReached, DatabaseAway)
    described: dict[str, list[str]] = {}
    for failure in failures:
        described.setdefault(str(failure.status), []).append(f"`{failure.code}`: {getdoc(failure)}")
    return {
        status: {
            "description": "\n".join(lines),
            "content": {"application/json": {"schema": ref("Error")}},
        }
        for status, lines in described.items()
    }
