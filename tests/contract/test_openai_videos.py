"""Videos as the SDKs of OpenAI ask for them, on the tasks that there are."""

from __future__ import annotations

from base64 import b64decode
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from sqlalchemy import select

from kirin.accounts.keys import Scope
from kirin.accounts.limits import Limits
from kirin.app import App
from kirin.catalogue.card import Card
from kirin.composition.startup import startup_problems
from kirin.database.tables import webhooks
from kirin.http.dialects.openai.dialect import OPENAI
from kirin.http.dialects.openai.errors import CODES, ERRORS
from kirin.http.dialects.openai.model_names import ALIASES, Alias
from kirin.http.dialects.openai.video_json import VideoJson
from kirin.http.dialects.openai.video_routes import CREATE
from kirin.settings import Settings
from support.api import TASK, Api, InProcess
from support.cards import CARDS, I2V, T2V
from support.loopback import FileHost, Receiver
from support.pictures import inline
from support.sources import provide_examples

VIDEOS = "/v1/videos"
WORDS, PICTURE = "kirin_v3_t2v", "kirin_v3_i2v"
MAKES_VIDEOS = [card for card in CARDS if "video" in card.output_modalities]
FIELDS = {
    "id", "object", "model", "status", "progress", "created_at", "completed_at", "expires_at",
    "seconds", "size", "prompt", "error", "remixed_from_video_id",
}  # fmt: skip


def png(width: int, height: int) -> bytes:
    return b64decode(inline(width, height))


def create(api: Api, **body: Any) -> httpx.Response:
    return api.http.post(VIDEOS, json={"prompt": "a tiny lake", **body})


def made(api: Api, **body: Any) -> dict[str, Any]:
    answer = create(api, **body)
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


def refused(answer: httpx.Response, status: int = 400) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert body.keys() == {"error"}
    assert body["error"].keys() == {"message", "type", "param", "code"}
    error: dict[str, Any] = body["error"]
    return error


def read(api: Api, id: str) -> dict[str, Any]:
    answer = api.http.get(f"{VIDEOS}/{id}")
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


def finished(api: Api, **body: Any) -> dict[str, Any]:
    id = made(api, **body)["id"]
    api.run(id)
    return read(api, id)


def test_a_video_from_its_order_to_its_end(api: Api) -> None:
    first = made(api, model="sora-2", seconds="4", size="1280x720")
    assert first.keys() == FIELDS
    assert (first["object"], first["status"], first["progress"]) == ("video", "queued", 0)
    assert (first["model"], first["seconds"], first["size"]) == (WORDS, "4", "1280x720")
    assert first["completed_at"] is first["expires_at"] is first["error"] is None
    api.run(first["id"])
    last = read(api, first["id"])
    assert (last["status"], last["progress"], last["prompt"]) == ("completed", 100, "a tiny lake")
    assert last["created_at"] <= last["completed_at"] < 10**10  # seconds
    assert last["expires_at"] == last["completed_at"] + 30 * 86_400
    assert (last["seconds"], last["size"]) == ("4", "1280x720")


def test_polls_are_told_when_to_come_again(api: Api) -> None:
    answer = api.http.get(f"{VIDEOS}/{made(api)['id']}")
    seconds = int(answer.headers["Retry-After"])
    assert answer.headers["OpenAI-Poll-After-Ms"] == str(seconds * 1000)


@pytest.mark.parametrize(
    ("asked", "model", "params"),
    [
        ({}, WORDS, {"mode": "std", "aspect_ratio": "9:16", "duration": 4}),
        ({"model": "sora-2"}, WORDS, {"mode": "std", "aspect_ratio": "9:16", "duration": 4}),
        ({"model": "sora-2-2025-12-08", "seconds": 12}, WORDS, {"duration": 12}),
        ({"model": "sora-2-pro"}, WORDS, {"mode": "pro", "aspect_ratio": "9:16"}),
        ({"model": "sora-2-pro", "size": "1920x1080"}, WORDS, {"mode": "pro"}),
        ({"model": "sora-2-pro", "size": "1280x720"}, WORDS, {"mode": "std"}),
        ({"model": "sora-2", "size": "720x1280", "seconds": "8"}, WORDS, {"aspect_ratio": "9:16"}),
        ({"model": "sora-2", "input_reference": {"image_url": "https://example.com/a.png"}},
         PICTURE, {"image": "https://example.com/a.png", "mode": "std"}),
        ({"model": "kling_v1_6_t2v"}, T2V, {"aspect_ratio": "16:9", "duration": 5}),
        ({"model": T2V, "seconds": "10", "size": "1440x1440"}, T2V,
         {"aspect_ratio": "1:1", "mode": "pro", "duration": 10}),
        ({"model": T2V, "mode": "std", "cfg_scale": 0.7}, T2V, {"cfg_scale": 0.7}),
    ],
)  # fmt: skip
def test_what_requests_mean(
    api: Api, asked: dict[str, Any], model: str, params: dict[str, Any]
) -> None:
    row = api.row(made(api, **asked)["id"])
    assert row.model == model
    assert params.items() <= row.params.items()


@pytest.mark.parametrize(
    ("asked", "param", "words"),
    [
        ({"size": "1024x1792"}, "size", "720x1280"),
        ({"model": "sora-2", "size": "1920x1080"}, "size", "1280x720"),
        ({"size": "big"}, "size", "width x height"),
        ({"size": 720}, "size", "width x height"),
        ({"seconds": "2"}, "seconds", "from 3 to 15"),
        ({"seconds": "16"}, "seconds", "from 3 to 15"),
        ({"model": T2V, "seconds": "4"}, "seconds", "5 or 10"),
        ({"model": T2V, "seconds": "5", "duration": "5"}, "seconds", "duration"),
        ({"prompt": ""}, "prompt", "required"),
        ({"colour": "red"}, "colour", "colour"),
        ({"input": [{}]}, "input", "native"),
        ({"model": T2V, "input_reference": {"image_url": "https://example.com/a.png"}},
         "input_reference", "kirin_v1_6_t2v takes no picture"),
        ({"input_reference": {"file_id": "file-1"}}, "input_reference.file_id", "image_url"),
        ({"input_reference": {}}, "input_reference", "image_url"),
        ({"input_reference": {"image_url": "data:image/png;base64,AAAA"}}, "input_reference", ""),
        ({"model": 7}, "model", "integer"),
        ({"n": 2}, "n", ""),
    ],
)  # fmt: skip
def test_what_no_model_makes_is_refused_by_name(
    api: Api, asked: dict[str, Any], param: str, words: str
) -> None:
    error = refused(create(api, **asked))
    assert (error["param"], error["type"]) == (param, "invalid_request_error")
    assert words in error["message"]
    assert api.http.get(VIDEOS).json()["data"] == []


def test_all_that_is_wrong_is_told_at_once(api: Api) -> None:
    error = refused(create(api, model=T2V, seconds="7", mode="best"))
    assert "seconds" in error["message"]
    assert "mode" in error["message"]


def test_a_form_says_the_same_as_json(api: Api) -> None:
    fields = {
        "model": T2V,
        "prompt": "a tiny lake",
        "seconds": "10",
        "size": "1280x720",
        "cfg_scale": "0.7",
        "seed": "7",
        "cache": "false",
        "watermark_info[enabled]": "true",
    }
    answer = api.http.post(VIDEOS, files={name: (None, value) for name, value in fields.items()})
    assert answer.status_code == 200, answer.text
    row = api.row(answer.json()["id"])
    params = row.params
    assert row.seed == 7
    assert (params["duration"], params["cfg_scale"]) == (10, 0.7)
    assert params["watermark_info"] == {"enabled": True}


def test_a_picture_comes_as_a_file(api: Api) -> None:
    form = {"model": (None, "sora-2"), "prompt": (None, "a tiny lake")}
    picture = png(720, 1280)
    sent = {**form, "size": (None, "720x1280"), "input_reference": ("a.png", picture, "image/png")}
    answer = api.http.post(VIDEOS, files=sent)
    assert answer.status_code == 200, answer.text
    shown = answer.json()
    assert (shown["model"], shown["size"]) == (PICTURE, "720x1280")
    assert api.run(shown["id"])["status"] == "completed"
    # The video has the picture's shape: any other size is none that can be made.
    error = refused(api.http.post(VIDEOS, files={**sent, "size": (None, "1280x720")}))
    assert (error["param"], "720x1280" in error["message"]) == ("size", True)
    broken = {**form, "input_reference": ("a.png", picture[:200], "image/png")}
    assert refused(api.http.post(VIDEOS, files=broken))["param"] == "input_reference"
    for name in ("prompt", "model", "seconds", "size", "colour", "watermark_info[enabled]"):
        strange = {**form, name: ("a.txt", b"a lake", "text/plain")}
        assert refused(api.http.post(VIDEOS, files=strange))["param"] == name.partition("[")[0]
    large = {**form, "input_reference": ("a.png", b"x" * (10 * 2**20 + 1))}
    error = refused(api.http.post(VIDEOS, files=large))
    assert (error["param"], error["code"]) == ("input_reference", "too_many_bytes")


def test_pictures_of_a_list_come_as_files(api: Api) -> None:
    form: list[Any] = [
        ("model", (None, "kirin_v1_6_multi_i2v")),
        ("prompt", (None, "a tiny lake")),
        ("image_list[][image]", ("a.png", png(400, 300))),
        ("image_list[][image]", ("b.png", png(300, 400))),
    ]
    answer = api.http.post(VIDEOS, files=form)
    assert answer.status_code == 200, answer.text
    assert len(api.row(answer.json()["id"]).params["image_list"]) == 2
    one = [*form[:2], ("input_reference", form[2][1])]
    answer = api.http.post(VIDEOS, files=one)
    assert len(api.row(answer.json()["id"]).params["image_list"]) == 1
    twice = refused(api.http.post(VIDEOS, files=[*one, form[2]]))
    assert twice["param"] == "input_reference"


@pytest.mark.parametrize("name", ["a]b[", "a[b", "a[b][c][d][e][f]", "", "[a]"])
def test_names_of_fields_that_mean_nothing_are_refused(api: Api, name: str) -> None:
    body = (f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n1\r\n--x--\r\n').encode()
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    error = refused(api.http.post(VIDEOS, content=body, headers=headers))
    assert error["code"] == "unknown_parameter"


def test_a_form_has_so_many_fields(api: Api) -> None:
    form: list[Any] = [("a[]", (None, "1"))] * 257
    assert refused(api.http.post(VIDEOS, files=form))["code"] == "malformed_body"
    twice: list[Any] = [("prompt", (None, "a")), ("prompt", (None, "b"))]
    assert refused(api.http.post(VIDEOS, files=twice))["code"] == "duplicate_key"


def test_a_page_of_another_origin_may_use_the_sdk(tmp_path: Path) -> None:
    origin = "https://app.example.com"
    app = App.open(Settings(data_dir=tmp_path, engines="scripted", cors_origins=origin))
    transport = InProcess(app.http())
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,x-stainless-lang,x-stainless-timeout",
    }
    answer = Api(app, transport).stranger.options(VIDEOS, headers=asked)
    assert answer.status_code == 200
    transport.end()
    app.close()


def test_a_picture_comes_as_a_data_url(api: Api) -> None:
    url = f"data:image/png;base64,{inline(400, 300)}"
    row = api.row(made(api, model=I2V, input_reference={"image_url": url})["id"])
    assert row.params["image"].startswith("sha256:")


@pytest.mark.parametrize(
    "body",
    [b"", b"--x\r\n", b"--y\r\n\r\n--y--", b'--x\r\nContent-Disposition: form-data; name="a"\r\n'],
)
def test_broken_forms_are_refused(api: Api, body: bytes) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    error = refused(api.http.post(VIDEOS, content=body, headers=headers))
    assert error["code"] == "malformed_body"


def test_a_task_is_the_same_in_both_apis(api: Api) -> None:
    native = api.make(T2V, prompt="a tiny lake", external_task_id="mine")
    shown = read(api, native.id)
    assert (shown["id"], shown["model"], shown["size"]) == (native.id, T2V, "1280x720")
    assert read(api, "mine") == shown
    here = made(api, model=T2V)["id"]
    body = api.read(here)
    assert (body["id"], body["model"], body["status"]) == (here, T2V, "in_progress")
    assert "request" not in body["metadata"]
    request = api.http.get(f"{TASK}/{here}/request").json()
    assert request.keys() == {"model", "input"}


def test_what_makes_no_video_is_none(api: Api) -> None:
    api.subject()
    (element,) = api.http.get(TASK).json()["tasks"]
    refused(api.http.get(f"{VIDEOS}/{element['id']}"), 404)
    assert api.http.get(VIDEOS).json()["data"] == []


def test_a_cancelled_task_has_failed(api: Api) -> None:
    id = made(api)["id"]
    assert api.http.post(f"{TASK}/{id}/cancel").status_code == 200
    shown = read(api, id)
    assert (shown["status"], shown["error"]["code"]) == ("failed", "task_cancelled")
    assert shown["completed_at"] is shown["expires_at"] is None


def test_a_failure_says_why(api: Api) -> None:
    shown = finished(api, model=T2V, prompt="fail")
    assert shown["status"] == "failed"
    assert shown["error"] == {
        "code": "002004095",
        "message": "the scripted engine was told to fail",
    }
    error = refused(api.http.get(f"{VIDEOS}/{shown['id']}/content"), 404)
    assert (error["code"], "told to fail" in error["message"]) == ("no_video", True)


def test_the_size_of_a_picture_by_address_is_known_when_it_was_fetched(
    fetching: Api, files: FileHost
) -> None:
    url = files.add("wide.png", png(600, 300))
    body = {"model": PICTURE, "input_reference": {"image_url": url}, "size": "1280x720"}
    first = made(fetching, **body)
    assert first["size"] is None
    fetching.run(first["id"])
    assert read(fetching, first["id"])["size"] == "1358x678"
    assert refused(create(fetching, **{**body, "size": "1024x1792"}))["param"] == "size"


def test_content_is_the_video_and_pictures_of_it(api: Api) -> None:
    id = made(api, model=T2V, prompt="a tiny lake", watermark_info={"enabled": True})["id"]
    path = f"{VIDEOS}/{id}/content"
    assert refused(api.http.get(path), 404)["code"] == "video_not_ready"
    api.run(id)
    video = api.http.get(path)
    assert (video.status_code, video.headers["Content-Type"]) == (200, "video/mp4")
    clean = api.read(id)["output"][0]["content"][0]
    assert video.content == api.stranger.get(clean["url"]).content
    with Image.open(BytesIO(api.http.get(path, params={"variant": "thumbnail"}).content)) as shown:
        assert (shown.format, shown.size) == ("WEBP", (80, 44))
    sheet = api.http.get(path, params={"variant": "spritesheet"})
    with Image.open(BytesIO(sheet.content)) as shown:
        assert (shown.format, shown.width) == ("JPEG", 1600)
    again = api.http.get(path, params={"variant": "spritesheet"})
    assert (again.content, again.headers["ETag"]) == (sheet.content, sheet.headers["ETag"])
    assert refused(api.http.get(path, params={"variant": "gif"}))["param"] == "variant"


def test_content_comes_in_ranges(api: Api) -> None:
    path = f"{VIDEOS}/{finished(api, model=T2V)['id']}/content"
    part = api.http.get(path, headers={"Range": "bytes=4-7"})
    assert (part.status_code, part.content) == (206, b"ftyp")
    assert api.http.head(path).status_code == 200
    refused(api.http.get(path, headers={"Range": "bytes=999999999-"}), 416)
    refused(api.http.get(path, headers={"If-Match": '"another"'}), 412)


def test_pictures_are_drawn_once(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    path = f"{VIDEOS}/{finished(api, model=T2V)['id']}/content?variant=thumbnail"
    first = api.http.get(path).content
    monkeypatch.setattr("kirin.orchestration.previews.frames_at", None)
    assert api.http.get(path).content == first


def test_a_page_after_another(api: Api) -> None:
    ids = [made(api, prompt=f"a tiny lake {number}")["id"] for number in range(3)]

    def page(**query: Any) -> tuple[list[str], bool]:
        answer = api.http.get(VIDEOS, params=query)
        body = answer.json()
        found = [video["id"] for video in body["data"]]
        assert body["object"] == "list"
        assert (body["first_id"], body["last_id"]) == (
            (found[0], found[-1]) if found else (None, None)
        )
        return found, body["has_more"]

    newest = ids[::-1]
    assert page() == (newest, False)
    assert page(limit=2) == (newest[:2], True)
    assert page(limit=2, after=newest[1]) == (newest[2:], False)
    assert page(order="asc", limit=1) == (ids[:1], True)
    assert page(order="asc", after=ids[0]) == (ids[1:], False)
    api.http.delete(f"{VIDEOS}/{newest[1]}")  # a reader may delete what it has read
    assert page(after=newest[1]) == (newest[2:], False)
    for query, param in [
        ({"limit": 0}, "limit"),
        ({"limit": 101}, "limit"),
        ({"after": "nothing"}, "after"),
        ({"order": "up"}, "order"),
    ]:
        assert refused(api.http.get(VIDEOS, params=query))["param"] == param
    assert api.another().http.get(VIDEOS).json()["data"] == []
    refused(api.another().http.get(VIDEOS, params={"after": ids[0]}))


def test_what_is_deleted_is_gone(api: Api) -> None:
    for id in (finished(api, model=T2V)["id"], made(api)["id"]):
        answer = api.http.delete(f"{VIDEOS}/{id}")
        assert answer.json() == {"id": id, "object": "video.deleted", "deleted": True}
        refused(api.http.get(f"{VIDEOS}/{id}"), 404)
        refused(api.http.delete(f"{VIDEOS}/{id}"), 404)
        refused(api.http.get(f"{VIDEOS}/{id}/content"), 404)
        assert api.http.get(f"{TASK}/{id}").status_code == 404


def test_a_remix_asks_for_the_same_in_other_words(api: Api) -> None:
    picture = {"image_url": f"data:image/png;base64,{inline(400, 300)}"}
    first = made(api, model=PICTURE, input_reference=picture, seconds="7", external_task_id="mine")
    answer = api.http.post(f"{VIDEOS}/{first['id']}/remix", json={"prompt": "a tiny sea"})
    assert answer.status_code == 200, answer.text
    shown = answer.json()
    assert shown["remixed_from_video_id"] == first["id"]
    assert (shown["prompt"], shown["seconds"]) == ("a tiny sea", "7")
    old, new = api.row(first["id"]), api.row(shown["id"])
    assert (new.model, new.params["duration"]) == (old.model, old.params["duration"])
    assert new.assets == old.assets
    assert new.external_id is None
    assert api.run(shown["id"])["status"] == "completed"
    assert read(api, shown["id"])["remixed_from_video_id"] == first["id"]


def test_what_is_no_remix_is_refused(api: Api) -> None:
    path = f"{VIDEOS}/{made(api)['id']}/remix"
    for body, param in [
        ({}, "prompt"),
        ({"prompt": ""}, "prompt"),
        ({"prompt": "a", "size": "720x1280"}, "size"),
    ]:
        assert refused(api.http.post(path, json=body))["param"] == param
    refused(api.http.post(f"{VIDEOS}/nothing/remix", json={"prompt": "a"}), 404)
    shots = [{"index": 1, "prompt": "a", "duration": "3"}]
    several = made(
        api, model=WORDS, prompt=None, multi_shot=True, shot_type="customize",
        multi_prompt=shots, seconds="3",
    )  # fmt: skip
    again = api.http.post(f"{VIDEOS}/{several['id']}/remix", json={"prompt": "a"})
    assert refused(again)["param"] == "prompt"


def test_a_repeated_request_makes_no_second_video(api: Api) -> None:
    key = {"Idempotency-Key": "order-7"}
    form: Any = {
        "model": (None, PICTURE),
        "prompt": (None, "a tiny lake"),
        "input_reference": ("a.png", png(400, 300)),
    }
    first = api.http.post(VIDEOS, files=form, headers=key)
    assert "Idempotent-Replayed" not in first.headers
    api.run(first.json()["id"])
    again = api.http.post(VIDEOS, files=form, headers=key)  # in another boundary
    assert again.request.headers["Content-Type"] != first.request.headers["Content-Type"]
    assert (again.json(), again.headers["Idempotent-Replayed"]) == (first.json(), "true")
    other = api.http.post(VIDEOS, files={**form, "prompt": (None, "a sea")}, headers=key)
    assert refused(other, 409)["code"] == "idempotency_key_used"
    assert other.headers["X-Should-Retry"] == "false"
    body = {"prompt": "a tiny sea"}
    made_by = {"Idempotency-Key": "order-8"}
    ids = {
        api.http.post(f"{VIDEOS}/{id}/remix", json=body, headers=made_by).status_code
        for id in (first.json()["id"], made(api)["id"])
    }
    assert ids == {200, 409}  # the same words for another video are another request


def test_the_models_are_those_that_make_videos(api: Api) -> None:
    body = api.http.get("/v1/models").json()
    ids = [model["id"] for model in body["data"]]
    assert body["object"] == "list"
    assert ids == [*ALIASES, *(card.id for card in MAKES_VIDEOS)]
    assert api.http.get("/v1/models/sora-2-pro").json() == body["data"][ids.index("sora-2-pro")]
    assert api.http.get("/v1/models/kling_v1_6_t2v").json()["id"] == T2V
    for unknown in ("gpt-9", "kirin_custom_elements"):
        error = refused(api.http.get(f"/v1/models/{unknown}"), 404)
        assert (error["code"], error["param"]) == ("model_not_found", "model")
        assert refused(create(api, model=unknown), 404)["code"] == "model_not_found"


@pytest.mark.parametrize("card", MAKES_VIDEOS, ids=lambda card: card.id)
def test_every_model_that_makes_videos_takes_a_request(api: Api, card: Card) -> None:
    provide_examples(api.app, api.account, card.id)
    if "prompt" not in {parameter.name for parameter in card.parameters}:
        # The SDK always sends one: what the model has no use for is not dropped silently.
        assert refused(create(api, **{**card.examples[0], "model": card.id}))["param"] == "prompt"
        return
    shown = made(api, **{**card.examples[0], "model": card.id})
    assert (shown["model"], shown["status"]) == (card.id, "queued")


def test_errors_of_every_kind_have_one_shape(api: Api) -> None:
    for method, path, status in [
        ("GET", "/v1/videos/nothing", 404),
        ("GET", "/v1/nothing", 404),
        ("POST", "/v1/chat/completions", 404),
        ("PUT", "/v1/videos", 405),
    ]:
        refused(api.http.request(method, path), status)
    for content in (b"{", b"[]", b'{"prompt": 1, "prompt": 2}'):
        refused(api.http.post(VIDEOS, content=content))
    gzip = {"Content-Encoding": "br"}
    refused(api.http.post(VIDEOS, content=b"x", headers=gzip), 415)
    large = api.http.post(VIDEOS, content=b"x", headers={"Content-Length": "999999999"})
    refused(large, 413)


def test_keys_are_asked_for_everywhere(api: Api) -> None:
    for route in OPENAI.routes:
        path = route.path.replace("{video_id}", "x").replace("{model}", "x")
        answer = api.stranger.request(route.method, path)
        error = refused(answer, 401)
        assert error["code"] == "invalid_api_key"
    reader = api.holder(Scope.READ)
    assert refused(reader.post(VIDEOS, json={}), 403)["type"] == "permission_error"


def test_a_low_balance_is_what_programs_look_for(paying: Api) -> None:
    answer = create(paying, model=T2V)
    error = refused(answer, 429)
    assert (error["code"], error["type"]) == ("insufficient_quota", "insufficient_quota")
    assert answer.headers["X-Should-Retry"] == "false"


@pytest.mark.usefixtures("same_minute")
def test_limits_say_when_to_come_again(api: Api) -> None:
    limited = api.holder(Scope.READ, limits=Limits(requests_per_minute=1))
    assert limited.get(VIDEOS).status_code == 200
    answer = limited.get(VIDEOS)
    assert refused(answer, 429)["code"] == "rate_limit_exceeded"
    assert int(answer.headers["Retry-After"]) > 0


def test_a_bug_has_the_shape_too(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kirin.http.dialects.openai.videos.LIMIT", None)
    assert refused(api.http.get(VIDEOS), 500)["type"] == "server_error"


def test_a_dialect_that_is_off_is_not_there(tmp_path: Path) -> None:
    app = App.open(Settings(data_dir=tmp_path, engines="scripted", dialects="none"))
    transport = InProcess(app.http())
    answer = Api(app, transport).http.get(VIDEOS)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    transport.end()
    app.close()


def test_a_dialect_that_there_is_not_stops_the_start() -> None:
    (problem,) = startup_problems(Settings(dialects="openai,openia", engines="scripted"))
    assert problem == "KIRIN_DIALECTS: there is no dialect 'openia'; did you mean 'openai'?"


PAGE = (Path(__file__).parents[2] / "docs" / "dialects" / "openai.md").read_text("utf-8")


def rows(heading: str) -> list[list[str]]:
    """The rows of the page's table with a heading."""
    table = PAGE.split(f"{heading}\n")[1].split("\n\n")[0].splitlines()[1:]
    return [[cell.strip().strip("`") for cell in row.strip("|").split("|")] for row in table]


def test_the_page_lists_the_addresses() -> None:
    listed = [(method, path) for method, path, _ in rows("| method | path | what it does |")]
    assert sorted(listed) == sorted((route.method, route.path) for route in OPENAI.routes)


def test_the_page_lists_the_fields() -> None:
    assert (
        {name for name, _ in rows("| field | what it is |")}
        == FIELDS
        == {*VideoJson.__annotations__}
    )
    asked = {name for name, _ in rows("| field | what becomes of it |")}
    assert (
        asked == CREATE.request_body["content"]["application/json"]["schema"]["properties"].keys()
    )


def test_the_page_lists_the_names_of_models() -> None:
    listed = {
        name: Alias(words, picture, tuple(modes.split(", ")))
        for name, words, picture, modes in rows("| model | from words | from a picture | modes |")
    }
    assert listed == ALIASES


def test_the_page_lists_the_sizes(api: Api) -> None:
    listed = rows("| size | `sora-2` | `sora-2-pro` |")
    assert len(listed) == 8
    for size, *modes in listed:
        for model, mode in zip(("sora-2", "sora-2-pro"), modes, strict=True):
            answer = create(api, model=model, size=size)
            if mode == "refused":
                assert refused(answer)["param"] == "size"
                continue
            assert answer.json()["size"] == size
            assert api.row(answer.json()["id"]).params["mode"] == mode


def test_the_page_lists_the_codes() -> None:
    listed = {native: (code, int(status)) for native, code, status in rows(
        "| native | here | status |"
    )}  # fmt: skip
    assert listed == {error.code: (code, ERRORS.status_of(error)) for error, code in CODES.items()}


def test_a_callback_is_an_event_of_this_api(fetching: Api) -> None:  # C-7
    with Receiver() as receiver:
        video = made(fetching, callback_url=receiver.url("hook"))
        fetching.http.delete(f"{TASK}/{video['id']}")
        with fetching.app.database.read() as connection:
            mine = select(webhooks).where(webhooks.c.account == fetching.account)
            (row,) = connection.execute(mine).all()
    assert (row.dialect, row.reports) == ("openai", "failed")
    created_at = row.body["created_at"]
    assert row.body == {
        "id": f"evt_{video['id']}",
        "object": "event",
        "created_at": created_at,
        "type": "video.failed",
        "data": {"id": video["id"]},
    }
    assert abs(created_at - video["created_at"]) < 60
