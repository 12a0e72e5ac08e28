"""Replicate's clients and the AI SDK, unpatched, against a server of ours, step by step.

The one for Python is in the extra ``[dev]``; those for JavaScript are in ``tests/clients``.
"""

from __future__ import annotations

import asyncio
import re
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest

from kirin.client import LocalServer
from kirin.media.decode import facts
from support.cards import T2V
from support.javascript import run_script
from support.loopback import Receiver
from support.pictures import inline
from support.servers import Running, local_server, worker
from support.waiting import until

replicate = pytest.importorskip("replicate", reason="needs: pip install replicate")
PAGE = Path(__file__).parents[2] / "docs" / "dialects" / "replicate.md"
STANDARD = "kwaivgi/kling-v1.6-standard"
V2_1 = "kwaivgi/kling-v2.1"
LAKE = {"prompt": "a tiny lake"}
SLOW = {"prompt": "a tiny slow lake"}
ENDLESS = {"prompt": "a tiny crawl"}
"""It does not end before it is cancelled."""


@contextmanager
def client_of(server: LocalServer, key: str | None = None, **options: Any) -> Iterator[Any]:
    # By default it waits for half a minute, and a busy machine takes longer.
    patience = httpx.Timeout(120)
    given = {"base_url": f"{server.base_url}/replicate", "timeout": patience, **options}
    client = replicate.Client(api_token=key or server.api_key, **given)
    yield client
    client._client.close()


@pytest.fixture
def client(running: Running, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("REPLICATE_POLL_INTERVAL", "0.05")
    with client_of(running.server) as found:
        yield found


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "first.png"
    path.write_bytes(b64decode(inline(720, 1280)))
    return path


def frames(tmp_path: Path, video: bytes) -> int:
    path = tmp_path / "video.mp4"
    path.write_bytes(video)
    return facts(path).frame_count


def is_there(url: str) -> bool:
    """Whether a file can be downloaded."""
    return httpx.head(url, timeout=60).status_code == httpx.codes.OK


def test_it_runs_and_downloads(client: Any, tmp_path: Path) -> None:
    output = client.run(STANDARD, input={**LAKE, "duration": 5, "aspect_ratio": "9:16"})
    assert isinstance(output, str)  # by https it is a FileOutput
    assert frames(tmp_path, httpx.get(output, timeout=60).content) == 120


class Gateway(httpx.HTTPTransport):
    """What stands before a server and speaks TLS."""

    def __init__(self, server: LocalServer) -> None:
        super().__init__()
        self._target = httpx.URL(server.base_url)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        there = {"scheme": "http", "host": "127.0.0.1", "port": self._target.port}
        request.url = request.url.copy_with(**there)
        return super().handle_request(request)


def test_its_file_output_downloads_by_https(tmp_path: Path) -> None:
    public = "https://kirin.example"
    with (
        local_server(tmp_path, KIRIN_PUBLIC_URL=public) as server,
        client_of(server, base_url=f"{public}/replicate", transport=Gateway(server)) as client,
    ):
        worker(tmp_path)  # the client waits half a minute for an answer, and no longer
        output = client.run(STANDARD, input=LAKE)
        assert isinstance(output, replicate.helpers.FileOutput)
        assert frames(tmp_path, output.read()) == 120


def test_it_runs_from_a_file_and_from_base64(client: Any, picture: Path, tmp_path: Path) -> None:
    for strategy in ("url", "base64"):
        prediction = client.predictions.create(
            version=V2_1,
            input={**LAKE, "start_image": picture},
            file_encoding_strategy=strategy,
        )
        prediction.wait()
        assert prediction.status == "succeeded", prediction.error
        assert frames(tmp_path, httpx.get(prediction.output, timeout=60).content) == 120
    assert client.run(V2_1, input={**LAKE, "start_image": picture})


def test_it_gets_its_output_although_the_answer_came_before_the_end(client: Any) -> None:
    assert is_there(client.run(STANDARD, input=SLOW, wait=1))
    assert is_there(client.run(STANDARD, input=LAKE, wait=False))


def test_it_runs_a_version(client: Any) -> None:
    version = client.models.get(STANDARD).latest_version
    schema = version.openapi_schema["components"]["schemas"]
    assert schema["Output"]["format"] == "uri"
    assert {"prompt", "start_image", "cfg_scale"} <= schema["Input"]["properties"].keys()
    assert is_there(client.run(f"{STANDARD}:{version.id}", input=LAKE))
    assert [each.id for each in client.models.get(V2_1).versions.list()] != [version.id]
    assert client.predictions.create(version, LAKE).version == version.id


def test_it_follows_lists_and_cancels(client: Any) -> None:
    prediction = client.models.predictions.create(f"kirin/{T2V}", input=ENDLESS)
    assert (prediction.status, prediction.model) == ("starting", f"kirin/{T2V}")
    until(lambda: client.predictions.get(prediction.id).status == "processing")
    prediction.reload()
    assert prediction.progress.total == 100
    prediction.cancel()
    assert prediction.status == "canceled"
    pages = list(replicate.pagination.paginate(client.predictions.list))
    assert pages[0][0].id == prediction.id
    assert {model.owner for model in client.models.list()} == {"kirin", "kwaivgi"}
    assert client.accounts.current().type == "organization"


def test_it_sends_files(client: Any, picture: Path) -> None:
    file = client.files.create(picture)
    assert (file.name, file.content_type) == ("first.png", "image/png")
    assert file.id in [each.id for each in client.files.list()]
    assert client.files.get(file.id).size == picture.stat().st_size
    assert client.files.delete(file.id)
    with pytest.raises(replicate.exceptions.ReplicateError, match="metadata"):
        client.files.create(BytesIO(picture.read_bytes()), metadata={"a": 1})


def test_it_learns_why_a_prediction_failed(client: Any) -> None:
    with pytest.raises(replicate.exceptions.ModelError, match="told to fail") as failed:
        client.run(STANDARD, input={"prompt": "fail"})
    assert failed.value.prediction.status == "failed"


def test_it_tells_refusals_apart(running: Running, client: Any) -> None:
    error = replicate.exceptions.ReplicateError

    def refused(status: int, client: Any, model: str, **input: Any) -> Any:
        with pytest.raises(error) as refusal:
            client.run(model, input=input)
        assert refusal.value.status == status
        return refusal.value

    wrong = refused(422, client, STANDARD, prompt="a lake", colour="red")
    assert wrong.title == "Input validation failed"
    assert "input.colour" in wrong.detail
    assert refused(404, client, "nobody/nothing").type == "urn:kirin:error:unknown_model"
    with client_of(running.server, "nobody") as stranger:
        assert refused(401, stranger, STANDARD, **LAKE).title == "Unauthenticated"
    with pytest.raises(error, match="404"):
        client.predictions.get("nothing")


def test_it_notices_a_low_balance(tmp_path: Path) -> None:
    with (
        local_server(tmp_path, KIRIN_BILLING="prepaid") as server,
        client_of(server) as client,
        pytest.raises(replicate.exceptions.ReplicateError) as low,
    ):
        client.run(STANDARD, input=LAKE)
    assert (low.value.status, low.value.title) == (402, "Insufficient credit")


def test_it_validates_webhooks(client: Any) -> None:
    with Receiver() as receiver:
        prediction = client.predictions.create(
            version=STANDARD,
            input=LAKE,
            webhook=receiver.url("hook"),
            webhook_events_filter=["start", "completed"],
        )
        prediction.wait()
        messages = until(lambda: found if len(found := receiver.of(prediction.id)) > 1 else [])
    secret = client.webhooks.default.secret()
    for message in messages:
        headers, body = dict(message.headers), message.body.decode()
        client.webhooks.validate(headers=headers, body=body, secret=secret, tolerance=600)
        with pytest.raises(replicate.webhook.InvalidSignatureError):
            client.webhooks.validate(headers=headers, body=body + " ", secret=secret)
    assert [message.task["status"] for message in messages] == ["processing", "succeeded"]
    assert is_there(messages[-1].task["output"])


def test_its_asynchronous_half_works_too(client: Any, picture: Path) -> None:
    async def work() -> Any:
        output = await client.async_run(V2_1, input={**LAKE, "start_image": picture})
        prediction = await client.predictions.async_create(version=STANDARD, input=LAKE)
        await prediction.async_wait()
        page = await client.predictions.async_list()
        slow = await client.models.predictions.async_create(f"kirin/{T2V}", input=ENDLESS)
        await slow.async_cancel()
        await client._async_client.aclose()
        return output, prediction.id in [each.id for each in page], slow.status

    output, listed, status = asyncio.run(work())
    assert is_there(output)
    assert (listed, status) == (True, "canceled")


def test_the_example_of_the_page_runs(
    running: Running, picture: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KIRIN_API_KEY", running.server.api_key)
    code = code.replace("http://127.0.0.1:8000", running.server.base_url)
    exec(compile(code, str(PAGE), "exec"), {})  # noqa: S102  our own page
    assert facts(tmp_path / "lake.mp4").frame_count == 240
    assert facts(tmp_path / "picture.mp4").frame_count == 120
    assert picture.exists()


def test_the_client_for_javascript(running: Running, picture: Path) -> None:
    server = running.server
    told = run_script(
        "replicate.mjs",
        base_url=f"{server.base_url}/replicate/v1",
        api_key=server.api_key,
        picture=str(picture),
    )
    assert (told["progress"], told["type"]) == ("succeeded", "video/mp4")
    assert told["downloaded"] > 1000
    for name in ("run", "picture", "polled", "early"):
        assert is_there(told[name]), name
    assert {"prompt", "start_image", "cfg_scale"} <= {*told["schema"]}
    assert (told["created"], told["waited"], told["listed"]) == ("starting", "succeeded", True)
    assert told["cancelled"] == "canceled"
    assert told["file"] == [picture.stat().st_size, True]
    assert told["account"] == "organization"
    assert "told to fail" in told["failed"][2]
    assert [told[name][:2] for name in ("refused", "unknown", "stranger")] == [
        ["ApiError", status] for status in (422, 404, 401)
    ]
    assert "input.colour" in told["refused"][2]
    assert told["webhook"] == [True, "succeeded"]


def test_the_ai_sdk(running: Running, picture: Path) -> None:
    server = running.server
    told = run_script(
        "ai_replicate.mjs",
        base_url=f"{server.base_url}/replicate/v1",
        api_key=server.api_key,
        picture=str(picture),
    )
    for name in ("words", "size", "picture"):
        kind, size = told[name]
        assert (kind, size > 1000) == ("video/mp4", True), name
    assert "told to fail" in told["failed"][2]
    assert told["refused"][:2] == ["AI_APICallError", 422]
    assert "input.fps" in told["refused"][2]
    assert told["stranger"][:2] == ["AI_APICallError", 401]


def test_the_bare_address_of_the_server_does_too(running: Running) -> None:
    server = running.server
    with client_of(server, base_url=server.base_url) as client:
        assert is_there(client.run(f"kirin/{T2V}", input=LAKE))
        assert [each.id for each in client.predictions.list()]
