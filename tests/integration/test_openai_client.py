"""The SDK of OpenAI, unpatched, against a server of ours, step by step.

It is in the extra ``[dev]``. Its makers call the methods of videos deprecated, since their own
service ended.
"""

from __future__ import annotations

import asyncio
import re
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from kirin.client import LocalServer
from kirin.media.decode import facts
from support.cards import I2V, T2V
from support.loopback import FileHost, Receiver
from support.pictures import inline
from support.servers import Running, local_server
from support.waiting import until

openai = pytest.importorskip("openai", reason="needs: pip install openai")
PAGE = Path(__file__).parents[2] / "docs" / "dialects" / "openai.md"
pytestmark = pytest.mark.filterwarnings("ignore:The Sora API:DeprecationWarning")


def client_of(server: LocalServer, key: str | None = None, **options: Any) -> Any:
    return openai.OpenAI(api_key=key or server.api_key, base_url=f"{server.base_url}/v1", **options)


@pytest.fixture
def client(running: Running) -> Any:
    with client_of(running.server) as found:
        yield found


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "first.png"
    path.write_bytes(b64decode(inline(720, 1280)))
    return path


def test_it_creates_from_words_polls_and_downloads(client: Any, tmp_path: Path) -> None:
    video = client.videos.create_and_poll(
        model="sora-2", prompt="a tiny lake", seconds="4", size="1280x720", poll_interval_ms=50
    )
    assert (video.status, video.progress, video.error) == ("completed", 100, None)
    assert (video.model, video.seconds, video.size) == ("kirin_v3_t2v", "4", "1280x720")
    path = tmp_path / "video.mp4"
    client.videos.download_content(video.id).write_to_file(path)
    assert facts(path).frame_count == 96
    thumbnail = client.videos.download_content(video.id, variant="thumbnail").read()
    assert thumbnail[8:12] == b"WEBP"
    sheet = client.videos.download_content(video.id, variant="spritesheet").read()
    assert sheet.startswith(b"\xff\xd8")


def test_it_creates_from_a_file(client: Any, picture: Path) -> None:
    video = client.videos.create_and_poll(
        model="sora-2",
        prompt="a tiny lake",
        size="720x1280",
        input_reference=picture,
        poll_interval_ms=50,
    )
    assert (video.status, video.model, video.size) == ("completed", "kirin_v3_i2v", "720x1280")


def test_it_creates_from_an_address(client: Any, picture: Path) -> None:
    with FileHost() as files:
        # The SDK says that input_reference takes this object, and then insists on a file.
        reference = {"image_url": files.add("first.png", picture.read_bytes())}
        video = client.videos.create_and_poll(
            prompt="a tiny lake",
            extra_body={"input_reference": reference},
            poll_interval_ms=50,
        )
    assert (video.status, video.model, video.size) == ("completed", "kirin_v3_i2v", "720x1280")


def test_it_sends_what_its_makers_never_thought_of(running: Running, client: Any) -> None:
    video = client.videos.create_and_poll(
        model=I2V,
        prompt="a tiny lake",
        seconds="5",
        extra_body={"image": inline(400, 300), "watermark_info": {"enabled": True}},
        poll_interval_ms=50,
    )
    task = running.kirin.task(video.id)
    content = task["output"][0]["content"]
    assert [each.get("watermark", False) for each in content] == [False, True]


def test_the_example_of_the_page_runs(
    running: Running, picture: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KIRIN_API_KEY", running.server.api_key)
    code = code.replace("http://127.0.0.1:8000", running.server.base_url)
    exec(compile(code, str(PAGE), "exec"), {})  # noqa: S102  our own page
    assert facts(tmp_path / "lake.mp4").frame_count == 192
    assert facts(tmp_path / "picture.mp4").frame_count == 96


def test_it_reads_the_default_poll_interval(client: Any) -> None:
    video = client.videos.create(prompt="a tiny lake")
    raw = client.videos.with_raw_response.retrieve(video.id)
    assert raw.headers["x-request-id"]
    assert client.videos.poll(video.id).status == "completed"


def test_it_lists_and_deletes(client: Any) -> None:
    first, second = (client.videos.create(model=T2V, prompt=f"a tiny lake {name}") for name in "ab")
    page = client.videos.list(limit=1)
    assert ([video.id for video in page.data], page.has_more) == ([second.id], True)
    found = [video.id for video in client.videos.list(limit=1)]  # page after page
    assert found[:2] == [second.id, first.id]
    gone = client.videos.delete(first.id)
    assert (gone.id, gone.deleted, gone.object) == (first.id, True, "video.deleted")
    with pytest.raises(openai.NotFoundError):
        client.videos.retrieve(first.id)


def test_it_remixes(client: Any) -> None:
    video = client.videos.create(model=T2V, prompt="a tiny lake", seconds="10")
    remix = client.videos.remix(video.id, prompt="a tiny sea")
    assert (remix.remixed_from_video_id, remix.seconds) == (video.id, "10")
    assert client.videos.poll(remix.id, poll_interval_ms=50).prompt == "a tiny sea"


def test_it_learns_why_a_video_failed(client: Any) -> None:
    video = client.videos.create_and_poll(model=T2V, prompt="fail", poll_interval_ms=50)
    assert (video.status, video.error.code) == ("failed", "002004095")
    assert "told to fail" in video.error.message


def test_it_tells_refusals_apart(running: Running, client: Any) -> None:
    with pytest.raises(openai.BadRequestError, match="1024x1792") as wrong:
        client.videos.create(model="sora-2-pro", prompt="a lake", size="1024x1792")
    assert (wrong.value.param, wrong.value.type) == ("size", "invalid_request_error")
    assert wrong.value.request_id
    with pytest.raises(openai.BadRequestError) as unknown:
        client.videos.create(prompt="a lake", extra_body={"colour": "red"})
    assert (unknown.value.param, unknown.value.code) == ("colour", "unknown_parameter")
    with pytest.raises(openai.NotFoundError) as model:
        client.videos.create(model="gpt-9", prompt="a lake")
    assert model.value.code == "model_not_found"
    with pytest.raises(openai.NotFoundError):
        client.videos.retrieve("nothing")
    with pytest.raises(openai.NotFoundError):
        client.chat.completions.create(model="gpt-9", messages=[])
    with (
        client_of(running.server, "nobody") as nobody,
        pytest.raises(openai.AuthenticationError) as stranger,
    ):
        nobody.videos.create(prompt="a lake")
    assert stranger.value.code == "invalid_api_key"


def test_it_notices_a_low_balance(tmp_path: Path) -> None:
    with (
        local_server(tmp_path, KIRIN_BILLING="prepaid") as server,
        client_of(server) as client,
        pytest.raises(openai.RateLimitError) as low,
    ):
        client.videos.create(prompt="a tiny lake")
    assert (low.value.code, low.value.type) == ("insufficient_quota", "insufficient_quota")


def test_a_repeated_request_makes_no_second_video(client: Any, picture: Path) -> None:
    def create(prompt: str) -> Any:
        return client.videos.create(
            prompt=prompt,
            input_reference=picture,
            extra_headers={"Idempotency-Key": "openai-7"},
        )

    assert create("a tiny lake").id == create("a tiny lake").id
    with pytest.raises(openai.ConflictError, match="openai-7"):
        create("a tiny sea")


def test_it_verifies_a_webhook(running: Running) -> None:
    secret = running.kirin.webhook_secret().secret
    with Receiver() as receiver, client_of(running.server, webhook_secret=secret) as client:
        body = {"callback_url": receiver.url("hook")}
        video = client.videos.create(model=T2V, prompt="a tiny lake", extra_body=body)
        message = until(lambda: receiver.messages[0] if receiver.messages else None, 60)
    event = client.webhooks.unwrap(message.body, message.headers)
    assert (event.type, event.data.id) == ("video.completed", video.id)
    with pytest.raises(openai.InvalidWebhookSignatureError):
        client.webhooks.unwrap(message.body + b" ", message.headers)
    assert len(receiver.messages) == 1


def test_it_lists_models(client: Any) -> None:
    ids = [model.id for model in client.models.list()]
    assert {"sora-2", "sora-2-pro", T2V} <= {*ids}
    assert client.models.retrieve("sora-2").owned_by == "kirin"


def test_its_asynchronous_client_works_too(running: Running) -> None:
    async def work() -> Any:
        server = running.server
        url = f"{server.base_url}/v1"
        async with openai.AsyncOpenAI(api_key=server.api_key, base_url=url) as client:
            video = await client.videos.create_and_poll(prompt="a tiny lake", poll_interval_ms=50)
            return await client.videos.download_content(video.id)

    assert asyncio.run(work()).content[4:8] == b"ftyp"
