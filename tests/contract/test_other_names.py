"""Models by the names that clients of the family show (contract, section 1: N-9)."""

from __future__ import annotations

import pytest

from kirin.catalogue.card import Card
from kirin.catalogue.registry import other_name
from support.api import GENERATION, MODELS, TASK, Api
from support.cards import CARDS, T2V

OTHER = "kling_v1_6_t2v"
BODY = {"model": OTHER, "input": [{"params": {"prompt": "a tiny lake"}}]}
PARAMS = {"prompt": "a tiny lake"}


def test_a_task_can_be_made_by_it_and_names_ours(api: Api) -> None:  # N-9
    for headers, body in (
        ({}, BODY),
        ({}, {"model": OTHER, **PARAMS}),
        ({"X-Model": OTHER}, {"input": [{"params": PARAMS}]}),
    ):
        created = api.http.post(GENERATION, json=body, headers=headers).json()
        assert created["model"] == T2V
        assert api.read(created["id"])["model"] == T2V
        assert api.row(created["id"]).model == T2V


def test_header_and_body_may_use_both(api: Api) -> None:  # N-9 W-1
    answer = api.http.post(GENERATION, json=BODY, headers={"X-Model": T2V})
    assert answer.status_code == 200, answer.text


def test_it_is_understood_wherever_a_model_is_named(api: Api) -> None:  # N-9
    assert api.http.post("/model/v1/quote", json=BODY).json()["model"] == T2V
    assert api.http.post(f"{GENERATION}/precharge", json=BODY).json()["data"]["model"] == T2V
    queued = api.http.post(f"/model/v1/queue/{OTHER}", json=PARAMS).json()
    assert queued["model"] == T2V
    path = f"/model/v1/queue/{OTHER}/requests/{queued['request_id']}"
    assert api.http.get(f"{path}/status").json()["model"] == T2V
    assert api.http.get(f"{path}/response").json()["model"] == T2V
    assert api.http.put(f"{path}/cancel").json()["model"] == T2V
    (listed,) = api.http.get(TASK, params={"model": OTHER}).json()["tasks"]
    assert listed["model"] == T2V


def test_the_catalogue_knows_it(api: Api, card: Card) -> None:  # N-9
    other = other_name(card.id)
    assert other is not None
    assert other.startswith("kling_")
    spec = api.http.get(f"{MODELS}/{other}/spec").json()["data"]
    assert spec["model_id"] == card.id
    contract = api.http.get(f"/api/v1/skill/model-contracts/{other}").json()["data"]
    assert contract["model_id"] == card.id
    page = api.http.get(f"/model/v1/models/skill/{other}").text
    assert f"`{card.id}`" in page
    found = api.http.get(MODELS, params={"keywords": other}).json()["data"]["models"]
    assert card.id in [model["id"] for model in found]


def test_the_list_names_ours(api: Api) -> None:  # N-9
    listed = api.http.get(MODELS).json()["data"]["models"]
    assert [model["id"] for model in listed] == [card.id for card in CARDS]


@pytest.mark.parametrize(
    "name", ["kling", "kling_", "kling_v9", "kling_kirin_v3_i2v", "KLING_v3_i2v"]
)
def test_what_is_no_model_is_none_by_another_name(api: Api, name: str) -> None:  # N-9
    answer = api.http.post(GENERATION, json={**BODY, "model": name})
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_model")


def test_a_near_name_is_suggested(api: Api) -> None:  # N-9
    answer = api.http.post(GENERATION, json={**BODY, "model": "kling_v1_6_t2"})
    assert f"did you mean '{T2V}'?" in answer.json()["message"]
