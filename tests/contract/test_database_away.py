"""Routes without a key while the database is away: 503, as documented (W-9)."""

from __future__ import annotations

import time
from typing import NoReturn

import pytest
from sqlalchemy.exc import OperationalError

from kirin.http.operations.metrics import Metrics
from kirin.storage.keys import result_key
from kirin.tasks import store
from support.api import Api


def away(*_: object, **__: object) -> NoReturn:
    raise OperationalError("SELECT 1", {}, OSError("away"))


def test_metrics_and_files(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Metrics, "text", away)
    monkeypatch.setattr(store, "get", away)
    monkeypatch.setattr("kirin.http.operations.health.is_loopback", lambda _: True)
    link = api.app.links.sign(result_key("gone", 1, "video.mp4"), time.time())
    for path in ("/metrics", f"/files/{link}"):
        answer = api.stranger.get(path)  # and held against the OpenAPI document
        assert (answer.status_code, answer.json()["code"]) == (503, "database_away")
        assert answer.headers["Retry-After"]
