"""Files that are sent before the requests that name them, and links of this server's own."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from kirin.accounts.keys import Scope
from kirin.app import App
from kirin.clock import now_ms
from kirin.http.files.uploads import MAX_CONCURRENT
from kirin.orchestration.garbage_collection import GarbageCollector, RetentionPeriods
from kirin.settings import Settings
from kirin.storage.keys import input_key
from support.api import Api, InProcess
from support.cards import ELEMENTS, I2V, MOTION
from support.loopback import FileHost
from support.pictures import inline, ramp, saved
from support.videos import sound_alone, video

UPLOADS = "/model/v1/files"
QUOTE = "/model/v1/quote"


def send(api: Api, content: bytes) -> dict[str, Any]:
    answer = api.http.post(UPLOADS, content=content)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def refusal(answer: httpx.Response) -> tuple[str, str, str]:
    assert answer.status_code == 400, answer.text
    (problem,) = answer.json()["errors"]
    return problem["param"], problem["code"], problem["message"]


def dance(**changes: Any) -> dict[str, Any]:
    plain = {"image_url": inline(400, 300), "character_orientation": "image", "mode": "std"}
    return plain | changes


def test_a_picture_is_measured_as_it_is_seen(api: Api) -> None:
    turned = ramp(640, 400)
    exif = turned.getexif()
    exif[0x0112] = 6
    content = saved(turned, "JPEG", exif=exif)
    told = send(api, content)
    assert (told["type"], told["mime"], told["size"]) == ("image", "image/jpeg", len(content))
    assert (told["width"], told["height"]) == (400, 640)
    assert "duration" not in told
    read = api.stranger.get(told["url"])
    assert (read.content, read.headers["Content-Type"]) == (content, "image/jpeg")
    assert told["expires_at"] > now_ms() + 86_000_000


def test_a_video_is_measured_and_can_be_watched(api: Api) -> None:
    content = video(seconds=4, sound=True)
    told = send(api, content)
    assert (told["type"], told["mime"]) == ("video", "video/mp4")
    assert (told["width"], told["height"], told["fps"]) == (360, 340, 10)
    assert told["duration"] == pytest.approx(4, abs=0.05)
    assert told["has_audio"] is True
    part = api.stranger.get(told["url"], headers={"Range": "bytes=0-99"})
    assert (part.status_code, part.content) == (206, content[:100])
    assert part.headers["Content-Type"] == "video/mp4"


def test_an_uploaded_picture_counts_as_known(api: Api) -> None:
    """What can be known is checked before the task exists."""
    small = send(api, saved(ramp(200, 150)))
    assert api.problems(I2V, image=small["url"]) == {"image": "too_small"}
    good = send(api, saved(ramp(640, 400)))
    task = api.make(I2V, image=good["url"], prompt="tiny")
    assert task.assets["image"].width == 640
    assert api.run(task.id)["metadata"]["width"] == 1214


def test_an_uploaded_video_drives_motion(api: Api) -> None:
    """MC-2, MC-3: its length is known, so it is checked and priced before the task exists."""
    told = send(api, video(seconds=4))
    params = dance(video_url=told["url"])
    quote = api.http.post(QUOTE, json={"model": MOTION, "input": [{"params": params}]}).json()
    assert quote["exact"] is True
    done = api.finish(MOTION, **params)
    assert done["status"] == "completed", done
    assert done["usage"]["cost"] == quote["usage"]["cost"]
    assert done["metadata"]["duration"] == pytest.approx(4, abs=0.05)
    short = send(api, video(seconds=2))
    assert api.problems(MOTION, **dance(video_url=short["url"])) == {"video_url": "too_short"}
    long = send(api, video(seconds=12))
    wrong = api.problems(MOTION, **dance(video_url=long["url"]))
    assert wrong.keys() == {"video_url"}


def test_a_picture_is_no_video_whatever_its_link_says(api: Api) -> None:
    picture = send(api, saved(ramp()))
    assert api.problems(MOTION, **dance(video_url=picture["url"])) == {"video_url": "not_a_video"}
    film = send(api, video(seconds=4))
    assert api.problems(I2V, image=film["url"]) == {"image": "not_an_image"}


def test_a_subject_is_made_from_uploads(api: Api) -> None:
    views = [send(api, saved(ramp(310 + 10 * n, 300)))["url"] for n in range(2)]
    images = {"frontal_image": views[0], "refer_images": [{"image_url": views[1]}]}
    assert api.subject(element_image_list=images) > 0
    film = send(api, video(seconds=4))["url"]
    task = api.finish(
        ELEMENTS,
        element_name="Bea",
        element_description="walks",
        reference_type="video_refer",
        element_video_list={"refer_videos": [{"video_url": film}]},
    )
    assert task["status"] == "completed", task


def test_a_result_can_be_the_input_of_the_next_task(api: Api) -> None:
    """It lies here: no request goes out, and none would be allowed to reach this server."""
    first = api.finish(I2V, image=inline(640, 400), prompt="she turns")
    (content,) = first["output"][0]["content"]
    done = api.finish(MOTION, **dance(video_url=content["url"]))
    assert done["status"] == "completed", done
    assert done["metadata"]["duration"] == pytest.approx(5, abs=0.05)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda url: url.replace("signature=", "signature=A"),
        lambda url: url.replace("/files/inputs/", "/files/inputs/../inputs/"),
        lambda url: url.replace("/files/", "/file/"),
    ],
)
def test_a_forged_link_is_a_url_like_any_other(api: Api, spoil: Callable[[str], str]) -> None:
    """No stranger reads files by naming them; 'testserver' is fetched by the worker, in vain."""
    url = spoil(send(api, saved(ramp()))["url"])
    task = api.make(I2V, image=url)
    assert "image" not in task.assets
    url = url.replace("http://testserver", "http://127.0.0.1")
    assert api.problems(I2V, image=url) == {"image": "not_public"}


def test_a_link_that_is_over_says_so(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    url = send(api, saved(ramp()))["url"]
    with monkeypatch.context() as patch:
        later = time.time() + 10 * 86_400
        patch.setattr("kirin.orchestration.input_resolver.time.time", lambda: later)
        assert api.problems(I2V, image=url) == {"image": "link_over"}
    assert api.make(I2V, image=url)


def test_a_file_behind_a_good_link_may_be_gone(api: Api) -> None:
    told = send(api, saved(ramp(411, 300)))
    api.app.storage.delete(told["url"].partition("/files/")[2].partition("?")[0])
    assert api.problems(I2V, image=told["url"]) == {"image": "file_gone"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_media"),
        (b"<html>hello</html>", "not_media"),
        (saved(ramp())[:-40], "broken_image"),
        (video(seconds=4)[:3000], "broken_video"),
        (sound_alone(), "not_a_video"),
    ],
)
def test_what_is_no_picture_or_video_is_refused(api: Api, content: bytes, code: str) -> None:
    param, found, message = refusal(api.http.post(UPLOADS, content=content))
    assert (param, found) == ("body", code)
    assert message


def form(*parts: tuple[bytes, bytes], end: bytes = b"--edge--\r\n") -> dict[str, Any]:
    """A multipart form of parts, each the parameters of its disposition and its content."""
    bodies = (
        b"--edge\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n" % part for part in parts
    )
    return {
        "content": b"".join(bodies) + end,
        "headers": {"Content-Type": "multipart/form-data; boundary=edge"},
    }


A_FILE = b'name="file"; filename="a.png"'


def test_a_file_may_come_in_a_form(api: Api) -> None:
    for content, kind in ((saved(ramp(411, 300)), "image"), (video(seconds=4), "video")):
        answer = api.http.post(UPLOADS, files={"file": ("a.bin", content, "text/plain")})
        assert answer.status_code == 200, answer.text
        told = answer.json()
        assert (told["type"], told["size"]) == (kind, len(content))
        assert api.stranger.get(told["url"]).content == content
        assert told["url"].partition("?")[0] == send(api, content)["url"].partition("?")[0]


@pytest.mark.parametrize(
    ("parts", "param", "code"),
    [
        ([], "body", "required"),
        ([(A_FILE, b"a"), (b'name="more"; filename="b"', b"b")], "more", "wrong_count"),
        ([(A_FILE, b"a"), (b'name="purpose"', b"b")], "purpose", "unknown_parameter"),
        ([(b'name="file"', b"a")], "file", "unknown_parameter"),
        ([(b'name="file"; filename=""', b"")], "file", "unknown_parameter"),
        ([(b'name="clip"; filename="a"', b"")], "clip", "not_media"),
        ([(b'filename="a"', b"<html>")], "body", "not_media"),
        ([(b'name="%s"; filename="a"' % (b"x" * 99), b"")], "x" * 40 + "...", "not_media"),
    ],
)
def test_a_form_has_one_file_and_nothing_else(
    api: Api, parts: list[tuple[bytes, bytes]], param: str, code: str
) -> None:
    found, said, message = refusal(api.http.post(UPLOADS, **form(*parts)))
    assert (found, said) == (param, code)
    assert message


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"", "multipart/form-data; boundary=edge"),
        (b"--edge--", "multipart/form-data"),
        (b"--edge--", f"multipart/form-data; boundary={'x' * 5000}"),
        (b"\x89PNG", "multipart/form-data; boundary=edge"),
        (form((A_FILE, b"a"), end=b"")["content"], "multipart/form-data; boundary=edge"),
        (
            form((A_FILE + b"\r\nContent-Transfer-Encoding: base64", b"a"))["content"],
            "multipart/form-data; boundary=edge",
        ),
        (
            form(*[(A_FILE + b"\r\nX: y" * 100, b"a")])["content"],
            "Multipart/Form-Data; boundary=edge",
        ),
    ],
)
def test_a_form_that_is_none(api: Api, content: bytes, media_type: str) -> None:
    answer = api.http.post(UPLOADS, content=content, headers={"Content-Type": media_type})
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_body")
    assert len(answer.content) < 1000


def test_a_file_in_a_form_has_the_same_limit(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    content = saved(ramp())
    for limit, status in ((len(content), 200), (len(content) - 1, 413)):
        monkeypatch.setattr("kirin.http.files.uploads.MAX_FILE_BYTES", limit)
        assert api.http.post(UPLOADS, **form((A_FILE, content))).status_code == status
        assert api.http.post(UPLOADS, content=content).status_code == status
    declared = {"Content-Length": str(101 * 1024 * 1024), **form()["headers"]}
    assert api.http.post(UPLOADS, content=b"x", headers=declared).status_code == 413


def test_a_file_that_is_too_large_is_refused_before_it_is_read(api: Api) -> None:
    head = {"Content-Length": str(100 * 1024 * 1024 + 1)}
    answer = api.http.post(UPLOADS, content=b"x", headers=head)
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


def test_uploads_need_a_key_that_may_generate(api: Api) -> None:
    assert api.stranger.post(UPLOADS, content=saved(ramp())).status_code == 401
    reader = api.holder(Scope.READ)
    assert reader.post(UPLOADS, content=saved(ramp())).status_code == 403
    assert reader.post(f"{UPLOADS}/fetch", json={"url": "https://example.com"}).status_code == 403


def test_the_server_fetches_what_an_address_has(fetching: Api, files: FileHost) -> None:
    content = saved(ramp(500, 400))
    url = files.add("picture.png", content)
    answer = fetching.http.post(f"{UPLOADS}/fetch", json={"url": url})
    told = answer.json()
    assert (told["type"], told["width"], told["size"]) == ("image", 500, len(content))
    assert fetching.stranger.get(told["url"]).content == content
    film = files.add("film.mp4", video(seconds=4))
    told = fetching.http.post(f"{UPLOADS}/fetch", json={"url": film}).json()
    assert told["type"] == "video"


@pytest.mark.parametrize(
    ("body", "param", "code"),
    [
        ({}, "url", "required"),
        ({"url": 3}, "url", "required"),
        ({"url": "https://example.com", "name": "x"}, "name", "unknown_parameter"),
        ({"url": "http://127.0.0.1/x.png"}, "url", "not_fetched"),
        ({"url": "http://169.254.169.254/latest"}, "url", "not_fetched"),
        ({"url": "ftp://example.com/x.png"}, "url", "not_fetched"),
    ],
)
def test_addresses_are_guarded(api: Api, body: dict[str, Any], param: str, code: str) -> None:
    answer = api.http.post(f"{UPLOADS}/fetch", json=body)
    assert refusal(answer)[:2] == (param, code)


def test_an_account_has_room_for_so_much(tmp_path: Path) -> None:
    content = saved(ramp())
    app = App.open(Settings(data_dir=tmp_path, engines="scripted", upload_bytes=len(content) + 9))
    transport = InProcess(app.http())
    api = Api(app, transport)
    send(api, content)
    send(api, content)  # the same bytes are there once
    answer = api.http.post(UPLOADS, content=saved(ramp(401, 300)))
    assert (answer.status_code, answer.json()["code"]) == (429, "limit_reached")
    assert answer.json()["limit"]["name"] == "upload_bytes"
    assert int(answer.headers["Retry-After"]) > 80_000
    send(api.another(), saved(ramp(401, 300)))
    transport.end()
    app.close()


def test_uploads_go_when_their_links_are_over(tmp_path: Path) -> None:
    """Unless a task needs them."""
    app = App.open(Settings(data_dir=tmp_path, engines="scripted"))
    transport = InProcess(app.http())
    api = Api(app, transport)
    send(api, saved(ramp(401, 300)))
    task = api.make(I2V, image=send(api, saved(ramp(402, 300)))["url"])
    now = now_ms()
    day = RetentionPeriods(results=None, inputs=None, idempotency=1, events=1)
    keeper = GarbageCollector(app.database, app.storage, day, lambda: now, lambda *_: 0)
    keeper.collect()
    now += 4_000_000
    keeper.collect()
    keys = set(app.storage.keys("inputs/"))
    assert len(keys) == 2  # both, for as long as the links work
    for _ in range(2):
        now += 90_000_000
        keeper.collect()
    assert set(app.storage.keys("inputs/")) == {input_key(task.assets["image"].sha256)}
    transport.end()
    app.close()


def test_a_full_disk_is_told(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(tempfile, "tempdir", "/dev/full")
        answer = api.http.post(UPLOADS, content=saved(ramp()))
    assert (answer.status_code, answer.json()["code"]) == (503, "storage_away")
    assert api.http.post(UPLOADS, content=saved(ramp())).status_code == 200


def test_an_account_sends_so_many_files_at_a_time(api: Api) -> None:
    content = saved(ramp())

    async def send_all() -> tuple[httpx.Response, list[httpx.Response]]:
        under_way, all_there = 0, asyncio.Event()

        async def slowly() -> AsyncIterator[bytes]:
            nonlocal under_way
            under_way += 1
            yield content[:100]
            await all_there.wait()
            yield content[100:]

        transport = httpx.ASGITransport(api.app.http())
        async with httpx.AsyncClient(
            transport=transport, base_url="http://testserver", headers=api.http.headers
        ) as client:
            sent = [
                asyncio.create_task(client.post(UPLOADS, content=slowly()))
                for _ in range(MAX_CONCURRENT)
            ]
            while under_way < MAX_CONCURRENT:
                await asyncio.sleep(0.01)
            refused = await client.post(UPLOADS, content=content)
            all_there.set()
            return refused, [await each for each in sent]

    refused, sent = asyncio.run(send_all())
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_uploads")
    assert [answer.status_code for answer in sent] == [200] * MAX_CONCURRENT
    assert api.http.post(UPLOADS, content=content).status_code == 200
