"""The OpenAPI document, made from the cards that also validate."""

from __future__ import annotations

from kirin import __version__
from kirin.catalogue.card import Card
from kirin.catalogue.registry import Catalogue
from kirin.catalogue.schema import params_schema
from kirin.errors import (
    BodyTooLarge,
    ExternalIdUsed,
    IdempotencyKeyUsed,
    InsufficientBalance,
    InvalidKey,
    InvalidParameters,
    NotFound,
    RequestTimeout,
    TaskFinished,
    TaskUnfinished,
    TooManyStreams,
    UnknownModel,
    UnknownSubject,
    UnknownTask,
    UnknownWebhook,
)
from kirin.http.catalogue import MODELS, PAGE_SIZE_LIMIT
from kirin.http.describe import errors, operation, parameter, ref, responses
from kirin.http.elements import ELEMENTS
from kirin.http.events import EVENTS
from kirin.http.health import HEALTH, METRICS, READY
from kirin.http.idempotency import IDEMPOTENCY_KEY
from kirin.http.listing import PAGE_LIMIT
from kirin.http.openapi_accounts import account_paths, account_schemas, admin_paths
from kirin.http.openapi_files import UPLOAD, file_paths
from kirin.http.protocols.kirin import GENERATION, TASK
from kirin.http.schemas import (
    CONTENT,
    CREATED,
    ELEMENT,
    ENVELOPE,
    ERROR,
    MILLISECONDS,
    SIGNING,
    STATUS,
    STRING,
    TASK_SCHEMA,
    WEBHOOK,
    Schema,
)
from kirin.http.waiting import LONGEST_WAIT
from kirin.http.webhooks import SECRET, WEBHOOKS


def openapi(catalogue: Catalogue) -> Schema:
    """The whole document, OpenAPI 3.1."""
    schemas: Schema = {
        "Error": ERROR,
        "Created": CREATED,
        "Content": CONTENT,
        "Element": ELEMENT,
        "Task": TASK_SCHEMA,
        "Webhook": WEBHOOK,
        "Signing": SIGNING,
        "Upload": UPLOAD,
        "Envelope": ENVELOPE,
        **account_schemas(),
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
                        parameter("external_task_id", "query", STRING),
                        parameter("created_after", "query", MILLISECONDS, "made then or later"),
                        parameter("created_before", "query", MILLISECONDS, "made before then"),
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
                    "parameters": [
                        task_id,
                        parameter(
                            "wait",
                            "query",
                            {
                                "type": "integer",
                                "minimum": 0,
                                "maximum": LONGEST_WAIT,
                                "default": 0,
                            },
                            "seconds to wait for another status",
                        ),
                    ],
                    "responses": responses(ref("Task"), InvalidParameters, InvalidKey, UnknownTask),
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
            f"{TASK}/{{task_id}}/request": {
                "get": {
                    **operation("readRequest", "What a task was asked for, to ask for it again"),
                    "parameters": [task_id],
                    "responses": responses(
                        {"oneOf": [ref(card.id) for card in catalogue]}, InvalidKey, UnknownTask
                    ),
                }
            },
            f"{TASK}/{{task_id}}/remove": {
                "post": {
                    **operation("removeTask", "Remove an ended task, its files and its request"),
                    "parameters": [task_id],
                    "responses": responses(
                        {
                            "type": "object",
                            "properties": {"id": STRING, "removed": {"const": True}},
                            "required": ["id", "removed"],
                        },
                        InvalidKey,
                        UnknownTask,
                        TaskUnfinished,
                    ),
                }
            },
            EVENTS: {"get": event_stream()},
            **webhooks(),
            **account_paths(catalogue),
            **admin_paths(),
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
                    "responses": responses(ref("Element"), InvalidKey, UnknownSubject),
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
                        UnknownSubject,
                    ),
                },
            },
            **file_paths(),
            HEALTH: {
                "get": {
                    **operation("health", "Whether the server is up", open_to_all=True),
                    "responses": responses({"type": "object"}),
                }
            },
            METRICS: {
                "get": {
                    **operation("metrics", "Metrics for Prometheus", open_to_all=True),
                    "responses": {
                        "200": {"description": "the text format", "content": {"text/plain": {}}},
                        **errors(InvalidKey, NotFound),
                    },
                }
            },
            READY: {
                "get": {
                    **operation(
                        "ready", "Whether the database and the storage answer", open_to_all=True
                    ),
                    "responses": {
                        "503": {"description": "not now; the body tells what is away"},
                        **responses({"type": "object"}),
                    },
                }
            },
        },
    }


def create(catalogue: Catalogue) -> Schema:
    """The operation that makes a task, with an example for each model."""
    return {
        **operation("createTask", "Make a task"),
        "parameters": [
            parameter(
                IDEMPOTENCY_KEY,
                "header",
                {"type": "string", "pattern": "^[!-~]{1,255}$"},
                "a request with the same key and body makes no second task",
            )
        ],
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
            IdempotencyKeyUsed,
            BodyTooLarge,
            InsufficientBalance,
        ),
    }


def webhooks() -> Schema:
    """The paths of webhooks."""
    webhook_id = parameter("webhook_id", "path", STRING, "the webhook-id that receivers see")
    secret = responses(ref("Signing"), InvalidKey)
    return {
        WEBHOOKS: {
            "get": {
                **operation("listWebhooks", "The account's webhooks, the newest first"),
                "parameters": [
                    parameter("task", "query", STRING, "id or external_task_id of a task"),
                    parameter(
                        "limit",
                        "query",
                        {"type": "integer", "minimum": 1, "maximum": PAGE_LIMIT, "default": 20},
                    ),
                    parameter("cursor", "query", STRING, "next_cursor of the page before"),
                ],
                "responses": responses(
                    {
                        "type": "object",
                        "properties": {
                            "webhooks": {"type": "array", "items": ref("Webhook")},
                            "next_cursor": {"type": ["string", "null"]},
                        },
                        "required": ["webhooks", "next_cursor"],
                    },
                    InvalidParameters,
                    InvalidKey,
                    UnknownTask,
                ),
            }
        },
        SECRET: {
            "get": {
                **operation("readWebhookSecret", "What webhooks are signed with"),
                "responses": secret,
            }
        },
        f"{SECRET}/rotate": {
            "post": {
                **operation(
                    "rotateWebhookSecret",
                    "Make a new secret; for a while webhooks carry the signatures of both",
                ),
                "responses": secret,
            }
        },
        f"{WEBHOOKS}/{{webhook_id}}": {
            "get": {
                **operation("readWebhook", "A webhook and every attempt at it"),
                "parameters": [webhook_id],
                "responses": responses(ref("Webhook"), InvalidKey, UnknownWebhook),
            }
        },
        f"{WEBHOOKS}/{{webhook_id}}/redeliver": {
            "post": {
                **operation("redeliverWebhook", "Send a webhook once more, at once"),
                "parameters": [webhook_id],
                "responses": responses(ref("Webhook"), InvalidKey, UnknownWebhook),
            }
        },
    }


def event_stream() -> Schema:
    """The operation that follows all tasks."""
    return {
        **operation("followTasks", "Every change of a task's status, as it happens"),
        "parameters": [
            parameter("Last-Event-ID", "header", STRING, "id of the last event that is known")
        ],
        "responses": {
            "200": {
                "description": "events named by the status, with the task as their data",
                "content": {"text/event-stream": {}},
            },
            **errors(InvalidParameters, InvalidKey, TooManyStreams),
        },
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
