"""JSON Schema of a model's parameters, with the conditions that a schema can express."""

from __future__ import annotations

from typing import Any

from kirin.catalogue.card import Card
from kirin.catalogue.entry_rules import Given, IgnoredWhere
from kirin.catalogue.rules import AtLeastOne, Ignoring, RequiredWith, With
from kirin.catalogue.structures import object_schema

Schema = dict[str, Any]


def params_schema(card: Card) -> Schema:
    """JSON Schema (2020-12) of the ``params`` of a request for a model.

    Conditions on the content of media, or that compare values, cannot be expressed.
    """
    schema = object_schema(card.parameters)
    properties = schema["properties"]
    conditions: list[Schema] = []
    for names, idle in cases_by_name(card).items():
        # Ignored parameters may have any value.
        strict = {name: properties[name] for name in names}
        properties |= {name: notes_of(properties[name]) for name in names}
        ignored = idle[0] if len(idle) == 1 else {"anyOf": idle}
        conditions.append({"if": ignored, "else": {"properties": strict}})
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


def cases_by_name(card: Card) -> dict[tuple[str, ...], list[Schema]]:
    """The requests in which parameters are ignored; those with the same cases together."""
    cases: dict[str, list[Schema]] = {}
    for rule in card.no_effect:
        for name in rule.params:
            cases.setdefault(name, []).append(case(card, rule))
    names: dict[tuple[str, ...], list[Schema]] = {}
    for name, schemas in cases.items():
        same = next((key for key, known in names.items() if known == schemas), ())
        names.pop(same, None)
        names[(*same, name)] = schemas
    return names


def case(card: Card, rule: Ignoring | With) -> Schema:
    """The schema of requests to which a rule applies."""
    if isinstance(rule, IgnoredWhere):
        return holding(card, rule.given)
    if not isinstance(rule, With):
        raise TypeError(f"no schema tells when {rule.describe()['kind']} applies")
    by_default = any(p.name == rule.other and p.default == rule.equals for p in card.parameters)
    said: Schema = {"properties": {rule.other: {"const": rule.equals}}}
    return said if by_default else said | {"required": [rule.other]}


def holding(card: Card, given: Given) -> Schema:
    """The schema of requests that hold something in an entry of a list."""
    (list_of,) = (p for p in card.parameters if p.name == given.param)
    (field,) = (p for p in list_of.children() if p.name == given.field)
    by_default = field.default == given.equals
    values = [given.equals, *([field.blank, None] if by_default else [])]
    entry: Schema = {"type": "object", "properties": {given.field: {"enum": values}}}
    if not by_default:
        entry["required"] = [given.field]
    array = {"type": "array", "contains": entry}
    return {"properties": {given.param: array}, "required": [given.param]}


def notes_of(schema: Schema) -> Schema:
    """A schema reduced to its annotations, without constraints."""
    return {name: schema[name] for name in ("description", "examples") if name in schema}
