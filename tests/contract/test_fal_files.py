"""Files as the clients of fal send them, and the proxy that stands for the hosts of fal."""

from __future__ import annotations

from base64 import b64decode
from pathlib import Path
from typing import Any

import httpx
import pytest

from kirin.app import App
from kirin.clock import now_ms
from kirin.orchestration.garbage_collection import GarbageCollector, RetentionPeriods
from kirin.settings import Settings
from support.api import Api, InProcess
from support.cards import MOTION
from support.pictures import inline
from support.videos import video

INITIATE = "/fal/rest/storage/upload/initiate"
T2V = "fal-ai/kling-video/v3/standard/text-to-video"
I2V = "fal-ai/kling-video/v3/pro/image-to-video"
PROXY = "/fal/proxy"
FILE = {"file_name": "first.png", "content_type": "image/png"}


def png() -> bytes:
    return b64decode(inline(400, 300))


def test_a_file_is_promised_sent_and_used(api: Api) -> None:
    promise = api.http.post(f"{INITIATE}?storage_type=fal-cdn-v3", json=FILE).json()
    early = api.http.post(f"/fal/{I2V}", json={"prompt": "a", "image_url": promise["file_url"]})
    assert early.json()["detail"][0]["type"] == "file_gone"
    sent = api.stranger.put(promise["upload_url"], content=png())
    assert sent.json()["access_url"].split("?")[0] == promise["file_url"].split("?")[0]
    assert api.stranger.get(promise["file_url"]).content == png()
    asked = {"prompt": "a", "image_url": promise["file_url"]}
    id = api.http.post(f"/fal/{I2V}", json=asked).json()["request_id"]
    assert api.row(id).assets["image"].width == 400
    assert api.run(id)["status"] == "completed"


def test_two_promises_for_one_file_are_both_kept(api: Api) -> None:
    urls = []
    for _ in range(2):
        promise = api.http.post(INITIATE, json=FILE).json()
        api.stranger.put(promise["upload_url"], content=png())
        urls.append(promise["file_url"])
    assert [api.stranger.get(url).content for url in urls] == [png(), png()]


def test_what_was_promised_stays_as_long_as_its_link(tmp_path: Path) -> None:
    app = App.open(Settings(data_dir=tmp_path, engines="scripted"))
    transport = InProcess(app.http())
    api = Api(app, transport)
    promise = api.http.post(INITIATE, json=FILE).json()
    api.stranger.put(promise["upload_url"], content=png())
    now = now_ms()
    day = RetentionPeriods(results=None, inputs=None, idempotency=1, events=1)
    keeper = GarbageCollector(app.database, app.storage, day, lambda: now, lambda *_: 0)
    for _ in range(2):
        keeper.collect()
        now += 4_000_000
    assert api.stranger.get(promise["file_url"]).content == png()
    for _ in range(2):
        now += 90_000_000
        keeper.collect()
    assert set(app.storage.keys("inputs/")) == set()
    transport.end()
    app.close()


def test_a_promised_video_drives_motion(api: Api) -> None:
    """What was measured when it came is known by the name that it was promised under."""
    promise = api.http.post(INITIATE, json=FILE).json()
    api.stranger.put(promise["upload_url"], content=video(seconds=4))
    row = api.make(
        MOTION,
        image_url=inline(400, 300),
        video_url=promise["file_url"],
        character_orientation="video",
        mode="std",
    )
    assert row.assets["video_url"].seconds == pytest.approx(4, abs=0.05)
    assert row.assets["video_url"].sha256 not in promise["file_url"]
    assert api.run(row.id)["status"] == "completed"


def test_only_what_was_promised_is_taken(api: Api) -> None:
    url = api.http.post(INITIATE, json=FILE).json()["upload_url"]
    for forged in (url[:-3], url.replace("/promised/", "/promised/x"), url.partition("?")[0]):
        answer = api.stranger.put(forged, content=png())
        assert answer.status_code in (403, 404), answer.text
        assert answer.json()["detail"]
    answer = api.stranger.put(url, content=b"no picture")
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", "body"]


def test_the_client_for_python_sends_files_by_its_key(api: Api) -> None:
    answer = api.http.post("/fal/rest/storage/auth/token?storage_type=fal-cdn-v3", json={})
    token = answer.json()
    assert answer.headers["Cache-Control"] == "no-store"
    headers = {"Authorization": f"{token['token_type']} {token['token']}"}
    sent = api.stranger.post(f"{token['base_url']}/files/upload", content=png(), headers=headers)
    assert api.stranger.get(sent.json()["access_url"]).content == png()
    assert api.stranger.post("/fal/cdn/files/upload", content=png()).status_code == 401


def test_the_proxy_takes_what_was_to_go_elsewhere(api: Api) -> None:
    def proxied(method: str, url: str, **options: Any) -> httpx.Response:
        headers = {"X-Fal-Target-Url": url}
        return api.http.request(method, PROXY, headers=headers, **options)

    made = proxied("POST", f"https://queue.fal.run/{T2V}", json={"prompt": "a tiny lake"})
    links = made.json()
    id = links["request_id"]
    assert links["response_url"] == f"https://queue.fal.run/fal-ai/kling-video/requests/{id}"
    status = proxied("GET", f"{links['status_url']}?logs=1").json()
    assert status["logs"]
    assert proxied("GET", links["response_url"]).json()["detail"] == "Request is still in progress"
    assert proxied("PUT", links["cancel_url"]).status_code == 202
    rest = proxied("POST", "https://rest.fal.ai/storage/upload/initiate", json=FILE)
    assert rest.json()["upload_url"].startswith("http://testserver/fal/cdn/")
    wrong = proxied("POST", f"https://queue.fal.run/{T2V}", json={"seed": 1})
    assert wrong.status_code == 422


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://example.com/a",
        "https://fal.run.example.com/a",
        "http://[::1",
        "https://queue.fal.run/proxy",
        "/model/v1/generation",
    ],
)
def test_the_proxy_leads_nowhere_else(api: Api, url: str) -> None:
    answer = api.http.post(PROXY, headers={"X-Fal-Target-Url": url}, json={})
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["header", "X-Fal-Target-Url"]


def test_the_proxy_stays_below_its_addresses(api: Api) -> None:
    url = "https://queue.fal.run/../model/v1/generation/task"
    answer = api.http.get(PROXY, headers={"X-Fal-Target-Url": url})
    assert answer.status_code in (404, 405)
    assert answer.json()["detail"]
    stranger = api.stranger.post(
        PROXY, headers={"X-Fal-Target-Url": f"https://queue.fal.run/{T2V}"}, json={}
    )
    assert stranger.status_code == 401
