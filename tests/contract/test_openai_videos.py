"""Videos as the SDKs of OpenAI ask for them, on the tasks that there are."""

from __future__ import annotations

from base64 import b64decode
from typing import Any

import httpx
import pytest

from support.api import Api
from support.cards import I2V, T2V
from support.pictures import inline

VIDEOS = "/v1/videos"
WORDS, PICTURE = "kirin_v3_t2v", "kirin_v3_i2v"
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
        "watermark_info[enabled]": "true",
    }
    answer = api.http.post(VIDEOS, files={name: (None, value) for name, value in fields.items()})
    assert answer.status_code == 200, answer.text
    params = api.row(answer.json()["id"]).params
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
    strange = {**form, "prompt": ("a.txt", b"a lake", "text/plain")}
    assert refused(api.http.post(VIDEOS, files=strange))["param"] == "prompt"


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
