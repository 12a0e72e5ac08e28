"""The Python client against a real server, and through a connection that behaves badly."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from PIL import Image

from kirin.media.decode import facts
from kirin_client import (
    ApiError,
    AsyncKirin,
    BadRequest,
    ConnectionFailed,
    InvalidSignature,
    Kirin,
    NotFound,
    TaskFailed,
    TimedOut,
    Unauthenticated,
    async_client,
    client,
    picture,
)
from support.cards import I2V, T2V
from support.flaky import Flaky, busy, cut, drop, hang, lose, overloaded, whole
from support.pictures import flat_png
from support.servers import Running

TINY = {"prompt": "tiny"}


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds of each pause between attempts, none of which takes time."""
    made: list[float] = []

    async def pause(seconds: float) -> None:
        made.append(seconds)
        await asyncio.sleep(0)

    monkeypatch.setattr(client, "_sleep", made.append)
    monkeypatch.setattr(async_client, "_sleep", pause)
    return made


def test_ten_acts(running: Running, tmp_path: Path) -> None:
    with Kirin(running.server.base_url, running.server.api_key) as kirin:
        assert kirin.health().status == "ok"
        assert T2V in [model.id for model in kirin.models().models]
        assert float(kirin.quote(T2V, TINY).most.cost) > 0
        sent = kirin.upload(Image.new("RGB", (400, 300), "teal"))
        assert (sent.type, sent.width, sent.height) == ("image", 400, 300)
        created = kirin.create(I2V, {"image": sent.url, "prompt": "tiny"}, metadata={"order": 7})
        told = list(kirin.stream(created.id))
        assert told[-1].name == "done"
        done = kirin.wait(created.id, timeout=60)
        assert done.metadata["request"] == {"order": 7}
        video = kirin.download(done, tmp_path / "out.mp4")
        assert facts(video).frame_count == 150
        assert kirin.read(done) == video.read_bytes()
        assert kirin.poster(done.id)[8:12] == b"WEBP"
        assert created.id in [task.id for task in kirin.iter_tasks(limit=1, status="completed")]
        assert kirin.remove(created.id).id == created.id
        with pytest.raises(NotFound):
            kirin.task(created.id)


async def _acts(running: Running, folder: Path) -> None:
    async with AsyncKirin(running.server.base_url, running.server.api_key) as kirin:
        health, balance = await asyncio.gather(kirin.health(), kirin.balance())
        assert (health.status, balance.currency) == ("ok", "USD")
        sent = await kirin.upload(io.BytesIO(flat_png(400, 300)))
        image = {"image": sent.url, "prompt": "tiny"}
        one, two = await asyncio.gather(
            kirin.create_and_wait(I2V, image, timeout=60),
            kirin.create_and_wait(I2V, {**image, "image": picture(flat_png(320, 300))}, timeout=60),
        )
        assert one.id != two.id
        told = [event async for event in kirin.stream(one.id)]
        assert told[-1].task.status == "completed"
        video = await kirin.download(one, folder / "out.mp4")
        assert facts(video).frame_count == 150
        archive = await kirin.zip_link([one.id, two.id])
        assert len(await kirin.read(archive)) == archive.size
        listed = [task.id async for task in kirin.iter_tasks(limit=1, q="tiny")]
        assert {one.id, two.id} <= set(listed)
        raw = await kirin.with_raw_response.task(one.id)
        assert raw.parse().id == one.id
        assert raw.request_id
        with pytest.raises(BadRequest) as refused:
            await kirin.create(T2V, {"mode": "best"})
        assert {each.param for each in refused.value.problems} == {"prompt", "mode"}


def test_the_same_acts_asynchronously(running: Running, tmp_path: Path) -> None:
    asyncio.run(_acts(running, tmp_path))


def test_a_task_that_fails_and_a_key_that_is_wrong(running: Running) -> None:
    with Kirin(running.server.base_url, running.server.api_key) as kirin:
        with pytest.raises(TaskFailed) as failed:
            kirin.create_and_wait(T2V, {"prompt": "fail"}, timeout=60)
        assert failed.value.code == "002004095"
    with Kirin(running.server.base_url, "k" * 16) as stranger, pytest.raises(Unauthenticated):
        stranger.balance()


@pytest.fixture
def flaky(running: Running) -> Iterator[Flaky]:
    """A bad connection to the server."""
    with Flaky(running.server.base_url) as between:
        yield between
        between.http.close()


def test_one_task_is_made_whatever_happens_on_the_way(
    running: Running, flaky: Flaky, pauses: list[float]
) -> None:
    """What is lost after the server has done it is asked for again, under the same key."""
    flaky.mishaps = [drop, busy, lose, overloaded, cut]
    before = {task.id for task in running.kirin.iter_tasks(limit=100)}
    with Kirin(flaky.url(""), running.server.api_key, max_retries=6) as kirin:
        created = kirin.create(T2V, {"prompt": "tiny and single"})
    after = {task.id for task in running.kirin.iter_tasks(limit=100)}
    assert after - before == {created.id}
    keys = [key for method, key in flaky.passed if method == "POST"]
    assert len(keys) == 3
    assert len(set(keys)) == 1
    assert len(pauses) == 5
    assert sum(pause >= 3 for pause in pauses) >= 2  # Retry-After
    running.kirin.wait(created.id, timeout=60)


def test_waiting_and_downloading_through_a_bad_connection(
    running: Running, flaky: Flaky, pauses: list[float], tmp_path: Path
) -> None:
    id = running.kirin.create(T2V, TINY).id
    done = running.kirin.wait(id, timeout=60)
    link = httpx.URL(done.output[0].content[0].url)  # type: ignore[index,arg-type]
    near = str(link.copy_with(port=flaky.port))

    async def fetch() -> bytes:
        async with AsyncKirin(flaky.url(""), running.server.api_key) as kirin:
            assert (await kirin.wait(id, timeout=60)).status == "completed"
            return await kirin.read(near)

    whole_file = running.kirin.read(done)
    flaky.mishaps = [overloaded, cut, whole, cut, drop, cut]
    assert asyncio.run(fetch()) == whole_file
    flaky.mishaps = [cut, busy, cut]
    with Kirin(flaky.url(""), running.server.api_key) as kirin:
        assert kirin.download(near, tmp_path / "v.mp4").read_bytes() == whole_file
    assert [path.name for path in tmp_path.iterdir()] == ["v.mp4"]


def test_a_server_that_hangs_is_given_up(running: Running, flaky: Flaky) -> None:
    flaky.mishaps = [hang]
    with Kirin(flaky.url(""), "k", timeout=0.2, max_retries=0) as kirin, pytest.raises(TimedOut):
        kirin.health()


def test_a_server_that_is_not_there(pauses: list[float]) -> None:
    with Kirin("http://127.0.0.1:9", "k") as kirin, pytest.raises(ConnectionFailed):
        kirin.create(T2V, TINY)
    assert len(pauses) == 3


def test_a_cancelled_call_leaves_the_client_usable(running: Running, flaky: Flaky) -> None:
    async def acts() -> str:
        flaky.mishaps = [hang]
        async with AsyncKirin(flaky.url(""), running.server.api_key) as kirin:
            hanging = asyncio.create_task(kirin.health())
            async with asyncio.timeout(60):
                while flaky.mishaps:  # it has not come there yet
                    await asyncio.sleep(0.01)
            hanging.cancel()
            with suppress(asyncio.CancelledError):
                await hanging
            return (await kirin.health()).status

    assert asyncio.run(acts()) == "ok"


def test_webhooks_are_unwrapped(running: Running) -> None:
    secret = running.kirin.webhook_secret().secret
    assert secret.startswith("whsec_")
    with (
        Kirin("http://kirin.test", "k", webhook_secret=secret) as kirin,
        pytest.raises(InvalidSignature),
    ):
        kirin.unwrap(b"{}", {})


def test_an_unknown_route_of_an_older_server_is_an_error_with_a_code(running: Running) -> None:
    with pytest.raises(ApiError) as caught:
        running.kirin.spec("nothing")
    assert caught.value.code == "unknown_model"
