"""JSON Schemas of arguments in few words: agents read all of them before their first call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kirin.http.request_models import RequestModel

NULL = {"type": "null"}


def schema_of(model: type[RequestModel]) -> dict[str, Any]:
    """The schema of a model, without what no agent needs: titles, and that ``null`` is absent."""
    made = model.model_json_schema()
    shown = {name: _property(about) for name, about in made.get("properties", {}).items()}
    return {
        "type": "object",
        "properties": shown,
        "required": made.get("required", []),
        "additionalProperties": False,
    }


def _property(about: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in about.items() if name not in {"title", "anyOf"}}
    if kept.get("default", 0) is None:
        del kept["default"]
    (kind,) = [option for option in about.get("anyOf", [{}]) if option != NULL]
    return {**kept, **kind}
