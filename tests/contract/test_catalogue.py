"""The catalogue on the wire (contract, section 1: W-11)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from kirin.catalogue.card import Card
from kirin.catalogue.parameters import Parameter
from support.api import GENERATION, MODELS, Api
from support.cards import I2V, T2V, good, without_effect

MODEL = {"id", "name", "type", "description", "input_modalities", "output_modalities"}
SPEC = {"model_id", "name", "vendor", "type", "api", "parameters", "agent_prompt"}
PARAMETER = {
    "name",
    "path",
    "type",
    "required",
    "description",
    "constraints",
    "example",
    "children",
}
TRAITS = {"format", "limits"}
"""What a form needs beside: that a text is a picture, and how large it may be."""

CONSTRAINTS = {
    "enum",
    "default",
    "min",
    "max",
    "min_length",
    "max_length",
    "min_items",
    "max_items",
}
TYPES = {"string", "number", "integer", "boolean", "object", "array"}
SUCCESS = {"code": 200, "message": "success"}


def data(api: Api, path: str, **query: Any) -> dict[str, Any]:
    """What a good answer's envelope holds."""
    answer = api.stranger.get(path, params=query)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body.keys() == {"data", "status"}
    assert body["status"] == SUCCESS
    held: dict[str, Any] = body["data"]
    return held


def ids(api: Api, **query: Any) -> list[str]:
    """The models that a listing finds."""
    return [model["id"] for model in data(api, MODELS, **query)["models"]]


def flat(entries: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Parameters of a spec with their children."""
    for entry in entries:
        yield entry
        yield from flat(entry["children"])


def test_the_list_has_every_model(api: Api) -> None:  # W-11
    listed = data(api, MODELS)
    cards = list(api.app.catalogue)
    assert listed.keys() == {"models", "total", "page", "page_size", "total_pages"}
    assert [model["id"] for model in listed["models"]] == [card.id for card in cards]
    assert {"kirin_v1_6_t2v", "kirin_v1_i2v"} <= {card.id for card in cards}
    assert listed["total"] == len(cards)
    assert (listed["page"], listed["total_pages"]) == (1, 1)


def test_a_model_in_the_list(api: Api, card: Card) -> None:  # W-11
    (found,) = [model for model in data(api, MODELS)["models"] if model["id"] == card.id]
    assert found.keys() == MODEL
    assert found["name"]
    assert found["description"]
    assert found["type"] == card.type
    assert set(found["input_modalities"]) <= {"text", "image", "video", "audio"}
    assert set(found["output_modalities"]) <= {"video", "image", "audio", "element", "text"}


def test_pages_show_each_model_once(api: Api) -> None:  # W-11
    total = len(api.app.catalogue)
    seen: list[str] = []
    for number in range(1, total + 1):
        page = data(api, MODELS, page=number, page_size=1)
        assert (page["page"], page["page_size"], page["total_pages"]) == (number, 1, total)
        seen += [model["id"] for model in page["models"]]
    assert seen == ids(api)


def test_a_page_behind_the_last_is_empty(api: Api) -> None:  # W-11
    page = data(api, MODELS, page=999, page_size=100)
    assert page["models"] == []
    assert page["total"] == len(api.app.catalogue)


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ({"page": 0}, ["page"]),
        ({"page": -1}, ["page"]),
        ({"page": "1.5"}, ["page"]),
        ({"page": ""}, ["page"]),
        ({"page": "9" * 5000}, ["page"]),
        ({"page_size": 0}, ["page_size"]),
        ({"page_size": 101}, ["page_size"]),
        ({"page": "one", "page_size": "all"}, ["page", "page_size"]),
    ],
)
def test_a_wrong_page_is_refused(
    api: Api, query: dict[str, Any], wrong: list[str]
) -> None:  # W-9 W-11
    answer = api.stranger.get(MODELS, params=query)
    assert answer.status_code == 400
    assert [problem["param"] for problem in answer.json()["errors"]] == wrong


def test_the_list_can_be_narrowed_by_type(api: Api) -> None:  # W-11
    assert "kirin_v1_6_t2v" in ids(api, type="text-to-video")
    assert "kirin_v1_i2v" not in ids(api, type="text-to-video")
    assert ids(api, type="") == ids(api)
    assert ids(api, type="text-to-opera") == []


def test_the_list_can_be_narrowed_by_words(api: Api) -> None:  # W-11
    assert "kirin_v1_i2v" in ids(api, keywords="V1_I2V  Picture")
    assert "kirin_v1_6_t2v" not in ids(api, keywords="v1_i2v picture")
    assert ids(api, keywords="t2v_") == []
    assert ids(api, keywords="kirin", type="image-to-video") == ids(api, type="image-to-video")
    assert ids(api, keywords="  ") == ids(api)


def test_a_spec_is_complete(api: Api, card: Card) -> None:  # W-11
    spec = data(api, f"{MODELS}/{card.id}/spec")
    assert spec.keys() >= SPEC
    assert spec["model_id"] == card.id
    assert spec["vendor"] == "kirin"
    assert spec["agent_prompt"]
    assert spec["api"]["endpoint"] == f"http://testserver{GENERATION}"
    assert spec["api"]["method"] == "POST"
    assert spec["api"]["headers"]["Authorization"].startswith("Bearer ")
    assert spec["api"]["headers"]["Content-Type"] == "application/json"


def test_the_parameters_of_a_spec(api: Api, card: Card) -> None:  # W-11
    for entry in flat(data(api, f"{MODELS}/{card.id}/spec")["parameters"]):
        assert PARAMETER <= entry.keys() <= PARAMETER | TRAITS
        assert entry["path"].startswith("input[0].params.")
        assert entry["path"].endswith(entry["name"])
        assert entry["type"] in TYPES
        assert type(entry["required"]) is bool
        assert entry["description"].endswith(".")
        assert entry["constraints"].keys() <= CONSTRAINTS
        assert all(type(option) is str for option in entry["constraints"].get("enum", []))
        assert bool(entry["children"]) == (entry["type"] in ("object", "array"))


@pytest.mark.parametrize(
    ("model", "name", "type_", "constraints"),
    [
        (T2V, "prompt", "string", {"min_length": 1, "max_length": 2500}),
        (T2V, "cfg_scale", "number", {"default": 0.5, "min": 0, "max": 1}),
        (T2V, "aspect_ratio", "string", {"default": "16:9", "enum": ["16:9", "9:16", "1:1"]}),
        (T2V, "duration", "string", {"default": "5", "enum": ["5", "10"]}),
        (T2V, "mode", "string", {"default": "std", "enum": ["std", "pro"]}),
        (T2V, "watermark_info", "object", {}),
        (T2V, "external_task_id", "string", {"min_length": 1, "max_length": 128}),
        (I2V, "image", "string", {}),
        (I2V, "dynamic_masks", "array", {"min_items": 1, "max_items": 6}),
        (I2V, "trajectories", "array", {"min_items": 2, "max_items": 77}),
        (I2V, "x", "number", {}),
    ],
)
def test_constraints_are_those_of_the_contract(
    api: Api, model: str, name: str, type_: str, constraints: dict[str, Any]
) -> None:  # W-11
    listed = flat(data(api, f"{MODELS}/{model}/spec")["parameters"])
    (entry,) = [entry for entry in listed if entry["name"] == name]
    assert (entry["type"], entry["constraints"]) == (type_, constraints)


def test_a_spec_lists_what_validates_and_nothing_else(api: Api, card: Card) -> None:  # W-11
    listed = {entry["path"] for entry in flat(data(api, f"{MODELS}/{card.id}/spec")["parameters"])}

    def paths(parameters: tuple[Parameter, ...], prefix: str) -> Iterator[str]:
        for parameter in parameters:
            yield f"{prefix}{parameter.name}"
            inside = "[]." if parameter.type == "array" else "."
            yield from paths(parameter.children(), f"{prefix}{parameter.name}{inside}")

    assert listed == set(paths(card.parameters, "input[0].params."))


def test_what_a_spec_calls_required_is_required(api: Api, card: Card) -> None:  # W-11
    spec = data(api, f"{MODELS}/{card.id}/spec")
    required = {entry["name"] for entry in spec["parameters"] if entry["required"]}
    refused = {name for name, code in api.problems(card.id).items() if code == "required"}
    assert required <= refused


def test_what_a_spec_gives_as_default_is_what_counts(api: Api, card: Card) -> None:  # W-11
    spec = data(api, f"{MODELS}/{card.id}/spec")
    row = api.make(card.id, **card.examples[0])
    for entry in spec["parameters"]:
        if "default" in entry["constraints"] and entry["name"] not in card.examples[0]:
            assert str(row.params[entry["name"]]) == str(entry["constraints"]["default"])


def test_each_option_of_a_spec_is_accepted(api: Api, card: Card) -> None:  # W-11
    spec = data(api, f"{MODELS}/{card.id}/spec")
    for entry in spec["parameters"]:
        for option in entry["constraints"].get("enum", []):
            answer = api.create(card.id, **good(card, **{entry["name"]: option}))
            wrong = {problem["param"] for problem in answer.json().get("errors", [])}
            assert entry["name"] not in wrong, option  # it may ask for other parameters


def test_the_bounds_of_a_spec_are_those_that_count(api: Api, card: Card) -> None:  # W-11
    listed = data(api, f"{MODELS}/{card.id}/spec")["parameters"]
    for entry in (entry for entry in listed if entry["name"] not in without_effect(card)):
        bounds = entry["constraints"]
        beyond = [
            *([bounds["min"] - 0.01] if "min" in bounds else []),
            *([bounds["max"] + 0.01] if "max" in bounds else []),
            *(["x" * (bounds["max_length"] + 1)] if "max_length" in bounds else []),
            *(["" if entry["required"] else " "] if "min_length" in bounds else []),
            *([[{}] * (bounds["max_items"] + 1)] if "max_items" in bounds else []),
        ]
        for value in beyond:
            problems = api.problems(card.id, **good(card, **{entry["name"]: value}))
            assert entry["name"] in problems


@pytest.mark.parametrize("id", ["nothing", "kirin_v1_6_t2w", "x" * 5000, "%00", "a%2Fb"])
def test_the_spec_of_an_unknown_model(api: Api, id: str) -> None:  # W-9 W-11
    answer = api.stranger.get(f"{MODELS}/{id}/spec")
    body = answer.json()
    assert answer.status_code == 404
    assert body["request_id"] == answer.headers["X-Request-Id"]
    if id != "a%2Fb":  # two segments are no id at all
        assert body["data"] is None
        assert body["status"]["code"] == 404
        assert body["code"] == "unknown_model"
        assert body["status"]["message"] == body["message"]
        assert len(body["message"]) < 300
