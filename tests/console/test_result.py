"""A result: how it plays, what goes on from it, and that one wish makes one task, on phones too."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Page, Route, expect

from kirin.media.decode import frames
from support.composer import choose, see_api
from support.console import PATIENCE_MS, Site, Window
from support.easel import sent
from support.pictures import saved
from support.waiting import until

MODEL = "kirin_v1_6_t2v"
CREATE = "**/model/v1/generation"
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
}
FINGER_PX = 44
"""WCAG 2.2, 2.5.5: the least side of what a finger hits."""

NOISE: FilePayload = {
    "name": "noise.png",
    "mimeType": "image/png",
    "buffer": saved(
        Image.fromarray(np.random.default_rng(1).integers(0, 256, (480, 640, 3), dtype=np.uint8))
    ),
}
"""A picture of nearly a megabyte: it takes a while on a slow line."""

PAUSED = "video => video.paused"
FRAME = "video => Math.floor(video.currentTime * 24 + 0.01)"

SMALL = """least => [...document.querySelectorAll(
    ".stage button, .stage a, .run-bar button, .stage [role=slider]")]
  .map((one) => one.getAttribute("role") === "slider" ? one.closest(".player-track") : one)
  .filter((one) => one.offsetParent)
  .map((one) => [one.textContent || one.getAttribute("aria-label"), one.getBoundingClientRect()])
  .filter(([, box]) => box.height < least || box.width < least)
  .map(([name, box]) => `${name}: ${box.width} x ${box.height}`)
"""


@pytest.fixture
def phone(browser: Browser, site: Site) -> Iterator[Window]:
    opened = Window(browser, site, **PHONE)
    yield opened
    opened.context.close()
    assert opened.troubles == []


def on_stage(page: Page, made: dict[str, Any]) -> Any:
    """The video of a finished task on the stage of its model, loaded."""
    page.goto(f"/play/{MODEL}?task={made['id']}")
    video = page.locator(".stage video")
    until(lambda: video.evaluate("video => video.readyState") >= 2)
    return video


def tasks_of(site: Site, prompt: str) -> list[str]:
    """The tasks that were asked for in these words."""
    found = site.get("/model/v1/generation/task?limit=100")["tasks"]
    asked = {
        task["id"]: site.get(f"/model/v1/generation/task/{task['id']}/request") for task in found
    }
    return [
        id for id, request in asked.items() if request["input"][0]["params"].get("prompt") == prompt
    ]


@contextmanager
def slow_line(window: Window) -> Iterator[None]:
    """A line on which the picture takes many seconds, if nothing stops it."""
    line = window.context.new_cdp_session(window.page)
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 40_000}
    line.send("Network.emulateNetworkConditions", slow)
    yield
    line.send("Network.emulateNetworkConditions", {**slow, "uploadThroughput": -1})


def test_it_plays_at_once_without_sound_and_says_how_long_it_is(
    window: Window, made: dict[str, Any]
) -> None:
    page = window.page
    video = on_stage(page, made)
    until(lambda: not video.evaluate(PAUSED))
    assert video.evaluate("video => video.muted && video.loop")
    expect(page.locator(".player-time")).to_contain_text(re.compile(r"0:0\d\.\d / 0:05\.0"))
    page.get_by_role("button", name="Sound on", exact=True).click()
    assert not video.evaluate("video => video.muted")
    page.get_by_role("button", name="Full screen", exact=True).click()
    until(lambda: page.evaluate("document.fullscreenElement?.className") == "player")
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()


def test_it_stays_still_where_motion_is_not_wanted(window: Window, made: dict[str, Any]) -> None:
    page = window.page
    page.emulate_media(reduced_motion="reduce")
    video = on_stage(page, made)
    expect(page.locator(".player-time")).to_contain_text("0:00.0 / 0:05.0")
    assert video.evaluate("video => video.paused && video.played.length === 0")
    page.get_by_role("button", name="Play", exact=True).click()
    until(lambda: not video.evaluate(PAUSED))


def test_keys_play_it_wherever_no_control_has_the_focus(
    window: Window, made: dict[str, Any]
) -> None:
    page = window.page
    video = on_stage(page, made)
    until(lambda: not video.evaluate(PAUSED))
    page.keyboard.press("Space")
    until(lambda: video.evaluate(PAUSED))
    assert page.evaluate("scrollY") == 0
    before = video.evaluate(FRAME)
    page.keyboard.press("ArrowRight" if before < 100 else "ArrowLeft")
    until(lambda: abs(video.evaluate(FRAME) - before) == 1)
    # In a text it is a space, and on a button it presses that.
    prompt = page.locator("[data-param=prompt] textarea").first
    prompt.fill("A")
    prompt.press("Space")
    expect(prompt).to_have_value("A ")
    assert video.evaluate(PAUSED)
    page.get_by_role("button", name="Sound on", exact=True).press("Space")
    expect(page.get_by_role("button", name="Sound off", exact=True)).to_be_visible()
    assert video.evaluate(PAUSED)
    page.locator("h1").click()
    page.keyboard.press("Space")
    until(lambda: not video.evaluate(PAUSED))


def test_arrows_step_frames_in_the_player_and_tasks_around_it(
    window: Window, made: dict[str, Any]
) -> None:
    page = window.page
    page.goto(f"/gallery/{made['id']}")
    video = page.get_by_role("dialog").locator("video")
    until(lambda: not video.evaluate(PAUSED))
    # Opened by its link, the space bar is the player's, not that of the button that closes.
    page.keyboard.press("Space")
    until(lambda: video.evaluate(PAUSED))
    expect(page.get_by_role("dialog")).to_be_visible()
    before = video.evaluate(FRAME)
    page.get_by_role("button", name="Play", exact=True).focus()
    page.keyboard.press("ArrowLeft" if before else "ArrowRight")
    until(lambda: abs(video.evaluate(FRAME) - before) == 1)
    expect(page).to_have_url(re.compile(f"/gallery/{made['id']}"))


def test_the_last_frame_is_the_first_picture_of_the_next(
    window: Window, site: Site, made: dict[str, Any], tmp_path: Path
) -> None:
    page = window.page
    on_stage(page, made)
    page.get_by_role("button", name="Last frame as first picture").click()
    expect(page).to_have_url(re.compile("/play/kirin_v1_6_i2v"))
    expect(page.locator("[data-param=image]")).to_contain_text("1280 × 720")
    # What it came from is what is on stage, nobody else's video.
    expect(page.locator(".stage").get_by_title(made["id"])).to_be_visible()
    png = Image.open(BytesIO(b64decode(sent(page)["image"])))
    picture = np.asarray(png.convert("RGB")).astype(int)
    window.cancel()
    film = tmp_path / "film.mp4"
    film.write_bytes(httpx.get(made["output"][0]["content"][0]["url"], timeout=60).content)
    *_, before, last = (frame.astype(int) for frame in frames(film))
    assert picture.shape == last.shape
    # Browsers and ours differ in how they turn YUV into RGB by a few levels, not in what is shown.
    assert np.abs(picture - last).mean() < 3
    assert np.abs(picture - last).mean() < np.abs(picture - before).mean()


def test_it_drives_a_character(window: Window, site: Site, made: dict[str, Any]) -> None:
    page = window.page
    on_stage(page, made)
    page.get_by_role("button", name="Use as driving video").click()
    video = page.locator("[data-param=video_url]")
    expect(video).to_contain_text("1280 × 720 · 5 s")
    expect(video.locator("li[data-state=bad]")).to_have_count(0)
    see_api(page)
    editor = page.get_by_label("Parameters as JSON")
    params = json.loads(editor.input_value())
    assert params["video_url"].startswith("‹kirin-")
    page.get_by_text("Form", exact=True).click()
    page.locator("[data-param=image_url] input[type=file]").set_input_files(NOISE)
    choose(page, "character_orientation", "The video")
    choose(page, "mode", "Standard")
    asked = sent(page)
    assert asked["video_url"].startswith(f"{site.url}/files/results/{made['id']}/")
    window.cancel()


def test_the_frame_that_is_shown_becomes_a_subject(window: Window, made: dict[str, Any]) -> None:
    page = window.page
    on_stage(page, made)
    page.get_by_role("button", name="Make a subject of it").click()
    # The frame is taken first, and the form of the other model looks much the same.
    expect(page).to_have_url(re.compile("/play/kirin_custom_elements"))
    expect(page.locator("[data-param=element_name]")).to_be_visible()
    see_api(page)
    params = json.loads(page.get_by_label("Parameters as JSON").input_value())
    assert params["reference_type"] == "image_refer"
    picture = params["element_image_list"]["frontal_image"]
    assert picture.startswith(f"‹{made['id'][:8]} frame.png 1280×720")
    assert params["element_image_list"]["refer_images"] == [{"image_url": picture}]


def test_a_link_is_shared_that_says_when_it_ends(
    window: Window, site: Site, made: dict[str, Any]
) -> None:
    page = window.page
    on_stage(page, made)
    page.get_by_role("button", name="Copy share link").click()
    page.get_by_role("menuitem", name="For a week").click()
    expect(page.get_by_text(re.compile(r"Copied\. It works until \d+ \w+ \d{4}"))).to_be_visible()
    link = page.get_by_role("textbox", name="Share link").input_value()
    assert page.evaluate("navigator.clipboard.readText()") == link
    shared = httpx.get(link, timeout=60)
    assert (shared.status_code, shared.headers["Content-Type"]) == (200, "video/mp4")


def test_four_seeds_are_made_and_seen_side_by_side(
    window: Window, site: Site, made: dict[str, Any]
) -> None:
    page = window.page
    keys: list[str] = []
    page.on(
        "request",
        lambda request: (
            keys.append(request.headers["idempotency-key"])
            if request.method == "POST" and request.url.endswith("/generation")
            else None
        ),
    )
    on_stage(page, made)
    with site.paused():
        page.get_by_role("button", name="Four seeds at once").click()
        seeds = page.get_by_role("region", name="Four seeds")
        expect(seeds.get_by_role("link", name=re.compile(r"Video \d, seed \d+"))).to_have_count(4)
        ids = [
            (link.get_attribute("href") or "").rsplit("/", 1)[-1]
            for link in seeds.get_by_role("link").all()
        ]
        found = [site.get(f"/model/v1/generation/task/{id}") for id in ids]
        assert len({task["metadata"]["seed"] for task in found} | {made["metadata"]["seed"]}) == 5
        assert len(set(keys)) == 4
        page.reload()
        expect(seeds.get_by_role("link")).to_have_count(4)
        for id in ids:
            site.kirin.cancel(id)
    expect(seeds.get_by_text("It failed")).to_have_count(4)


def test_a_limit_is_told_and_what_was_made_before_it_is_shown(
    window: Window, site: Site, made: dict[str, Any]
) -> None:
    page = window.page
    sent_keys: list[str] = []
    refusal = {"code": "limit_reached", "message": "at most 1 task at a time", "request_id": "1"}

    def answer(route: Route) -> None:
        sent_keys.append(route.request.headers["idempotency-key"])
        if len(sent_keys) == 2:
            route.fulfill(status=429, json=refusal)
        else:
            route.continue_()

    page.route(CREATE, answer)
    window.forgive("429")  # the browser writes the answer down
    on_stage(page, made)
    page.get_by_role("button", name="Four seeds at once").click()
    seeds = page.get_by_role("region", name="Four seeds")
    expect(seeds.get_by_role("alert")).to_contain_text("1 of 4 were made.")
    expect(seeds.get_by_role("link")).to_have_count(1)
    # Again, it goes on where it was stopped, by the keys that are left.
    page.get_by_role("button", name="Four seeds at once").click()
    expect(seeds.get_by_role("link")).to_have_count(4)
    assert (len(sent_keys), sent_keys[1]) == (5, sent_keys[2])
    site.end(*((link.get_attribute("href") or "")[9:] for link in seeds.get_by_role("link").all()))


def test_on_a_phone_two_taps_make_one_task_and_it_comes_into_sight(
    phone: Window, site: Site
) -> None:
    page = phone.page
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.method + request.url))
    page.goto(f"/play/{MODEL}")
    prompt = "A harbour for one tap, and another"
    page.locator("[data-param=prompt] textarea").first.fill(prompt)
    phone.settle()  # what the quote says has its place by then
    button = page.get_by_role("button", name="Generate", exact=True)
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box is not None
    spot = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for _ in range(3):
        page.touchscreen.tap(*spot)
    # Taps stop a smooth scroll: there is nothing at the edge of the page but the page.
    stage = page.locator(".stage")
    for _ in range(10):
        page.touchscreen.tap(3, 500)
    expect(stage.locator(".task-view")).to_be_in_viewport()
    made = tasks_of(site, prompt)
    assert len(made) == 1
    assert posts.count(f"POST{site.url}/model/v1/generation") == 1
    phone.cancel()
    assert tasks_of(site, prompt) == made


def test_on_a_phone_fingers_hit_what_is_there(phone: Window, made: dict[str, Any]) -> None:
    page = phone.page
    on_stage(page, made)
    page.locator(".stage").scroll_into_view_if_needed()
    assert page.evaluate(SMALL, FINGER_PX) == []
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["viewport"]["width"]
    assert phone.severe() == []


def test_an_answer_that_is_lost_makes_no_second_task(window: Window, site: Site) -> None:
    page = window.page
    lost: list[str] = []

    def lose(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch(timeout=PATIENCE_MS).json()["id"])
        route.abort()

    page.route(CREATE, lose)
    window.forgive("net::ERR_FAILED")  # the browser writes down what is lost
    page.goto(f"/play/{MODEL}")
    prompt = "A lake whose answer is lost"
    page.locator("[data-param=prompt] textarea").first.fill(prompt)
    with page.expect_event("requestfailed", lambda request: request.url.endswith("/generation")):
        page.get_by_role("button", name="Generate", exact=True).click()
    generate = page.get_by_role("button", name="Generate", exact=True)
    expect(generate).not_to_have_attribute("data-loading", "true")
    generate.click()
    expect(page.locator(".stage").get_by_title(lost[0])).to_be_visible()
    window.cancel()
    assert tasks_of(site, prompt) == lost


def test_what_is_sent_shows_how_far_it_is_and_can_be_stopped(window: Window, site: Site) -> None:
    page = window.page
    page.goto("/play/kirin_v1_6_i2v")
    prompt = "A slow line, push in"
    page.locator("[data-param=prompt] textarea").first.fill(prompt)
    with slow_line(window):
        page.locator("[data-param=image] input[type=file]").set_input_files(NOISE)
        expect(page.locator("[data-param=image]")).to_contain_text("640 × 480")
        # The quote has the picture, too, and goes first.
        page.get_by_role("button", name="Generate", exact=True).click()
        bar = page.get_by_role("progressbar", name="Sending your files")
        expect(bar).to_be_visible()
        expect(page.get_by_role("button", name="Generate", exact=True)).to_have_count(0)
        page.get_by_role("button", name="Stop sending", exact=True).click()
        expect(page.get_by_role("button", name="Generate", exact=True)).to_be_enabled()
    assert tasks_of(site, prompt) == []
    with site.paused():
        page.get_by_role("button", name="Generate", exact=True).click()
        stage = page.locator(".stage")
        expect(stage.get_by_role("button", name="Cancel", exact=True)).to_be_visible()
        assert len(tasks_of(site, prompt)) == 1
        window.cancel()
