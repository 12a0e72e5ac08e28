"""The SDKs of OpenRouter, unpatched, against a server of ours, step by step."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from standardwebhooks.webhooks import Webhook

from kirin.client import LocalServer
from kirin.media.decode import facts
from support.cards import T2V
from support.holds import holding
from support.javascript import run_script
from support.loopback import Message, Receiver
from support.pictures import inline
from support.servers import Running, local_server
from support.waiting import until

PAGE = Path(__file__).parents[2] / "docs" / "dialects" / "openrouter.md"
STD = "kwaivgi/kling-v3.0-std"
PICTURE = f"data:image/png;base64,{inline(720, 1280)}"


def url_of(server: LocalServer) -> str:
    return f"{server.base_url}/api/v1"


def test_the_sdk_for_javascript(running: Running, tmp_path: Path) -> None:
    with (
        Receiver() as receiver,
        local_server(tmp_path / "poor", KIRIN_BILLING="prepaid") as poor,
        holding(tmp_path) as hold,
    ):
        told = run_script(
            "openrouter.mjs",
            base_url=url_of(running.server),
            api_key=running.server.api_key,
            picture=PICTURE,
            callback_url=receiver.url("/hook"),
            held=f"tiny {hold.word}",
            sign=str(hold.sign),
            poor={"base_url": url_of(poor), "api_key": poor.api_key},
        )
        _check_event(running, receiver, told)
    assert (told["created"], told["status"]) == ("pending", "completed")
    assert told["usage"] == {"cost": 0.336, "isByok": False}
    assert (told["same"], told["polled"]) == (True, 200)
    path = tmp_path / "video.mp4"
    path.write_bytes(b64decode(told["video"]))
    assert facts(path).frame_count == 96
    assert told["from_picture"]["status"] == "completed"
    assert running.kirin.task(told["from_picture"]["id"])["model"] == "kirin_v3_i2v"
    assert told["failed"]["status"] == "failed"
    assert "told to fail" in told["failed"]["error"]
    assert told["repeated"]
    models = {id: (resolutions, frames) for id, resolutions, frames in told["models"]}
    assert models[STD] == (["720p"], ["first_frame", "last_frame"])

    _check_refusals(told)


def _check_refusals(told: Mapping[str, Any]) -> None:
    """Assert that the SDK knew each refusal by its own class of errors."""
    kinds = {
        "early": ("ConflictResponseError", 409),
        "refused": ("BadRequestResponseError", 400),
        "unknown": ("NotFoundResponseError", 404),
        "missing": ("NotFoundResponseError", 404),
        "stranger": ("UnauthorizedResponseError", 401),
        "poor": ("PaymentRequiredResponseError", 402),
    }
    assert {name: (told[name]["name"], told[name]["status"]) for name in kinds} == kinds
    assert "seed" in told["refused"]["message"]
    (problem,) = told["refused"]["error"]["metadata"]["errors"]
    assert problem["param"] == "seed"
    assert told["changed"]["status"] == 409  # of which this call has no class
    assert "openrouter-1" in told["changed"]["message"]


def _check_event(running: Running, receiver: Receiver, told: Mapping[str, Any]) -> None:
    """Assert that the callback is one event, signed, about the video that was made."""

    def told_of_the_video() -> list[Message]:
        return [m for m in receiver.messages if m.task["data"]["id"] == told["id"]]

    (message,) = until(told_of_the_video)
    secret = running.kirin.webhook_secret().secret
    event = Webhook(secret).verify(message.body, dict(message.headers))
    assert event["type"] == "video.generation.completed"
    assert httpx.get(event["data"]["unsigned_urls"][0], timeout=60).content == b64decode(
        told["video"]
    )


@pytest.fixture
def client(running: Running) -> Any:
    openrouter = pytest.importorskip("openrouter", reason="needs: pip install openrouter")
    server = running.server
    with openrouter.OpenRouter(api_key=server.api_key, server_url=url_of(server)) as found:
        yield found.video_generation


def finished(client: Any, id: str) -> Any:
    def done() -> Any:
        video = client.get_generation(job_id=id)
        return video if video.status not in ("pending", "in_progress") else None

    return until(done, 120)


def test_the_sdk_for_python(client: Any, tmp_path: Path) -> None:
    picture = {"type": "image_url", "image_url": {"url": PICTURE}, "frame_type": "first_frame"}
    job = client.generate(
        model=STD, prompt="a tiny lake", duration=4, frame_images=[picture], generate_audio=False
    )
    assert job.status == "pending"
    video = finished(client, job.id)
    assert (video.status, video.usage.cost) == ("completed", 0.336)
    content = client.get_video_content(job_id=job.id).read()
    assert httpx.get(video.unsigned_urls[0], timeout=60).content == content
    path = tmp_path / "video.mp4"
    path.write_bytes(content)
    assert facts(path).frame_count == 96
    found = {model.id: model for model in client.list_videos_models().data}
    assert found[STD].supported_resolutions == ["720p"]
    assert found[T2V].supported_aspect_ratios == ["16:9", "9:16", "1:1"]


def test_the_sdk_for_python_tells_refusals_apart(running: Running, client: Any) -> None:
    errors = pytest.importorskip("openrouter.errors")
    with pytest.raises(errors.BadRequestResponseError, match="seed") as wrong:
        client.generate(model=T2V, prompt="a lake", seed=-1)
    assert wrong.value.data.error.metadata["errors"][0]["param"] == "seed"
    with pytest.raises(errors.NotFoundResponseError):
        client.get_generation(job_id="nothing")
    openrouter = pytest.importorskip("openrouter")
    url = url_of(running.server)
    with (
        openrouter.OpenRouter(api_key="nobody", server_url=url) as nobody,
        pytest.raises(errors.UnauthorizedResponseError),
    ):
        nobody.video_generation.generate(model=T2V)


def test_the_sdk_for_python_repeats_a_request(client: Any) -> None:
    once = {"Idempotency-Key": "openrouter-2"}
    ids = {client.generate(model=T2V, prompt="a lake", http_headers=once).id for _ in range(2)}
    assert len(ids) == 1


def test_the_example_of_the_page_runs(
    running: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("openrouter", reason="needs: pip install openrouter")
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KIRIN_API_KEY", running.server.api_key)
    code = code.replace("http://127.0.0.1:8000", running.server.base_url)
    code = code.replace("time.sleep(5)", "time.sleep(0.05)")
    exec(compile(code, str(PAGE), "exec"), {})  # noqa: S102  our own page
    assert facts(tmp_path / "lake.mp4").frame_count == 120
