"""The examples of the reference pages run as they stand, but for media and sizes, on a server."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from kirin.catalogue.references import FaceSessionId, VideoId
from kirin.catalogue.registry import built_in
from kirin.client import KirinApiError
from support.loopback import FileHost
from support.pictures import flat_png
from support.servers import Running
from support.sound import write_sound
from support.talkers import film, heads
from support.videos import video

PAGES = sorted((Path(__file__).parents[2] / "docs" / "reference").glob("*.md"))
ELSEWHERE = "https://example.com/"
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)


class Media(FileHost):
    """Has everything that the examples speak of, whatever its name."""

    def here(self, example: str) -> str:
        """The example with its media on this machine, and a prompt for which little is encoded."""
        for name in re.findall(rf"{ELSEWHERE}([\w.]+)", example):
            self.files[name] = self.content(name)
        tiny = re.sub(r"""(["']prompt["']: ["'])""", r"\1tiny ", example)
        return tiny.replace(ELSEWHERE, self.url(""))

    @staticmethod
    @cache
    def content(name: str) -> bytes:
        """What a file of that name shows or sounds like."""
        with TemporaryDirectory() as folder:
            path = Path(folder) / name
            if name == "speaker.mp4":
                one, _ = heads(320)
                film(path, lambda _: [(one, (200, 90))], seconds=5, size=(720, 512))
                return path.read_bytes()
            if name.endswith(".mp3"):
                return write_sound(path, "mp3", 4).read_bytes()
        return video() if name.endswith(".mp4") else flat_png(400, 300)


def prepare(page: Path, running: Running, media: Media) -> None:
    """Make the tasks that the examples of a model name, under these names."""
    for parameter in built_in().get(page.stem).parameters:
        if isinstance(parameter, VideoId):
            model, asked = "kirin_v1_6_t2v", {"prompt": "a tiny lake"}
        elif isinstance(parameter, FaceSessionId):
            model, asked = "kirin_identify_face", {"video_url": f"{ELSEWHERE}speaker.mp4"}
        else:
            continue
        named = {name: media.here(text) for name, text in asked.items()}
        named["external_task_id"] = str(parameter.example)
        with suppress(KirinApiError):  # it was made before
            made = running.kirin.create(model, named)
            running.kirin.wait(made["id"], timeout=120)


@pytest.fixture(scope="module")
def media() -> Iterator[Media]:
    with Media() as host:
        yield host


def examples(page: Path, language: str) -> list[str]:
    """The examples in a language on a page."""
    found = re.findall(rf"^```{language}\n(.*?)^```$", page.read_text("utf-8"), re.M | re.S)
    assert found, f"{page.name} has no example in {language}"
    return found


def assert_completed(task: dict[str, Any], page: Path) -> None:
    """Assert that a task of the page's model has made something."""
    assert (task["status"], task["model"]) == ("completed", page.stem)
    assert task["output"][0]["content"]
    assert float(task["usage"]["cost"]) > 0


def test_every_model_has_a_page() -> None:
    assert len(PAGES) >= 6


@each_page
def test_the_python_examples_make_what_they_say(
    page: Path, running: Running, media: Media
) -> None:  # W-1 W-3
    prepare(page, running, media)
    for example in examples(page, "python"):
        names: dict[str, Any] = {
            "server": running.server.base_url,
            "key": running.server.api_key,
        }
        exec(compile(media.here(example), page.name, "exec"), names)  # noqa: S102  our own page
        assert_completed(names["done"], page)


@pytest.mark.skipif(
    not shutil.which("curl"), reason="curl is not installed: its examples do not run"
)
@each_page
def test_the_curl_examples_make_what_they_say(
    page: Path, running: Running, media: Media
) -> None:  # W-1 W-2
    prepare(page, running, media)
    for example in examples(page, "sh"):
        keys = {"KIRIN_SERVER": running.server.base_url, "KIRIN_API_KEY": running.server.api_key}
        done = subprocess.run(  # noqa: S603  our own page
            ["/bin/sh", "-c", media.here(example)],
            env={**os.environ, **keys},
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
        created = json.loads(done.stdout)
        assert (created["status"], created["model"]) == ("in_progress", page.stem), created
        assert_completed(running.kirin.wait(created["id"], interval=0.05, timeout=120), page)
