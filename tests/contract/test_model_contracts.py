"""Contracts of models (contract, section 1: N-5): true to their cards, and good for clients."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from kirin.catalogue.card import Card
from kirin.catalogue.contract import contract
from kirin.catalogue.parameters import Parameter
from kirin.catalogue.references import ElementId
from kirin.catalogue.rules import AtLeastOne, Excludes, RequiredWith
from support.api import Api
from support.cards import ELEMENTS, I2V, T2V, V3

CONTRACTS = "/api/v1/skill/model-contracts"
MEMBERS = {
    "schema_version",
    "revision",
    "model_id",
    "display_name",
    "family",
    "kind",
    "protocol",
    "body_mode",
    "endpoints",
    "input_schema",
    "examples",
    "prerequisites",
    "input_rules",
}
KNOWN = {
    "type",
    "required",
    "additionalProperties",
    "properties",
    "items",
    "enum",
    "default",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "format",
    "description",
}
"""Keywords that clients decode; they would overlook any other."""


def of(api: Api, model: str) -> dict[str, Any]:
    answer = api.stranger.get(f"{CONTRACTS}/{model}")
    assert answer.status_code == 200, answer.text
    assert answer.json()["status"] == {"code": 200, "message": "success"}
    found: dict[str, Any] = answer.json()["data"]
    return found


def given(params: Mapping[str, Any], name: str) -> bool:
    """Whether a client counts a parameter as given."""
    return params.get(name) not in (None, "", [], {})


def breaks(rule: Mapping[str, Any], params: Mapping[str, Any]) -> bool:
    """Whether a client refuses parameters by a rule of a contract."""
    for name, value in rule.get("when", {}).items():
        if name not in params or str(params[name]) != str(value):
            return False
    if rule["kind"] == "requires":
        return not all(given(params, name) for name in rule["required"])
    there = [name for name in rule["fields"] if given(params, name)]
    return len(there) > 1 if rule["kind"] == "mutually_exclusive" else not there


def with_defaults(schema: Mapping[str, Any], params: Mapping[str, Any]) -> dict[str, Any]:
    """What a client sends: it fills in the defaults."""
    defaults = {n: p["default"] for n, p in schema["properties"].items() if "default" in p}
    return {**defaults, **params}


def schemas(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield schema
    for child in (*schema.get("properties", {}).values(), *filter(None, [schema.get("items")])):
        yield from schemas(child)


def test_a_contract_says_what_clients_read(api: Api, card: Card) -> None:  # N-5
    found = of(api, card.id)
    assert found.keys() == MEMBERS
    assert found["schema_version"] == "model-contract.v1"
    assert (found["model_id"], found["display_name"]) == (card.id, card.name)
    assert (found["protocol"], found["body_mode"]) == ("queue", "raw_json")
    assert (found["kind"], found["family"]) == ("multimodal", "kirin")
    schema = found["input_schema"]
    Draft202012Validator.check_schema(schema)
    assert set(schema["properties"]) == {parameter.name for parameter in card.parameters}
    for each in schemas(schema):
        assert each.keys() <= KNOWN
        assert isinstance(each["type"], str)
        assert each["type"] != "object" or each["additionalProperties"] is False
    assert len(found["examples"]) == len(card.examples)


def test_with_a_key_it_is_the_same(api: Api) -> None:  # N-5
    wrong = api.client({"Authorization": "Bearer nobody"})
    answers = [c.get(f"{CONTRACTS}/{T2V}").json() for c in (api.http, api.stranger, wrong)]
    assert answers[0] == answers[1] == answers[2]


def test_its_endpoints_make_and_follow_a_task(api: Api) -> None:  # N-5 N-6
    endpoints = of(api, T2V)["endpoints"]
    submit = endpoints["submit"]
    queued = api.http.request(submit["method"], submit["path"], json={"prompt": "a tiny lake"})
    id = queued.json()["request_id"]
    for step, status in (("status", "in_progress"), ("cancel", "failed"), ("result", "failed")):
        method, path = endpoints[step]["method"], endpoints[step]["path"]
        answer = api.http.request(method, path.replace("{request_id}", id))
        assert (answer.status_code, answer.json()["status"]) == (200, status)


def test_what_its_schema_takes_the_card_takes(card: Card) -> None:  # N-5
    found = contract(card, "/queue")
    schema = Draft202012Validator(found["input_schema"])
    for example in found["examples"]:
        assert list(schema.iter_errors(example)) == []
        sent = with_defaults(found["input_schema"], example)
        assert card.check(sent).problems == []
        assert [rule for rule in found["input_rules"] if breaks(rule, sent)] == []


def test_what_it_does_not_list_is_refused(card: Card) -> None:  # N-5
    schema = Draft202012Validator(contract(card, "/queue")["input_schema"])
    assert not schema.is_valid({**contract(card, "/queue")["examples"][0], "colour": "red"})
    for name in (parameter.name for parameter in card.parameters if parameter.required):
        without = {k: v for k, v in contract(card, "/queue")["examples"][0].items() if k != name}
        assert not schema.is_valid(without), name


def test_what_a_rule_refuses_the_card_refuses(card: Card) -> None:  # N-5
    """A rule is never stricter than the card: over requests with any of the parameters."""
    chance = random.Random(7)  # noqa: S311  any requests will do
    found = contract(card, "/queue")
    values = {p.name: p.example for p in card.parameters} | dict(found["examples"][-1])
    options = {p.name: p.constraints().get("enum", [values[p.name]]) for p in card.parameters}
    flags = {p.name: [True, False] for p in card.parameters if p.type == "boolean"}
    refused = 0
    for _ in range(400):
        names = [name for name in values if chance.random() < 0.5]
        params = {name: chance.choice({**options, **flags}[name]) for name in names}
        for rule in found["input_rules"]:
            if breaks(rule, params):
                refused += 1
                assert card.check(params).problems, (rule, params)
    assert refused or not found["input_rules"]


def test_every_condition_is_said_as_a_rule_or_in_words(card: Card) -> None:  # N-5
    found = contract(card, "/queue")
    said = {rule["notes"] for rule in found["input_rules"]}
    words = found["input_schema"]["description"]
    for condition in card.conditions:
        assert (condition.message in said) != (f"- {condition.message}" in words)
        sayable = isinstance(condition, AtLeastOne | RequiredWith | Excludes)
        assert (condition.message in said) == sayable


def test_the_rules_of_known_models(api: Api) -> None:  # N-5
    def rules(model: str) -> list[dict[str, Any]]:
        return [
            {k: v for k, v in rule.items() if k != "notes"}
            for rule in of(api, model)["input_rules"]
        ]

    assert rules(T2V) == []
    assert rules(V3) == [
        {"kind": "at_least_one", "fields": ["image", "image_tail"]},
        {"kind": "requires", "when": {"multi_shot": False}, "required": ["prompt"]},
        {
            "kind": "requires",
            "when": {"multi_shot": True},
            "required": ["shot_type", "multi_prompt"],
        },
    ]
    # Both kinds of masks may be given: what excludes image_tail is each of them.
    assert rules(I2V) == [
        {"kind": "mutually_exclusive", "fields": ["image_tail", "dynamic_masks"]},
        {"kind": "mutually_exclusive", "fields": ["image_tail", "static_mask"]},
    ]


def test_what_another_model_makes_is_a_prerequisite(api: Api, card: Card) -> None:  # N-5
    found = of(api, card.id)["prerequisites"]

    def takes_elements(parameters: tuple[Parameter, ...]) -> bool:
        return any(isinstance(p, ElementId) or takes_elements(p.children()) for p in parameters)

    if not takes_elements(card.parameters):
        assert all(each["source_model"] != ELEMENTS for each in found)
        return
    (each,) = (each for each in found if each["source_model"] == ELEMENTS)
    assert each["field"] == "element_list[].element_id"
    assert each["context_kind"] == "element_id"
    task = api.read(api.row(str(made_element(api))).id)
    assert task["output"][0]["content"][0]["element_id"]
    assert each["source_path"] == "output[0].content[0].element_id"


def made_element(api: Api) -> str:
    """The id of a task that has made a subject."""
    api.subject()
    (task,) = api.http.get("/model/v1/generation/task", params={"model": ELEMENTS}).json()["tasks"]
    id: str = task["id"]
    return id


def test_the_revision_changes_with_the_content(card: Card) -> None:  # N-5
    same, again, other = (contract(card, path)["revision"] for path in ("/a", "/a", "/b"))
    assert same == again
    assert same != other


@pytest.mark.parametrize("model", ["kirin_v9", "x" * 300])
def test_of_an_unknown_model_there_is_none(api: Api, model: str) -> None:  # N-5
    answer = api.stranger.get(f"{CONTRACTS}/{model}")
    assert answer.status_code == 404
    body = answer.json()
    assert body["data"] is None
    assert body["status"]["code"] == 404
    assert (body["code"], body["message"]) == ("unknown_model", body["status"]["message"])
