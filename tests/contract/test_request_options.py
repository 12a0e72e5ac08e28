"""What requests take beside the parameters of their model, and the header X-Model (W-1)."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from kirin.catalogue.card import Card
from kirin.domain.request import NO_OPTIONS
from kirin.http.protocols.kirin_request import MAX_METADATA_BYTES, OPTIONS
from kirin.tasks import store
from kirin.vision.open_nsfw import installed
from support.api import GENERATION, TASK, Api
from support.cards import T2V, good
from support.sources import provide_examples

PARAMS = {"prompt": "a tiny lake"}
QUOTE = "/model/v1/quote"
FORMS = [{"model": T2V, "input": [{"params": PARAMS}]}, {"model": T2V, **PARAMS}]


@pytest.fixture(params=FORMS, ids=["block", "flat"])
def form(request: pytest.FixtureRequest) -> dict[str, Any]:
    body: dict[str, Any] = request.param
    return body


def metadata_of(api: Api, body: dict[str, Any]) -> dict[str, Any]:
    answer = api.http.post(GENERATION, json=body)
    assert answer.status_code == 200, answer.text
    metadata: dict[str, Any] = api.read(answer.json()["id"])["metadata"]
    return metadata


def problems(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 400, answer.text
    return {problem["param"]: problem["code"] for problem in answer.json()["errors"]}


def notes(size: int) -> dict[str, str]:
    """Metadata of a number of bytes as JSON."""
    frame = len(json.dumps({"a": ""}, separators=(",", ":")))
    return {"a": "x" * (size - frame)}


def test_no_model_has_a_parameter_of_these_names(card: Card) -> None:  # W-1
    names = {parameter.name for parameter in card.parameters}
    assert not names & {*OPTIONS, "model", "input"}


def test_metadata_comes_back(api: Api, form: dict[str, Any]) -> None:  # W-1 W-8
    mine = {"order": 7, "engine": "mine", "deep": [{"ä": None}], "\0": True}
    told = metadata_of(api, {**form, "metadata": mine})
    assert told["request"] == mine
    assert told["ignored"] == []
    assert "request" not in metadata_of(api, form)


def test_metadata_is_there_when_the_task_has_ended(api: Api) -> None:  # W-1 W-8
    id = api.http.post(GENERATION, json={**FORMS[0], "metadata": {"a": 1}}).json()["id"]
    done = api.run(id)
    assert done["status"] == "completed"
    assert done["metadata"]["request"] == {"a": 1}
    assert done["metadata"]["engine"] == "scripted"


def test_metadata_has_at_most_4_kb(api: Api, form: dict[str, Any]) -> None:  # W-1
    most = notes(MAX_METADATA_BYTES)
    assert metadata_of(api, {**form, "metadata": most})["request"] == most
    answer = api.http.post(GENERATION, json={**form, "metadata": notes(MAX_METADATA_BYTES + 1)})
    assert problems(answer) == {"metadata": "too_long"}
    assert "4096 bytes of JSON, not 4097" in answer.json()["message"]
    # Bytes, not characters.
    wide = {"a": "湖" * (MAX_METADATA_BYTES // 3)}
    assert problems(api.http.post(GENERATION, json={**form, "metadata": wide})) == {
        "metadata": "too_long"
    }


@pytest.mark.parametrize("text", ["1e999", "-1e999", "9" * 4300])
def test_numbers_in_metadata_that_nobody_can_give_back(api: Api, text: str) -> None:  # W-1
    body = json.dumps({**FORMS[0], "metadata": {"a": "?"}}).replace('"?"', text)
    answer = api.http.post(GENERATION, content=body)
    assert problems(answer).keys() == {"metadata"}
    assert len(answer.content) < 1000


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("moderation", "true"),
        ("moderation", 1),
        ("metadata", "a"),
        ("metadata", []),
        ("parameters", [{"duration": 5}]),
        ("dash_scope", {}),
        ("seed", "7"),
        ("cache", 1),
    ],
)
def test_a_wrong_type_is_refused_by_name(
    api: Api, form: dict[str, Any], name: str, wrong: object
) -> None:  # W-1 W-9
    answer = api.http.post(GENERATION, json={**form, name: wrong})
    assert problems(answer) == {name: "wrong_type"}
    assert answer.json()["errors"][0]["rules"] == ["W-1"]


def test_null_counts_as_absent(api: Api, form: dict[str, Any]) -> None:  # W-1 C-11
    told = metadata_of(api, {**form, **dict.fromkeys(OPTIONS)})
    assert told["ignored"] == []
    assert not {"request", "moderation"} & told.keys()


def test_anything_else_is_refused_by_name(api: Api) -> None:  # W-1 C-9
    answer = api.http.post(GENERATION, json={**FORMS[0], "moderate": True, "dash_scope": True})
    assert problems(answer) == {"moderate": "unknown_parameter"}
    answer = api.http.post(GENERATION, json={**FORMS[1], "moderate": True})
    assert problems(answer) == {"moderate": "unknown_parameter"}


def test_parameters_of_the_model_have_their_effect(api: Api, form: dict[str, Any]) -> None:  # W-1
    """Clients whose models take messages send all parameters there."""
    answer = api.http.post(GENERATION, json={**form, "parameters": {"duration": 10}})
    task = api.row(answer.json()["id"])
    assert task.params["duration"] == 10
    assert task.metadata["ignored"] == []
    quoted = api.http.post(QUOTE, json={**form, "parameters": {"duration": 10}}).json()
    assert quoted["usage"]["cost"] == "0.5600"
    wrong = api.http.post(GENERATION, json={**form, "parameters": {"duration": 7}})
    assert problems(wrong) == {"duration": "not_an_option"}


def test_parameters_that_nobody_knows_are_told_as_ignored(
    api: Api, form: dict[str, Any]
) -> None:  # W-1 W-8
    told = metadata_of(api, {**form, "parameters": {"n": 2, "size": "1280*720", "mode": "pro"}})
    assert told["ignored"] == ["parameters.n", "parameters.size"]
    many = {f"p{number}": 1 for number in range(20)}
    assert len(metadata_of(api, {**form, "parameters": many})["ignored"]) == 20
    answer = api.http.post(GENERATION, json={**form, "parameters": {**many, "more": 1}})
    assert problems(answer) == {"parameters": "wrong_count"}
    large = {"n": "x" * 5000}
    answer = api.http.post(GENERATION, json={**form, "parameters": large})
    assert problems(answer) == {"parameters": "too_long"}


def test_a_parameter_given_twice_must_be_the_same(api: Api, form: dict[str, Any]) -> None:  # W-1
    answer = api.http.post(GENERATION, json={**form, "parameters": {"prompt": "a sea"}})
    assert problems(answer) == {"parameters.prompt": "not_in_this_combination"}
    metadata_of(api, {**form, "parameters": dict(PARAMS)})


def test_dash_scope_is_told_as_ignored(api: Api, form: dict[str, Any]) -> None:  # W-1 W-8
    assert metadata_of(api, {**form, "dash_scope": True})["ignored"] == ["dash_scope"]
    assert metadata_of(api, {**form, "dash_scope": False})["ignored"] == []


@pytest.mark.skipif(installed(), reason="a classifier is there")
def test_moderation_without_a_classifier_is_told(api: Api, form: dict[str, Any]) -> None:  # W-1
    body = {**form, "moderation": True}
    answer = api.http.post(GENERATION, json=body)
    id = answer.json()["id"]
    told = {"requested": True, "available": False}
    assert api.read(id)["metadata"]["moderation"] == told
    assert api.row(id).options.moderation
    done = api.run(id)
    assert (done["status"], done["metadata"]["moderation"]) == ("completed", told)
    assert "moderation" not in metadata_of(api, {**form, "moderation": False})


def test_the_request_can_be_asked_again(api: Api, form: dict[str, Any]) -> None:  # W-1
    beside = {
        "moderation": True,
        "metadata": {"order": 7},
        "parameters": {"n": 2, "duration": "10"},
        "dash_scope": True,
        "seed": 7,
        "cache": False,
    }
    id = api.http.post(GENERATION, json={**form, **beside}).json()["id"]
    again = api.http.get(f"{TASK}/{id}/request").json()
    assert again["input"][0]["params"]["duration"] == 10
    assert {name: again[name] for name in OPTIONS} == {**beside, "parameters": {"n": 2}}
    second = api.http.post(GENERATION, json=again).json()["id"]
    assert api.row(second).options == api.row(id).options
    assert api.row(second).params == api.row(id).params
    plain = api.http.get(f"{TASK}/{api.make(T2V, **PARAMS).id}/request").json()
    assert plain.keys() == {"model", "input"}


def test_what_was_removed_keeps_no_notes(api: Api) -> None:  # W-1
    id = api.http.post(GENERATION, json={**FORMS[0], "metadata": {"secret": 1}}).json()["id"]
    api.http.delete(f"{TASK}/{id}")
    assert api.http.post(f"{TASK}/{id}/remove").status_code == 200
    with api.app.database.read() as connection:
        task = store.get(connection, id)
    assert task is not None
    assert task.options == NO_OPTIONS


def test_they_count_for_the_idempotency_key(api: Api) -> None:  # W-1
    headers = {"Idempotency-Key": "once"}
    body = {**FORMS[0], "metadata": {"order": 7}}
    first = api.http.post(GENERATION, json=body, headers=headers)
    again = api.http.post(GENERATION, json=body, headers=headers)
    assert (again.json(), again.headers["Idempotent-Replayed"]) == (first.json(), "true")
    other = api.http.post(GENERATION, json={**body, "metadata": {"order": 8}}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_used")


def test_the_header_names_the_model(api: Api, card: Card) -> None:  # W-1
    provide_examples(api.app, api.account, card.id)
    params = good(card)
    for body in ({"input": [{"params": params}]}, params):
        answer = api.http.post(GENERATION, json=body, headers={"X-Model": card.id})
        assert answer.status_code == 200, answer.text
        assert answer.json()["model"] == card.id
    same = {"model": card.id, **params}
    assert api.http.post(GENERATION, json=same, headers={"X-Model": card.id}).status_code == 200
    quoted = api.http.post(QUOTE, json=params, headers={"X-Model": card.id})
    assert quoted.json()["model"] == card.id


def test_two_models_are_refused_by_both_names(api: Api, form: dict[str, Any]) -> None:  # W-1
    for url in (GENERATION, QUOTE):
        answer = api.http.post(url, json=form, headers={"X-Model": "kirin_v3_i2v"})
        assert problems(answer) == {"model": "not_in_this_combination"}
        for name in (T2V, "kirin_v3_i2v", "X-Model"):
            assert name in answer.json()["message"]


def test_a_model_is_named_somewhere(api: Api) -> None:  # W-1
    for headers in ({}, {"X-Model": ""}):
        answer = api.http.post(GENERATION, json=PARAMS, headers=headers)
        assert problems(answer) == {"model": "required"}
        assert "X-Model" in answer.json()["message"]
    answer = api.http.post(GENERATION, json=PARAMS, headers={"X-Model": "nothing"})
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_model")


def test_the_header_counts_for_the_idempotency_key(api: Api) -> None:  # W-1
    def send(model: str) -> httpx.Response:
        headers = {"Idempotency-Key": "header", "X-Model": model}
        return api.http.post(GENERATION, json={"prompt": "a lake"}, headers=headers)

    assert send(T2V).status_code == 200
    assert send(T2V).headers["Idempotent-Replayed"] == "true"
    assert send("kirin_v3_i2v").json()["code"] == "idempotency_key_used"


def test_all_that_is_wrong_is_told_at_once(api: Api) -> None:  # W-9
    body = {"input": [], "moderation": 1, "metadata": notes(5000), "sed": 7}
    assert problems(api.http.post(GENERATION, json=body)) == {
        "model": "required",
        "moderation": "wrong_type",
        "sed": "unknown_parameter",
        "input": "wrong_form",
        "metadata": "too_long",
    }
