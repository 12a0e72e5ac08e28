"""The OpenAPI documents, one for the native API and one for each dialect: made from the routes,
their models, and the cards of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from inspect import getdoc
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode

from kirin import __version__
from kirin.catalogue.card import Card
from kirin.catalogue.registry import Catalogue
from kirin.catalogue.schema import params_schema
from kirin.errors import (
    ApiError,
    DatabaseAway,
    InvalidKey,
    LimitReached,
    ScopeMissing,
)
from kirin.http.bodies import BODY_ERRORS
from kirin.http.dialects.dialect import ServedDialect
from kirin.http.error_format import NATIVE, ErrorFormat
from kirin.http.native_routes import routes
from kirin.http.protocols.kirin_models import GENERATION_REQUEST
from kirin.http.protocols.kirin_request import MOST_SEED
from kirin.http.query_parameters import Parameter
from kirin.http.route import JSON, Route, Schema

SUFFIX = "Json"
"""What names of models have in Python, to tell them from records, and not in the document."""

ENUMS = {"State": "WebhookState", "TaskStage": "Stage", "TaskStatus": "Status"}
"""Names of enums that say too little outside their module, or too much in the document."""

KEY_ERRORS = (InvalidKey, ScopeMissing, LimitReached, DatabaseAway)
"""What may happen wherever a key is needed."""


OPTIONS_SCHEMA: Schema = {
    "moderation": {
        "type": "boolean",
        "description": "Whether to refuse pictures that a classifier objects to; what became of it "
        "is in `metadata.moderation` of the task.",
    },
    "metadata": {
        "type": "object",
        "additionalProperties": True,
        "description": "Notes of your own, at most 4 KB; `metadata.request` of the task.",
    },
    "parameters": {
        "type": "object",
        "additionalProperties": True,
        "description": "More parameters of the model; what it does not have is named in "
        "`metadata.ignored`.",
    },
    "dash_scope": {"type": "boolean", "description": "It has no effect here."},
    "seed": {
        "type": "integer",
        "minimum": 0,
        "maximum": MOST_SEED,
        "description": "What chance follows from; drawn if not given, and told in `metadata.seed`.",
    },
    "cache": {
        "type": "boolean",
        "description": "false has the video made anew, though the same request with the same seed "
        "was answered before.",
    },
}
"""What requests take beside the parameters of their model (rule W-1)."""


def openapi(catalogue: Catalogue, *, catalogue_key: bool = False) -> Schema:
    """The document of the native API, OpenAPI 3.1.

    Args:
        catalogue_key: whether reading the catalogue takes a key.
    """
    described = routes(catalogue_key=catalogue_key)
    schemas = {**schemas_of_models(described, NATIVE), **schemas_of_cards(catalogue)}
    description = "Video generation: create a task, read it until it has ended."
    return document("Kirin", description, described, NATIVE, schemas, examples(catalogue))


def dialect_openapi(dialect: ServedDialect) -> Schema:
    """The document of a dialect."""
    schemas = schemas_of_models(dialect.routes, dialect.errors)
    title = f"Kirin: {dialect.title}"
    described = document(title, dialect.description, dialect.routes, dialect.errors, schemas)
    if len(dialect.prefixes) > 1:
        described["servers"] = [{"url": prefix or "/"} for prefix in dialect.prefixes]
    return described


def document(
    title: str,
    description: str,
    routes: Sequence[Route],
    errors: ErrorFormat,
    schemas: Schema,
    requests: Schema | None = None,
) -> Schema:
    """A document.

    Args:
        schemas: all that it refers to, by name.
        requests: examples of the native request, where it has that.
    """
    paths: dict[str, Schema] = {}
    for route in routes:
        item = paths.setdefault(route.path.replace(":path}", "}"), {})
        item[route.method.lower()] = operation(route, errors, requests or {})
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": __version__, "description": description},
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "schemas": schemas,
        },
        "paths": paths,
    }


def operation(route: Route, errors: ErrorFormat, requests: Schema) -> Schema:
    """What the document says about a route."""
    described: Schema = {
        "operationId": route.id,
        "summary": route.summary,
        "security": [] if route.scope is None else [{"key": []}],
    }
    if route.scope is not None:
        described["description"] = f"It takes a key with the scope `{route.scope}`."
    if route.parameters:
        described["parameters"] = [described_parameter(each) for each in route.parameters]
    if route.request_body is not None:
        described["requestBody"] = route.request_body
    elif route.body is not None:
        content: Schema = {"schema": ref(route.body)}
        if route.body == GENERATION_REQUEST:
            content["examples"] = requests
        required = route.body == GENERATION_REQUEST or any(
            field.is_required() for field in route.body.model_fields.values()
        )
        described["requestBody"] = {"required": required, "content": {JSON: content}}
    described["responses"] = responses(route, errors)
    return described


def described_parameter(parameter: Parameter) -> Schema:
    """What the document says about a parameter."""
    return {
        "name": parameter.name,
        "in": parameter.location,
        "required": parameter.location == "path",
        "schema": parameter.schema(),
        "description": parameter.description,
    }


def responses(route: Route, errors: ErrorFormat) -> Schema:
    """The answers of a route, by status; errors of one status share an entry."""
    content: Schema = {kind: {} for kind in route.media_types}
    if route.answer is not None:
        content[JSON] = {"schema": ref(route.answer)}
    raised = [
        *route.errors,
        *(BODY_ERRORS if route.body is not None else ()),
        *(KEY_ERRORS if route.scope is not None else ()),
    ]
    lines: dict[str, list[str]] = {}
    for error in dict.fromkeys(raised):
        lines.setdefault(str(errors.status_of(error)), []).append(error_line(error))
    return {
        str(route.status): {"description": route.answer_description, "content": content},
        **route.other_responses,
        **{
            status: {
                "description": "\n".join(texts),
                "content": {JSON: {"schema": ref(errors.model)}},
            }
            for status, texts in lines.items()
        },
    }


def error_line(error: type[ApiError]) -> str:
    """An error's code and meaning."""
    return f"`{error.code}`: {getdoc(error)}"


def examples(catalogue: Catalogue) -> Schema:
    """The requests that the cards show as examples."""
    return {
        f"{card.id}-{number}": {"value": {"model": card.id, "input": [{"params": dict(example)}]}}
        for card in catalogue
        for number, example in enumerate(card.examples, 1)
    }


def ref(model: Any) -> Schema:
    """A reference to the schema of a model, or to one by its name."""
    return {"$ref": f"#/components/schemas/{name_of(model)}"}


def name_of(model: Any) -> str:
    """How the document calls a model."""
    name = model if isinstance(model, str) else model.__name__
    return ENUMS.get(name, name.removesuffix(SUFFIX))


class SchemaGenerator(GenerateJsonSchema):
    """Generates schemas without titles, which would only repeat the names."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002  an override
        return False


def schemas_of_models(routes: Sequence[Route], errors: ErrorFormat) -> Schema:
    """The schemas of all models that routes answer with or read.

    Raises:
        ValueError: two of them have the same name.
    """
    answers = dict.fromkeys((errors.model, *(route.answer for route in routes)))
    bodies = dict.fromkeys(route.body for route in routes)
    wanted: list[tuple[str, JsonSchemaMode, TypeAdapter[Any]]] = [
        *((m.__name__, "serialization", TypeAdapter(m)) for m in answers if isinstance(m, type)),
        *((m.__name__, "validation", TypeAdapter(m)) for m in bodies if isinstance(m, type)),
    ]
    _, found = TypeAdapter.json_schemas(
        wanted, schema_generator=SchemaGenerator, ref_template="#/components/schemas/{model}"
    )
    definitions = found.get("$defs", {})
    schemas = {name_of(name): renamed(definitions[name]) for name in sorted(definitions)}
    if len(schemas) < len(definitions):
        raise ValueError("two models have one name in the OpenAPI document")
    return schemas


def renamed(schema: Any) -> Any:
    """A schema with the document's names in its references, without titles and null defaults."""
    if isinstance(schema, Mapping):
        changed = {name: renamed(value) for name, value in schema.items()}
        if isinstance(reference := changed.get("$ref"), str):
            path, _, name = reference.rpartition("/")
            changed["$ref"] = f"{path}/{name_of(name)}"
        if isinstance(changed.get("title"), str):
            del changed["title"]
        if "default" in changed and changed["default"] is None:
            del changed["default"]
        return changed
    if isinstance(schema, list):
        return [renamed(each) for each in schema]
    return schema


def schemas_of_cards(catalogue: Catalogue) -> Schema:
    """The schemas of requests, one for each model, and of any of them."""
    cards = {card.id: request_schema(card) for card in catalogue}
    return {GENERATION_REQUEST: {"oneOf": [ref(id) for id in cards]}, **cards}


def request_schema(card: Card) -> Schema:
    """A request for a model, in the form with one input block."""
    rules = "\n".join(f"- {condition.message}" for condition in card.conditions)
    block = {
        "type": "object",
        "properties": {"params": params_schema(card)},
        "required": ["params"],
        "additionalProperties": False,
    }
    return {
        "title": card.name,
        "description": f"{card.description}\n\n{rules}".rstrip(),
        "type": "object",
        "properties": {
            "model": {"const": card.id},
            "input": {"type": "array", "items": block, "minItems": 1, "maxItems": 1},
            **OPTIONS_SCHEMA,
        },
        "required": ["model", "input"],
        "additionalProperties": False,
    }
