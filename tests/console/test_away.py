"""A server that dies while somebody works: nothing is lost, and everything goes on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from support.console import Window
from support.easel import HEIGHT, WIDTH, covered, open_brush, picture_of, sent
from support.mortal import Mortal

NOTICE = "The server is away."

EXPECTED = ("net::ERR_", "dynamically imported module")
"""What the browser itself writes down while nobody answers."""


@pytest.fixture(scope="module")
def mortal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mortal]:
    with Mortal(tmp_path_factory.mktemp("mortal")) as server:
        yield server


@pytest.fixture
def visitor(browser: Browser, mortal: Mortal) -> Iterator[Window]:
    """A window on the mortal server."""
    window = Window(browser, mortal)
    yield window
    window.context.close()
    assert [said for said in window.troubles if not any(part in said for part in EXPECTED)] == []


def test_a_restart_while_painting_loses_nothing(visitor: Window, mortal: Mortal) -> None:
    page = visitor.page
    easel = open_brush(page)
    strokes = [easel.drag((200, 150), (300, 200), (220, 300))]
    page.keyboard.press("t")
    easel.drag((240, 220), (400, 180))
    mortal.die()
    for key, y in (("2", 60), ("3", 420)):
        page.keyboard.press(key)
        page.keyboard.press("b")
        strokes.append(easel.drag((400, y), (520, y)))
        page.keyboard.press("t")
        easel.drag((420, y), (560, y))
        expect(page.get_by_text("kept in this browser")).to_be_visible()
        if key == "2":
            mortal.live()
            page.reload()
            expect(page.get_by_text("painted · path of 2 points")).to_have_count(2)
            page.get_by_role("application").focus()
    expect(page.get_by_text("painted · path of 2 points")).to_have_count(3)
    page.get_by_role("button", name="Use in the form", exact=True).click()
    expect(page.get_by_role("button", name="Paint on", exact=True)).to_be_visible()
    masks = sent(page)["dynamic_masks"]
    assert len(masks) == len(strokes)
    for mask, stroke in zip(masks, strokes, strict=True):
        painted = picture_of(mask["mask"])
        assert painted.shape == (HEIGHT, WIDTH)
        assert ((painted == 255) != covered(stroke)).sum() <= 2
    expect(page.get_by_label("The video", exact=True)).to_be_visible()


def test_a_page_waits_for_the_server_and_goes_on(visitor: Window, mortal: Mortal) -> None:
    page = visitor.page
    page.goto("/play/kirin_v1_6_t2v")
    prompt = page.locator("[data-param=prompt] textarea").first
    prompt.fill("A quiet sea")
    expect(page.locator(".quote")).not_to_be_empty()
    mortal.die()
    page.get_by_role("button", name="Generate", exact=True).click()
    expect(page.get_by_text(NOTICE)).to_be_visible()
    prompt.fill("A quiet sea at dusk")
    with visitor.notices("The server is back."):  # which is said for three seconds
        mortal.live()
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.locator(".quote")).not_to_be_empty()
    page.get_by_role("button", name="Generate", exact=True).click()
    expect(page.get_by_label("The video", exact=True)).to_be_visible()
    # A page that could not be fetched is there as soon as the server is.
    mortal.die()
    page.get_by_role("link", name="Usage", exact=True).click()
    expect(page.get_by_text(NOTICE)).to_be_visible()
    expect(page.get_by_text("This page could not be loaded.")).to_be_visible()
    mortal.live()
    expect(page.get_by_role("heading", name="Usage", level=1)).to_be_visible()
