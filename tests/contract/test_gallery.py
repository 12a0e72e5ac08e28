"""What galleries are made of: search, pictures of videos, zips (contract: N-11 to N-13)."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from kirin.accounts.keys import Scope
from kirin.http.stream_tokens import LIFETIME_MS
from kirin.http.tasks.archive import AT_ONCE
from kirin.storage.files import FileStorage
from support.api import GENERATION, TASK, Api, Finished
from support.cards import ELEMENTS, T2V

V3_T2V = "kirin_v3_t2v"
ZIP = f"{GENERATION}/zip"


def found(api: Api, q: str, **query: Any) -> list[str]:
    answer = api.http.get(TASK, params={"q": q, **query})
    assert answer.status_code == 200, answer.text
    return [task["id"] for task in answer.json()["tasks"]]


def refused(answer: httpx.Response, status: int) -> str:
    assert answer.status_code == status, answer.text
    return str(answer.json()["code"])


def archive(answer: httpx.Response) -> dict[str, bytes]:
    """The files of a zip, whose length was told exactly."""
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/zip")
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    with zipfile.ZipFile(BytesIO(answer.content)) as opened:
        assert opened.testzip() is None
        assert {each.compress_type for each in opened.infolist()} == {zipfile.ZIP_STORED}
        return {name: opened.read(name) for name in opened.namelist()}


def test_tasks_are_found_by_all_words_of_their_prompts_and_names(api: Api) -> None:  # N-11
    lake = api.make(T2V, prompt="A Lake at dawn", negative_prompt="rain").id
    shots = [
        {"index": 1, "prompt": "a red lantern", "duration": "2"},
        {"index": 2, "prompt": "\u96e8\u4e2d\u7684\u732b", "duration": "3"},
    ]
    film = api.make(V3_T2V, multi_shot=True, shot_type="customize", multi_prompt=shots).id
    named = api.make(T2V, prompt="a street", external_task_id="Order/77").id
    assert found(api, "lake") == found(api, "DAWN  la\uff4be") == [lake]
    assert found(api, "lantern \u732b") == [film]
    assert found(api, "order/7") == [named]
    assert found(api, lake[3:20].upper()) == [lake]
    assert found(api, "lake street") == found(api, "rain") == found(api, "customize") == []
    assert found(api, "a") == found(api, "") == found(api, "  ") == [named, film, lake]
    assert found(api.another(), "lake") == []


@pytest.mark.parametrize("text", ["%", "_", "/", "\\", "'", '"', "*", "[a]", "a%k", "\0", "\u0130"])
def test_every_character_of_a_search_stands_for_itself(api: Api, text: str) -> None:  # N-11
    api.make(T2V, prompt="a lake")
    assert found(api, text) == []
    if text != "\0":
        made = api.make(T2V, prompt=f"so {text} much")
        assert found(api, text) == [made.id]


def test_a_search_has_its_limits(api: Api) -> None:  # N-11
    def problems(q: str) -> list[tuple[str, str]]:
        answer = api.http.get(TASK, params={"q": q})
        assert answer.status_code == 400
        return [(problem["param"], problem["code"]) for problem in answer.json()["errors"]]

    assert found(api, "x" * 200) == found(api, "a b c d e f g h a b") == []
    assert problems("x" * 201) == problems("a b c d e f g h i") == [("q", "too_long")]


def test_a_search_goes_with_filters_and_cursors(api: Api) -> None:  # N-11
    made = [api.make(T2V, prompt=f"a lake, {n}").id for n in range(5)]
    other = api.make(V3_T2V, prompt="a lake").id
    api.http.delete(f"{TASK}/{made[0]}")
    assert found(api, "lake", model=V3_T2V) == [other]
    assert found(api, "lake", status="failed") == [made[0]]
    cursor, seen = None, []
    while True:
        query = {"q": "lake", "limit": 2, **({"cursor": cursor} if cursor else {})}
        page = api.http.get(TASK, params=query).json()
        seen += [task["id"] for task in page["tasks"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == [other, *reversed(made)]
    assert api.http.post(f"{TASK}/{made[0]}/remove").status_code == 200
    assert made[0] not in found(api, "lake")
    assert found(api, made[0]) == []


def test_a_listing_tells_how_a_prompt_begins(api: Api) -> None:  # N-11
    for prompt, shown in (("a lake", "a lake"), ("x" * 300, "x" * 300), ("y" * 301, "y" * 299)):
        api.make(T2V, prompt=prompt)
        task = api.http.get(TASK, params={"limit": 1}).json()["tasks"][0]
        assert task["metadata"]["prompt"].rstrip("\u2026") == shown
    assert "prompt" not in api.read(task["id"])["metadata"]


@pytest.mark.parametrize(
    ("name", "kind", "size"), [("poster", "WEBP", (640, 360)), ("contact-sheet", "JPEG", None)]
)
def test_a_video_has_pictures(
    finished: Finished, name: str, kind: str, size: tuple[int, int] | None
) -> None:  # N-12
    http, id = finished.api.http, finished.task["id"]
    path = f"{TASK}/{id}/{name}"
    answer = http.get(path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, f"image/{kind.lower()}")
    with Image.open(BytesIO(answer.content)) as shown:
        assert shown.format == kind
        if size is not None:
            assert shown.size == size
        else:
            assert shown.width == 1600
            assert 400 < shown.height < 500  # two rows of 16:9
    assert {"private", "immutable"} <= set(answer.headers["Cache-Control"].split(", "))
    assert answer.headers["Vary"] == "Authorization"
    tag = answer.headers["ETag"]
    again = http.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["Vary"]) == (304, b"", "Authorization")
    head = http.head(path)
    assert (head.status_code, head.headers["ETag"], head.content) == (200, tag, b"")
    assert http.get(path, headers={"Range": "bytes=0-3"}).content == answer.content[:4]


@pytest.mark.parametrize("name", ["poster", "contact-sheet"])
def test_who_may_not_read_a_task_sees_no_picture_of_it(
    finished: Finished, name: str
) -> None:  # N-12
    path = f"{TASK}/{finished.task['id']}/{name}"
    api = finished.api
    assert refused(api.stranger.get(path), 401) == "invalid_api_key"
    assert refused(api.another().http.get(path), 404) == "unknown_task"
    assert refused(api.holder(Scope.GENERATE).get(path), 403) == "scope_missing"
    for id in ("nobody", "..%2f..%2fetc", "a%00b", "x" * 300, "%2e%2e"):
        assert api.http.get(f"{TASK}/{id}/{name}").status_code == 404


def test_a_task_without_a_video_has_no_picture_and_says_why(api: Api) -> None:  # N-12
    waiting = api.make(T2V, prompt="a lake").id
    assert refused(api.http.get(f"{TASK}/{waiting}/poster"), 404) == "video_not_ready"
    api.http.delete(f"{TASK}/{waiting}")
    assert refused(api.http.get(f"{TASK}/{waiting}/contact-sheet"), 404) == "no_video"
    api.subject()
    (element,) = api.http.get(TASK, params={"model": ELEMENTS}).json()["tasks"]
    answer = api.http.get(f"{TASK}/{element['id']}/poster")
    assert refused(answer, 404) == "no_video"
    assert ELEMENTS in answer.json()["message"]
    # An external id may end like that.
    named = api.make(T2V, prompt="a lake", external_task_id="movie/poster").id
    assert api.http.get(f"{TASK}/movie/poster").json()["id"] == named


def test_a_picture_goes_with_its_video(api: Api) -> None:  # N-12
    task = api.finish(T2V, prompt="a tiny lake")
    path = f"{TASK}/{task['id']}/poster"
    key = api.row(task["id"]).results[0].key
    assert api.http.get(path).status_code == 200
    api.app.storage.delete(key)
    for left in list(api.app.storage.keys(key.rpartition("/")[0])):
        api.app.storage.delete(left)
    assert refused(api.http.get(path), 404) == "not_found"


def test_a_video_that_cannot_be_decoded_has_no_picture(api: Api) -> None:  # N-12
    task = api.finish(T2V, prompt="a tiny lake")
    api.app.storage.put_bytes(api.row(task["id"]).results[0].key, b"no video")
    assert refused(api.http.get(f"{TASK}/{task['id']}/poster"), 404) == "no_video"


def test_storage_that_is_away_is_told(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    task = api.finish(T2V, prompt="a tiny lake")["id"]

    def away(*_: object) -> Path:
        raise ConnectionError("the bucket does not answer")

    monkeypatch.setattr(FileStorage, "path", away)
    monkeypatch.setattr(FileStorage, "size", away)
    answer = api.http.get(f"{TASK}/{task}/poster")  # N-12
    assert refused(answer, 503) == "storage_away"
    assert answer.headers["Retry-After"]
    assert refused(api.http.post(ZIP, json={"task_ids": [task]}), 503) == "storage_away"  # N-13


def test_several_videos_come_as_one_zip(api: Api) -> None:  # N-13
    first = api.finish(T2V, prompt='A "lake": tiny dawn?', watermark_info={"enabled": True})
    second = api.finish(T2V, prompt="a tiny lake", external_task_id="order/7 \u00e4")
    third = api.finish(T2V, prompt="a tiny lake", external_task_id="ORDER:7 \u00e4")
    names = [first["id"], "order/7 \u00e4", third["id"], first["id"]]
    files = archive(api.http.post(ZIP, json={"task_ids": names}))
    assert list(files) == [
        f"A lake tiny dawn {first['id'][:8]}.mp4", "order 7 \u00e4.mp4", "ORDER 7 \u00e4 (2).mp4",
    ]  # fmt: skip
    for task, data in zip((first, second, third), files.values(), strict=True):
        assert api.stranger.get(task["output"][0]["content"][0]["url"]).content == data


def test_a_zip_that_lacks_something_is_refused_by_name(api: Api) -> None:  # N-13
    there = api.finish(T2V, prompt="a tiny lake")["id"]
    waiting = api.make(T2V, prompt="a lake").id
    failed = api.finish(T2V, prompt="fail")["id"]
    gone = api.finish(T2V, prompt="a tiny lake")["id"]
    api.app.storage.delete(api.row(gone).results[0].key)
    other = api.another().finish(T2V, prompt="a tiny lake")["id"]
    names = [there, waiting, failed, gone, other, "a\0b", "../x"]
    for path in (ZIP, f"{ZIP}/token"):
        answer = api.http.post(path, json={"task_ids": names})
        assert refused(answer, 400) == "invalid_parameters"
        told = {each["param"]: each["code"] for each in answer.json()["errors"]}
        assert told == {
            "task_ids[1]": "video_not_ready",
            "task_ids[2]": "no_video",
            "task_ids[3]": "not_found",
            "task_ids[4]": "unknown_task",
            "task_ids[5]": "unknown_task",
            "task_ids[6]": "unknown_task",
        }


@pytest.mark.parametrize(
    "body", [{}, {"task_ids": []}, {"task_ids": ["a"] * 101}, {"task_ids": "a"}, {"task_ids": [1]},
             {"task_ids": [""]}, {"task_ids": ["x" * 129]}, {"task_ids": ["a"], "more": 1}]
)  # fmt: skip
def test_a_zip_of_nothing_or_too_much_is_refused(api: Api, body: dict[str, Any]) -> None:  # N-13
    assert refused(api.http.post(ZIP, json=body), 400) == "invalid_parameters"


def test_a_hundred_tasks_go_into_a_zip_and_its_link(finished: Finished) -> None:  # N-13
    body = {"task_ids": [finished.task["id"]] * 100}
    assert len(archive(finished.api.http.post(ZIP, json=body))) == 1
    assert finished.api.http.post(f"{ZIP}/token", json=body).status_code == 200


def test_a_link_opens_a_zip_without_a_key_for_a_while(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:  # N-13
    task = api.finish(T2V, prompt="a tiny lake")
    body = {"task_ids": [task["id"]]}
    answer = api.http.post(f"{ZIP}/token", json=body)
    link = answer.json()
    assert answer.headers["Cache-Control"] == "no-store"
    files = archive(api.stranger.get(link["url"]))
    assert (len(files), link["files"]) == (1, 1)
    assert int(api.stranger.get(link["url"]).headers["Content-Length"]) == link["size"]
    token = {"token": link["token"]}
    for path in (TASK, f"{TASK}/{task['id']}", f"{TASK}/{task['id']}/stream", "/model/v1/events"):
        assert api.stranger.get(path, params=token).status_code == 401, path
    assert api.stranger.post(ZIP, json=body, params=token).status_code == 401
    assert api.stranger.get(ZIP).status_code == 401
    for wrong in (link["token"][:-2] + "xx", f"{link['token']}x", "a.b.1.c", "", "\u00e4"):
        assert api.stranger.get(ZIP, params={"token": wrong}).status_code == 401
    stream = api.http.post(f"{TASK}/{task['id']}/stream/token").json()["token"]
    assert refused(api.stranger.get(ZIP, params={"token": stream}), 401) == "invalid_api_key"
    # With another's key it is the other's request, who has no such task.
    assert refused(api.another().http.get(ZIP, params=token), 400) == "invalid_parameters"
    monkeypatch.setattr("kirin.http.stream_tokens.LIFETIME_MS", -LIFETIME_MS)
    late = api.http.post(f"{ZIP}/token", json=body).json()["url"]
    assert api.stranger.get(late).status_code == 401


def test_a_zip_takes_a_key_that_may_read(api: Api) -> None:  # N-13
    body = {"task_ids": [api.finish(T2V, prompt="a tiny lake")["id"]]}
    assert refused(api.stranger.post(ZIP, json=body), 401) == "invalid_api_key"
    assert refused(api.holder(Scope.GENERATE).post(ZIP, json=body), 403) == "scope_missing"
    reader = api.holder(Scope.READ)
    assert reader.post(ZIP, json=body).status_code == 200
    link = reader.post(f"{ZIP}/token", json=body).json()["url"]
    assert api.stranger.get(link).status_code == 200


def test_slots_for_zips_are_given_back(api: Api) -> None:  # N-13
    body = {"task_ids": [api.finish(T2V, prompt="a tiny lake")["id"]]}
    for _ in range(AT_ONCE + 1):
        assert api.http.post(ZIP, json=body).status_code == 200
    for _ in range(AT_ONCE + 1):
        assert api.http.post(ZIP, json={"task_ids": ["nobody"]}).status_code == 400
    assert api.http.post(ZIP, json=body).status_code == 200
