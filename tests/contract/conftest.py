"""Tasks that are made once and looked at by many tests, and a server that fetches from here."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from kirin.accounts.limits import MINUTE_MS
from kirin.accounts.rate_limiter import RateLimiter
from kirin.app import App
from kirin.clock import now_ms
from kirin.media import ingest
from kirin.media.sound_probe import measure_sound
from kirin.media.videos import measure
from kirin.settings import Settings
from kirin.storage.links import Links
from support.api import Api, Finished, InProcess
from support.hurry import in_a_hurry
from support.loopback import FileHost
from support.portraits import portraits_drawn_once

__all__ = ["portraits_drawn_once"]

HOUR_SECONDS = 3600


@pytest.fixture(scope="module", autouse=True)
def _probed_here() -> Iterator[None]:
    """That a process of its own measures videos and sounds is proved by the tests of the probe;
    here each would cost a third of a second.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ingest, "measure_in_subprocess", measure)
        patch.setattr(ingest, "measure_sound_in_subprocess", measure_sound)
        yield


@pytest.fixture(scope="module", autouse=True)
def _encoded_in_a_hurry() -> Iterator[None]:
    """How frames are encoded is proved elsewhere; most tests here look at the rest of the task."""
    with in_a_hurry():
        yield


@pytest.fixture(autouse=True)
def _same_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    """Links end at full hours. All that are signed during a test end at the same, so that two
    answers can be held against each other though an hour ends between them.
    """
    begun, end = time.time(), Links.end

    def steady(links: Links, now: float) -> int:
        return end(links, begun if 0 <= now - begun + 1 < HOUR_SECONDS else now)

    monkeypatch.setattr(Links, "end", steady)


@pytest.fixture
def same_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """All requests of a test are counted at one moment: no minute ends between two of them, and
    answers that tell how many seconds are left of it tell the same.
    """
    moment = now_ms() // MINUTE_MS * MINUTE_MS + MINUTE_MS // 2
    # A property comes before what an instance holds, so limiters that are there already stop, too.
    still = property(lambda _: lambda: moment, lambda *_: None)
    monkeypatch.setattr(RateLimiter, "_now", still, raising=False)


@pytest.fixture(scope="session")
def finished(shared_app: App, _transport: InProcess) -> Finished:
    """A completed task with a watermarked copy and a name of its own."""
    api = Api(shared_app, _transport)
    params = {"watermark_info": {"enabled": True}, "external_task_id": "order/1042 ä"}
    row = api.make("kirin_v1_6_t2v", prompt="a lake", **params)
    return Finished(api, api.run(row.id))


@pytest.fixture(scope="session")
def failed(shared_app: App, _transport: InProcess) -> Finished:
    """A task that the engine gave up."""
    api = Api(shared_app, _transport)
    return Finished(api, api.run(api.make("kirin_v1_6_t2v", prompt="fail").id))


@pytest.fixture(scope="session")
def _fetching(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[App, InProcess]]:
    data = tmp_path_factory.mktemp("fetching")
    app = App.open(Settings(data_dir=data, engines="scripted", allow_hosts="127.0.0.1"))
    transport = InProcess(app.http())
    yield app, transport
    transport.end()
    app.close()


@pytest.fixture
def fetching(_fetching: tuple[App, InProcess]) -> Api:
    """A fresh account on a server that may download from this machine."""
    return Api(*_fetching)


@pytest.fixture(scope="session")
def _paying(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[App, InProcess]]:
    data = tmp_path_factory.mktemp("paying")
    settings = Settings(
        data_dir=data, engines="scripted", billing="prepaid", allow_hosts="127.0.0.1"
    )
    app = App.open(settings)
    transport = InProcess(app.http())
    yield app, transport
    transport.end()
    app.close()


@pytest.fixture
def paying(_paying: tuple[App, InProcess]) -> Api:
    """A fresh account on a server whose tasks take from balances."""
    return Api(*_paying)


@pytest.fixture(scope="session")
def files() -> Iterator[FileHost]:
    """A server that has the files it is given."""
    with FileHost() as host:
        yield host
