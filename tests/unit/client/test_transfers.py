"""What both clients send and fetch, and what they follow."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from kirin_client import NotFound, UnreadableAnswer, picture
from kirin_client.errors import ConnectionFailed
from support.client_server import Server, refused, task

Connect = Callable[..., Any]
UPLOADED = {
    "url": "http://kirin.test/files/u",
    "type": "image",
    "mime": "image/png",
    "size": 3,
    "width": 1,
    "height": 1,
    "expires_at": 1,
}
FILE = bytes(range(256)) * 40
LINK = "http://kirin.test/files/video?signature=s"


class Pipe(io.RawIOBase):
    """A file that can be read once."""

    def __init__(self) -> None:
        self._left = [FILE]

    def read(self, size: int = -1) -> bytes:
        return self._left.pop() if self._left else b""


class FileServer:
    """Has one file, and cuts the first answers after some bytes."""

    def __init__(self, *cuts: int, ranges: bool = True, tag: str = '"v1"') -> None:
        self.cuts = list(cuts)
        self.ranges = ranges
        self.tag = tag
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        first, status = 0, 200
        headers = {"ETag": self.tag, "Content-Length": str(len(FILE))}
        wanted = re.fullmatch(r"bytes=(\d+)-", request.headers.get("Range", ""))
        if wanted and self.ranges and request.headers["If-Range"] == self.tag:
            first, status = int(wanted[1]), 206
            headers["Content-Range"] = f"bytes {first}-{len(FILE) - 1}/{len(FILE)}"
            headers["Content-Length"] = str(len(FILE) - first)
        cut = self.cuts.pop(0) if self.cuts else None
        return httpx.Response(status, headers=headers, stream=Pieces(FILE[first:], cut))


class Pieces(httpx.SyncByteStream, httpx.AsyncByteStream):
    """Bytes, up to where the connection breaks."""

    def __init__(self, content: bytes, cut: int | None) -> None:
        self._content, self._cut = content, cut

    def __iter__(self) -> Iterator[bytes]:
        yield self._content[: self._cut]
        if self._cut is not None:
            raise httpx.ReadError("cut")

    async def __aiter__(self) -> Any:
        for piece in self:
            yield piece


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / 'a "b".png'
    file.write_bytes(FILE)
    return file


def test_a_file_is_sent_in_any_form(connect: Connect, path: Path) -> None:
    server = Server(UPLOADED)
    kirin = connect(server)
    middle = io.BytesIO(b"no" + FILE)
    middle.seek(2)
    with path.open("rb") as opened:
        for form in (path, str(path), FILE, bytearray(FILE), memoryview(FILE), opened, middle):
            assert kirin.upload(form)["url"] == UPLOADED["url"]
    for request in server.requests:
        assert request.content == FILE
        assert request.headers["Content-Length"] == str(len(FILE))
        assert "Transfer-Encoding" not in request.headers


def test_a_file_without_a_known_length_is_sent_in_chunks(connect: Connect) -> None:
    server = Server(UPLOADED)
    connect(server).upload(Pipe())
    assert server.requests[0].content == FILE
    assert server.requests[0].headers["Transfer-Encoding"] == "chunked"
    assert "Content-Length" not in server.requests[0].headers


def test_a_picture_is_sent_as_png(connect: Connect) -> None:
    server = Server(UPLOADED)
    connect(server).upload(Image.new("RGB", (3, 2), "red"))
    with Image.open(io.BytesIO(server.requests[0].content)) as sent:
        assert (sent.format, sent.size) == ("PNG", (3, 2))


def test_a_form_carries_the_file_and_its_name(connect: Connect, path: Path) -> None:  # N-7
    server = Server(UPLOADED)
    connect(server).store(path)
    (request,) = server.requests
    assert request.headers["Content-Length"] == str(len(request.content))
    assert b'name="file"; filename="a _b_.png"\r\n' in request.content
    assert b"\r\n\r\n" + FILE + b"\r\n--" in request.content


def test_a_file_is_sent_again_from_its_start(connect: Connect, path: Path) -> None:
    server = Server(refused(503), httpx.WriteError("cut"), UPLOADED)
    with path.open("rb") as opened:
        connect(server).upload(opened)
    assert [request.content for request in server.requests] == [FILE] * 3


def test_what_can_be_read_once_is_sent_once(connect: Connect) -> None:
    server = Server(httpx.WriteError("cut"))
    with pytest.raises(ConnectionFailed):
        connect(server).upload(Pipe())
    assert len(server.requests) == 1


def test_what_is_no_file(connect: Connect, tmp_path: Path) -> None:
    server = Server(UPLOADED)
    with pytest.raises(FileNotFoundError):
        connect(server).upload(tmp_path / "none")
    with pytest.raises(TypeError, match="not int"):
        connect(server).upload(5)
    assert server.requests == []


def test_a_picture_as_a_parameter() -> None:
    assert picture(b"abc") == "YWJj"


def test_a_download_goes_on_where_it_broke(connect: Connect, tmp_path: Path) -> None:  # W-5
    server = FileServer(1000, 0, 500, 1)
    saved = connect(server, max_retries=2).download(LINK, tmp_path / "v.mp4")
    assert saved.read_bytes() == FILE
    ranges = [request.headers.get("Range") for request in server.asked]
    assert ranges == [None, "bytes=1000-", "bytes=1000-", "bytes=1500-", "bytes=1501-"]
    assert list(tmp_path.iterdir()) == [saved]


@pytest.mark.parametrize("server", [FileServer(1000, ranges=False), FileServer(1000, tag='W/"v"')])
def test_a_download_begins_again_where_it_must(connect: Connect, server: FileServer) -> None:
    server.cuts = [1000]
    assert connect(server).read(LINK) == FILE


def test_a_download_is_whole_or_not_there(connect: Connect, tmp_path: Path) -> None:
    old = tmp_path / "v.mp4"
    old.write_bytes(b"old")
    with pytest.raises(ConnectionFailed):
        connect(FileServer(*[0] * 9), max_retries=2).download(LINK, old)
    with pytest.raises(NotFound):
        connect(Server(refused(404))).download(LINK, old)
    assert [each.read_bytes() for each in tmp_path.iterdir()] == [b"old"]


def test_an_answer_that_is_too_short_is_noticed(connect: Connect) -> None:
    def short(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"Content-Length": "9"}, stream=Pieces(b"123", None))

    with pytest.raises(ConnectionFailed, match="3 of 9 bytes"):
        connect(short, max_retries=1).read(LINK)


def test_another_part_than_was_asked_for_is_no_answer(connect: Connect) -> None:
    def wrong(request: httpx.Request) -> httpx.Response:
        if "Range" in request.headers:
            return httpx.Response(206, headers={"Content-Range": "bytes 0-1/9"}, content=b"12")
        headers = {"ETag": '"v"', "Content-Length": "9"}
        return httpx.Response(200, headers=headers, stream=Pieces(b"123", 2))

    with pytest.raises(UnreadableAnswer, match="bytes from 2"):
        connect(wrong).read(LINK)


@pytest.mark.parametrize("path", ["none/v.mp4", "folder"])
def test_a_path_that_cannot_be_written_costs_no_request(
    connect: Connect, tmp_path: Path, path: str
) -> None:
    server = FileServer()
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match=path):
        connect(server).download(LINK, tmp_path / path)
    assert server.asked == []


def test_the_key_goes_to_the_server_alone(connect: Connect) -> None:
    server = FileServer()
    kirin = connect(server, headers={"X-Own": "1"})
    for url in (LINK, "http://kirin.test:81/v", "https://kirin.test/v", "http://elsewhere.test/v"):
        kirin.read(url)
    own = [
        ("Authorization" in request.headers, "X-Own" in request.headers) for request in server.asked
    ]
    assert own == [(True, True), *[(False, False)] * 3]


def test_the_right_copy_of_a_task_is_taken(connect: Connect) -> None:
    content = [
        {"type": "video", "url": LINK, "jobId": "j"},
        {"type": "video", "url": f"{LINK}2", "jobId": "j", "watermark": True},
    ]
    done = task("completed", output=[{"content": content, "jobId": "j"}])
    server = FileServer()
    kirin = connect(server)
    found = connect(Server(done)).task("t1")
    kirin.read(found)
    kirin.read(found, watermarked=True)
    kirin.read(found.output[0].content[0])
    assert [str(request.url) for request in server.asked] == [LINK, f"{LINK}2", LINK]
    with pytest.raises(ValueError, match="no such file"):
        kirin.read(connect(Server(task())).task("t1"))


def events(*told: tuple[int, str, Any], end: str = "") -> httpx.Response:
    """An answer with a stream of events."""
    text = "retry: 1500\n\n: keepalive\n\n" + "".join(
        f"id: {id}\nevent: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
        for id, name, data in told
    )
    return httpx.Response(200, headers={"Content-Type": "text/event-stream"}, text=text + end)


def test_a_stream_is_opened_again_where_it_broke(
    connect: Connect, pauses: list[float]
) -> None:  # N-2
    half = "id: 9\nevent: output\ndata: {"
    server = Server(
        events((1, "output", task(progress=0.1)), end=half),
        refused(503),
        events((5, "output", task(progress=0.5)), (20, "done", task("completed"))),
    )
    told = list(connect(server).stream("a/b", after="0"))
    assert [(each.name, each.id, each.task.progress) for each in told] == [
        ("output", "1", 0.1),
        ("output", "5", 0.5),
        ("done", "20", 0.5),
    ]
    assert [r.headers.get("Last-Event-ID") for r in server.requests] == ["0", "1", "1"]
    assert server.requests[0].url.raw_path.endswith(b"/task/a%2Fb/stream")
    assert len(pauses) == 2


def test_texts_may_hold_any_line_break_of_unicode(connect: Connect) -> None:
    odd = task("completed", metadata={"prompt": "a\u2028b\u0085c\x0b"})
    (told,) = connect(Server(events((1, "done", odd)))).stream("t1")
    assert told.data == odd


def test_a_stream_that_does_not_come_back_ends(connect: Connect) -> None:
    server = Server(events())
    with pytest.raises(ConnectionFailed, match="closed the event stream"):
        list(connect(server, max_retries=2).stream("t1"))
    assert len(server.requests) == 3


def test_no_stream_where_there_is_none(connect: Connect) -> None:
    with pytest.raises(NotFound):
        list(connect(Server(refused(404))).stream("t1"))
    with pytest.raises(UnreadableAnswer, match="event stream"):
        list(connect(Server(task())).stream("t1"))
