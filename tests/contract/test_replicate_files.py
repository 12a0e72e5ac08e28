"""Models, files and the account as Replicate's clients ask for them."""

from __future__ import annotations

from base64 import b64decode
from hashlib import sha256
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from kirin.http.dialects.replicate import files
from kirin.http.dialects.replicate.model_names import version_of
from kirin.http.dialects.replicate.prediction_json import ROOT
from kirin.wire.replicate import HOSTED
from support.api import Api
from support.cards import CARDS, T2V
from support.pictures import inline

FILES = f"{ROOT}/files"
MODELS = f"{ROOT}/models"
PNG = b64decode(inline(400, 300))


def send(api: Api, name: str = "a.png", field: str = "content", **beside: Any) -> Any:
    return api.http.post(FILES, files={field: (name, PNG, "image/png")} | beside)


def test_a_file_is_sent_used_and_forgotten(api: Api) -> None:
    answer = send(api, metadata=("blob", b"{}", "application/json"))  # as the SDK for JavaScript
    assert answer.status_code == 201, answer.text
    sent = answer.json()
    assert (sent["name"], sent["content_type"], sent["size"]) == ("a.png", "image/png", len(PNG))
    assert sent["id"] == sent["checksums"]["sha256"] == sha256(PNG).hexdigest()
    assert sent["created_at"] < sent["expires_at"]
    assert api.stranger.get(sent["urls"]["get"]).content == PNG
    (listed,) = api.http.get(FILES).json()["results"]
    assert listed == sent | {"name": "file.png"} == api.http.get(f"{FILES}/{sent['id']}").json()
    body = {"input": {"prompt": "it moves", "start_image": sent["urls"]["get"]}}
    made = api.http.post(f"{MODELS}/kwaivgi/kling-v2.1/predictions", json=body).json()
    api.run(made["id"])
    last = api.http.get(f"{ROOT}/predictions/{made['id']}").json()
    assert last["status"] == "succeeded", last
    assert api.http.delete(f"{FILES}/{sent['id']}").status_code == 204
    for request in (api.http.get, api.http.delete):
        assert request(f"{FILES}/{sent['id']}").status_code == 404
    assert api.http.get(FILES).json()["results"] == []


def test_files_are_those_of_the_account(api: Api) -> None:
    id = send(api).json()["id"]
    other = api.another()
    assert other.http.get(FILES).json()["results"] == []
    assert other.http.get(f"{FILES}/{id}").status_code == 404
    assert other.http.delete(f"{FILES}/{id}").status_code == 404


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"field": "file"}, "file"),
        ({"metadata": (None, b'{"a": 1}')}, "metadata"),
        ({"metadata": (None, b"{")}, "metadata"),
        ({"metadata": (None, b"[" * 4000)}, "metadata"),
        ({"metadata": (None, b" " * 5000)}, "metadata"),
        ({"colour": (None, b"red")}, "colour"),
        ({"more": ("b.png", PNG)}, "more"),
    ],
)
def test_forms_that_are_refused(api: Api, given: dict[str, Any], field: str) -> None:
    answer = send(api, **given)
    assert answer.status_code == 422, answer.text
    assert field in {each["field"] for each in answer.json()["invalid_fields"]}
    assert api.http.get(FILES).json()["results"] == []  # nothing was kept


def test_files_come_in_pages(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "PAGE_LIMIT", 2)
    sent = []
    for width in (400, 401, 402):
        picture = {"content": ("a.png", b64decode(inline(width, 300)), "image/png")}
        sent.append(api.http.post(FILES, files=picture).json()["id"])
    page = api.http.get(FILES).json()
    rest = api.http.get(page["next"]).json()
    assert len(page["results"]) == 2
    assert {each["id"] for each in page["results"] + rest["results"]} == {*sent}
    assert rest["next"] is None
    assert api.http.get(FILES, params={"cursor": "x"}).status_code == 422


def test_models_by_all_their_names(api: Api) -> None:
    page = api.http.get(MODELS).json()
    names = [f"{each['owner']}/{each['name']}" for each in page["results"]]
    assert names[: len(HOSTED)] == [hosted.name for hosted in HOSTED]
    own = [f"kirin/{card.id}" for card in CARDS if "video" in card.output_modalities]
    assert names[len(HOSTED) :] == own
    for name in names:
        model = api.http.get(f"{MODELS}/{name}").json()
        version = model["latest_version"]
        assert version["id"] == version_of(name)
        schema = version["openapi_schema"]["components"]["schemas"]
        Draft202012Validator.check_schema(schema["Input"])
        assert schema["Output"] == {"type": "string", "format": "uri", "title": "Output"}
        one = api.http.get(f"{MODELS}/{name}/versions/{version['id']}").json()
        assert one == version
        assert api.http.get(f"{MODELS}/{name}/versions").json()["results"] == [version]


def test_the_schema_of_an_input_is_the_one_that_is_served(api: Api) -> None:
    def schema(name: str) -> Draft202012Validator:
        version = api.http.get(f"{MODELS}/{name}").json()["latest_version"]
        return Draft202012Validator(version["openapi_schema"]["components"]["schemas"]["Input"])

    v3, v2_1 = schema("kwaivgi/kling-v3-video"), schema("kwaivgi/kling-v2.1")
    good = {"prompt": "a", "mode": "standard", "generate_audio": True, "duration": 5}
    assert v3.is_valid(good)
    assert not v3.is_valid(good | {"mode": "std"})
    assert not v3.is_valid(good | {"colour": "red"})
    assert v2_1.is_valid({"prompt": "a", "start_image": "https://a.example"})
    assert not v2_1.is_valid({"prompt": "a"})
    own = schema(f"kirin/{T2V}")
    assert own.is_valid({"prompt": "a", "mode": "std"})
    assert not own.is_valid({"prompt": "a", "callback_url": "https://a.example"})


def test_versions_that_are_none(api: Api) -> None:
    for path in ("kwaivgi/kling-v3-video/versions/x", "kwaivgi/x", "kwaivgi/x/versions"):
        answer = api.http.get(f"{MODELS}/{path}")
        assert (answer.status_code, answer.json()["status"]) == (404, 404)


def test_the_account_and_what_signs_its_webhooks(api: Api) -> None:
    account = api.http.get(f"{ROOT}/account").json()
    assert (account["username"], account["type"]) == (api.account, "organization")
    secret = api.http.get(f"{ROOT}/webhooks/default/secret")
    native = api.http.get("/model/v1/webhooks/secret").json()["secret"]
    assert secret.json() == {"key": native}
    assert secret.headers["Cache-Control"] == "no-store"
