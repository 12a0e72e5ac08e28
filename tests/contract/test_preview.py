"""A task can be looked at while it is rendered (rule N-14)."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import func, select

from kirin.clock import now_ms
from kirin.database.tables import previews as rows
from kirin.orchestration import live_preview
from kirin.orchestration.live_preview import LivePreview
from kirin.tasks import attempt, previews, store
from kirin.tasks.attempt import Attempt
from support.api import TASK, Api
from support.cards import T2V


def grey(level: int, width: int = 1280, height: int = 720) -> np.ndarray:
    """A frame without colour."""
    frame = np.full((height * 3 // 2, width), 128, np.uint8)
    frame[:height] = level
    return frame


def rendering(api: Api, monkeypatch: pytest.MonkeyPatch) -> Attempt:
    """A task in the hands of a worker that looks into the database all the time."""
    monkeypatch.setattr(attempt, "PROGRESS_SECONDS", 0)
    monkeypatch.setattr(live_preview, "EVERY_SECONDS", 0)
    # Whoever asks during the test is watching, however slowly it goes on.
    begun = now_ms()
    monkeypatch.setattr(attempt, "now_ms", lambda: begun)
    made = api.make(T2V, prompt="a tiny lake")
    with api.app.database.write() as connection:
        claimed = store.claim(connection, made.id, now_ms())
    assert claimed is not None
    return Attempt(api.app.database, claimed, lambda: False)


def kept(work: Attempt, api: Api) -> int:
    query = select(func.count()).select_from(rows).where(rows.c.task == work.task.id)
    with api.app.database.read() as connection:
        return connection.execute(query).scalar_one()


def test_the_newest_frame_is_shown(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:  # N-14
    work = rendering(api, monkeypatch)
    live = LivePreview(work)
    path = f"{TASK}/{work.task.id}/preview"
    assert not work.cancelled()
    live.show(grey(100))
    assert kept(work, api) == 0  # nobody has asked
    early = api.http.get(path)
    assert (early.status_code, early.content, early.headers["retry-after"]) == (204, b"", "1")
    assert not work.cancelled()
    live.show(grey(235))
    answer = api.http.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert answer.headers["cache-control"] == "no-store"
    with Image.open(BytesIO(answer.content)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (640, 360))
        white = np.asarray(picture)
    assert white.min() >= 253  # limited range was made full
    live.show(grey(16))
    with Image.open(BytesIO(api.http.get(path).content)) as picture:
        assert np.asarray(picture).max() <= 2


def test_nothing_is_made_when_nobody_asks_any_more(  # N-14
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = rendering(api, monkeypatch)
    api.http.get(f"{TASK}/{work.task.id}/preview")
    assert not work.cancelled()
    assert work.watched
    later = now_ms() + previews.WATCHED_MS + 1
    monkeypatch.setattr(attempt, "now_ms", lambda: later)
    assert not work.cancelled()
    assert not work.watched


def test_there_is_one_in_half_a_second_at_most(  # N-14
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = rendering(api, monkeypatch)
    monkeypatch.setattr(live_preview, "EVERY_SECONDS", 3600)
    shown: list[bytes] = []
    monkeypatch.setattr(work, "show", shown.append)
    work.watched = True
    live = LivePreview(work)
    for level in range(16, 200):
        live.show(grey(level, 64, 36))
    assert len(shown) == 1


def test_it_is_gone_with_the_end(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:  # N-14
    work = rendering(api, monkeypatch)
    path = f"{TASK}/{work.task.id}/preview"
    api.http.get(path)
    assert not work.cancelled()
    LivePreview(work).show(grey(100))
    assert kept(work, api) == 1
    api.http.delete(f"{TASK}/{work.task.id}")
    assert kept(work, api) == 0
    LivePreview(work).show(grey(200))  # a worker that is late
    assert kept(work, api) == 0
    ended = api.http.get(path)
    assert (ended.status_code, "retry-after" in ended.headers) == (204, False)


def test_only_who_may_read_the_task_sees_it(  # N-14
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = rendering(api, monkeypatch)
    path = f"{TASK}/{work.task.id}/preview"
    assert api.stranger.get(path).status_code == 401
    assert api.http.get(f"{TASK}/nothing/preview").json()["code"] == "unknown_task"
    named = api.make(T2V, prompt="a tiny lake", external_task_id="my/preview")
    assert api.http.get(f"{TASK}/my/preview").json()["id"] == named.id
