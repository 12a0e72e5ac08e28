"""What every test may ask for."""

from __future__ import annotations

import os

# Tests run beside each other, and servers beside them: threads of one multiplication would wait for
# processors that others have, and a prompt's meaning be found in twenty times the time. Both look
# at this when they are first imported; engines set OpenCV's to 1 too.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OPENCV_FOR_THREADS_NUM", "1")

import gc
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers
from pydantic import SecretStr

from kirin.app import App
from kirin.catalogue.card import Card
from kirin.composition import examination
from kirin.engines.animatic import foresight
from kirin.logs import configure_logs
from kirin.media import isolated_probe
from kirin.settings import Settings
from support.api import Api, InProcess
from support.cards import CARDS
from support.databases import KINDS, Databases
from support.hurry import in_a_hurry
from support.objects import CREDENTIALS, ObjectServer
from support.portraits import RememberedPortraits
from support.slow_tests import SlowTestRecorder, function_of, read_list
from support.unflushed import unflushed

# How long an example takes says nothing on a machine that does other work beside.
settings.register_profile(
    "kirin", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("kirin")

# Hypothesis also tries constants that it reads out of whatever modules of ours are loaded: examples
# would differ with the tests before, and each process would look for them for half a minute.
vars(providers)["_get_local_constants"] = lambda: providers._local_constants

# Browsers, other people's programs and servers beside them share a loaded machine with other tests.
# A failure there gets a second attempt, and is told either way: docs/decisions/0044.
SECOND_ATTEMPT = ("tests/console/", "tests/contract/", "tests/integration/")
# What these prove holds each time, or not at all.
ONE_ATTEMPT = (
    "tests/integration/test_backup.py",
    "tests/integration/test_bombs.py",
    "tests/integration/test_crashes.py",
    "tests/integration/test_full_disk.py",
    "tests/integration/test_restarts.py",
    "tests/integration/test_webhooks.py",
)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes are named by their argument: a gzip stream has the time in it, and every process of a
    parallel run must find the same names.
    """
    return argname if isinstance(val, bytes) else None


def pytest_addoption(parser: pytest.Parser) -> None:
    """What `make slow-tests` asks for."""
    text = "measure all tests and write tests/slow_tests.txt"
    parser.addoption("--write-slow-tests", action="store_true", help=text)


def pytest_configure(config: pytest.Config) -> None:
    """Measure where that is asked for."""
    if config.getoption("--write-slow-tests"):
        config.pluginmanager.register(SlowTestRecorder())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`make test-fast` leaves PostgreSQL to `make test`, which proves the same on SQLite, and what
    takes long. Some tests get a second attempt.
    """
    slow = read_list()
    for item in items:
        if item.nodeid.startswith(SECOND_ATTEMPT) and not item.nodeid.startswith(ONE_ATTEMPT):
            item.add_marker(pytest.mark.flaky(reruns=1))
        if function_of(item.nodeid) in slow:
            item.add_marker(pytest.mark.slow)
        params = getattr(getattr(item, "callspec", None), "params", {})
        if any(isinstance(value, str) and value == "postgresql" for value in params.values()):
            item.add_marker(pytest.mark.slow)


def pytest_collection_finish() -> None:
    """Thousands of tests and the modules that they are in need not be looked at by each garbage
    collection to come.
    """
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True, scope="session")
def _no_settings_from_outside() -> Iterator[None]:
    """Tests see no settings of whoever runs them."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith("KIRIN_"):
                patch.delenv(name)
        yield


@pytest.fixture(autouse=True, scope="session")
def _plugins() -> Iterator[None]:
    """The processes that tests start have the engine ``scripted``; no installation has it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(__file__).parent / "plugins"), prepend=os.pathsep)
        yield


@pytest.fixture(autouse=True, scope="session")
def _patience() -> Iterator[None]:
    """What a quote sees in a picture, whether a video can be measured and what an examination
    finds must not depend on how busy the machine is.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(foresight, "SECONDS", 300.0)
        patch.setattr(isolated_probe, "SECONDS", 120)
        patch.setattr(examination, "LONGEST_SECONDS", 250.0)
        yield


@pytest.fixture(autouse=True, scope="session")
def _patient_clients() -> Iterator[None]:
    """Clients of httpx give up after five seconds where nothing else is said, as in tests; a busy
    machine takes longer. Those of the server and ours say how long they wait.
    """
    with pytest.MonkeyPatch.context() as patch:
        for phase in ("connect", "read", "write", "pool"):
            patch.setattr(httpx._config.DEFAULT_TIMEOUT_CONFIG, phase, 60.0)
        yield


@pytest.fixture(autouse=True, scope="session")
def _no_wait_for_the_disk() -> Iterator[None]:
    """That SQLite flushes what it commits is proved by its own test."""
    with unflushed():
        yield


@pytest.fixture(autouse=True, scope="session")
def _logs() -> None:
    """Logs are written as in production: what was logged shows where a test fails."""
    configure_logs("INFO", "json")


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """Databases of both kinds."""
    both = Databases()
    yield both
    both.close()


@pytest.fixture(scope="session")
def objects() -> Iterator[ObjectServer]:
    """A server of the S3 protocol, and the right to use it."""
    server = ObjectServer()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in CREDENTIALS.items():
            patch.setenv(name, value)
        yield server
    server.stop()


@pytest.fixture(scope="session")
def drawn_portraits(tmp_path_factory: pytest.TempPathFactory) -> RememberedPortraits:
    """Portraits of subjects, for folders whose tests look at the rest of what subjects do."""
    return RememberedPortraits(tmp_path_factory.mktemp("portraits"))


@pytest.fixture(params=KINDS)
def app(request: pytest.FixtureRequest, databases: Databases, tmp_path: Path) -> Iterator[App]:
    """All rooms of a process on an empty data folder, with the engine for tests."""
    with databases.ready(request.param, tmp_path / "data") as url, in_a_hurry():
        opened = App.open(
            Settings(
                data_dir=tmp_path / "data",
                engines="scripted",
                database_url=None if request.param == "sqlite" else SecretStr(url),
            )
        )
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def shared_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The same, one for all tests that only speak to it as accounts of their own."""
    opened = App.open(Settings(data_dir=tmp_path_factory.mktemp("shared"), engines="scripted"))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def _transport(shared_app: App) -> Iterator[InProcess]:
    transport = InProcess(shared_app.http())
    yield transport
    transport.end()


@pytest.fixture
def api(shared_app: App, _transport: InProcess) -> Api:
    """A fresh account on the shared server."""
    return Api(shared_app, _transport)


@pytest.fixture(params=CARDS, ids=lambda card: card.id)
def card(request: pytest.FixtureRequest) -> Card:
    """Each model of the catalogue in turn, those that are added later too."""
    found: Card = request.param
    return found
