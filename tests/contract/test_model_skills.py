"""Finding models, and reading their pages (contract, section 1: N-4)."""

from __future__ import annotations

import re
from typing import Any

import pytest

from kirin.catalogue.card import Card
from support.api import Api
from support.cards import CARDS, ELEMENTS, I2V, MOTION, T2V

SKILLS = "/model/v1/models/skill"


def search(api: Api, **query: Any) -> dict[str, Any]:
    answer = api.stranger.get(f"{SKILLS}/search", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def ids(api: Api, **query: Any) -> list[str]:
    return [hit["id"] for hit in search(api, limit=100, **query)["hits"]]


def test_without_words_every_model_is_found(api: Api) -> None:  # N-4
    assert ids(api) == ids(api, q="", type="", input="") == [card.id for card in CARDS]


def test_words_must_all_occur(api: Api) -> None:  # N-4
    assert ids(api, q="text to video 1.6") == [T2V]
    assert ids(api, q="kling_v1_i2v") == [I2V]
    assert ids(api, q="a zebra") == []


def test_filters(api: Api) -> None:  # N-4
    assert T2V not in ids(api, input="image")
    assert I2V in ids(api, input="image", output="video")
    assert ids(api, output="element") == [ELEMENTS]
    assert ids(api, type="video-to-video") == ids(api, type="v2v")
    assert MOTION in ids(api, type="v2v")
    assert ids(api, provider="kirin") == ids(api)
    assert ids(api, provider="somebody") == []


def test_a_hit_is_called_by_what_its_page_is_read_by(api: Api, card: Card) -> None:  # N-4
    (hit,) = (hit for hit in search(api, limit=100)["hits"] if hit["id"] == card.id)
    assert hit["name"] == card.id
    assert (hit["display_name"], hit["type"]) == (card.name, card.type)
    assert (hit["description"], hit["provider"]) == (card.description, "kirin")
    answer = api.stranger.get(f"{SKILLS}/{hit['name']}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/markdown; charset=utf-8"
    page = answer.text
    assert page.startswith(f"# {card.name}\n")
    assert "http://testserver/model/v1/generation" in page
    for parameter in card.parameters:
        assert f"`{parameter.name}`" in page
    said = re.sub(r"`(<<<\w+>>>)`", r"\1", page)
    for condition in card.conditions:
        assert condition.message in said


@pytest.mark.parametrize(("limit", "shown"), [(1, 1), (2, 2), (100, min(100, len(CARDS)))])
def test_the_limit(api: Api, limit: int, shown: int) -> None:  # N-4
    found = search(api, limit=limit, q="")
    assert len(found["hits"]) == shown
    assert (found["limit"], found["offset"], found["query"]) == (limit, 0, "")
    assert found["estimatedTotalHits"] == len(CARDS)


@pytest.mark.parametrize("limit", ["0", "101", "-1", "many", ""])
def test_a_wrong_limit_is_refused_by_name(api: Api, limit: str) -> None:  # N-4
    answer = api.stranger.get(f"{SKILLS}/search", params={"limit": limit})
    assert answer.status_code == 400
    assert [each["param"] for each in answer.json()["errors"]] == ["limit"]


def test_of_an_unknown_model_there_is_no_page(api: Api) -> None:  # N-4
    answer = api.stranger.get(f"{SKILLS}/kirin_v9")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_model")
