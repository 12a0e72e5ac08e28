"""The clients of fal, unpatched, against a server of ours, step by step.

``fal-client`` is in the extra ``[dev]``; those for JavaScript are in ``tests/clients``.
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import re
import sys
import warnings
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest

from kirin.client import LocalServer
from kirin.media.decode import facts
from support.certificates import Authority
from support.fal_hosts import FalHosts
from support.holds import holding
from support.javascript import run_script
from support.loopback import Receiver
from support.pictures import inline
from support.servers import Running, local_server
from support.tls import TlsFront
from support.waiting import until

pytest.importorskip("fal_client", reason="needs: pip install fal-client")

PAGE = Path(__file__).parents[2] / "docs" / "dialects" / "fal.md"
T2V = "fal-ai/kling-video/v3/standard/text-to-video"
I2V = "fal-ai/kling-video/v3/pro/image-to-video"
WORDS = {"prompt": "a tiny lake"}


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture(scope="module")
def behind_tls(
    tmp_path_factory: pytest.TempPathFactory, authority: Authority
) -> Iterator[tuple[LocalServer, str]]:
    """A server, and where it is found: the client for Python speaks nothing but TLS."""
    folder = tmp_path_factory.mktemp("fal")
    with (
        pytest.MonkeyPatch.context() as patch,
        TlsFront(authority) as front,
        local_server(folder / "data", KIRIN_PUBLIC_URL=front.url) as server,
    ):
        front.target = int(server.base_url.rpartition(":")[2])
        host = front.url.removeprefix("https://")
        patch.setenv("SSL_CERT_FILE", str(authority.write(folder / "authority.pem")))
        patch.setenv("FAL_RUN_HOST", f"{host}/fal/run")
        patch.setenv("FAL_QUEUE_RUN_HOST", f"{host}/fal")
        yield server, front.url


@pytest.fixture(scope="module")
def module(behind_tls: tuple[LocalServer, str]) -> Iterator[ModuleType]:
    """The client, which reads its environment when it is imported."""
    names = [name for name in sys.modules if name.partition(".")[0] == "fal_client"]
    before = {name: sys.modules.pop(name) for name in names}
    yield importlib.import_module("fal_client")
    for name in [name for name in sys.modules if name.partition(".")[0] == "fal_client"]:
        del sys.modules[name]
    sys.modules.update(before)


@contextmanager
def client_of(module: ModuleType, key: str) -> Iterator[Any]:
    """A client; it has no way to close its connections itself."""
    made = module.SyncClient(key=key)
    yield made
    made._client.close()


@pytest.fixture(scope="module")
def client(module: ModuleType, behind_tls: tuple[LocalServer, str]) -> Iterator[Any]:
    with client_of(module, behind_tls[0].api_key) as made:
        yield made


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "first.png"
    path.write_bytes(b64decode(inline(720, 1280)))
    return path


def test_it_subscribes_from_words_and_downloads(
    module: ModuleType, client: Any, tmp_path: Path
) -> None:
    seen: list[Any] = []
    result = client.subscribe(
        T2V, {**WORDS, "duration": "4"}, with_logs=True, on_queue_update=seen.append
    )
    video = result["video"]
    path = tmp_path / video["file_name"]
    path.write_bytes(httpx.get(video["url"], timeout=60).raise_for_status().content)
    assert facts(path).frame_count == 96
    assert (video["file_size"], video["duration"]) == (path.stat().st_size, 4)
    assert isinstance(seen[-1], module.Completed)
    assert [log["message"] for log in seen[-1].logs] == ["queued", "started", "completed"]
    assert seen[-1].metrics["inference_time"] >= 0


def test_it_submits_a_picture_and_asks_step_by_step(
    module: ModuleType, client: Any, picture: Path
) -> None:
    handle = client.submit(
        I2V, {**WORDS, "start_image_url": module.encode_file(picture), "generate_audio": False}
    )
    for status in handle.iter_events():
        assert isinstance(status, module.Queued | module.InProgress | module.Completed)
    video = client.result(I2V, handle.request_id)["video"]
    assert (video["width"], video["height"]) == (1080, 1920)
    assert client.status(I2V, handle.request_id, with_logs=True).error is None


def test_it_runs_and_streams(client: Any, tmp_path: Path) -> None:
    assert client.run(T2V, WORDS)["video"]["content_type"] == "video/mp4"
    events: list[Any] = []
    with holding(tmp_path) as hold:
        for event in client.stream(T2V, {"prompt": f"tiny {hold.word}"}):
            events.append(event)
            hold.release()
    assert events[0]["status"] in ("IN_QUEUE", "IN_PROGRESS")
    assert events[-2]["status"] == "COMPLETED"
    assert events[-1]["video"]["width"] == 1280


@pytest.mark.parametrize("repository", ["fal_v3", "fal"])
def test_it_uploads_where_the_hosts_of_files_lead_here(
    module: ModuleType,
    behind_tls: tuple[LocalServer, str],
    authority: Authority,
    picture: Path,
    monkeypatch: pytest.MonkeyPatch,
    repository: str,
) -> None:
    server, _ = behind_tls
    targets = {
        "rest.fal.ai": f"{server.base_url}/fal/rest",
        "v3.fal.media": f"{server.base_url}/fal/cdn",
    }
    with FalHosts(authority, targets) as hosts:
        monkeypatch.setenv("HTTPS_PROXY", hosts.url(""))
        monkeypatch.setenv("NO_PROXY", "localhost")
        with client_of(module, server.api_key) as client:
            with warnings.catch_warnings():  # it leaves the connections of its uploads open
                warnings.simplefilter("ignore", ResourceWarning)
                url = client.upload_file(picture, repository=repository, fallback_repository=[])
                gc.collect()
            result = client.subscribe(I2V, {**WORDS, "image_url": url})
    assert (result["video"]["width"], result["video"]["height"]) == (1080, 1920)
    assert [path for _, _, path in hosts.asked] == {
        "fal_v3": ["/storage/auth/token", "/files/upload"],
        "fal": ["/storage/upload/initiate"],
    }[repository]


def test_it_cancels(module: ModuleType, client: Any) -> None:
    handle = client.submit(T2V, {"prompt": "crawl"})  # it does not end before
    handle.cancel()
    status = handle.status()
    assert isinstance(status, module.Completed)
    assert status.error_type == "task_cancelled"
    with pytest.raises(module.client.FalClientHTTPError, match="cancelled") as over:
        client.result(T2V, handle.request_id)
    assert over.value.status_code == 422
    with pytest.raises(module.client.FalClientHTTPError) as late:
        handle.cancel()
    assert (late.value.status_code, late.value.response.json()["status"]) == (
        400,
        "ALREADY_COMPLETED",
    )


def test_it_tells_refusals_apart(module: ModuleType, client: Any) -> None:
    error = module.client.FalClientHTTPError
    with pytest.raises(error) as wrong:
        client.submit(T2V, {**WORDS, "duration": "99"})
    assert (wrong.value.status_code, wrong.value.error_type) == (422, "invalid_parameters")
    assert wrong.value.message[0]["loc"] == ["body", "duration"]
    with pytest.raises(error, match="did you mean") as unknown:
        client.submit("fal-ai/kling-video/v3/standard/text-to-vidio", WORDS)
    assert unknown.value.status_code == 404
    with (
        client_of(module, "nobody") as nobody,
        pytest.raises(error, match="API key") as stranger,
    ):
        nobody.submit(T2V, WORDS)
    assert stranger.value.status_code == 401
    with pytest.raises(error, match="told to fail") as failed:
        client.subscribe(T2V, {"prompt": "fail"})
    assert failed.value.status_code == 422


def test_a_repeated_request_is_made_once(module: ModuleType, client: Any) -> None:
    headers = {"Idempotency-Key": "fal-7"}
    first, second = (client.submit(T2V, WORDS, headers=headers) for _ in range(2))
    assert first.request_id == second.request_id
    with pytest.raises(module.client.FalClientHTTPError, match="fal-7"):
        client.submit(T2V, {"prompt": "a tiny sea"}, headers=headers)


def test_its_asynchronous_client_works_too(
    module: ModuleType, behind_tls: tuple[LocalServer, str]
) -> None:
    async def work() -> Any:
        asynchronous = module.AsyncClient(key=behind_tls[0].api_key)
        handle = await asynchronous.submit(T2V, WORDS)
        states = [state async for state in handle.iter_events(with_logs=True)]
        assert isinstance(states[-1], module.Completed)
        results = [await asynchronous.result(T2V, handle.request_id), await handle.get()]
        for result in results:  # links that are signed in another hour end in another one
            result["video"]["url"] = result["video"]["url"].partition("?")[0]
        assert results[0] == results[1]
        made = await asynchronous.subscribe(T2V, WORDS)
        await (await asynchronous._client).aclose()
        return made

    assert asyncio.run(work())["video"]["fps"] == 24


def test_the_example_of_the_page_runs(
    module: ModuleType,
    behind_tls: tuple[LocalServer, str],
    picture: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FAL_KEY", behind_tls[0].api_key)
    exec(compile(code, str(PAGE), "exec"), {})  # noqa: S102  our own page
    module.sync_client._client.close()
    assert facts(tmp_path / "lake.mp4").frame_count == 192
    assert facts(tmp_path / "picture.mp4").frame_count == 120


def test_the_client_for_javascript(running: Running, tmp_path: Path) -> None:
    with holding(tmp_path) as hold, Receiver() as hook:
        told = run_script(
            "fal.mjs",
            base_url=running.server.base_url,
            api_key=running.server.api_key,
            picture=inline(720, 1280),
            webhook=hook.url("hook"),
            held=f"tiny {hold.word}",
            sign=str(hold.sign),
        )
        until(lambda: len(hook.messages) > 0)
    words = told["words"]
    assert (words["video"]["width"], words["last"]) == (1280, "COMPLETED")
    assert words["bytes"] == words["video"]["file_size"]
    assert words["logs"] == ["queued", "started", "completed"]
    assert told["picture"]["status"] == "COMPLETED"
    assert told["picture"]["seen"][-1] == "COMPLETED"
    assert told["picture"]["video"]["width"] == 1080
    assert told["proxied"]["width"] == 1080
    assert told["proxied"]["status_url"].startswith("https://queue.fal.run/fal-ai/kling-video/")
    assert told["stream"]["first"] in ("IN_QUEUE", "IN_PROGRESS")
    assert told["stream"]["last"] == "video/mp4"
    assert told["cancelled"]["status"] == "COMPLETED"
    assert told["cancelled"]["again"] == [400, "ALREADY_COMPLETED"]
    assert told["repeated"] is True
    refused = told["refused"]
    assert (refused["validation"], refused["status"]) == (True, 422)
    assert refused["field"][0]["loc"] == ["body", "duration"]
    assert "duration" in refused["message"]
    assert told["stranger"][:2] == [True, 401]
    assert told["unknown"][0] == 404
    assert told["failed"][0] == 422
    (message,) = hook.messages
    assert message.task["request_id"] == told["hooked"]
    assert message.task["status"] == "OK"
    assert message.task["payload"]["video"]["content_type"] == "video/mp4"


def test_the_ai_sdk(running: Running) -> None:
    told = run_script(
        "ai_fal.mjs",
        base_url=running.server.base_url,
        api_key=running.server.api_key,
        picture=inline(720, 1280),
    )
    assert told["words"]["type"] == "video/mp4"
    assert told["words"]["bytes"] > 1000
    assert (told["words"]["facts"]["width"], told["words"]["facts"]["duration"]) == (1080, 5)
    assert told["picture"]["width"] == 720
    assert told["refused"][0] == 422
    assert "duration" in told["refused"][1]
    assert "seed" in told["seed"][1]
    assert "told to fail" in told["failed"][1]
    assert told["stranger"][0] == 401
