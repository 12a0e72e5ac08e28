"""The spec of a model (rule W-11): all that a form or a program needs to write a request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kirin.catalogue.card import Card
from kirin.catalogue.parameters import Parameter


def spec(card: Card, endpoint: str) -> dict[str, Any]:
    """A model's spec.

    Args:
        endpoint: full URL that creates tasks.
    """
    return {
        "model_id": card.id,
        "name": card.name,
        "vendor": "kirin",
        "type": card.type,
        "description": card.description,
        "api": {
            "endpoint": endpoint,
            "method": "POST",
            "headers": {
                "Authorization": "Bearer YOUR_API_KEY",
                "Content-Type": "application/json",
            },
        },
        "parameters": describe(card.parameters, "input[0].params."),
        "rules": [
            {"message": condition.message, "rules": condition.rules, **condition.describe()}
            for condition in card.conditions
        ],
        "failures": [{"code": code, "reason": str(way)} for way, code in card.codes.items()],
        "examples": [dict(example) for example in card.examples],
        "agent_prompt": card.usage,
    }


def describe(parameters: Sequence[Parameter], prefix: str) -> list[dict[str, Any]]:
    """Parameters and their children as the spec lists them."""
    return [
        {
            "name": parameter.name,
            "path": f"{prefix}{parameter.name}",
            "type": parameter.type,
            "required": parameter.required,
            "description": parameter.description,
            "constraints": parameter.constraints(),
            "example": parameter.example,
            **parameter.traits(),
            "children": describe(
                parameter.children(),
                f"{prefix}{parameter.name}{'[].' if parameter.type == 'array' else '.'}",
            ),
        }
        for parameter in parameters
    ]
