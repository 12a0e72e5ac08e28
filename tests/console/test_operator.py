"""What an operator sees and does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, expect

from kirin.accounts.keys import Scope
from support.console import Site, Window

MODEL = "kirin_v1_6_t2v"
OVERVIEW = "/admin/v1/overview"


@dataclass(frozen=True)
class Desk:
    """The site, with a key of every scope."""

    url: str
    key: str


@pytest.fixture(scope="module")
def desk(site: Site) -> Desk:
    return Desk(site.url, site.operator(*Scope))


@pytest.fixture
def window(browser: Browser, desk: Desk) -> Iterator[Window]:
    opened = Window(browser, desk, viewport={"width": 1280, "height": 900})
    yield opened
    opened.context.close()
    assert opened.troubles == []


def test_only_operators_see_the_way_to_their_pages(
    browser: Browser, site: Site, window: Window
) -> None:
    window.page.goto("/usage")
    window.page.get_by_role("link", name="Overview").click()
    expect(window.page.get_by_role("heading", name="Overview", level=1)).to_be_visible()
    artist = Window(browser, site)
    artist.page.goto("/usage")
    artist.settle()
    expect(artist.page.get_by_role("link", name="Usage")).to_be_visible()
    expect(artist.page.get_by_role("link", name="Overview")).to_have_count(0)
    # Who opens it by its address is asked for a key, which stays in the tab.
    artist.page.goto("/operator")
    artist.page.get_by_label("Operator's key").fill(site.operator(Scope.ADMIN))
    artist.page.get_by_role("button", name="Open", exact=True).click()
    expect(artist.page.get_by_role("link", name="Overview")).to_be_visible()
    expect(artist.page.locator(".sums")).to_contain_text("Waiting")
    artist.context.close()
    assert artist.troubles == []


def test_the_overview_follows_what_happens(window: Window, site: Site) -> None:
    page = window.page
    page.goto("/operator")
    workers = page.get_by_role("region", name="Workers")
    expect(workers).to_contain_text("active")
    expect(workers).to_contain_text("animatic")
    failed = page.locator(".sum").filter(has_text="Failed in the last hour")
    expect(failed.locator("dd").first).to_have_text("0")
    task = site.kirin.create(MODEL, {"prompt": "A quiet sea", "duration": "10"})
    site.kirin.cancel(task["id"])
    # Read anew without anything being done here.
    expect(failed.locator("dd").first).to_have_text("1")
    expect(page.get_by_role("region", name="Failures")).to_contain_text("task_cancelled")
    assert window.severe() == []
