"""Tasks as clients of the Kling family's own API ask for them, in its legacy standard."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from sqlalchemy import select

from kirin.accounts.keys import Scope
from kirin.accounts.limits import Limits
from kirin.database.tables import webhooks
from kirin.errors import (
    ApiError,
    BodyTooLarge,
    DatabaseAway,
    ShuttingDown,
    SyncTimeout,
    TokenExpired,
    TokenNotYetValid,
    TooManyWaiting,
    UnknownSubject,
)
from kirin.http.dialects.kling.errors import ERRORS, service_code
from kirin.http.dialects.kling.models import PathModels
from kirin.http.dialects.kling.routes import TASKS
from kirin.http.dialects.openai.dialect import OPENAI
from kirin.http.dialects.registry import DIALECTS
from kirin.wire import kling
from support.api import Api
from support.cards import I2V, T2V
from support.loopback import Receiver
from support.pictures import inline

TEXT, IMAGE = kling.TEXT, kling.IMAGE
WORDS = {"prompt": "a tiny lake"}


def accepted(answer: httpx.Response) -> Any:
    """The data of an answer that is no error."""
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body.keys() == {"code", "message", "request_id", "data"}
    assert (body["code"], body["request_id"]) == (0, answer.headers["X-Request-Id"])
    return body["data"]


def refused(answer: httpx.Response, status: int, code: int) -> str:
    """The message of a refusal."""
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert body.keys() == {"code", "message", "request_id"}
    assert body["code"] == code, body
    message: str = body["message"]
    return message


def made(api: Api, path: str = TEXT, **body: Any) -> dict[str, Any]:
    data: dict[str, Any] = accepted(api.http.post(path, json=body or WORDS))
    return data


def test_a_video_from_its_order_to_its_end(api: Api) -> None:
    body = {**WORDS, "model_name": "kling-v1-6", "mode": "std", "duration": "5"}
    first = made(api, **body, external_task_id="mine", watermark_info={"enabled": True})
    assert first.keys() == {"task_id", "task_status", "task_info", "created_at", "updated_at"}
    assert (first["task_status"], first["task_info"]) == ("submitted", {"external_task_id": "mine"})
    assert first["created_at"] > 10**12  # milliseconds
    waiting = accepted(api.http.get(f"{TEXT}/{first['task_id']}"))
    assert (waiting["task_status"], waiting["task_status_msg"]) == ("submitted", "")
    assert "task_result" not in waiting
    api.run(first["task_id"])
    done = accepted(api.http.get(f"{TEXT}/mine"))
    assert (done["task_id"], done["task_status"]) == (first["task_id"], "succeed")
    assert done["watermark_info"] == {"enabled": True}
    (shown,) = done["task_result"]["videos"]
    assert (shown["id"], shown["duration"]) == (first["task_id"], "5")
    for name in ("url", "watermark_url"):
        assert api.stranger.get(shown[name]).headers["Content-Type"] == "video/mp4"
    # The mark costs a tenth; a unit is 0.14 USD.
    cost = api.read(first["task_id"])["usage"]["cost"]
    assert done["final_balance_deduction"] == {"quota": cost, "list_price": cost}
    assert float(done["final_unit_deduction"]) == pytest.approx(float(cost) / 0.14, abs=1e-4)


def test_model_name_and_path_say_which_model(api: Api) -> None:
    for id, endpoint in kling.ENDPOINTS.items():
        models = PathModels.of(endpoint.path, api.app.catalogue)
        for name in (endpoint.model_name, id):
            assert models.card({"model_name": name}).id == id
    assert kling.ENDPOINTS.keys() == {card.id for card in api.app.catalogue}


@pytest.mark.parametrize(
    ("path", "model"),
    [(TEXT, "kirin_v1_t2v"), (IMAGE, "kirin_v1_i2v"), (kling.OMNI, "kirin_video_o1")],
)
def test_without_a_name_the_documented_one_is_meant(api: Api, path: str, model: str) -> None:
    body = {**WORDS, "model_name": ""} | ({"image": inline(400, 300)} if path == IMAGE else {})
    body |= {"aspect_ratio": "16:9"} if path == kling.OMNI else {}
    assert api.row(made(api, path, **body)["task_id"]).model == model


def test_a_model_that_is_not_there_is_named(api: Api) -> None:
    there = "kling-v1, kling-v1-6"
    assert there in refused(api.http.post(TEXT, json={"model_name": "kling-v9"}), 404, 1203)
    # Of this the documents say kling-v2-6, which is not among the models here.
    said = refused(api.http.post(kling.MOTION, json={}), 400, 1201)
    assert "kling-v2-6" in said
    assert "kling-v3" in said
    assert "text" not in refused(api.http.post(TEXT, json={"model_name": 7}), 400, 1201)
    old = refused(api.http.post(TEXT, json={**WORDS, "model": "kling-v1"}), 400, 1201)
    assert "model_name" in old


@pytest.mark.parametrize(
    ("path", "body", "named"),
    [
        (TEXT, {"model_name": "kling-v2-6", "cfg_scale": 0.5, **WORDS}, "cfg_scale"),
        (TEXT, {"model_name": "kling-v1", "sound": "on", **WORDS}, "sound"),
        (TEXT, {"duration": "7", **WORDS}, "duration"),
        (TEXT, {"parameters": {"seed": 1}, **WORDS}, "parameters"),
        (TEXT, {}, "prompt"),
        (IMAGE, {"image": inline(400, 300), "voice_list": [{"voice_id": "1"}]}, "voice_list"),
        (IMAGE, {"image": "no picture"}, "image"),
        (kling.EXTEND, {"video_id": "nobody"}, "video_id"),
        (kling.LIPS, {"session_id": "nobody"}, "face_choose"),
        (kling.ELEMENTS, {"element_name": "Ada", "element_voice_id": "1"}, "element_voice_id"),
    ],
)
def test_what_a_model_cannot_do_is_refused_by_name(
    api: Api, path: str, body: dict[str, Any], named: str
) -> None:
    assert named in refused(api.http.post(path, json=body), 400, 1201)


def test_fields_that_nobody_filled_in_mean_nothing(api: Api) -> None:
    body = {**WORDS, "external_task_id": "", "callback_url": "", "negative_prompt": ""}
    assert made(api, **body)["task_info"] == {}


def test_a_task_is_found_where_it_belongs(api: Api) -> None:
    id = made(api)["task_id"]
    for prefix in kling.PREFIXES:
        assert accepted(api.http.get(f"{prefix}{TEXT}/{id}"))["task_id"] == id
    refused(api.http.get(f"{IMAGE}/{id}"), 404, 1203)
    refused(api.http.get(f"{TEXT}/nobody"), 404, 1203)
    refused(api.another().http.get(f"{TEXT}/{id}"), 404, 1203)


def test_pages_are_counted(api: Api) -> None:
    ids = [made(api, prompt=f"lake {n}")["task_id"] for n in range(3)]
    api.make(T2V, prompt="made natively")
    api.make(I2V, image=inline(400, 300))  # elsewhere
    found = accepted(api.http.get(f"/kling{TEXT}", params={"pageNum": 2, "pageSize": 2}))
    assert [each["task_id"] for each in found] == [ids[1], ids[0]]
    assert len(accepted(api.http.get(TEXT))) == 4
    assert accepted(api.http.get(TEXT, params={"pageNum": 1000})) == []
    for wrong in ({"pageNum": 0}, {"pageNum": 1001}, {"pageSize": 501}, {"pageSize": "x"}):
        assert next(iter(wrong)) in refused(api.http.get(TEXT, params=wrong), 400, 1201)


def test_every_prefix_creates(api: Api) -> None:
    for prefix in kling.PREFIXES:
        accepted(api.http.post(prefix + TEXT, json=WORDS))


def test_why_a_task_failed_is_told(api: Api) -> None:
    id = made(api, prompt="fail")["task_id"]
    api.run(id)
    shown = accepted(api.http.get(f"{TEXT}/{id}"))
    assert shown["task_status"] == "failed"
    assert "told to fail" in shown["task_status_msg"]
    assert "final_unit_deduction" not in shown


def test_a_repeated_request_makes_no_second_task(api: Api) -> None:
    key = {"Idempotency-Key": "7"}
    first = api.http.post(TEXT, json=WORDS, headers=key)
    again = api.http.post(f"/kling{TEXT}", json=WORDS, headers=key)
    assert accepted(again) == accepted(first)
    assert again.headers["Idempotent-Replayed"] == "true"
    refused(api.http.post(TEXT, json={"prompt": "another"}, headers=key), 409, 1201)
    other = {"aspect_ratio": "16:9", **WORDS}
    refused(api.http.post(kling.OMNI, json=other, headers=key), 409, 1201)


def test_an_external_id_names_one_task(api: Api) -> None:
    made(api, **WORDS, external_task_id="mine")
    said = refused(api.http.post(TEXT, json={**WORDS, "external_task_id": "mine"}), 400, 1201)
    assert "mine" in said


def test_a_task_of_one_dialect_is_read_in_each(api: Api) -> None:
    id = made(api)["task_id"]
    assert api.http.get(f"/v1/videos/{id}").json()["model"] == "kirin_v1_t2v"
    assert api.read(id)["model"] == "kirin_v1_t2v"
    asked = {"model": "kirin_v1_t2v", "prompt": "a lake", "seconds": "5"}
    other = api.http.post("/v1/videos", json=asked).json()["id"]
    assert accepted(api.http.get(f"{TEXT}/{other}"))["task_status"] == "submitted"


def test_neither_dialect_takes_the_addresses_of_the_other(api: Api) -> None:
    assert OPENAI in DIALECTS
    id = made(api, **WORDS, external_task_id="content")["task_id"]
    assert isinstance(accepted(api.http.get(TEXT)), list)
    assert accepted(api.http.get(f"{TEXT}/content"))["task_id"] == id
    assert api.http.get("/v1/videos").json()["object"] == "list"
    assert api.http.get(f"/v1/videos/{id}").json()["object"] == "video"
    assert api.http.get(f"/v1/videos/{id}/content").json()["error"]["code"] == "video_not_ready"
    assert api.http.get("/v1/videos/nothing").json()["error"]["code"] == "unknown_task"
    refused(api.http.get(f"{TEXT}/nothing"), 404, 1203)


@pytest.mark.parametrize("path", [*TASKS, kling.FACES, kling.DELETE_ELEMENT])
@pytest.mark.parametrize("prefix", kling.PREFIXES)
def test_a_stranger_is_told_so_everywhere(api: Api, prefix: str, path: str) -> None:
    refused(api.stranger.post(prefix + path, json={}), 401, 1001)


def test_errors_of_every_kind_have_the_envelope(api: Api) -> None:
    wrong = api.client({"Authorization": "Bearer nobody-knows-this-key"})
    refused(wrong.get(TEXT), 401, 1002)
    refused(api.client({"Authorization": "Basic eA=="}).get(TEXT), 401, 1002)
    refused(api.holder(Scope.GENERATE).get(TEXT), 403, 1103)
    refused(api.http.post(TEXT, content=b"no JSON"), 400, 1200)
    refused(api.http.put(TEXT), 405, 1202)
    refused(api.http.get("/kling/v1/nothing"), 404, 1202)
    refused(api.http.get("/proxy/kling/account/nothing"), 404, 1202)
    refused(api.http.post("/v1/videos/effects", json={}), 405, 1202)
    refused(api.http.post("/v1/images/omni-image", json={}), 404, 1202)


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (BodyTooLarge(), 413, 1200),
        (ApiError(), 500, 5000),
        (DatabaseAway(), 503, 5001),
        (ShuttingDown(), 503, 5001),
        (SyncTimeout(), 504, 5002),
        (TooManyWaiting(), 429, 1303),
        (UnknownSubject(), 404, 1203),
        (TokenExpired(), 401, 1004),
        (TokenNotYetValid(), 401, 1003),
    ],
)
def test_every_error_has_a_service_code(error: ApiError, status: int, code: int) -> None:
    assert (ERRORS.status_of(type(error)), service_code(error)) == (status, code)


@pytest.mark.usefixtures("same_minute")
def test_limits_are_told_apart(api: Api) -> None:
    api.change(limits=Limits(unfinished_tasks=1))
    made(api)
    full = api.http.post(TEXT, json=WORDS)
    refused(full, 429, 1303)
    assert full.headers["Retry-After"]
    api.change(limits=Limits(requests_per_minute=1))
    answers = [api.http.get(TEXT) for _ in range(3)]
    refused(answers[-1], 429, 1302)


def test_a_low_balance_is_told(paying: Api) -> None:
    assert "balance" in refused(paying.http.post(TEXT, json=WORDS), 429, 1102)


def test_balances_are_packages_of_units(paying: Api, api: Api) -> None:
    times = {"start_time": 0, "end_time": 1}
    paying.top_up("14")
    data = accepted(paying.http.get(kling.COSTS, params=times))
    assert (data["code"], data["msg"]) == (0, "success")
    (pack,) = data["resource_pack_subscribe_infos"]
    assert (pack["total_quantity"], pack["remaining_quantity"]) == (100, 100)
    assert (pack["resource_pack_id"], pack["status"]) == (paying.account, "online")
    made(paying, **WORDS, model_name="kling-v1")
    after = accepted(paying.http.get(f"/kling{kling.COSTS}", params=times))
    assert after["resource_pack_subscribe_infos"][0]["remaining_quantity"] == 99
    other = accepted(paying.http.get(kling.COSTS, params={**times, "resource_pack_name": "x"}))
    assert other["resource_pack_subscribe_infos"] == []
    # Where nothing is charged there is nothing to use up.
    free = accepted(api.http.get(kling.COSTS, params=times))
    assert free["resource_pack_subscribe_infos"] == []
    said = refused(api.http.get(kling.COSTS, params={"start_time": "x"}), 400, 1201)
    assert "start_time" in said
    assert "end_time" in said


def test_elements_are_made_listed_used_and_deleted(api: Api) -> None:
    sides = [{"image_url": inline(400, 300)}]
    asked = {
        "element_name": "Ada",
        "element_description": "a woman",
        "reference_type": "image_refer",
        "element_image_list": {"frontal_image": inline(300, 400), "refer_images": sides},
        "tag_list": [{"tag_id": "o_102"}],
    }
    id = made(api, kling.ELEMENTS, **asked)["task_id"]
    api.run(id)
    done = accepted(api.http.get(f"{kling.ELEMENTS}/{id}"))
    (element,) = done["task_result"]["elements"]
    assert (element["element_name"], element["status"]) == ("Ada", "succeed")
    assert element["tag_list"] == [{"tag_id": "o_102"}]
    picture = element["element_image_list"]["frontal_image"]
    assert api.stranger.get(picture).headers["Content-Type"] == "image/png"
    number = element["element_id"]
    use = {"aspect_ratio": "16:9", "element_list": [{"element_id": number}]}
    made(api, kling.OMNI, prompt="<<<element_1>>> waits", **use)
    gone = accepted(api.http.post(kling.DELETE_ELEMENT, json={"element_id": str(number)}))
    assert gone["task_status"] == "succeed"
    (listed,) = accepted(api.http.get(kling.ELEMENTS))
    assert listed["task_result"]["elements"][0]["status"] == "deleted"
    again = {"element_id": number}
    refused(api.http.post(kling.DELETE_ELEMENT_BEFORE, json=again), 404, 1203)
    refused(api.http.post(kling.DELETE_ELEMENT, json={}), 400, 1201)
    refused(api.http.post(kling.DELETE_ELEMENT, json={"element_id": [1]}), 400, 1201)
    refused(api.http.post(kling.DELETE_ELEMENT, json={**again, "all": True}), 400, 1201)
    assert accepted(api.http.get(kling.PRESETS)) == []


def test_callbacks_are_the_task_itself(fetching: Api) -> None:
    with Receiver() as receiver:
        id = made(fetching, **WORDS, callback_url=receiver.url("/"))["task_id"]
        fetching.run(id)
    with fetching.app.database.read() as connection:
        query = select(webhooks.c.body).where(webhooks.c.task == id).order_by(webhooks.c.created_at)
        bodies = list(connection.execute(query).scalars())
    assert {body["task_id"] for body in bodies} == {id}
    assert bodies[-1]["task_status"] == "succeed"
    (shown,) = bodies[-1]["task_result"]["videos"]
    renewed = fetching.app.callbacks.renewed("kling", bodies[-1])
    assert renewed["task_result"]["videos"][0]["url"].startswith(shown["url"].partition("?")[0])
