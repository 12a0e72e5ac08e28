"""A real server, and Debian's chromium in front of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shutil import which

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from kirin.console.build import read_build
from support.console import PATIENCE_MS, Site, Window
from support.servers import local_server

CHROMIUM = which("chromium") or which("chromium-browser")
FLAGS = [
    "--no-sandbox",  # tests run as root in containers
    "--disable-gpu",
    "--disable-background-networking",
    "--autoplay-policy=no-user-gesture-required",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say loudly what is missing, on every test that is left out for it."""
    missing = "no chromium here: apt-get install chromium" if CHROMIUM is None else ""
    if not read_build():
        missing = "the console is not built: make console"
    if missing:
        here = Path(__file__).parent
        for item in items:
            if here in item.path.parents:
                item.add_marker(pytest.mark.skip(reason=f"CONSOLE NOT TESTED: {missing}"))


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One server with the engine that people get."""
    data = tmp_path_factory.mktemp("console")
    with local_server(data, KIRIN_ENGINES="animatic") as server, server.client() as kirin:
        yield Site(server, kirin, data)


# For each file of tests anew: while it is open, the thread has a running event loop, which other
# tests cannot have.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def window(browser: Browser, site: Site) -> Iterator[Window]:
    opened = Window(browser, site)
    yield opened
    opened.context.close()
    assert opened.troubles == []
