"""The composer as a hand uses it: chips, and what they show."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page


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
