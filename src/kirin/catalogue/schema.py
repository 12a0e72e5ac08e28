"""JSON Schema of a model's parameters, with the conditions that a schema can express."""

from __future__ import annotations

from typing import Any

from kirin.catalogue.card import Card
from kirin.catalogue.rules import AtLeastOne, RequiredWith, With
from kirin.catalogue.structures import object_schema

Schema = dict[str, Any]


def params_schema(card: Card) -> Schema:
    """JSON Schema (2020-12) of the ``params`` of a request for a model.

    Conditions on the content of media, or that compare values, cannot be expressed.
    """
    schema = object_schema(card.parameters)
    properties = schema["properties"]
    conditions: list[Schema] = []
    for idle in card.no_effect:
        # Ignored parameters may have any value.
        strict = {name: properties[name] for name in idle.params}
        properties |= {name: notes_of(properties[name]) for name in idle.params}
        conditions.append({"if": case(card, idle), "else": {"properties": strict}})
    for rule in card.rules:
        if isinstance(rule, RequiredWith):
            needed = {"required": list(rule.params)}
            conditions.append({"if": case(card, rule), "then": needed})
        elif isinstance(rule, AtLeastOne):
            conditions.append({"anyOf": [{"required": [name]} for name in rule.params]})
    schema |= {"allOf": conditions} if conditions else {}
    return enveloped(card.envelope.name, schema) if card.envelope else schema


def enveloped(name: str, schema: Schema) -> Schema:
    """The schema of parameters as they are, or all of them in an object of this name."""
    inside = {
        "type": "object",
        "properties": {name: schema},
        "required": [name],
        "additionalProperties": False,
    }
    return {"anyOf": [schema, inside]}


def case(card: Card, rule: With) -> Schema:
    """The schema of requests to which a rule applies."""
    by_default = any(p.name == rule.other and p.default == rule.equals for p in card.parameters)
    said: Schema = {"properties": {rule.other: {"const": rule.equals}}}
    return said if by_default else said | {"required": [rule.other]}


def notes_of(schema: Schema) -> Schema:
    """A schema reduced to its annotations, without constraints."""
    return {name: schema[name] for name in ("description", "examples") if name in schema}
