"""How files are sent: only if they are new, in parts, under a name that tells (rule W-5)."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime

import httpx
import pytest

from support.api import Api, Finished


@pytest.fixture(scope="module")
def link(finished: Finished) -> str:
    url: str = finished.content[0]["url"]
    return url


@pytest.fixture(scope="module")
def whole(finished: Finished, link: str) -> httpx.Response:
    return finished.api.stranger.get(link)


def moved(date: str, seconds: int) -> str:
    return format_datetime(parsedate_to_datetime(date) + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("tags", ["{}", "W/{}", "*", '"a", {}', '"a",W/{} , "b"'])
def test_a_copy_that_is_current(
    finished: Finished, link: str, whole: httpx.Response, method: str, tags: str
) -> None:
    headers = {"If-None-Match": tags.format(whole.headers["ETag"]), "Range": "bytes=0-9"}
    answer = finished.api.stranger.request(method, link, headers=headers)
    assert answer.status_code == 304
    assert answer.content == b""
    assert "Content-Length" not in answer.headers
    for name in ("ETag", "Last-Modified", "Cache-Control"):
        assert answer.headers[name] == whole.headers[name]


def test_a_copy_of_something_else(finished: Finished, link: str, whole: httpx.Response) -> None:
    modified = whole.headers["Last-Modified"]
    headers = {"If-None-Match": '"other"', "If-Modified-Since": modified}
    assert finished.api.stranger.get(link, headers=headers).content == whole.content


@pytest.mark.parametrize(("seconds", "status"), [(0, 304), (60, 304), (-1, 200)])
def test_a_copy_of_a_time(
    finished: Finished, link: str, whole: httpx.Response, seconds: int, status: int
) -> None:
    headers = {"If-Modified-Since": moved(whole.headers["Last-Modified"], seconds)}
    assert finished.api.stranger.get(link, headers=headers).status_code == status


@pytest.mark.parametrize("date", ["", "soon", "Mon, 01 Jan 99999999999999999999 00:00:00 GMT"])
def test_a_date_that_is_none(finished: Finished, link: str, date: str) -> None:
    answer = finished.api.stranger.get(link, headers={"If-Modified-Since": date})
    assert answer.status_code == 200


def test_preconditions(finished: Finished, link: str, whole: httpx.Response) -> None:  # W-9
    tag, modified = whole.headers["ETag"], whole.headers["Last-Modified"]
    for headers in (
        {"If-Match": tag},
        {"If-Match": "*"},
        {"If-Unmodified-Since": modified},
        {"If-Match": tag, "If-Unmodified-Since": moved(modified, -5)},
    ):
        assert finished.api.stranger.get(link, headers=headers).status_code == 200
    for headers in (
        {"If-Match": '"other"'},
        {"If-Match": f"W/{tag}"},
        {"If-Unmodified-Since": moved(modified, -5)},
    ):
        answer = finished.api.stranger.get(link, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (412, "precondition_failed")
        assert answer.json()["request_id"] == answer.headers["X-Request-Id"]


@pytest.mark.parametrize(
    ("condition", "status"),
    [("{tag}", 206), ("{date}", 206), ('"other"', 200), ("W/{tag}", 200), ("soon", 200)],
)
def test_a_part_only_of_the_same_file(
    finished: Finished, link: str, whole: httpx.Response, condition: str, status: int
) -> None:
    given = condition.format(tag=whole.headers["ETag"], date=whole.headers["Last-Modified"])
    headers = {"Range": "bytes=10-19", "If-Range": given}
    answer = finished.api.stranger.get(link, headers=headers)
    assert answer.status_code == status
    assert answer.content == (whole.content[10:20] if status == 206 else whole.content)


@pytest.mark.parametrize("range_", ["rows=1-2", "seconds=0-1", "1-2", "", "bytes 0-1"])
def test_a_unit_that_is_not_known_is_ignored(
    finished: Finished, link: str, whole: httpx.Response, range_: str
) -> None:
    answer = finished.api.stranger.get(link, headers={"Range": range_})
    assert (answer.status_code, answer.content) == (200, whole.content)


@pytest.mark.parametrize(
    "range_", ["bytes=0-9,99999999-", "bytes=99999999-,0-9", "Bytes = 999999999999999999999-, 0-9"]
)
def test_parts_beyond_the_end_are_left_out(
    finished: Finished, link: str, whole: httpx.Response, range_: str
) -> None:
    answer = finished.api.stranger.get(link, headers={"Range": range_})
    assert (answer.status_code, answer.content) == (206, whole.content[:10])


def test_the_tag_is_the_same_on_every_machine(
    finished: Finished, link: str, whole: httpx.Response
) -> None:
    other = finished.api.stranger.get(finished.content[1]["url"])
    assert other.headers["ETag"] != whole.headers["ETag"]
    key = finished.api.row(finished.task["id"]).results[0].key
    path = finished.api.app.storage.path(key)
    path.touch()  # as a copy in a cache has its own time
    again = finished.api.stranger.get(link)
    assert again.headers["ETag"] == whole.headers["ETag"]


def test_a_download_has_a_name(api: Api, finished: Finished) -> None:
    plain, marked = (api.stranger.get(entry["url"]) for entry in finished.content)
    id = finished.task["id"]
    assert plain.headers["Content-Disposition"] == f'inline; filename="kirin-{id}.mp4"'
    assert marked.headers["Content-Disposition"] == f'inline; filename="kirin-{id}-watermarked.mp4"'
