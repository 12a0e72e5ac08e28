"""JSON Schemas of what the API answers, for the OpenAPI document."""

from __future__ import annotations

from typing import Any

from kirin.domain.task import Status

Schema = dict[str, Any]

STRING: Schema = {"type": "string"}
STATUS: Schema = {"type": "string", "enum": [status.value for status in Status]}
MILLISECONDS: Schema = {"type": "integer", "description": "Unix milliseconds"}

ERROR: Schema = {
    "type": "object",
    "properties": {
        "code": STRING,
        "message": STRING,
        "request_id": STRING,
        "errors": {
            "type": "array",
            "description": "All that is wrong with the parameters.",
            "items": {
                "type": "object",
                "properties": {
                    "param": {"type": "string", "description": "JSON path of the parameter"},
                    "code": STRING,
                    "message": STRING,
                    "rules": {"type": "array", "items": STRING},
                },
                "required": ["param", "code", "message"],
            },
        },
    },
    "required": ["code", "message", "request_id"],
}

CREATED: Schema = {
    "type": "object",
    "properties": {
        "id": STRING,
        "status": STATUS,
        "model": STRING,
        "created_at": MILLISECONDS,
    },
    "required": ["id", "status", "model", "created_at"],
}

CONTENT: Schema = {
    "type": "object",
    "properties": {
        "type": {"type": "string", "enum": ["video", "image", "element"]},
        "url": {"type": "string", "format": "uri"},
        "element_id": {"type": "integer", "description": "kirin_custom_elements only"},
        "jobId": STRING,
        "size": {"type": "string", "description": "kirin_v1_i2v only"},
        "duration": {"type": "number", "description": "kirin_v3_i2v only"},
        "watermark": {"type": "boolean", "description": "true for the marked copy"},
    },
    "required": ["type", "jobId"],
}

ELEMENT: Schema = {
    "type": "object",
    "properties": {
        "element_id": {"type": "integer"},
        "element_name": STRING,
        "element_description": STRING,
        "reference_type": {"type": "string", "enum": ["image_refer", "video_refer"]},
        "tag_list": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"tag_id": STRING},
                "required": ["tag_id"],
            },
        },
        "created_at": MILLISECONDS,
    },
    "required": ["element_id", "element_name", "element_description", "reference_type"],
}

TASK_SCHEMA: Schema = {
    "type": "object",
    "properties": {
        **CREATED["properties"],
        "updated_at": MILLISECONDS,
        "progress": {"type": "number", "minimum": 0, "maximum": 1},
        "output": {
            "type": "array",
            "description": "Only when completed.",
            "items": {
                "type": "object",
                "properties": {
                    "content": {"type": "array", "items": {"$ref": "#/components/schemas/Content"}},
                    "jobId": STRING,
                },
                "required": ["content", "jobId"],
            },
        },
        "usage": {
            "type": "object",
            "description": "Only when completed.",
            "properties": {
                "cost": {"type": "string", "description": "USD", "examples": ["0.2800"]},
                "discount": {"type": "number", "description": "USD"},
            },
            "required": ["cost", "discount"],
        },
        "error": {
            "type": "object",
            "description": "Only when failed.",
            "properties": {"code": STRING, "message": STRING, "error_message": STRING},
            "required": ["code", "message", "error_message"],
        },
        "metadata": {"type": "object"},
    },
    "required": ["id", "status", "model", "created_at", "updated_at", "metadata"],
}

WEBHOOK: Schema = {
    "type": "object",
    "properties": {
        "id": STRING,
        "task": STRING,
        "status": {**STATUS, "description": "the status that it tells of"},
        "url": {"type": "string", "format": "uri"},
        "state": {"type": "string", "enum": ["waiting", "delivered", "given_up"]},
        "attempt_count": {"type": "integer"},
        "created_at": MILLISECONDS,
        "next_attempt_at": {"type": ["integer", "null"], "description": "Unix milliseconds"},
        "attempts": {
            "type": "array",
            "description": "Only where one webhook was asked for.",
            "items": {
                "type": "object",
                "properties": {
                    "number": {"type": "integer"},
                    "sent_at": MILLISECONDS,
                    "milliseconds": {"type": "integer"},
                    "status": {"type": ["integer", "null"], "description": "HTTP status"},
                    "outcome": {
                        "type": "string",
                        "description": "the answer's first 2 KB, or what went wrong",
                    },
                },
                "required": ["number", "sent_at", "milliseconds", "status", "outcome"],
            },
        },
    },
    "required": ["id", "task", "status", "url", "state", "attempt_count", "created_at"],
}

SIGNING: Schema = {
    "type": "object",
    "properties": {
        "secret": {"type": "string", "pattern": "^whsec_"},
        "earlier_valid_until": {"type": ["integer", "null"], "description": "Unix milliseconds"},
    },
    "required": ["secret", "earlier_valid_until"],
}

ENVELOPE: Schema = {
    "type": "object",
    "properties": {
        "data": {},
        "status": {
            "type": "object",
            "properties": {"code": {"type": "integer"}, "message": STRING},
            "required": ["code", "message"],
        },
    },
    "required": ["data", "status"],
}
