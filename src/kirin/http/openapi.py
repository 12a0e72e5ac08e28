"""The OpenAPI document, made from the cards that also validate."""

from __future__ import annotations

from inspect import getdoc

from kirin import __version__
from kirin.catalogue.card import Card
from kirin.catalogue.registry import Catalogue
from kirin.catalogue.schema import params_schema
from kirin.errors import (
    ApiError,
    BodyTooLarge,
    ExternalIdUsed,
    InvalidKey,
    InvalidParameters,
    NotFound,
    RangeRefused,
    RequestTimeout,
    SignatureRefused,
    TaskFinished,
    UnknownElement,
    UnknownModel,
    UnknownTask,
)
from kirin.http.catalogue import MODELS, PAGE_SIZE_LIMIT
from kirin.http.elements import ELEMENTS
from kirin.http.generation import PAGE_LIMIT
from kirin.http.protocols.kirin import FILES, GENERATION, TASK
from kirin.http.schemas import (
    CONTENT,
    CREATED,
    ELEMENT,
    ENVELOPE,
    ERROR,
    STATUS,
    STRING,
    TASK_SCHEMA,
    Schema,
)


def openapi(catalogue: Catalogue) -> Schema:
    """The whole document, OpenAPI 3.1."""
    schemas: Schema = {
        "Error": ERROR,
        "Created": CREATED,
        "Content": CONTENT,
        "Element": ELEMENT,
        "Task": TASK_SCHEMA,
        "Envelope": ENVELOPE,
    }
    for card in catalogue:
        schemas[card.id] = request_schema(card)
    element_id = parameter("element_id", "path", {"type": "integer"}, "id of the subject")
    task_id = parameter("task_id", "path", STRING, "id or external_task_id of the task")
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Kirin",
            "version": __version__,
            "description": "Video generation: make a task, read it until it has ended.",
        },
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "schemas": schemas,
        },
        "paths": {
            GENERATION: {"post": create(catalogue)},
            TASK: {
                "get": {
                    **operation("listTasks", "The account's tasks, the newest first"),
                    "parameters": [
                        parameter(
                            "limit",
                            "query",
                            {"type": "integer", "minimum": 1, "maximum": PAGE_LIMIT, "default": 20},
                        ),
                        parameter("cursor", "query", STRING, "next_cursor of the page before"),
                        parameter("status", "query", STATUS),
                        parameter("model", "query", STRING),
                    ],
                    "responses": responses(
                        {
                            "type": "object",
                            "properties": {
                                "tasks": {"type": "array", "items": ref("Task")},
                                "next_cursor": {"type": ["string", "null"]},
                            },
                            "required": ["tasks", "next_cursor"],
                        },
                        InvalidParameters,
                        InvalidKey,
                    ),
                }
            },
            f"{TASK}/{{task_id}}": {
                "get": {
                    **operation("readTask", "A task and, once completed, its result"),
                    "parameters": [task_id],
                    "responses": responses(ref("Task"), InvalidKey, UnknownTask),
                },
                "delete": {
                    **operation("deleteTask", "Cancel a task"),
                    "parameters": [task_id],
                    "responses": responses(ref("Task"), InvalidKey, UnknownTask, TaskFinished),
                },
            },
            f"{TASK}/{{task_id}}/cancel": {
                "post": {
                    **operation("cancelTask", "Cancel a task"),
                    "parameters": [task_id],
                    "responses": responses(ref("Task"), InvalidKey, UnknownTask, TaskFinished),
                }
            },
            MODELS: {
                "get": {
                    **operation("listModels", "The models", open_to_all=True),
                    "parameters": [
                        parameter("page", "query", {"type": "integer", "minimum": 1, "default": 1}),
                        parameter(
                            "page_size",
                            "query",
                            {
                                "type": "integer",
                                "minimum": 1,
                                "maximum": PAGE_SIZE_LIMIT,
                                "default": 20,
                            },
                        ),
                        parameter("type", "query", STRING, "such as image-to-video"),
                        parameter("keywords", "query", STRING, "words that must all occur"),
                    ],
                    "responses": responses(ref("Envelope"), InvalidParameters),
                }
            },
            f"{MODELS}/{{model_id}}/spec": {
                "get": {
                    **operation("readSpec", "Everything that a model takes", open_to_all=True),
                    "parameters": [parameter("model_id", "path", STRING)],
                    "responses": responses(ref("Envelope"), UnknownModel),
                }
            },
            ELEMENTS: {
                "get": {
                    **operation("listElements", "The account's subjects, the newest first"),
                    "responses": responses(
                        {
                            "type": "object",
                            "properties": {"elements": {"type": "array", "items": ref("Element")}},
                            "required": ["elements"],
                        },
                        InvalidKey,
                    ),
                }
            },
            f"{ELEMENTS}/{{element_id}}": {
                "get": {
                    **operation("readElement", "A subject"),
                    "parameters": [element_id],
                    "responses": responses(ref("Element"), InvalidKey, UnknownElement),
                },
                "delete": {
                    **operation("deleteElement", "Delete a subject; tasks that use it go on"),
                    "parameters": [element_id],
                    "responses": responses(
                        {
                            "type": "object",
                            "properties": {
                                "element_id": {"type": "integer"},
                                "deleted": {"const": True},
                            },
                            "required": ["element_id", "deleted"],
                        },
                        InvalidKey,
                        UnknownElement,
                    ),
                },
            },
            f"{FILES}/{{key}}": {
                "get": {
                    **operation("readFile", "A result, by its signed link", open_to_all=True),
                    "parameters": [
                        parameter("key", "path", STRING),
                        parameter("expires", "query", STRING),
                        parameter("signature", "query", STRING),
                    ],
                    "responses": {
                        "200": {"description": "the file", "content": {"video/mp4": {}}},
                        "206": {"description": "the byte range asked for"},
                        **errors(SignatureRefused, NotFound, RangeRefused),
                    },
                }
            },
            "/healthz": {
                "get": {
                    **operation("health", "Whether the server is up", open_to_all=True),
                    "responses": responses({"type": "object"}),
                }
            },
        },
    }


def create(catalogue: Catalogue) -> Schema:
    """The operation that makes a task, with an example for each model."""
    return {
        **operation("createTask", "Make a task"),
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {
                        "oneOf": [ref(card.id) for card in catalogue],
                    },
                    "examples": {
                        f"{card.id}-{number}": {
                            "value": {"model": card.id, "input": [{"params": dict(example)}]}
                        }
                        for card in catalogue
                        for number, example in enumerate(card.examples, 1)
                    },
                }
            },
        },
        "responses": responses(
            ref("Created"),
            InvalidParameters,
            InvalidKey,
            UnknownModel,
            RequestTimeout,
            ExternalIdUsed,
            BodyTooLarge,
        ),
    }


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
        },
        "required": ["model", "input"],
        "additionalProperties": False,
    }


def ref(name: str) -> Schema:
    """A reference to a schema of the document."""
    return {"$ref": f"#/components/schemas/{name}"}


def operation(id: str, summary: str, *, open_to_all: bool = False) -> Schema:
    """The head of an operation."""
    return {"operationId": id, "summary": summary, "security": [] if open_to_all else [{"key": []}]}


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
    """Error answers, by status; errors of one status share an entry."""
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
