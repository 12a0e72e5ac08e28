"""Usage and keys."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Any

import httpx
from playwright.sync_api import Browser, expect

from support.console import Site, Window
from support.waiting import until


def test_usage_is_shown_and_downloaded(window: Window, site: Site, made: dict[str, Any]) -> None:
    model = made["model"]
    page = window.page
    window.paid()
    page.goto("/usage")
    row = page.get_by_role("row").filter(has_text=model)
    expect(row).to_be_visible()
    total = site.get("/model/v1/usage")["total"]
    expect(page.locator(".sums")).to_contain_text(f"{total['cost']} USD")
    expect(page.get_by_role("img", name="Usage by day").locator("g > rect").first).to_be_visible()
    with page.expect_download() as caught:
        page.get_by_role("button", name="CSV", exact=True).click()
    rows = list(csv.DictReader(StringIO(caught.value.path().read_text())))
    assert {row["model"] for row in rows} >= {model}


def test_where_nothing_costs_usage_has_no_prices(window: Window) -> None:
    page = window.page
    page.goto("/usage?by=key&measure=tasks&days=7")
    expect(page.get_by_role("columnheader", name="Finished")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("USD")
    expect(page.get_by_role("columnheader", name="Cost")).to_have_count(0)
    expect(page.get_by_role("radio", name="Cost")).to_have_count(0)
    # What was chosen is in the address, and outlives a reload.
    expect(page.get_by_label("Per", exact=True)).to_have_value("key")
    page.get_by_label("Period").select_option("90")
    page.reload()
    expect(page.get_by_label("Period")).to_have_value("90")
    expect(page.get_by_role("radio", name="Tasks")).to_be_checked()


def test_an_operator_reaches_every_account(browser: Browser, site: Site) -> None:
    operator = site.operator()
    headers = {"Authorization": f"Bearer {operator}"}
    with httpx.Client(base_url=site.url, headers=headers, timeout=60) as admin:
        for number in range(101):
            made = admin.post("/admin/v1/accounts", json={"name": f"account {number:03}"})
            assert made.status_code < 300, made.text
    window = Window(browser, site)
    page = window.page
    page.goto("/keys")
    page.get_by_label("Operator's key").fill(operator)
    page.get_by_role("button", name="Open", exact=True).click()
    page.get_by_label("Account", exact=True).select_option(label="account 000")
    page.reload()
    chosen = page.get_by_label("Account", exact=True).locator("option:checked")
    expect(chosen).to_have_text("account 000")
    window.context.close()


def test_a_key_is_made_shown_once_and_revoked(browser: Browser, site: Site) -> None:
    window = Window(browser, site)
    page = window.page
    page.goto("/keys")
    page.get_by_label("Operator's key").fill(site.operator())
    page.get_by_role("button", name="Open", exact=True).click()
    page.get_by_role("button", name="New key", exact=True).click()
    page.get_by_label("Name").fill("Render farm")
    page.get_by_label("elements").uncheck()
    page.get_by_label("Ends").select_option("30")
    page.get_by_role("button", name="Make the key").click()
    secret = page.get_by_role("dialog").locator("pre").text_content() or ""
    page.get_by_role("button", name="Copy", exact=True).click()
    until(lambda: page.evaluate("navigator.clipboard.readText()") == secret)

    def status() -> int:
        answer = httpx.get(
            f"{site.url}/model/v1/generation/task",
            headers={"Authorization": f"Bearer {secret}"},
            timeout=60,
        )
        return answer.status_code

    assert status() == 200
    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.get_by_text(secret)).to_have_count(0)
    row = page.get_by_role("row").filter(has_text="Render farm")
    expect(row).to_contain_text("generate")
    expect(row).not_to_contain_text("elements")
    row.get_by_role("button", name="Revoke Render farm").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke", exact=True).click()
    expect(row).to_contain_text("revoked")
    assert status() == 401
    window.context.close()
    assert [said for said in window.troubles if "403" not in said] == []
