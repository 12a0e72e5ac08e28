"""Requests as the clients of fal make them, on the tasks that there are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from kirin.accounts.keys import Scope
from kirin.accounts.limits import Limits
from kirin.app import App
from kirin.clock import now_ms
from kirin.database.tables import webhooks
from kirin.http.dialects.fal.create_request import PICTURES, RENAMED, TRANSLATED
from kirin.http.dialects.fal.dialect import FAL
from kirin.http.dialects.fal.errors import ERRORS
from kirin.http.dialects.fal.request_json import FalLinksJson, FalResultJson, FalStatusJson
from kirin.settings import Settings
from kirin.wire.fal import DEFAULTS, ENDPOINTS, FalEndpoint
from support.api import SUBJECT, TASK, Api, InProcess
from support.loopback import Receiver
from support.pictures import inline

T2V = "fal-ai/kling-video/v3/standard/text-to-video"
APP = "/fal/fal-ai/kling-video"


def submit(api: Api, endpoint: str = T2V, **body: Any) -> httpx.Response:
    return api.http.post(f"/fal/{endpoint}", json={"prompt": "a tiny lake", **body})


def made(api: Api, endpoint: str = T2V, **body: Any) -> dict[str, Any]:
    answer = submit(api, endpoint, **body)
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


def test_a_request_from_its_order_to_its_end(api: Api) -> None:
    first = made(api)
    id = first["request_id"]
    address = f"http://testserver{APP}/requests/{id}"
    assert first == {
        "request_id": id,
        "status": "IN_QUEUE",
        "queue_position": first["queue_position"],  # others may wait here, too
        "response_url": address,
        "status_url": f"{address}/status",
        "cancel_url": f"{address}/cancel",
        "logs": None,
        "metrics": {},
    }
    assert first["queue_position"] >= 0
    early = api.http.get(first["response_url"])
    assert (early.status_code, early.json()["detail"]) == (400, "Request is still in progress")
    api.run(id)
    last = api.http.get(first["status_url"]).json()
    assert last["status"] == "COMPLETED"
    assert last["metrics"]["inference_time"] >= 0
    for url in (first["response_url"], f"{address}/response"):
        result = api.http.get(url)
        assert result.headers["X-Fal-Request-Id"] == id
        video = result.json()["video"]
        assert (video["content_type"], video["width"], video["height"]) == ("video/mp4", 1280, 720)
        file = api.stranger.get(video["url"])
        assert len(file.content) == video["file_size"]
    assert result.json()["seed"] == api.row(id).seed


def refused(answer: httpx.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    body: dict[str, Any] = answer.json()
    assert {"detail", "message", "error_type", "error"} <= body.keys()
    assert body["error"] == {"message": body["message"], "code": status}
    assert answer.headers["X-Fal-Error-Type"] == body["error_type"]
    return body


def problem(answer: httpx.Response) -> dict[str, Any]:
    (found,) = refused(answer, 422)["detail"]
    assert found.keys() == {"loc", "msg", "type"}
    shown: dict[str, Any] = found
    return shown


def test_the_queue_is_followed_in_its_words(api: Api) -> None:
    first, second = made(api), made(api)
    path = f"{APP}/requests/{second['request_id']}/status"
    waiting = api.http.get(path, params={"logs": "1"})
    body = waiting.json()
    assert body["status"] == "IN_QUEUE"
    assert body["queue_position"] >= first["queue_position"]  # the queue is read once a second
    assert [log["message"] for log in body["logs"]] == ["queued"]
    assert int(waiting.headers["Retry-After"]) > 0
    for asked, logs in (("true", list), ("0", type(None)), ("", type(None))):
        shown = api.http.get(path, params={"logs": asked}).json()["logs"]
        assert isinstance(shown, logs)


def test_a_request_that_failed_is_completed_and_says_why(api: Api) -> None:
    id = made(api, prompt="fail")["request_id"]
    api.run(id)
    body = api.http.get(f"{APP}/requests/{id}/status", params={"logs": "1"}).json()
    assert (body["status"], body["error_type"]) == ("COMPLETED", "006001095")
    assert "told to fail" in body["error"]
    assert body["logs"][-1]["level"] == "ERROR"
    answer = api.http.get(f"{APP}/requests/{id}")
    assert "told to fail" in refused(answer, 422)["detail"]


def test_a_cancelled_request_is_over(api: Api) -> None:
    path = f"{APP}/requests/{made(api)['request_id']}"
    answer = api.http.put(f"{path}/cancel")
    assert (answer.status_code, answer.json()) == (202, {"status": "CANCELLATION_REQUESTED"})
    assert api.http.get(f"{path}/status").json()["error_type"] == "task_cancelled"
    assert refused(api.http.put(f"{path}/cancel"), 400)["status"] == "ALREADY_COMPLETED"


def test_a_task_is_the_same_in_each_dialect(api: Api) -> None:
    made_here = made(api)["request_id"]
    assert api.read(made_here)["model"] == "kirin_v3_t2v"
    made_there = api.make("kirin_v1_6_t2v", prompt="a tiny lake").id
    body = api.http.get(f"/fal/kirin/kirin_v1_6_t2v/requests/{made_there}/status").json()
    assert body["response_url"].endswith(f"/fal/kirin/kirin_v1_6_t2v/requests/{made_there}")
    refused(api.another().http.get(f"{APP}/requests/{made_here}/status"), 404)


def test_a_task_that_makes_no_video_shows_what_it_made(api: Api) -> None:
    answer = api.http.post("/fal/kirin/kirin_custom_elements", json=SUBJECT)
    id = answer.json()["request_id"]
    api.run(id)
    result = api.http.get(f"/fal/kirin/kirin_custom_elements/requests/{id}").json()
    assert result["output"][0]["type"] == "element"
    assert "video" not in result


def test_the_marked_copy_is_shown_too(api: Api) -> None:
    id = made(api, watermark_info={"enabled": True})["request_id"]
    api.run(id)
    result = api.http.get(f"{APP}/requests/{id}").json()
    assert result["watermarked_video"]["url"] != result["video"]["url"]


@pytest.mark.parametrize("name", ENDPOINTS)
def test_each_endpoint_stands_for_a_model(api: Api, name: str) -> None:
    endpoint = ENDPOINTS[name]
    parameters = {p.name: p for p in api.app.catalogue.get(endpoint.model).parameters}
    assert ("mode" in parameters) == bool(endpoint.mode)
    assert not endpoint.sound or "sound" in parameters
    field = {"image-to-video": "image_url", "elements": "input_image_urls"}
    body: dict[str, Any] = {}
    if (given := field.get(name.rpartition("/")[2])) is not None:
        picture = f"data:image/png;base64,{inline(400, 300)}"
        body[given] = [picture] if given == "input_image_urls" else picture
    if name.endswith("motion-control"):
        body = {
            "image_url": "https://example.com/a.png",
            "video_url": "https://example.com/a.mp4",
            "character_orientation": "image",
            "keep_original_sound": True,
        }
    row = api.row(made(api, name, **body)["request_id"])
    assert row.model == endpoint.model
    assert row.params.get("mode", "") == endpoint.mode
    assert row.params.get("sound", "off") == ("on" if endpoint.sound else "off")
    assert row.options.origin == {"dialect": "fal", "endpoint": name}


KLING = "fal-ai/kling-video"
PICTURE = "https://example.com/a.png"


@pytest.mark.parametrize(
    ("endpoint", "asked", "params"),
    [
        (T2V, {"duration": "7"}, {"duration": 7, "mode": "std", "sound": "on"}),
        (T2V, {"duration": "7s", "generate_audio": False}, {"duration": 7, "sound": "off"}),
        (T2V, {"duration": 7, "mode": "pro"}, {"duration": 7, "mode": "pro"}),
        (T2V, {"cfg_scale": 0.5, "shot_type": "customize"}, {"sound": "on"}),
        (T2V, {"prompt": None, "multi_prompt": [{"prompt": "a", "duration": "3"}, {"prompt": "b"}],
               "duration": "8"},
         {"multi_shot": True, "multi_prompt": [
             {"index": 1, "prompt": "a", "duration": 3},
             {"index": 2, "prompt": "b", "duration": 5}]}),
        (f"{KLING}/v3/pro/image-to-video", {"start_image_url": PICTURE, "end_image_url": PICTURE},
         {"image": PICTURE, "image_tail": PICTURE, "sound": "on", "mode": "pro"}),
        (f"{KLING}/v2.6/pro/image-to-video", {"image_url": PICTURE, "tail_image_url": PICTURE},
         {"image_tail": PICTURE, "sound": "off"}),
        (f"{KLING}/o3/pro/image-to-video", {"image_url": PICTURE, "end_image_url": PICTURE},
         {"image_list": [{"image_url": PICTURE, "type": "first_frame"},
                         {"image_url": PICTURE, "type": "end_frame"}]}),
        (f"{KLING}/v1/standard/text-to-video", {"camera_control": "down_back"},
         {"camera_control": {"type": "down_back"}}),
        (f"{KLING}/v2.1/master/image-to-video",
         {"image_url": PICTURE, "negative_prompt": "blur, distort, and low quality"},
         {"image": PICTURE}),
        ("kirin/kling_v1_6_t2v", {"cfg_scale": 0.7}, {"cfg_scale": 0.7}),
        ("fal-ai/kirin/kirin_v1_6_t2v", {}, {"mode": "std"}),
    ],
)  # fmt: skip
def test_what_requests_mean(
    api: Api, endpoint: str, asked: dict[str, Any], params: dict[str, Any]
) -> None:
    row = api.row(made(api, endpoint, **asked)["request_id"])
    assert {name: row.params.get(name) for name in params} == params


@pytest.mark.parametrize(
    ("endpoint", "asked", "loc", "words"),
    [
        (T2V, {"duration": "99"}, ["duration"], "from 3 to 15"),
        (T2V, {"seed": 7}, ["seed"], "unknown"),
        (T2V, {"cfg_scale": 0.7}, ["cfg_scale"], "unknown"),
        (T2V, {"elements": []}, ["elements"], "unknown"),
        (T2V, {"model": "kirin_v3_t2v"}, ["model"], "address"),
        (T2V, {"input": {}}, ["input"], "address"),
        (T2V, {"prompt": None, "multi_prompt": [{"prompt": "", "duration": "5"}]},
         ["multi_prompt", 0, "prompt"], ""),
        (f"{KLING}/v2.6/standard/text-to-video", {"generate_audio": True}, ["mode"], "mode pro"),
        (f"{KLING}/v1.6/pro/image-to-video", {"image_url": 7}, ["image_url"], "integer"),
        (f"{KLING}/v1.6/pro/image-to-video", {"image_url": PICTURE, "start_image_url": PICTURE},
         ["start_image_url"], "image_url"),
        (f"{KLING}/v1.6/pro/image-to-video", {"image_url": "data:image/png;base64,AAAA"},
         ["image_url"], ""),
        (f"{KLING}/o3/pro/image-to-video",
         {"image_url": PICTURE, "end_image_url": "data:image/png;base64,AAAA"},
         ["end_image_url"], ""),
        ("kirin/kirin_v3_t2v", {"cfg_scale": 0.5}, ["cfg_scale"], "unknown"),
    ],
)  # fmt: skip
def test_what_no_model_makes_is_refused_by_name(
    api: Api, endpoint: str, asked: dict[str, Any], loc: list[str | int], words: str
) -> None:
    found = problem(submit(api, endpoint, **asked))
    assert found["loc"] == ["body", *loc]
    assert words in found["msg"]


def test_a_request_that_has_not_started_in_time_is_cancelled(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/fal/{T2V}"
    header = {"X-Fal-Request-Timeout": "3600.5"}
    id = api.http.post(path, json={"prompt": "a"}, headers=header).json()["request_id"]
    status = f"{APP}/requests/{id}/status"
    assert api.http.get(status).json()["status"] == "IN_QUEUE"
    later = now_ms() + 3_600_600
    monkeypatch.setattr("kirin.http.dialects.fal.requests.now_ms", lambda: later)
    assert api.http.get(status).json()["error_type"] == "task_cancelled"
    for wrong in ("soon", "-1", "nan", "inf"):
        answer = api.http.post(path, json={}, headers={"X-Fal-Request-Timeout": wrong})
        assert problem(answer)["loc"] == ["header", "X-Fal-Request-Timeout"]


def test_who_waits_too_long_is_told_not_to_order_again(tmp_path: Path) -> None:
    app = App.open(Settings(data_dir=tmp_path, engines="scripted", sync_seconds=0.1))
    transport = InProcess(app.http())
    api = Api(app, transport)
    answer = api.http.post(f"/fal/run/{T2V}", json={"prompt": "a tiny lake"})
    body = refused(answer, 504)
    assert answer.headers["X-Fal-Request-Timeout-Type"] == "user"
    (task,) = api.http.get(TASK).json()["tasks"]
    assert task["id"] in body["message"]
    transport.end()
    app.close()


def test_a_repeated_request_is_made_once(api: Api) -> None:
    def create(endpoint: str, key: str, **query: str) -> httpx.Response:
        path = f"/fal/{endpoint}"
        headers = {"Idempotency-Key": key}
        return api.http.post(path, json={"prompt": "a"}, headers=headers, params=query)

    first = create(T2V, "order-1")
    api.run(first.json()["request_id"])
    again = create(T2V, "order-1")
    assert again.json()["request_id"] == first.json()["request_id"]
    assert (again.json()["status"], again.headers["Idempotent-Replayed"]) == ("IN_QUEUE", "true")
    for other in (
        create("fal-ai/kling-video/v3/pro/text-to-video", "order-1"),
        create(T2V, "order-1", fal_webhook="https://example.com/hook"),
    ):
        assert refused(other, 422)["error_type"] == "idempotency_key_used"


def test_errors_of_every_kind_have_one_shape(api: Api) -> None:
    for method, path, status in [
        ("GET", "/fal/nothing", 405),
        ("GET", f"{APP}/requests/nothing", 404),
        ("POST", "/fal/fal-ai/veo9", 404),
        ("POST", "/fal/kirin/nothing", 404),
        ("DELETE", f"/fal/{T2V}", 405),
        ("GET", "/fal", 404),
    ]:
        refused(api.http.request(method, path), status)
    for content, status in ((b"{", 400), (b"[]", 400), (b'{"prompt": 1, "prompt": 2}', 422)):
        refused(api.http.post(f"/fal/{T2V}", content=content), status)
    large = api.http.post(f"/fal/{T2V}", content=b"x", headers={"Content-Length": "999999999"})
    refused(large, 413)
    gzip = {"Content-Encoding": "br"}
    refused(api.http.post(f"/fal/{T2V}", content=b"x", headers=gzip), 415)


def test_a_bug_has_the_shape_too(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kirin.http.dialects.fal.requests.find", None)
    assert refused(submit(api), 500)["error_type"] == "internal_error"


def test_keys_are_asked_for_everywhere(api: Api) -> None:
    for route in FAL.routes:
        if route.scope is None:
            continue
        path = route.path.replace(":path}", "}").format(endpoint=T2V, app=KLING, request_id="x")
        body = refused(api.stranger.request(route.method, path), 401)
        assert "Key KEY" in body["detail"]
    status = f"{APP}/requests/{made(api)['request_id']}/status"
    for scheme, expected in (("Key", 200), ("key", 200), ("Bearer", 200), ("Token", 401)):
        headers = {"Authorization": f"{scheme} {api.key}"}
        assert api.stranger.get(status, headers=headers).status_code == expected
    native = api.stranger.get(TASK, headers={"Authorization": f"Key {api.key}"})
    assert native.status_code == 401  # W-10
    reader = api.holder(Scope.READ)
    assert refused(reader.post(f"/fal/{T2V}", json={}), 403)["error_type"] == "scope_missing"


@pytest.mark.usefixtures("same_minute")
def test_a_low_balance_and_limits_are_told(api: Api, paying: Api) -> None:
    assert "insufficient balance" in refused(submit(paying), 403)["detail"].lower()
    limited = api.holder(Scope.READ, limits=Limits(requests_per_minute=1))
    path = f"{APP}/requests/{made(api)['request_id']}/status"
    assert limited.get(path).status_code == 200
    answer = limited.get(path)
    assert refused(answer, 429)["error_type"] == "limit_reached"
    assert int(answer.headers["Retry-After"]) > 0


def test_a_webhook_tells_of_the_end(fetching: Api) -> None:
    with Receiver() as receiver:
        hook = {"fal_webhook": receiver.url("hook")}
        ids = []
        for prompt in ("a tiny lake", "fail"):
            answer = fetching.http.post(f"/fal/{T2V}", json={"prompt": prompt}, params=hook)
            ids.append(answer.json()["request_id"])
            fetching.run(ids[-1])
        body = {"prompt": "a", "callback_url": receiver.url("other")}
        twice = fetching.http.post(f"/fal/{T2V}", json=body, params=hook)
        assert problem(twice)["loc"] == ["query", "fal_webhook"]
        with fetching.app.database.read() as connection:
            rows = connection.execute(select(webhooks).order_by(webhooks.c.created_at)).all()
    good, bad = [row for row in rows if row.task in ids]
    assert (good.dialect, good.body["status"], good.body["request_id"]) == ("fal", "OK", ids[0])
    url = good.body["payload"]["video"]["url"]
    assert good.body["payload"]["video"]["width"] == 1280
    assert bad.body["status"] == "ERROR"
    assert "told to fail" in bad.body["error"]
    assert bad.body["payload"]["detail"][0]["type"] == "006001095"
    renewed = fetching.app.callbacks.renewed("fal", good.body)
    assert renewed["payload"]["video"]["url"].split("?")[0] == url.split("?")[0]


PAGE = (Path(__file__).parents[2] / "docs" / "dialects" / "fal.md").read_text("utf-8")


def rows(heading: str) -> list[list[str]]:
    """The rows of the page's table with a heading."""
    table = PAGE.split(f"{heading}\n")[1].split("\n\n")[0].splitlines()[1:]
    return [[cell.strip().strip("`") for cell in row.strip("|").split("|")] for row in table]


def test_the_page_lists_the_addresses() -> None:
    listed = [(method, path) for method, path, _ in rows("| method | path | what it does |")]
    assert sorted(listed) == sorted(
        (route.method, route.path.replace(":path}", "}")) for route in FAL.routes
    )


def test_the_page_lists_the_endpoints() -> None:
    listed = {
        name: FalEndpoint(model, mode.strip("-"), sound == "on")
        for name, model, mode, sound in rows("| endpoint | model | mode | sound |")
    }
    assert listed == ENDPOINTS


def test_the_page_lists_the_fields() -> None:
    assert {name for name, _ in rows("| field | what it is |")} == {
        *FalStatusJson.__annotations__,
        *FalLinksJson.__annotations__,
    }
    assert {name for name, _ in rows("| of the result | what it is |")} == {
        *FalResultJson.__annotations__
    }
    asked = {
        name
        for names, _ in rows("| field | what becomes of it |")
        for name in names.replace("`", "").split(", ")
    }
    assert {*RENAMED, *PICTURES, *TRANSLATED} <= asked


def test_the_page_lists_what_means_nothing() -> None:
    listed = {name: json.loads(value) for name, value in rows("| field | value |")}
    assert listed == DEFAULTS


def test_the_page_lists_the_statuses() -> None:
    listed = {code: int(status) for code, status in rows("| native | status |")}
    assert listed == {error.code: int(status) for error, status in ERRORS.statuses.items()}
