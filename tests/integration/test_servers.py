"""Inference servers behind the whole of a process: settings, HTTP, rows, files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kirin.app import App
from kirin.errors import Stopped
from kirin.media.decode import facts
from kirin.settings import Settings
from support.api import TASK, Api, InProcess
from support.cards import T2V
from support.inference import InferenceDouble
from support.videos import video

FILE = """
[engines.wan]
kind = "vllm-omni"
urls = ["{url}", "http://127.0.0.1:9"]
takes = ["text"]
fps = 16
poll_seconds = 0.1
"""


@pytest.fixture
def gpu() -> Iterator[InferenceDouble]:
    with InferenceDouble(video(size=(416, 240), seconds=81 / 16, fps=16)) as double:
        yield double


@pytest.fixture
def app(gpu: InferenceDouble, tmp_path: Path) -> Iterator[App]:
    file = tmp_path / "engines.toml"
    file.write_text(FILE.format(url=gpu.url("")))
    opened = App.open(Settings(data_dir=tmp_path / "data", engines="wan", engine_file=file))
    yield opened
    opened.close()


@pytest.fixture
def api(app: App) -> Iterator[Api]:
    transport = InProcess(app.http())
    yield Api(app, transport)
    transport.end()


def look(api: Api, id: str) -> dict[str, Any]:
    shown: dict[str, Any] = api.http.get(f"{TASK}/{id}").json()
    return shown


def test_a_worker_that_goes_down_leaves_the_job_to_the_next(
    app: App, api: Api, gpu: InferenceDouble
) -> None:
    id = api.make(T2V, prompt="a lake").id
    gpu.stuck = True
    with pytest.raises(Stopped):
        app.executor.execute(id, stopping=lambda: bool(gpu.jobs))
    gpu.stuck = False
    app.executor.execute(id, stopping=lambda: False)
    assert len(gpu.forms) == 1
    task = look(api, id)
    assert task["output"][0]["jobId"] == gpu.deleted[-1]
    assert task["metadata"]["engine"] == "wan"
    # What came back was smaller, slower and a little longer than what was asked for.
    found = facts(app.storage.path(api.row(id).results[0].key))
    assert (found.width, found.height, found.fps, found.frame_count) == (1280, 720, 24, 120)
    assert task["metadata"]["conformed"] == {
        "steps": ["cropped", "scaled", "trimmed", "resampled"],
        "from": {"width": 416, "height": 240, "fps": 16.0, "frames": 81},
    }


def test_what_the_model_cannot_do_is_refused_by_name(api: Api) -> None:
    params = {"mode": "pro", "negative_prompt": "people", "cfg_scale": 0.9}
    answer = api.create(T2V, prompt="a lake", **params)
    assert answer.status_code == 400
    assert {each["param"]: each["message"] for each in answer.json()["errors"]} == {
        "mode": "wan supports up to 921,600 pixels per frame, not 1920x1080",
        "negative_prompt": "wan does not support negative prompts",
        "cfg_scale": "wan does not support a guidance scale",
    }


def test_a_failure_there_has_the_models_code(app: App, api: Api, gpu: InferenceDouble) -> None:
    gpu.fail = "out of memory"
    id = api.make(T2V, prompt="a lake").id
    app.executor.execute(id, stopping=lambda: False)
    task = look(api, id)
    assert task["error"]["code"] == "002004095"
    assert task["error"]["message"] == "wan: out of memory"
