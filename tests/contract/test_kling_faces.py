"""The search for faces, whose answer waits for them, and the lips that move by it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from kirin.app import App
from kirin.settings import Settings
from kirin.tasks.task_filter import TaskFilter
from kirin.wire.kling import FACES, LIPS
from support.api import Api, InProcess
from support.faces import face, faces_found
from support.live import Live
from support.loopback import FileHost
from support.sound import write_sound
from support.videos import video
from support.waiting import until


@pytest.fixture(scope="module")
def _app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[App, InProcess]]:
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("faces"),
        engines="scripted",
        allow_hosts="127.0.0.1",
        sync_seconds=100,  # less than a client waits
    )
    app = App.open(settings)
    transport = InProcess(app.http())
    yield app, transport
    transport.end()
    app.close()


@pytest.fixture
def api(_app: tuple[App, InProcess]) -> Api:
    return Api(*_app)


@contextmanager
def asked(api: Api, body: dict[str, Any]) -> Iterator[Any]:
    """A search that waits, while the block does the work."""
    with (
        Live(api.app.http()) as live,
        live.client(api.key) as client,
        ThreadPoolExecutor() as threads,
    ):
        yield threads.submit(client.post, FACES, json=body)


def task_of(api: Api) -> str:
    """The id of the account's one task, as soon as there is one."""
    (task,) = until(lambda: api.app.tasks.page(api.account, 2, None, TaskFilter()))
    return str(task.id)


def test_faces_come_with_the_answer_and_go_into_lip_sync(
    api: Api, files: FileHost, tmp_path: Path
) -> None:
    url = files.add("speaker.mp4", video(seconds=3, size=(640, 512)))
    with asked(api, {"video_url": url}) as answer:
        id = task_of(api)
        with faces_found([face("0", 0, 2.5)]):
            api.app.executor.execute(id, lambda: False)
        told = answer.result().json()
    assert (told["code"], told["data"]["session_id"]) == (0, id)
    (found,) = told["data"]["face_data"]
    assert found.keys() == {"face_id", "face_image", "start_time", "end_time"}
    assert (found["face_id"], found["start_time"], found["end_time"]) == ("0", 0, 2500)
    assert told["data"]["final_balance_deduction"]["quota"] == "0.0070"
    voice = {
        "face_id": "0",
        "sound_file": files.add(
            "voice.wav", write_sound(tmp_path / "voice.wav", "wav", 3).read_bytes()
        ),
        "sound_start_time": 0,
        "sound_end_time": 2000,
        "sound_insert_time": 0,
    }
    spoken = api.http.post(LIPS, json={"session_id": id, "face_choose": [voice]})
    assert spoken.status_code == 200, spoken.text
    wrong = api.http.post(LIPS, json={"session_id": id, "face_choose": [voice | {"face_id": "7"}]})
    assert (wrong.status_code, wrong.json()["code"]) == (400, 1201)


def test_a_video_without_faces_is_refused(api: Api, files: FileHost) -> None:
    url = files.add("speaker.mp4", video(seconds=3, size=(640, 512)))
    with asked(api, {"video_url": url}) as answer:
        id = task_of(api)
        with faces_found([]):
            api.app.executor.execute(id, lambda: False)
        told: httpx.Response = answer.result()
    assert (told.status_code, told.json()["code"]) == (400, 1201)
    assert "video_url: " in told.json()["message"]
    assert "no face" in told.json()["message"]


def test_who_waits_beside_too_many_is_told(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kirin.http.tasks.waiting_room.MAX_WAITING", 0)
    body = {"video_url": "https://example.com/a.mp4"}
    with Live(api.app.http()) as live, live.client(api.key) as client:
        full = client.post(FACES, json=body)
    assert (full.status_code, full.json()["code"]) == (429, 1303)
    assert (api.http.post(FACES, json={}).json()["code"]) == 1201
