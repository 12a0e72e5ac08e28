"""A model's contract (rule N-5): what programs hold a request against before they send it.

Clients know a small part of JSON Schema and four kinds of rules. A condition that these cannot say
is left to the description of the schema, in words, and never said more strictly than it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any, Final

from kirin.catalogue.card import Card
from kirin.catalogue.parameters import Parameter, Seconds
from kirin.catalogue.references import ElementId, FaceId, FaceSessionId
from kirin.catalogue.rules import AtLeastOne, Condition, Excludes, RequiredWith

VERSION: Final = "model-contract.v1"

_KEYWORDS: Final = {
    "enum": "enum",
    "default": "default",
    "min": "minimum",
    "max": "maximum",
    "min_length": "minLength",
    "max_length": "maxLength",
    "min_items": "minItems",
    "max_items": "maxItems",
}
"""Keywords of JSON Schema for the constraints of rule W-11."""

_SOURCES: Final[Mapping[type[Parameter], Mapping[str, str]]] = {
    ElementId: {
        "source_model": "kirin_custom_elements",
        "context_kind": "element_id",
        "source_path": "output[0].content[0].element_id",
    },
    FaceSessionId: {
        "source_model": "kirin_identify_face",
        "context_kind": "face_session",
        "source_path": "id",
    },
    FaceId: {
        "source_model": "kirin_identify_face",
        "context_kind": "face_id",
        "source_path": "metadata.faces[0].face_id",
    },
}
"""Which model's result a type of parameter takes, and where it stands in that task."""


def contract(card: Card, queue: str) -> dict[str, Any]:
    """A model's contract.

    Args:
        queue: path that takes the model's parameters.
    """
    request = f"{queue}/requests/{{request_id}}"
    content = {
        "schema_version": VERSION,
        "model_id": card.id,
        "display_name": card.name,
        "family": "kirin",
        "kind": "multimodal",
        "protocol": "queue",
        "body_mode": "raw_json",
        "endpoints": {
            "submit": {"method": "POST", "path": queue},
            "status": {"method": "GET", "path": f"{request}/status"},
            "result": {"method": "GET", "path": f"{request}/response"},
            "cancel": {"method": "PUT", "path": f"{request}/cancel"},
        },
        "input_schema": _schema(card.parameters) | {"description": _description(card)},
        "examples": [_as_listed(card.parameters, card.opened(each)) for each in card.examples],
        "prerequisites": list(_prerequisites(card.parameters, "")),
        "input_rules": [said for rule in card.conditions for said in _input_rules(card, rule)],
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return {"revision": sha256(text.encode()).hexdigest()[:16], **content}


def _schema(parameters: Sequence[Parameter]) -> dict[str, Any]:
    """An object with these parameters, in the keywords that clients know.

    One form of each value is enough: seconds are the strings that the catalogue lists, and a group
    that may stand in a list does not.
    """
    return {
        "type": "object",
        "properties": {each.name: _property(each) for each in parameters},
        "required": [each.name for each in parameters if each.required],
        "additionalProperties": False,
    }


def _property(parameter: Parameter) -> dict[str, Any]:
    described: dict[str, Any] = {"type": parameter.type, "description": parameter.description}
    if parameter.type == "object":
        described |= _schema(parameter.children())
    elif parameter.type == "array":
        described["items"] = _schema(parameter.children())
    described |= {_KEYWORDS[name]: value for name, value in parameter.constraints().items()}
    if "format" in (traits := parameter.traits()):
        described["format"] = traits["format"]
    return described


def _description(card: Card) -> str:
    """What the model does, and the conditions that no rule says."""
    unsaid = [rule.message for rule in card.conditions if not list(_input_rules(card, rule))]
    return "\n".join([card.description, *(f"- {message}" for message in unsaid)])


def _input_rules(card: Card, rule: Condition) -> Iterator[dict[str, Any]]:
    """A condition in the kinds that clients know; nothing where they cannot say it."""
    match rule:
        case AtLeastOne():
            yield {"kind": "at_least_one", "fields": list(rule.params), "notes": rule.message}
        case RequiredWith():
            yield {
                "kind": "requires",
                "when": {rule.other: _listed_value(card.parameters, rule.other, rule.equals)},
                "required": list(rule.params),
                "notes": rule.message,
            }
        case Excludes():
            # Of one group, several may be given: it takes a rule for each pair across the two.
            for first in rule.first:
                for second in rule.second:
                    yield {
                        "kind": "mutually_exclusive",
                        "fields": [first, second],
                        "notes": rule.message,
                    }


def _prerequisites(parameters: Sequence[Parameter], prefix: str) -> Iterator[dict[str, str]]:
    """The parameters that take another model's result."""
    for parameter in parameters:
        path = f"{prefix}{parameter.name}"
        for kind, source in _SOURCES.items():
            if isinstance(parameter, kind):
                yield {"field": path, **source, "notes": parameter.description}
        inside = f"{path}[]." if parameter.type == "array" else f"{path}."
        yield from _prerequisites(parameter.children(), inside)


def _as_listed(parameters: Sequence[Parameter], values: Mapping[str, Any]) -> dict[str, Any]:
    """Values in the one form that the schema lists."""
    kinds = {each.name: each for each in parameters}
    listed: dict[str, Any] = {}
    for name, value in values.items():
        children = kinds[name].children()
        if isinstance(value, list):
            listed[name] = [_as_listed(children, entry) for entry in value]
        elif isinstance(value, Mapping):
            listed[name] = _as_listed(children, value)
        else:
            listed[name] = _listed_value(parameters, name, value)
    return listed


def _listed_value(parameters: Sequence[Parameter], name: str, value: object) -> object:
    """A value in the form that the catalogue lists: seconds are strings there."""
    seconds = any(each.name == name and isinstance(each, Seconds) for each in parameters)
    return str(value) if seconds else value
