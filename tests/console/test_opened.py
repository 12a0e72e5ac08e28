"""What opens: menus, panels and dialogs have no fault, in themes, languages and sizes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Locator, ViewportSize, expect

from support.console import Site, Window

MODEL: Final = "kirin_v1_6_t2v"
SIZES: Final[dict[str, ViewportSize]] = {
    "phone": {"width": 390, "height": 844},
    "wall": {"width": 3840, "height": 2160},
}
MENU: Final = "[role=menu]"
PANEL: Final = "[role=dialog]"
SENTINEL: Final = "not allowed: div[tabindex]"
"""The component library keeps an empty element in each menu that takes the focus at first."""


@pytest.fixture(params=SIZES)
def window(browser: Browser, site: Site, request: pytest.FixtureRequest) -> Iterator[Window]:
    opened = Window(browser, site, viewport=SIZES[request.param], reduced_motion="reduce")
    yield opened
    opened.context.close()
    assert opened.troubles == []


def look(window: Window, opener: Locator, what: str) -> list[str]:
    """Open something, look at it, and close it again."""
    opener.click()
    expect(window.page.locator(what)).to_be_visible()
    found = window.severe_in_both(within=what)
    window.page.keyboard.press("Escape")
    expect(window.page.locator(what)).to_have_count(0)
    return found


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_opens_has_no_fault(window: Window, made: dict[str, Any], language: str) -> None:
    page = window.page
    window.context.add_init_script(f"localStorage.setItem('kirin.language', '{language}')")
    page.goto(f"/play/{MODEL}?task={made['id']}")
    expect(page.locator(".task-view video")).to_be_visible()
    found = [
        *look(window, page.locator("[data-param=duration] button").first, MENU),
        *look(window, page.locator("[data-param=negative_prompt] button").first, PANEL),
        *look(window, page.locator(".presets > .chip:not(.preset-on)").first, PANEL),
        *look(window, page.locator(".bench-tools [aria-haspopup=menu]"), MENU),
        *look(window, page.locator(".task-view .acts [aria-haspopup=menu]"), MENU),
    ]
    page.locator(".bench-tools .mantine-SegmentedControl-label").last.click()
    found += look(window, page.locator(".run-bar [aria-haspopup=menu]"), MENU)
    if page.locator(".top button").first.is_visible():
        found += look(window, page.locator(".top button").first, PANEL)
    window.visit(f"/gallery/{made['id']}")
    expect(page.locator(f"{PANEL} video")).to_be_visible()
    found += window.severe_in_both(within=PANEL)
    window.visit("/subjects")
    found += look(window, page.locator(".page-head button").first, PANEL)
    faults = [each for each in found if SENTINEL not in each]
    assert not faults, "\n".join(faults)
