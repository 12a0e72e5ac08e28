"""The gallery: what is found, where one is, what is done with several tasks at once."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from support.console import Site, Window
from support.waiting import until

MODEL = "kirin_v1_6_t2v"
LIVE = 12
"""Videos that may be loaded at a time (issue 20)."""


@pytest.fixture(scope="module")
def films(site: Site) -> Sequence[str]:
    """Two finished videos."""
    prompts = ("A quiet quarry at dawn", "A quiet quarry at dusk")
    made = [
        site.kirin.create("kirin_v3_t2v", {"prompt": prompt, "duration": "3"})["id"]
        for prompt in prompts
    ]
    for task in made:
        site.kirin.wait(task)
    return made


def ended(site: Site, *prompts: str) -> list[str]:
    """Tasks that have ended without a video, the last of them the newest."""
    return site.cancelled(MODEL, *({"prompt": prompt} for prompt in prompts))


def tile(page: Page, task: str) -> Locator:
    return page.locator(".tile").filter(has=page.locator(f"a[href*='{task}']"))


def choose(page: Page, *prompts: str) -> None:
    for prompt in prompts:
        page.locator(".tile").filter(has_text=prompt).get_by_role("checkbox").check()


def test_tasks_are_found_by_their_prompts_and_the_address_keeps_it(
    window: Window, site: Site, films: Sequence[str]
) -> None:
    (other,) = ended(site, "A tower in a storm")
    page = window.page
    page.goto("/gallery")
    expect(tile(page, other)).to_contain_text("A tower in a storm")
    page.get_by_label("Search").fill("QUARRY dusk")
    expect(page.locator(".tile")).to_have_count(1)
    expect(page).to_have_url(f"{site.url}/gallery?q=QUARRY+dusk")
    page.reload()
    expect(page.locator(".tile")).to_have_count(1)
    expect(page.get_by_label("Search")).to_have_value("QUARRY dusk")
    expect(tile(page, films[1])).to_contain_text("A quiet quarry at dusk")
    page.get_by_label("Search").fill("no such thing 8%")
    expect(page.get_by_text("No task is like that.")).to_be_visible()
    page.get_by_role("button", name="Clear", exact=True).click()
    expect(tile(page, other)).to_be_visible()
    assert window.severe() == []


def test_a_tile_has_a_poster_and_moves_only_under_the_pointer(
    window: Window, films: Sequence[str]
) -> None:
    page = window.page
    page.goto("/gallery?q=quarry")
    picture = tile(page, films[0]).locator("img")
    expect(picture).to_be_visible()
    until(lambda: picture.evaluate("image => image.naturalWidth") == 640)
    expect(page.locator("video")).to_have_count(0)
    tile(page, films[0]).locator(".tile-picture").hover()
    video = page.locator(".tile video")
    expect(video).to_have_count(1)
    until(lambda: video.evaluate("video => video.currentTime > 0"))
    tile(page, films[1]).locator(".tile-picture").hover()
    expect(tile(page, films[0]).locator("video")).to_have_count(0)
    assert page.locator("video").count() <= LIVE


def test_what_is_on_a_tile_stays_still_where_motion_is_not_wanted(
    window: Window, films: Sequence[str]
) -> None:
    page = window.page
    page.emulate_media(reduced_motion="reduce")
    page.clock.install()
    page.goto("/gallery?q=quarry")
    picture = tile(page, films[0]).locator(".tile-picture")
    expect(picture.locator("img")).to_be_visible()
    picture.hover()
    page.clock.run_for(2000)
    expect(page.locator("video")).to_have_count(0)


def test_back_leads_to_the_same_place(window: Window, site: Site) -> None:
    ended(site, *(f"A mill, number {n}" for n in range(30)))
    page = window.page
    page.goto("/usage")
    page.goto("/gallery?state=failed&q=mill")
    page.get_by_role("button", name="Show more", exact=True).click()
    expect(page.locator(".tile")).to_have_count(30)
    last = page.locator(".tile").filter(has_text="A mill, number 0")
    last.scroll_into_view_if_needed()
    until(lambda: page.evaluate("history.state?.gallery?.y === Math.round(scrollY)"))
    place = page.evaluate("scrollY")
    assert place > 0
    # To a task and back by the browser's own button, and by the dialog's.
    for leave in (page.go_back, page.get_by_role("button", name="Close", exact=True).click):
        last.locator("a").click()
        expect(page.get_by_role("dialog")).to_be_visible()
        expect(page).to_have_url(re.compile(r"/gallery/\w+\?state=failed&q=mill$"))
        leave()
        expect(page).to_have_url(f"{site.url}/gallery?state=failed&q=mill")
        expect(page.get_by_role("dialog")).to_have_count(0)
    # To another page and back.
    until(lambda: page.evaluate("history.state?.gallery?.y > 0"))
    page.get_by_role("link", name="Subjects", exact=True).click()
    expect(page.get_by_role("heading", name="Subjects")).to_be_visible()
    page.go_back()
    expect(page.locator(".tile")).to_have_count(30)
    until(lambda: abs(page.evaluate("scrollY") - place) < 40)


def test_a_task_opened_by_its_link_closes_to_the_gallery(window: Window, site: Site) -> None:
    (task,) = ended(site, "A lone barge")
    page = window.page
    page.goto(f"/gallery/{task}?state=failed")
    page.get_by_role("button", name="Close", exact=True).click()
    expect(page).to_have_url(f"{site.url}/gallery?state=failed")


def test_shift_chooses_a_range_and_all_of_it_is_cancelled_and_deleted(
    window: Window, site: Site
) -> None:
    page = window.page
    with site.paused():
        made = [
            site.kirin.create(MODEL, {"prompt": f"A barn, number {n}", "mode": "pro"})["id"]
            for n in range(5)
        ]
        page.goto("/gallery?q=barn")
        expect(page.locator(".tile")).to_have_count(5)
        # A click with Shift begins it.
        page.locator(".tile a").nth(1).click(modifiers=["Shift"])
        choices = page.locator(".tiles").get_by_role("checkbox")
        choices.nth(4).click(modifiers=["Shift"])
        expect(page.get_by_text("4 selected")).to_be_visible()
        choices.nth(2).click()
        bar = page.get_by_role("toolbar")
        expect(page.get_by_text("3 selected")).to_be_visible()
        choices.nth(2).click()
        bar.get_by_role("button", name="Cancel 4").click()
        question = page.get_by_role("dialog", name="Cancel 4 tasks?")
        question.get_by_role("button", name="Cancel them").click()
        for number in range(1, 5):
            expect(page.locator(".tile").nth(number)).to_have_attribute("data-state", "failed")
        site.kirin.cancel(made[4])
    bar.get_by_role("button", name="Delete", exact=True).click()
    question = page.get_by_role("dialog", name="Delete 4 tasks?")
    assert window.severe() == []
    question.get_by_role("button", name="Delete", exact=True).click()
    expect(page.locator(".tile")).to_have_count(1)
    left = {task["id"] for task in site.kirin.tasks(limit=100)["tasks"]}
    assert left & set(made) == {made[4]}


def test_favourites_stay_in_this_browser_for_this_key(window: Window, site: Site) -> None:
    first, _ = ended(site, "A heron at noon", "A heron at night")
    page = window.page
    page.goto("/gallery")
    tile(page, first).get_by_role("button", name="Favourite", exact=True).click()
    tile(page, first).locator("a").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Favourite", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Favourites", exact=True).click()
    expect(page.locator(".tile")).to_have_count(1)
    expect(page).to_have_url(f"{site.url}/gallery?only=favourites")
    page.reload()
    expect(page.locator(".tile")).to_contain_text("A heron at noon")
    page.get_by_label("Search").fill("night")
    expect(page.get_by_text("No favourite is like that.")).to_be_visible()
    page.get_by_label("Search").fill("heron")
    expect(page.locator(".tile")).to_have_count(1)
    # The key itself is nowhere but where it was.
    names = page.evaluate("Object.keys(localStorage).filter((n) => n.includes('favourites'))")
    assert len(names) == 1
    assert site.key not in names[0]


def test_a_selection_comes_as_one_zip(window: Window, films: Sequence[str], tmp_path: Path) -> None:
    page = window.page
    page.goto("/gallery?q=quarry")
    page.get_by_role("button", name="Select", exact=True).click()
    choose(page, "quarry at dawn", "quarry at dusk")
    with page.expect_download() as caught:
        page.get_by_role("button", name="Zip of 2").click()
    saved = tmp_path / "films.zip"
    caught.value.save_as(saved)
    assert caught.value.suggested_filename.startswith("kirin-")
    with zipfile.ZipFile(saved) as opened:
        assert sorted(opened.namelist()) == [
            f"A quiet quarry at dawn {films[0][:8]}.mp4",
            f"A quiet quarry at dusk {films[1][:8]}.mp4",
        ]
        assert opened.testzip() is None


def test_two_results_side_by_side_have_one_timeline(
    window: Window, site: Site, films: Sequence[str]
) -> None:
    page = window.page
    page.goto("/gallery?q=quarry")
    page.get_by_role("button", name="Select", exact=True).click()
    beside = page.get_by_role("button", name="Side by side")
    choose(page, "quarry at dawn")
    expect(beside).to_be_disabled()
    choose(page, "quarry at dusk")
    beside.click()
    dialog = page.get_by_role("dialog", name="Side by side")
    expect(dialog.locator("video")).to_have_count(2)
    expect(dialog).to_contain_text("/ 0:03.")

    def times() -> list[float]:
        found: list[float] = dialog.locator("video").evaluate_all(
            "(all) => all.map((video) => video.currentTime)"
        )
        return found

    expect(dialog.get_by_role("slider")).to_have_attribute("aria-valuemax", re.compile(r"^3"))
    page.keyboard.press("Space")
    until(lambda: min(times()) > 0.3)
    dialog.get_by_role("button", name="Pause", exact=True).click()
    expect(dialog.get_by_role("button", name="Play", exact=True)).to_be_visible()
    for _ in range(3):
        dialog.get_by_role("button", name="One frame on", exact=True).click()
    until(lambda: abs(times()[0] - times()[1]) < 0.001)
    before = times()[0]
    dialog.get_by_role("button", name="One frame back", exact=True).click()
    until(lambda: all(abs(before - time - 1 / 24) < 0.01 for time in times()))
    slider = dialog.get_by_role("slider")
    slider.press("Home")
    until(lambda: max(times()) < 0.05)
    assert window.severe() == []
    page.reload()
    expect(dialog.locator("video")).to_have_count(2)
    page.go_back()
    expect(dialog).to_have_count(0)
    expect(page).to_have_url(f"{site.url}/gallery?q=quarry")
