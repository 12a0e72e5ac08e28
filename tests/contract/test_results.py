"""The files of a completed task and their links (contract, section 1: W-5)."""

from __future__ import annotations

import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit, urlunsplit

import httpx
import pytest

from kirin.media.decode import facts
from support.api import Api, Finished
from support.pictures import inline

DAY = 86_400


@pytest.fixture
def link(finished: Finished) -> str:
    # Read anew: the task may have been made long before, in another module's tests.
    url: str = finished.api.read(finished.task["id"])["output"][0]["content"][0]["url"]
    return url


def changed(link: str, *, path: str | None = None, **query: str) -> str:
    """The link with another path or other values in its query."""
    split = urlsplit(link)
    values = {name: given[0] for name, given in parse_qs(split.query).items()} | query
    text = "&".join(f"{name}={value}" for name, value in values.items())
    return urlunsplit(split._replace(path=path or split.path, query=text))


def assert_refused(answer: httpx.Response) -> None:
    assert answer.status_code == 403, answer.text[:200]
    assert answer.json()["code"] == "link_refused"


def test_the_output_has_one_entry_of_content_for_each_file(finished: Finished) -> None:  # W-5
    (output,) = finished.task["output"]
    assert output.keys() == {"content", "jobId"}
    plain, marked = output["content"]
    assert plain.keys() == {"type", "url", "jobId"}
    assert marked.keys() == {"type", "url", "jobId", "watermark"}
    assert plain["type"] == marked["type"] == "video"
    assert output["jobId"] == plain["jobId"] == marked["jobId"] == finished.task["id"]
    assert marked["watermark"] is True


def test_without_a_watermark_there_is_one_file(api: Api) -> None:  # W-5 C-6
    task = api.make("kirin_v1_6_t2v", prompt="tiny", watermark_info={"enabled": False})
    (output,) = api.run(task.id)["output"]
    assert len(output["content"]) == 1


def test_v1_i2v_tells_the_size_in_its_output(api: Api) -> None:  # W-5
    (output,) = api.run(api.make("kirin_v1_i2v", image=inline(1280, 720), prompt="tiny").id)[
        "output"
    ]
    (content,) = output["content"]
    assert content.keys() == {"type", "url", "jobId", "size"}
    assert content["size"] == "1280x720"


def test_a_link_is_absolute_and_needs_no_key(finished: Finished, link: str) -> None:  # W-5
    assert link.startswith("http://testserver/files/")
    answer = finished.api.stranger.get(link)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "video/mp4"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert int(answer.headers["Content-Length"]) == len(answer.content)


def test_the_link_gives_the_video(finished: Finished, tmp_path: Path) -> None:  # W-5
    videos = [finished.api.stranger.get(entry["url"]).content for entry in finished.content]
    assert videos[0] != videos[1]
    for number, video in enumerate(videos):
        path = tmp_path / f"{number}.mp4"
        path.write_bytes(video)
        made = facts(path)
        assert (made.width, made.height, made.fps, made.frame_count) == (1280, 720, 24, 120)


def test_polling_shows_the_same_link(finished: Finished, link: str) -> None:  # W-5
    again = finished.api.read(finished.task["id"])["output"][0]["content"][0]["url"]
    split = urlsplit(again)
    assert split.path == urlsplit(link).path


def test_a_head_tells_the_length_alone(finished: Finished, link: str) -> None:  # W-5
    whole = finished.api.stranger.get(link)
    answer = finished.api.stranger.head(link)
    assert answer.status_code == 200
    assert answer.headers["Content-Length"] == str(len(whole.content))
    assert answer.content == b""


@pytest.mark.parametrize(
    ("range_", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-99", 0, 100),
        ("bytes=100-199", 100, 200),
        ("bytes=1000-", 1000, None),
        ("bytes=-500", -500, None),
        ("bytes=0-999999999999", 0, None),
    ],
)
def test_a_player_asks_for_parts(
    finished: Finished, link: str, range_: str, start: int, end: int | None
) -> None:  # W-5
    whole = finished.api.stranger.get(link).content
    answer = finished.api.stranger.get(link, headers={"Range": range_})
    assert answer.status_code == 206
    assert answer.content == whole[start:end]
    first = len(whole) + start if start < 0 else start
    told = f"bytes {first}-{first + len(answer.content) - 1}/{len(whole)}"
    assert answer.headers["Content-Range"] == told


@pytest.mark.parametrize("range_", ["bytes=999999999999-", "bytes=5-1", "bytes=x-y"])
def test_a_part_that_is_not_there(finished: Finished, link: str, range_: str) -> None:  # W-5 W-9
    whole = finished.api.stranger.get(link).content
    answer = finished.api.stranger.get(link, headers={"Range": range_})
    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == f"bytes */{len(whole)}"
    assert answer.json()["code"] == "range_refused"
    assert answer.json()["request_id"] == answer.headers["X-Request-Id"]


def test_a_link_ends(finished: Finished, link: str) -> None:  # W-5
    expires = int(parse_qs(urlsplit(link).query)["expires"][0])
    assert DAY - 600 <= expires - time.time() <= DAY + 3600
    key = urlsplit(link).path.removeprefix("/files/")
    links = finished.api.app.links
    fresh = links.sign(key, time.time() - DAY + 60)
    over = links.sign(key, time.time() - DAY - 3601)
    assert finished.api.stranger.get(f"/files/{fresh}").status_code == 200
    assert_refused(finished.api.stranger.get(f"/files/{over}"))


def test_a_changed_link_opens_nothing(finished: Finished, link: str) -> None:  # W-5
    query = parse_qs(urlsplit(link).query)
    expires, signature = query["expires"][0], query["signature"][0]
    path = urlsplit(link).path
    flipped = ("A" if signature[0] != "A" else "B") + signature[1:]
    for tampered in (
        changed(link, signature=flipped),
        changed(link, signature=""),
        changed(link, signature=signature[:-1]),
        changed(link, signature="%F0%9F%90%B4"),
        changed(link, expires=str(int(expires) + 1)),
        changed(link, expires=f"0{expires}"),
        changed(link, expires="9" * 5000),
        changed(link, expires="soon"),
        changed(link, path=path.replace("video.mp4", "watermarked.mp4")),
        changed(link, path=path.replace("/1/", "/2/")),
        changed(link, path=path.replace("/files/", "/files//")),
        link.partition("?")[0],
        "/files/",
    ):
        assert_refused(finished.api.stranger.get(tampered))


@pytest.mark.parametrize(
    "path",
    [
        "/files/../kirin.db",
        "/files/..%2Fkirin.db",
        "/files/%2e%2e/%2e%2e/signing.key",
        "/files/results/..%2f..%2f..%2f..%2fetc/passwd",
        "/files//etc/passwd",
        "/files/%00",
        "/files/..\\..\\kirin.db",
    ],
)
def test_no_path_leads_out_of_the_store(finished: Finished, link: str, path: str) -> None:  # W-5
    answer = finished.api.stranger.get(f"{path}?{urlsplit(link).query}")
    assert answer.status_code in (403, 404)
    assert answer.json()["code"] in ("link_refused", "not_found")


def test_a_signed_path_that_leads_out_of_the_store_is_never_made(finished: Finished) -> None:
    with pytest.raises(ValueError, match="not a storage key"):
        finished.api.app.links.sign("../kirin.db", time.time())


def test_a_file_that_was_deleted(api: Api) -> None:  # W-5 W-9
    task = api.run(api.make("kirin_v1_6_t2v", prompt="tiny").id)
    api.app.storage.delete(api.row(task["id"]).results[0].key)
    answer = api.stranger.get(task["output"][0]["content"][0]["url"])
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
