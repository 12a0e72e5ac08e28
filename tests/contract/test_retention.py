"""Results that have expired: their links and their task say so."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kirin.app import App
from kirin.clock import now_ms
from kirin.orchestration.garbage_collection import GarbageCollector, RetentionPeriods
from kirin.settings import Settings
from kirin.storage.keys import input_key
from support.api import Api, InProcess
from support.cards import I2V, T2V
from support.pictures import inline

SHORT = RetentionPeriods(results=1, inputs=1, idempotency=1, events=1)


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """A server of its own: what expires here is nobody else's."""
    data = tmp_path_factory.mktemp("retention")
    app = App.open(Settings(data_dir=data, engines="scripted"))
    transport = InProcess(app.http())
    yield Api(app, transport)
    transport.end()
    app.close()


class Clock:
    """Hours pass from look to look."""

    def __init__(self) -> None:
        self.ahead = 0

    def __call__(self) -> int:
        self.ahead += 4_000_000
        return now_ms() + self.ahead


@pytest.fixture
def keeper(api: Api) -> GarbageCollector:
    """One whose month is a millisecond."""
    return GarbageCollector(api.app.database, api.app.storage, SHORT, Clock(), lambda *_: 0)


def test_the_link_of_an_expired_result_answers_410(api: Api, keeper: GarbageCollector) -> None:
    done = api.finish(T2V, prompt="a tiny lake")
    (content,) = done["output"][0]["content"]
    assert api.stranger.get(content["url"]).status_code == 200
    keeper.collect()
    answer = api.stranger.get(content["url"])
    assert (answer.status_code, answer.json()["code"]) == (410, "result_expired")
    assert done["id"] in answer.json()["message"]
    shown = api.read(done["id"])
    assert shown["status"] == "completed"
    assert shown["metadata"]["expired_at"] >= shown["updated_at"]
    assert api.stranger.get(shown["output"][0]["content"][0]["url"]).status_code == 410


def test_a_link_that_was_over_long_before_says_so_too(
    api: Api, keeper: GarbageCollector, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("kirin.http.protocols.kirin.time.time", lambda: 1_000_000)
        done = api.finish(T2V, prompt="a tiny lake")
    url = done["output"][0]["content"][0]["url"]
    assert api.stranger.get(url).status_code == 403
    keeper.collect()
    assert api.stranger.get(url).status_code == 410
    assert api.stranger.get(url[:-4] + "AAAA").status_code == 403  # a stranger learns nothing


def test_an_input_that_was_removed_comes_again_with_a_new_request(
    api: Api, keeper: GarbageCollector
) -> None:
    picture = inline(400, 300)
    first = api.make(I2V, image=picture)
    api.http.delete(f"/model/v1/generation/task/{first.id}")
    key = input_key(first.assets["image"].sha256)
    assert api.app.storage.exists(key)
    for _ in range(2):
        keeper.collect()
    assert not api.app.storage.exists(key)
    assert api.finish(I2V, image=picture, prompt="tiny")["status"] == "completed"
