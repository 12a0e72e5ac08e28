"""A server as anybody gets it: nothing set but that it may fetch from here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kirin.client import Kirin, LocalServer
from support.films import Make, Video, filmed


@pytest.fixture(scope="session")
def kirin() -> Iterator[Kirin]:
    settings = {
        "KIRIN_LOG_LEVEL": "WARNING",
        "KIRIN_ALLOW_HOSTS": "127.0.0.1",
        "KIRIN_WARM_UP": "false",
        "KIRIN_NICENESS": "0",
    }
    with LocalServer(settings=settings) as server, server.client() as client:
        yield client


@pytest.fixture
def make(kirin: Kirin, tmp_path: Path) -> Make:
    """Make a video like any client does, and download it."""

    def make_video(model: str, **params: Any) -> Video:
        return filmed(kirin, tmp_path, model, params)

    return make_video
