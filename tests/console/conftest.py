"""A real server, and Debian's chromium in front of it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from kirin.console.build import read_build
from support.cards import T2V
from support.console import PATIENCE_MS, Site, Window
from support.servers import local_server

CHROMIUM = which("chromium") or which("chromium-browser")
OFF = (
    # Two pages of the browser's own, for suggestions at its address bar: every new context made
    # them, though nobody types there, and spent more on them than on most of our pages.
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    # Chromium heeds the last list alone, so this one has what Playwright switches off, too.
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
)
FLAGS = [
    f"--disable-features={','.join(OFF)}",
    "--no-sandbox",  # tests run as root in containers
    "--disable-gpu",
    "--disable-background-networking",
    "--autoplay-policy=no-user-gesture-required",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say loudly what is missing, on every test that is left out for it."""
    here = Path(__file__).parent
    ours = [item for item in items if here in item.path.parents]
    if ours and (missing := what_is_missing()):
        for item in ours:
            item.add_marker(pytest.mark.skip(reason=f"CONSOLE NOT TESTED: {missing}"))


def what_is_missing() -> str:
    """What these tests need and do not find; empty if all is there."""
    if CHROMIUM is None:
        return "no chromium here: apt-get install chromium"
    driver = [sys.executable, "-m", "playwright", "--version"]
    if subprocess.run(driver, capture_output=True, check=False).returncode:  # noqa: S603
        return "what drives the browser does not start: apt-get install libatomic1"
    return "" if read_build() else "the console is not built: make console"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One server with the engine that people get."""
    data = tmp_path_factory.mktemp("console")
    with (
        local_server(data, KIRIN_ENGINES="animatic") as server,
        server.client() as kirin,
    ):
        yield Site(server, kirin, data)


# For these tests alone: while it is open, the thread has a running event loop, which tests
# elsewhere cannot have.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=CHROMIUM, args=FLAGS, timeout=2 * PATIENCE_MS
        )
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def made(site: Site) -> dict[str, Any]:
    """A finished task of five seconds, whose frames all differ; nobody may delete it."""
    task = site.kirin.create(T2V, {"prompt": "A lighthouse at noon, pan left"})
    return dict(site.kirin.wait(task["id"]))


@pytest.fixture
def window(browser: Browser, site: Site) -> Iterator[Window]:
    opened = Window(browser, site)
    yield opened
    opened.context.close()
    assert opened.troubles == []
