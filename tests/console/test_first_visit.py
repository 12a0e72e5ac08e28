"""The one-time link, and signing in and out."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import httpx
from playwright.sync_api import Browser, expect

from support.console import Site, Window


def test_the_printed_link_signs_one_browser_in(browser: Browser, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "kirin", "serve", "--port", "0", "--data", str(tmp_path)]
    environment = {**os.environ, "KIRIN_ENGINES": "scripted", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(  # noqa: S603  our own module
        command, env=environment, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        said = [server.stdout.readline() for _ in range(5)]
        try:
            link = next(word for line in said for word in line.split() if "#welcome=" in word)
            key = next(word for line in said for word in line.split() if "kirin_sk_" in word)
            page = browser.new_page(locale="en-GB")
            page.goto(link)
            expect(page.get_by_role("button", name="Generate")).to_be_visible()
            assert "welcome" not in page.url
            assert page.evaluate("localStorage.getItem('kirin.key')") == key

            second = browser.new_page(locale="en-GB")
            second.goto(link)
            expect(second.get_by_role("alert")).to_contain_text("used already or is too old")
            second.get_by_label("API key").fill(key)
            second.get_by_role("button", name="Sign in").click()
            expect(second.get_by_role("button", name="Generate")).to_be_visible()
        finally:
            server.terminate()


def test_a_wrong_code_opens_nothing(site: Site) -> None:
    for body in ({"code": "guess"}, {"code": 1}, {}):
        answer = httpx.post(f"{site.url}/console/welcome", json=body)
        assert (answer.status_code, answer.json()["code"]) == (401, "invalid_api_key")


def test_a_wrong_key_is_refused_and_signing_out_forgets(browser: Browser, site: Site) -> None:
    window = Window(browser, site, signed_in=False)
    page = window.page
    page.goto("/gallery")
    expect(page.get_by_label("API key")).to_be_focused()
    page.keyboard.type("kirin_sk_wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_text("this API key is not valid")).to_be_visible()
    expect(page.get_by_label("API key")).to_be_focused()
    page.get_by_label("API key").fill(site.key)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Gallery")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("API key")).to_be_visible()
    assert page.evaluate("localStorage.getItem('kirin.key')") is None
    window.context.close()
    assert ["401" in said for said in window.troubles] == [True]
