"""Nothing is told to anybody: no library reports home from a server that makes a video."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

import cv2
import pytest
from skimage import data

from support.cards import I2V
from support.loopback import Loopback, Quiet
from support.servers import local_server


class Proxy(Loopback):
    """Where libraries go that want out.

    Attributes:
        asked: what they asked for.
    """

    def __init__(self) -> None:
        super().__init__(_Asked)
        self.asked: list[str] = []


class _Asked(Quiet):
    def _note(self) -> None:
        proxy: Proxy = self.server.owner  # type: ignore[attr-defined]
        proxy.asked.append(self.requestline)
        self.answer(502)

    do_CONNECT = do_GET = do_POST = _note  # noqa: N815  as the base class has it


def photograph() -> str:
    """A portrait, in which the engine looks for a face, a subject and depth."""
    _, png = cv2.imencode(".png", cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR))
    return b64encode(png.tobytes()).decode()


def test_a_server_that_makes_a_video_tells_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CI", raising=False)  # where it is set, some libraries are quiet
    with Proxy() as proxy:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url("").rstrip("/"))
            monkeypatch.setenv(name.lower(), proxy.url("").rstrip("/"))
        monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
        settings = {"KIRIN_ENGINES": "animatic"}
        with local_server(tmp_path, **settings) as server, server.client() as kirin:
            params = {"image": photograph(), "prompt": "she blinks, static camera"}
            task = kirin.wait(kirin.create(I2V, params)["id"], timeout=240)
    assert task["metadata"]["engine"] == "animatic"
    assert proxy.asked == []
