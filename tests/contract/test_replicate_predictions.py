"""Predictions as Replicate's clients ask for them, on the tasks that there are."""

from __future__ import annotations

import json
import time
from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from kirin.accounts.keys import Scope
from kirin.accounts.limits import Limits
from kirin.app import App
from kirin.database.tables import webhooks
from kirin.http.dialects.replicate import predictions
from kirin.http.dialects.replicate.callbacks import EVENTS as CHANGES
from kirin.http.dialects.replicate.callbacks import ReplicateCallbacks
from kirin.http.dialects.replicate.dialect import REPLICATE
from kirin.http.dialects.replicate.errors import ERRORS, TITLES
from kirin.http.dialects.replicate.model_names import version_of
from kirin.http.dialects.replicate.prediction_json import (
    PREFIX,
    ROOT,
    STATUSES,
    PredictionJson,
    PredictionPresenter,
)
from kirin.http.dialects.replicate.prediction_routes import CREATE
from kirin.http.protocols.kirin import Presenter
from kirin.wire.replicate import EVENTS, HOSTED, HostedModel
from support.api import TASK, Api
from support.cards import T2V
from support.live import Live
from support.pictures import inline
from support.waiting import until

PREDICTIONS = f"{ROOT}/predictions"
V3 = "kwaivgi/kling-v3-video"
FIELDS = {
    "id", "model", "version", "status", "input", "output", "error", "logs", "metrics",
    "created_at", "started_at", "completed_at", "urls", "source", "data_removed",
}  # fmt: skip


def create(api: Api, model: str, beside: dict[str, Any] | None = None, **input: Any) -> Any:
    body = {"input": {"prompt": "a tiny lake", **input}, **(beside or {})}
    return api.http.post(f"{ROOT}/models/{model}/predictions", json=body)


def made(api: Api, model: str, **given: Any) -> dict[str, Any]:
    answer = create(api, model, **given)
    assert answer.status_code == 201, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


def read(api: Api, id: str) -> dict[str, Any]:
    answer = api.http.get(f"{PREDICTIONS}/{id}")
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


def refused(answer: httpx.Response, status: int = 422) -> dict[str, str]:
    """The code of each field that is wrong."""
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert body.keys() >= {"title", "detail", "status", "type"}
    assert body["status"] == status
    return {each["field"]: each["type"] for each in body.get("invalid_fields", ())}


def test_a_prediction_from_its_order_to_its_end(api: Api) -> None:
    first = made(api, f"kirin/{T2V}", duration=5)
    assert first.keys() == FIELDS
    assert (first["status"], first["model"], first["logs"]) == ("starting", f"kirin/{T2V}", "")
    assert first["output"] is first["error"] is first["completed_at"] is None
    assert first["urls"]["get"] == f"http://testserver{PREDICTIONS}/{first['id']}"
    assert (first["metrics"], first["source"], first["data_removed"]) == ({}, "api", False)
    api.run(first["id"])
    last = read(api, first["id"])
    assert (last["status"], last["version"]) == ("succeeded", version_of(f"kirin/{T2V}"))
    assert last["created_at"] <= last["started_at"] <= last["completed_at"]
    assert last["created_at"].endswith("Z")
    assert last["metrics"]["predict_time"] <= last["metrics"]["total_time"]
    assert "100%|" in last["logs"]
    assert "100/100" in last["logs"]
    video = api.stranger.get(last["output"])
    assert (video.status_code, video.content[4:8]) == (200, b"ftyp")


def test_a_prediction_that_failed_and_one_that_was_cancelled(api: Api) -> None:
    id = made(api, f"kirin/{T2V}", prompt="fail")["id"]
    api.run(id)
    failed = read(api, id)
    assert (failed["status"], failed["output"]) == ("failed", None)
    assert "told to fail" in failed["error"]
    id = made(api, f"kirin/{T2V}")["id"]
    for _ in range(2):  # programs cancel what has ended, too
        answer = api.http.post(f"{PREDICTIONS}/{id}/cancel")
        assert answer.status_code == 200
        assert (answer.json()["status"], answer.json()["error"]) == ("canceled", None)


@pytest.mark.parametrize(
    ("model", "input", "id", "params"),
    [
        (V3, {}, "kirin_v3_t2v", {"mode": "pro", "sound": "off"}),
        (V3, {"mode": "standard"}, "kirin_v3_t2v", {"mode": "std"}),
        (V3, {"size": "1280x720"}, "kirin_v3_t2v", {"mode": "std", "aspect_ratio": "16:9"}),
        (V3, {"mode": "pro", "generate_audio": True, "duration": 15, "aspect_ratio": "1:1"},
         "kirin_v3_t2v", {"mode": "pro", "sound": "on", "duration": 15, "aspect_ratio": "1:1"}),
        (V3, {"start_image": "https://example.com/a.png", "end_image": None, "size": ""},
         "kirin_v3_i2v", {"image": "https://example.com/a.png"}),
        (V3, {"multi_prompt": json.dumps([{"prompt": "a", "duration": 2},
                                          {"prompt": "b", "duration": 3}])},
         "kirin_v3_t2v", {"multi_shot": True, "shot_type": "customize"}),
        (V3, {"size": "1080x1920"}, "kirin_v3_t2v", {"mode": "pro", "aspect_ratio": "9:16"}),
        ("kwaivgi/kling-v2.6", {}, "kirin_v2_6_t2v", {"mode": "pro", "sound": "on"}),
        ("kwaivgi/kling-v2.6", {"generate_audio": False}, "kirin_v2_6_t2v", {"sound": "off"}),
        ("kwaivgi/kling-v2.5-turbo-pro", {"image": "https://example.com/a.png"},
         "kirin_v2_5_turbo_i2v", {"mode": "pro", "image": "https://example.com/a.png"}),
        ("kwaivgi/kling-v2.1",
         {"mode": "pro", "start_image": "https://example.com/a.png",
          "end_image": "https://example.com/b.png", "negative_prompt": ""},
         "kirin_v2_1_i2v", {"mode": "pro", "image_tail": "https://example.com/b.png"}),
        ("kwaivgi/kling-v1.6-standard", {"cfg_scale": 0.3}, "kirin_v1_6_t2v",
         {"mode": "std", "cfg_scale": 0.3}),
        ("kwaivgi/kling-v3-motion-control",
         {"image": "https://example.com/a.png", "video": "https://example.com/a.mp4",
          "mode": "std", "character_orientation": "image", "keep_original_sound": False},
         "kirin_v3_motion_control",
         {"video_url": "https://example.com/a.mp4", "keep_original_sound": "no", "mode": "std"}),
        ("kirin/kling_v1_6_t2v", {"mode": "pro", "size": "1080x1080"} | {"size": None}, T2V,
         {"mode": "pro"}),
    ],
)  # fmt: skip
def test_what_inputs_mean(
    api: Api, model: str, input: dict[str, Any], id: str, params: dict[str, Any]
) -> None:
    row = api.row(made(api, model, **input)["id"])
    assert row.model == id
    assert row.params.items() >= params.items()


def test_an_input_is_told_as_it_was_sent(api: Api) -> None:
    sent = {
        "prompt": "a tiny lake", "mode": "standard", "generate_audio": True, "duration": 4,
        "aspect_ratio": "9:16",
    }  # fmt: skip
    assert made(api, V3, **sent)["input"] == sent
    shots = [{"prompt": "a", "duration": 2}, {"prompt": "b", "duration": 3}]
    told = made(api, V3, multi_prompt=json.dumps(shots), duration=5)["input"]
    assert json.loads(told["multi_prompt"]) == shots


def test_a_shape_beside_a_picture_has_no_effect_as_documented_and_says_so(api: Api) -> None:
    picture = f"data:image/png;base64,{inline(400, 300)}"
    shown = made(api, "kwaivgi/kling-v2.5-turbo-pro", start_image=picture, aspect_ratio="1:1")
    assert "input.aspect_ratio" in shown["logs"]
    link = shown["input"]["start_image"]
    assert api.stranger.get(link).content == b64decode(inline(400, 300))


@pytest.mark.parametrize(
    ("model", "input", "wrong"),
    [
        (V3, {"prompt": None}, {"input.prompt": "required"}),
        (V3, {"colour": "red"}, {"input.colour": "unknown_parameter"}),
        (V3, {"mode": "4k"}, {"input.mode": "not_an_option"}),
        (V3, {"mode": ["pro"]}, {"input.mode": "not_an_option"}),
        (V3, {"generate_audio": 1}, {"input.generate_audio": "not_an_option"}),
        (V3, {"multi_prompt": "[{"}, {"input.multi_prompt": "wrong_form"}),
        (V3, {"multi_prompt": [{"duration": 5}]}, {"input.multi_prompt[0].prompt": "required"}),
        (V3, {"multi_prompt": "[" * 5000}, {"input.multi_prompt": "wrong_form"}),
        (V3, {"size": "1x1"}, {"input.size": "wrong_form"}),
        (V3, {"size": "123x456"}, {"input.size": "not_an_option"}),
        (V3, {"duration": 16}, {"input.duration": "not_an_option"}),
        (V3, {"start_image": "ftp://x"}, {"input.start_image": "scheme"}),
        (V3, {"start_image": "https://a.example", "image": "https://b.example"},
         {"input.image": "not_in_this_combination"}),
        ("kwaivgi/kling-v2.1", {}, {"input.start_image": "required"}),
        ("kwaivgi/kling-v2.5-turbo-pro", {"end_image": "https://a.example/a.png"},
         {"input.start_image": "required"}),
        ("kwaivgi/kling-v2.6", {"start_image": "https://a.example/a.png", "negative_prompt": "x"},
         {"input.negative_prompt": "not_in_this_combination"}),
        ("kwaivgi/kling-v1.6-pro", {"reference_images": ["https://a.example/a.png"]},
         {"input.reference_images": "unknown_parameter"}),
        (f"kirin/{T2V}", {"fps": 24}, {"input.fps": "unknown_parameter"}),
        (f"kirin/{T2V}", {"callback_url": "https://a.example"},
         {"input.callback_url": "unknown_parameter"}),
    ],
)  # fmt: skip
def test_what_cannot_be_honoured_is_refused_by_name(
    api: Api, model: str, input: dict[str, Any], wrong: dict[str, str]
) -> None:
    assert refused(create(api, model, **input)) == wrong


@pytest.mark.parametrize(
    ("beside", "wrong"),
    [
        ({"colour": 1}, {"colour": "unknown_parameter"}),
        ({"version": "a/b"}, {"version": "unknown_parameter"}),
        ({"stream": True}, {"stream": "not_an_option"}),
        ({"webhook_events_filter": ["end"]}, {"webhook_events_filter": "not_an_option"}),
        ({"webhook_events_filter": "start"}, {"webhook_events_filter": "not_an_option"}),
        ({"webhook": "ftp://x"}, {"webhook": "not_a_url"}),
        ({"webhook": "https://a.example", "webhook_completed": "https://b.example"},
         {"webhook_completed": "not_in_this_combination"}),
        ({"input": []}, {"input": "wrong_type"}),
    ],
)  # fmt: skip
def test_what_stands_beside_an_input(
    api: Api, beside: dict[str, Any], wrong: dict[str, str]
) -> None:
    assert refused(create(api, V3, beside)) == wrong


def test_a_deadline_is_refused_by_name(api: Api) -> None:
    address = f"{ROOT}/models/{V3}/predictions"
    answer = api.http.post(address, json={"input": {}}, headers={"Cancel-After": "1m"})
    assert refused(answer) == {"Cancel-After": "invalid_header"}


@pytest.mark.parametrize(
    "version",
    [
        V3,
        version_of(V3),
        f"{V3}:{version_of(V3)}",
        "kwaivgi/kling-v2.6:b13f36d030496dd78d2986ba8b2b22a44222b3f58c15fb63ef7d6b4aa3a53319",
        f"kirin/{T2V}",
        version_of(f"kirin/{T2V}"),
    ],
)
def test_models_by_version(api: Api, version: str) -> None:
    body = {"version": version, "input": {"prompt": "a tiny lake"}}
    answer = api.http.post(PREDICTIONS, json=body)
    assert answer.status_code == 201, answer.text
    assert answer.json()["model"] in (V3, "kwaivgi/kling-v2.6", f"kirin/{T2V}")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "required"),
        ({"version": 7}, "wrong_type"),
        ({"version": V3, "model": V3}, "wrong_type"),
        ({"version": ""}, "not_valid"),
        ({"version": "0" * 64}, "not_valid"),
        ({"version": f"{V3}:{'0' * 64}"}, "not_valid"),
        ({"version": f"{V3}:{version_of('kwaivgi/kling-v2.6')}"}, "not_valid"),
        ({"version": "nobody/nothing"}, "not_valid"),
    ],
)
def test_versions_that_are_none(api: Api, body: dict[str, Any], code: str) -> None:
    assert refused(api.http.post(PREDICTIONS, json=body)) == {"version": code}


def test_predictions_of_other_dialects_are_the_same(api: Api) -> None:
    id = made(api, V3)["id"]
    assert api.http.get(f"{TASK}/{id}").json()["model"] == "kirin_v3_t2v"
    assert api.http.get(f"/v1/videos/{id}").json()["status"] == "queued"
    shown = read(api, api.make(T2V, prompt="a tiny lake", mode="pro").id)
    assert (shown["model"], shown["input"]["mode"]) == (f"kirin/{T2V}", "pro")


def test_an_answer_that_comes_before_the_end_says_starting(api: Api, shared_app: App) -> None:
    # The clients take any other word for the end, and return no output.
    address, body = f"{ROOT}/models/{V3}/predictions", {"input": {"prompt": "a tiny lake"}}
    with Live(shared_app.http()) as server, server.client(api.key) as client:
        early = client.post(address, json=body, headers={"Prefer": "wait=1"})
        assert (early.status_code, early.json()["status"]) == (201, "starting")
        assert early.headers["Preference-Applied"] == "wait=1"
        assert early.elapsed.total_seconds() >= 0.9
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(client.post, address, json=body, headers={"Prefer": "wait"})
            until(lambda: len(client.get(PREDICTIONS).json()["results"]) == 2)
            newest = client.get(PREDICTIONS).json()["results"][0]["id"]
            api.run(newest)
            done = waiting.result(60)
    assert (done.json()["id"], done.json()["status"]) == (newest, "succeeded")


def test_pages_in_both_directions(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(predictions, "PAGE_LIMIT", 2)
    ids = [made(api, f"kirin/{T2V}")["id"] for _ in range(5)][::-1]

    def page(url: str) -> tuple[list[str], str | None, str | None]:
        answer = api.http.get(url)
        assert answer.status_code == 200, answer.text
        shown = answer.json()
        return [each["id"] for each in shown["results"]], shown["previous"], shown["next"]

    first, before, after = page(PREDICTIONS)
    assert (first, before) == (ids[:2], None)
    second, _, after = page(str(after))
    third, before, end = page(str(after))
    assert (second, third, end) == (ids[2:4], ids[4:], None)
    back, before, after = page(str(before))
    assert (back, page(str(after))[0]) == (ids[2:4], ids[4:])
    back, before, _ = page(str(before))
    assert (back, before) == (ids[:2], None)


def test_lists_by_time(api: Api) -> None:
    created = made(api, f"kirin/{T2V}")["created_at"]

    def count(**query: str) -> int:
        answer = api.http.get(PREDICTIONS, params=query)
        assert answer.status_code == 200, answer.text
        return len(answer.json()["results"])

    assert count(created_after=created) == 1
    assert count(created_before=created) == 0
    assert count(created_before="2100-01-01") == 1
    for query in ({"cursor": "x"}, {"created_after": "now"}, {"source": "web"}):
        assert refused(api.http.get(PREDICTIONS, params=query)).keys() == query.keys()


def webhook_bodies(api: Api, task: str) -> list[dict[str, Any]]:
    query = select(webhooks.c.body).where(webhooks.c.task == task).order_by(webhooks.c.sequence)
    with api.app.database.read() as connection:
        found = connection.execute(query).scalars()
        return [json.loads(each) if isinstance(each, str | bytes) else each for each in found]


@pytest.mark.parametrize(
    ("events", "statuses"),
    [
        (None, ["succeeded"]),
        (["start", "completed"], ["processing", "succeeded"]),
        (["start"], ["processing"]),
        (["output"], ["succeeded"]),
        (["logs"], ["processing", "succeeded"]),
        (list(EVENTS), ["processing", "succeeded"]),
        ([], []),
    ],
)
def test_webhooks_tell_of_the_events_that_were_asked_for(
    api: Api, events: list[str] | None, statuses: list[str]
) -> None:
    hook = "https://example.com/hook"
    beside = {"webhook": hook} | ({"webhook_events_filter": events} if events is not None else {})
    id = made(api, f"kirin/{T2V}", beside=beside)["id"]
    api.run(id)
    bodies = webhook_bodies(api, id)
    assert [body["status"] for body in bodies] == statuses
    assert all(body["id"] == id and body.keys() == FIELDS for body in bodies)


def test_the_old_webhook_tells_of_the_end(api: Api) -> None:
    beside = {"webhook_completed": "https://example.com/hook"}
    id = made(api, f"kirin/{T2V}", beside=beside, prompt="fail")["id"]
    api.run(id)
    assert [body["status"] for body in webhook_bodies(api, id)] == ["failed"]


def test_errors_of_every_kind(api: Api) -> None:
    assert refused(api.stranger.get(PREDICTIONS), 401) == {}
    for scheme in ("Bearer", "Token", "token"):
        headers = {"Authorization": f"{scheme} {api.key}"}
        assert api.stranger.get(PREDICTIONS, headers=headers).status_code == 200
    basic = api.stranger.get(PREDICTIONS, headers={"Authorization": f"Basic {api.key}"})
    assert basic.json()["title"] == "Unauthenticated"
    refused(api.http.get(f"{PREDICTIONS}/nothing"), 404)
    refused(api.http.get(f"{ROOT}/models/kwaivgi/kling-v9"), 404)
    refused(api.http.get(f"{ROOT}/nothing"), 404)
    refused(api.http.get("/replicate"), 404)
    refused(api.http.put(PREDICTIONS), 405)
    refused(api.http.post(PREDICTIONS, content=b"{"), 400)
    refused(api.http.post(PREDICTIONS, content=b"x" * 41_000_000), 413)
    reader = api.holder(Scope.READ)
    refused(reader.post(f"{PREDICTIONS}/x/cancel"), 403)
    refused(reader.get(f"{ROOT}/webhooks/default/secret"), 403)


def test_it_is_served_without_its_prefix_too(api: Api) -> None:
    body = {"input": {"prompt": "a tiny lake"}}
    made = api.http.post(f"/v1/models/{V3}/predictions", json=body).json()
    assert api.http.get(f"/v1/predictions/{made['id']}").json() == made
    assert api.http.get(f"/v1/models/{V3}").json()["name"] == "kling-v3-video"
    headers = {"Authorization": f"Token {api.key}"}
    assert api.stranger.get("/v1/account", headers=headers).status_code == 200
    refused(api.stranger.get("/v1/predictions"), 401)
    refused(api.http.get("/v1/predictions/nothing"), 404)
    refused(api.http.get("/v1/models/kwaivgi/nothing"), 404)
    assert api.http.get("/v1/models").json()["object"] == "list"  # another dialect's
    assert api.http.get("/v1/nothing").json().keys() == {"error"}


@pytest.mark.usefixtures("same_minute")
def test_limits_and_balances(api: Api) -> None:
    api.change(limits=Limits(requests_per_minute=1))
    api.http.get(PREDICTIONS)
    answer = api.http.get(PREDICTIONS)
    refused(answer, 429)
    assert answer.headers["Retry-After"]


def test_a_repeated_request_makes_no_second_prediction(api: Api) -> None:
    body = {"input": {"prompt": "a tiny lake"}}
    address, headers = f"{ROOT}/models/{V3}/predictions", {"Idempotency-Key": "r-7"}
    first, second = (api.http.post(address, json=body, headers=headers) for _ in range(2))
    assert first.json() == second.json()
    assert second.headers["Idempotent-Replayed"] == "true"
    other = f"{ROOT}/models/kirin/{T2V}/predictions"
    refused(api.http.post(other, json=body, headers=headers), 409)  # the address means something


@pytest.mark.parametrize("hosted", HOSTED, ids=lambda hosted: hosted.name)
def test_hosted_models_have_what_they_name(api: Api, hosted: HostedModel) -> None:
    ids = [id for id in (hosted.words, hosted.picture) if id]
    cards = [api.app.catalogue.get(id) for id in ids]
    known = {each.name for card in cards for each in card.parameters}
    assert {each.parameter for each in hosted.inputs} <= known
    for card in cards:
        assert hosted.fixed.keys() <= {each.name for each in card.parameters}
    assert hosted.defaults.keys() <= {each.name for each in hosted.inputs}


PAGE = (Path(__file__).parents[2] / "docs" / "dialects" / "replicate.md").read_text("utf-8")


def rows(heading: str) -> list[list[str]]:
    """The cells of a table of the page, without their marks."""
    table = PAGE.split(f"{heading}\n")[1].split("\n\n")[0].splitlines()[1:]
    return [[cell.strip().replace("`", "") for cell in line.split("|")[1:-1]] for line in table]


def test_the_page_lists_the_addresses() -> None:
    listed = [(method, path) for method, path, _ in rows("| method | path | what it does |")]
    served = [(route.method, route.path) for route in REPLICATE.routes]
    assert sorted(listed) == sorted(each for each in served if each[1].startswith(PREFIX))
    bare = [(method, path.removeprefix(PREFIX)) for method, path in listed]
    bare.remove(("GET", "/v1/models"))
    assert sorted([*listed, *bare]) == sorted(served)


def test_the_page_lists_the_fields() -> None:
    told = {name for name, _ in rows("| field | what it is |")}
    assert told == FIELDS == {*PredictionJson.__annotations__}
    asked = {name for name, _ in rows("| field | what becomes of it |")}
    body = CREATE.request_body
    assert body
    assert asked == body["content"]["application/json"]["schema"]["properties"].keys()


def test_the_page_lists_the_hosted_models() -> None:
    listed = rows("| name | from words | from a picture | inputs |")
    assert listed == [
        [
            hosted.name,
            hosted.words or "none",
            hosted.picture or "none",
            ", ".join(each.name for each in hosted.inputs),
        ]
        for hosted in HOSTED
    ]


def test_the_page_lists_the_events_and_the_errors() -> None:
    listed = {status: {*events.split(", ")} for status, events in rows("| change | events |")}
    assert listed == {STATUSES[status]: events for status, events in CHANGES.items()}
    errors = {code: (title, int(status)) for code, title, status in rows(
        "| native | title | status |"
    )}  # fmt: skip
    assert errors == {
        error.code: (TITLES[error], status) for error, status in ERRORS.statuses.items()
    }


def test_a_webhook_that_is_sent_later_has_a_link_that_works(api: Api) -> None:
    id = made(api, f"kirin/{T2V}", beside={"webhook": "https://example.com/hook"})["id"]
    api.run(id)
    (body,) = webhook_bodies(api, id)
    links = api.app.links
    key = body["output"].partition("/files/")[2].partition("?")[0]
    old, new = (links.url("https://kirin.example", key, at) for at in (0, time.time()))
    presenter = PredictionPresenter(api.app.catalogue, Presenter(links), links)
    callbacks = ReplicateCallbacks(presenter, links, "https://kirin.example")
    assert callbacks.renewed(body | {"output": old}) == body | {"output": new}
    assert callbacks.renewed(body | {"output": None})["output"] is None
