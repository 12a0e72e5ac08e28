"""What an operator sees and does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
from playwright.sync_api import Browser, expect

from kirin.accounts.keys import Scope
from support.console import Site, Window

MODEL = "kirin_v1_6_t2v"
PAGES = {
    "/operator": "Overview",
    "/operator/accounts": "Accounts",
    "/operator/usage": "Usage of all",
    "/operator/audit": "Audit",
    "/operator/server": "Server",
    "/operator/checks": "Checks",
    "/keys": "Keys",
}


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
    window.page.get_by_role("link", name="Overview", exact=True).click()
    expect(window.page.get_by_role("heading", name="Overview", level=1)).to_be_visible()
    artist = Window(browser, site)
    artist.page.goto("/usage")
    artist.settle()
    expect(artist.page.get_by_role("link", name="Usage", exact=True)).to_be_visible()
    expect(artist.page.get_by_role("link", name="Overview", exact=True)).to_have_count(0)
    # Who opens it by its address is asked for a key, which stays in the tab.
    artist.page.goto("/operator")
    artist.page.get_by_label("Operator's key").fill(site.operator(Scope.ADMIN))
    artist.page.get_by_role("button", name="Open", exact=True).click()
    expect(artist.page.get_by_role("link", name="Overview", exact=True)).to_be_visible()
    expect(artist.page.locator(".sums")).to_contain_text("Waiting")
    artist.context.close()
    assert artist.troubles == []


def test_the_overview_follows_what_happens(window: Window, site: Site) -> None:
    page = window.page
    page.goto("/operator")
    workers = page.get_by_role("region", name="Workers")
    expect(workers).to_contain_text("active")
    expect(workers).to_contain_text("animatic")
    failed = page.locator(".sum").filter(has_text="Failed in the last hour").locator("dd").first
    expect(failed).to_have_text(re.compile(r"^\d+$"))
    before = int(failed.inner_text())  # other tests have been here
    site.cancelled(MODEL, {"prompt": "A quiet sea", "duration": "10"})
    # Read anew without anything being done here.
    expect(failed).to_have_text(str(before + 1))
    expect(page.get_by_role("region", name="Failures")).to_contain_text("task_cancelled")
    assert window.severe() == []


def test_a_paused_queue_waits_and_its_tasks_are_moved(window: Window, site: Site) -> None:
    page = window.page
    page.goto("/operator")
    page.get_by_role("button", name="Pause: All queues").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill("a new disk")
    dialog.get_by_role("button", name="Pause", exact=True).click()
    try:
        expect(page.get_by_role("list", name="What needs somebody")).to_contain_text("a new disk")
        assert window.severe() == []
        ids = [
            site.kirin.create(MODEL, {"prompt": "A quiet sea", "duration": "5"})["id"]
            for _ in range(2)
        ]
        note = site.get(f"/model/v1/generation/task/{ids[0]}")["metadata"]["queue_note"]
        assert "paused" in note
        page.get_by_role("button", name=f"To the front: {ids[1]}").click()
        rows = page.get_by_role("region", name="Waiting tasks, the next first").get_by_role("row")
        expect(rows.nth(1)).to_contain_text(ids[1])
        page.get_by_role("button", name=f"Priority of {ids[0]}").click()
        dialog.get_by_label("Priority").fill("900")
        assert window.severe() == []
        dialog.get_by_role("button", name="Save", exact=True).click()
        expect(rows.nth(1)).to_contain_text(ids[0])
        expect(rows.nth(1)).to_contain_text("900")
        for id in ids:
            site.kirin.cancel(id)
    finally:
        page.goto("/operator")
        page.get_by_role("button", name="Resume: All queues").click()
        expect(page.get_by_role("button", name="Pause: All queues")).to_be_visible()


def test_a_worker_is_let_go_and_another_comes(window: Window) -> None:
    page = window.page
    page.goto("/operator")
    workers = page.get_by_role("region", name="Workers")
    first = workers.get_by_role("button", name=re.compile("^Drain ")).first
    name = first.get_attribute("aria-label") or ""
    first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(name.removeprefix("Drain "))
    dialog.get_by_role("button", name="Drain", exact=True).click()
    expect(workers.get_by_role("button", name=name)).to_have_count(0)
    expect(workers).to_contain_text("active")  # kirin serve has started another


def test_the_checks_are_those_of_the_doctor(window: Window) -> None:
    page = window.page
    page.goto("/operator/checks")
    table = page.get_by_role("region", name="Checks")
    for title in ("machine", "versions", "database", "encoder", "models"):
        expect(table.get_by_role("cell", name=title, exact=True)).to_be_visible()
    page.get_by_role("button", name="Check again").click()
    expect(page.get_by_role("button", name="Check again")).to_be_enabled()
    assert window.severe() == []


def test_an_account_from_the_first_day_on(window: Window, site: Site) -> None:
    page = window.page
    # The browser writes down the two that are refused.
    window.forgive("400")
    window.forgive("409")
    page.goto("/operator/accounts")
    page.get_by_role("button", name="New account", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Studio North")
    dialog.get_by_label("Discount in per cent").fill("120")
    dialog.get_by_label("Unfinished tasks").fill("4")
    dialog.get_by_role("button", name="Make the account").click()
    expect(dialog.get_by_role("alert")).to_contain_text("0 to 100")
    dialog.get_by_label("Discount in per cent").fill("12.5")
    dialog.get_by_role("button", name="Make the account").click()
    expect(page.get_by_role("heading", name="Studio North", level=1)).to_be_visible()
    top_up = page.get_by_role("form", name="Top up")
    for amount in ("25.00", "30"):
        top_up.get_by_label("Amount in USD").fill(amount)
        top_up.get_by_label("Payment reference").fill("invoice-7")
        top_up.get_by_role("button", name="Book it").click()
        if amount == "25.00":
            expect(top_up.get_by_role("status")).to_have_text("25.00 USD are booked.")
    # The same payment is not booked twice.
    expect(top_up.get_by_role("alert")).to_contain_text("is there already")
    expect(page.locator(".sum").filter(has_text="Available")).to_contain_text("25.0000 USD")
    expect(page.get_by_role("region", name="Ledger")).to_contain_text("invoice-7")
    terms = page.get_by_role("form", name="Terms")
    terms.get_by_label("Unfinished tasks").fill("")
    terms.get_by_label("USD a day").fill("9.50")
    terms.get_by_role("button", name="Save", exact=True).click()
    expect(terms.get_by_role("status")).to_have_text("Saved.")
    assert window.severe() == []
    page.get_by_role("link", name="All accounts").click()
    row = page.get_by_role("row").filter(has_text="Studio North")
    expect(row).to_contain_text("12.5 %")
    expect(row).to_contain_text("USD a day: 9.5")
    expect(row).not_to_contain_text("Unfinished")
    page.get_by_role("button", name="Verify the ledger").click()
    expect(page.get_by_text("Everything adds up.")).to_be_visible()
    page.get_by_role("link", name="Audit", exact=True).click()
    page.get_by_label("Action").select_option("account.topped_up")
    entry = page.get_by_role("row").filter(has_text="account.topped_up")
    entry.get_by_role("button", name="Details", exact=True).click()
    expect(page.locator("pre")).to_contain_text("invoice-7")
    assert window.severe() == []
    # Filters stay.
    page.reload()
    expect(page.get_by_label("Action")).to_have_value("account.topped_up")


def test_a_key_of_another_account_is_limited_and_rotated(window: Window, site: Site) -> None:
    page = window.page
    page.goto("/keys")
    page.get_by_role("button", name="New key", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Night shift")
    dialog.get_by_role("button", name="Make the key").click()
    first = dialog.locator("pre").text_content() or ""
    page.get_by_role("button", name="Close", exact=True).click()
    page.get_by_role("button", name="Limits of Night shift").click()
    dialog.get_by_label("Requests a minute").fill("100")
    dialog.get_by_role("button", name="Save", exact=True).click()
    row = page.get_by_role("row").filter(has_text="Night shift")
    expect(row).to_contain_text("Requests a minute: 100")
    page.get_by_role("button", name="Rotate Night shift").click()
    dialog.get_by_label("The old key works").select_option("0")
    dialog.get_by_role("button", name="Rotate", exact=True).click()
    second = dialog.locator("pre").text_content() or ""
    page.get_by_role("button", name="Close", exact=True).click()
    statuses = [
        httpx.get(
            f"{site.url}/model/v1/key", headers={"Authorization": f"Bearer {secret}"}, timeout=60
        )
        for secret in (first, second)
    ]
    assert [answer.status_code for answer in statuses] == [401, 200]
    expect(row).to_have_count(2)
    expect(row.first).to_contain_text("Requests a minute: 100")
    assert window.severe() == []


def test_the_usage_of_all_is_shown_by_account(window: Window, site: Site) -> None:
    page = window.page
    site.cancelled(MODEL, {"prompt": "A quiet sea", "duration": "5"})
    page.goto("/operator/usage")
    expect(page.get_by_role("row").filter(has_text="default")).to_be_visible()
    assert window.severe() == []


def test_settings_and_prices_are_shown(window: Window) -> None:
    page = window.page
    page.goto("/operator/server")
    settings = page.get_by_role("region", name="Settings")
    expect(settings).to_contain_text("KIRIN_DATA_DIR")
    expect(settings).not_to_contain_text("KIRIN_SLOTS")
    page.get_by_label("Show settings that have their default, too").check()
    expect(settings).to_contain_text("KIRIN_SLOTS")
    row = page.get_by_role("region", name="Prices").get_by_role("row", name=re.compile(f"^{MODEL}"))
    expect(row).to_contain_text("std: 0.28")


def test_pages_of_operators_have_no_serious_fault(window: Window) -> None:
    page = window.page
    faults: dict[str, list[str]] = {}
    page.goto("/usage")
    for path, title in PAGES.items():
        page.set_viewport_size({"width": 1280, "height": 900})
        window.visit(path)
        expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
        window.settle()
        if found := window.severe_in_both():
            faults[path] = found
        page.set_viewport_size({"width": 390, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
    assert not faults, "\n".join(f"{where} {each}" for where in faults for each in faults[where])
