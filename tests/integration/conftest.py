"""One server for all tests that leave it as they found it."""

from __future__ import annotations

from collections.abc import Generator, Iterator

import pytest

from kirin.database.engine import Database
from kirin.settings import Settings
from support.fleet import Fleet
from support.loopback import PictureHost
from support.servers import Running, local_server


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where a test of a fleet fails, its processes tell what they are doing."""
    report = yield
    ships = getattr(item, "funcargs", {}).get("ships")
    if call.when == "call" and report.failed and isinstance(ships, Fleet):
        report.sections.append(("what the fleet was doing", ships.standstill()))
    return report


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A real server with the engine for tests."""
    data = tmp_path_factory.mktemp("server")
    with local_server(data) as server, server.client() as kirin:
        database = Database(Settings(data_dir=data).tables_url)
        yield Running(server, kirin, data, database)
        database.close()


@pytest.fixture(scope="session")
def host() -> Iterator[PictureHost]:
    """A server that has pictures, and some that are none."""
    with PictureHost() as found:
        yield found
