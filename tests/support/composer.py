"""The composer as a hand uses it: chips, and what they show."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page

from support.waiting import until

KEPT = """
async (words) => {
  const open = indexedDB.open("kirin");
  await new Promise((done) => (open.onsuccess = done));
  const found = open.result.transaction("drafts").objectStore("drafts").getAll();
  await new Promise((done) => (found.onsuccess = done));
  open.result.close();
  return JSON.stringify(found.result.map((each) => each.params ?? {})).includes(words);
}
"""
"""Whether the browser has kept a draft with some words: it does so a moment after the typing."""


def field(page: Page | Locator, name: str) -> Any:
    """The control of a parameter."""
    return page.locator(f"[data-param='{name}']").first


def choose(page: Page | Locator, name: str, words: str) -> None:
    """Open the chip of a parameter and choose a value by its words."""
    chip = field(page, name)
    chip.locator("button").first.click()
    chip.get_by_role("menuitem", name=words, exact=True).click()


def see_api(page: Page) -> None:
    """Show the form as programs have it."""
    page.get_by_text("API", exact=True).click()


def wait_until_kept(page: Page, words: str) -> None:
    """Wait until the browser has kept a draft with some words: then the page can be left."""
    until(lambda: page.evaluate(KEPT, words))
