"""Google's SDK, unpatched, making videos by a server of ours, step by step.

It is in the extra ``[dev]``. Its third major version speaks Veo to Google's platform alone, so it
is the second that programs with an API key have.
"""

from __future__ import annotations

import asyncio
import re
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kirin.client import LocalServer
from kirin.media.decode import facts
from support.cards import T2V
from support.pictures import inline
from support.servers import Running
from support.waiting import until

genai = pytest.importorskip("google.genai", reason="needs: pip install 'google-genai<3'")
types = genai.types
errors = genai.errors

PAGE = Path(__file__).parents[2] / "docs" / "dialects" / "veo.md"
VEO = "veo-3.1-generate-preview"


def client_of(server: LocalServer, key: str | None = None, **options: Any) -> Any:
    http = types.HttpOptions(base_url=server.base_url, **options)
    return genai.Client(api_key=key or server.api_key, http_options=http)


@pytest.fixture
def client(running: Running) -> Iterator[Any]:
    with client_of(running.server) as found:
        yield found


def image(width: int = 1280, height: int = 720) -> Any:
    return types.Image(image_bytes=b64decode(inline(width, height)), mime_type="image/png")


def create(client: Any, prompt: str = "a tiny lake", **told: Any) -> Any:
    """An operation; what is no part of its source is configuration."""
    model = told.pop("model", VEO)
    source = {name: told.pop(name) for name in ("image", "video") if name in told}
    config = types.GenerateVideosConfig(**told) if told else None
    return client.models.generate_videos(
        model=model, source=types.GenerateVideosSource(prompt=prompt, **source), config=config
    )


def finished(client: Any, operation: Any) -> Any:
    def done() -> Any:
        found = client.operations.get(operation)
        return found if found.done else None

    return until(done, seconds=120)


def downloaded(client: Any, operation: Any, path: Path) -> Any:
    (generated,) = operation.response.generated_videos
    client.files.download(file=generated.video)
    generated.video.save(str(path))
    return facts(path)


def test_it_creates_from_words_polls_and_downloads(client: Any, tmp_path: Path) -> None:
    operation = create(client, duration_seconds=4, aspect_ratio="9:16", resolution="720p")
    assert operation.name.startswith(f"models/{VEO}/operations/")
    assert not operation.done
    operation = finished(client, operation)
    assert operation.error is None
    assert operation.metadata["model"] == "kirin_v3_t2v"
    assert operation.metadata["progressPercent"] == 100
    video = downloaded(client, operation, tmp_path / "video.mp4")
    assert video.frame_count == 96
    assert video.width < video.height


def test_it_creates_from_a_first_and_a_last_picture(client: Any, tmp_path: Path) -> None:
    operation = create(client, image=image(), last_frame=image(), duration_seconds=4)
    operation = finished(client, operation)
    assert operation.metadata["model"] == "kirin_v3_i2v"
    assert downloaded(client, operation, tmp_path / "video.mp4").frame_count == 96


def test_it_creates_from_pictures_of_what_is_seen(running: Running, client: Any) -> None:
    references = [
        types.VideoGenerationReferenceImage(image=image(400, 300), reference_type="asset")
        for _ in range(2)
    ]
    operation = create(client, reference_images=references, duration_seconds=4)
    task = running.kirin.task(operation.name.rpartition("/")[2])
    assert task["model"] == "kirin_v3_omni_video"
    assert finished(client, operation).error is None


def test_it_goes_on_from_a_video(client: Any, tmp_path: Path) -> None:
    first = finished(client, create(client, model="kirin_v1_6_t2v"))
    (generated,) = first.response.generated_videos
    longer = create(client, "it rains", video=types.Video(uri=generated.video.uri))
    longer = finished(client, longer)
    assert longer.metadata["model"] == "kirin_duration_extension"
    assert downloaded(client, longer, tmp_path / "longer.mp4").frame_count == 2 * 120


def test_the_example_of_the_page_runs(
    running: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KIRIN_API_KEY", running.server.api_key)
    code = code.replace("http://127.0.0.1:8000", running.server.base_url)
    exec(compile(code, str(PAGE), "exec"), {})  # noqa: S102  our own page
    assert facts(tmp_path / "lake.mp4").frame_count == 192


@pytest.mark.filterwarnings("ignore:Inheritance class:DeprecationWarning")  # within the SDK
def test_its_asynchronous_half(client: Any) -> None:
    async def work() -> bytes:
        async with client.aio as aio:
            source = types.GenerateVideosSource(prompt="a tiny lake")
            operation = await aio.models.generate_videos(model=T2V, source=source)
            async with asyncio.timeout(120):
                while not operation.done:
                    await asyncio.sleep(0.05)
                    operation = await aio.operations.get(operation)
            video = operation.response.generated_videos[0].video
            return bytes(await aio.files.download(file=video))

    assert asyncio.run(work())[4:8] == b"ftyp"


def test_it_learns_why_a_video_failed(client: Any) -> None:
    operation = finished(client, create(client, "fail", model=T2V))
    assert operation.response is None
    assert operation.error["code"] == 13
    assert "told to fail" in operation.error["message"]
    assert operation.error["details"][0]["reason"] == "002004095"


def test_it_lists_models(client: Any) -> None:
    found = {model.name: model for model in client.models.list()}
    assert found[f"models/{VEO}"].supported_actions == ["predictLongRunning"]
    assert client.models.get(model=T2V).name == f"models/{T2V}"


def test_it_tells_refusals_apart(running: Running, client: Any) -> None:
    with pytest.raises(errors.ClientError) as wrong:
        create(client, resolution="4k", number_of_videos=2, person_generation="allow_adult")
    assert (wrong.value.code, wrong.value.status) == (400, "INVALID_ARGUMENT")
    for name in ("sampleCount", "personGeneration"):
        assert f"parameters.{name}" in wrong.value.message
    with pytest.raises(errors.ClientError, match=r"parameters\.resolution"):
        create(client, resolution="4k")
    with pytest.raises(errors.ClientError) as unknown:
        create(client, model="veo-9")
    assert (unknown.value.code, unknown.value.status) == (404, "NOT_FOUND")
    with pytest.raises(errors.ClientError) as missing:
        client.operations.get(types.GenerateVideosOperation(name=f"models/{VEO}/operations/1"))
    assert missing.value.code == 404
    other = client_of(running.server, "no-key")
    with other, pytest.raises(errors.ClientError) as stranger:
        create(other)
    assert (stranger.value.code, stranger.value.status) == (401, "UNAUTHENTICATED")


def test_a_key_of_idempotency_makes_one_task(running: Running) -> None:
    with client_of(running.server, headers={"Idempotency-Key": "once-by-veo"}) as once:
        assert create(once, "a tiny pond").name == create(once, "a tiny pond").name
        with pytest.raises(errors.ClientError) as other:
            create(once, "a tiny sea")
    assert (other.value.code, other.value.status) == (409, "ALREADY_EXISTS")


def test_a_task_of_another_dialect(running: Running, client: Any, tmp_path: Path) -> None:
    task = running.kirin.create_and_wait(T2V, {"prompt": "a tiny lake"}, timeout=120)
    name = f"models/{T2V}/operations/{task['id']}"
    operation = client.operations.get(types.GenerateVideosOperation(name=name))
    assert operation.name == name
    assert downloaded(client, operation, tmp_path / "video.mp4").frame_count == 120
