"""The one-time link, signing in and out, and what there is to begin with."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from base64 import b64encode
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Locator, expect

from support.console import PATIENCE_MS, Site, Window
from support.waiting import until

FOLDER = Path(__file__).parents[2] / "web" / "src" / "clips"
CLIPS = json.loads((FOLDER / "clips.json").read_text())
BEGIN = "Make one like this"


def test_the_printed_link_signs_one_browser_in(browser: Browser, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "kirin", "serve", "--port", "0", "--data", str(tmp_path)]
    # A catalogue that takes a key, too, is read with the key that the link gives.
    settings = {
        "KIRIN_ENGINES": "scripted",
        "KIRIN_CATALOGUE_KEY": "true",
        "KIRIN_NICENESS": "0",
    }
    environment = {**os.environ, **settings, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(  # noqa: S603  our own module
        command, env=environment, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        said = [server.stdout.readline() for _ in range(5)]
        try:
            link = next(word for line in said for word in line.split() if "#welcome=" in word)
            key = next(word for line in said for word in line.split() if "kirin_sk_" in word)
            page = browser.new_page(locale="en-GB")
            page.set_default_timeout(PATIENCE_MS)
            page.goto(link)
            expect(page.get_by_role("button", name="Generate", exact=True)).to_be_visible()
            assert "welcome" not in page.url
            assert page.evaluate("localStorage.getItem('kirin.key')") == key

            second = browser.new_page(locale="en-GB")
            second.set_default_timeout(PATIENCE_MS)
            second.goto(link)
            expect(second.get_by_role("alert")).to_contain_text("used already or is too old")
            second.get_by_label("API key").fill(key)
            second.get_by_role("button", name="Sign in", exact=True).click()
            expect(second.get_by_role("button", name="Generate", exact=True)).to_be_visible()
        finally:
            server.terminate()


def test_a_wrong_code_opens_nothing(site: Site) -> None:
    for body in ({"code": "guess"}, {"code": 1}, {}):
        answer = httpx.post(f"{site.url}/console/welcome", json=body, timeout=60)
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
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Gallery")).to_be_visible()
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_label("API key")).to_be_visible()
    assert page.evaluate("localStorage.getItem('kirin.key')") is None
    window.context.close()
    assert ["401" in said for said in window.troubles] == [True]


def sent(value: Any) -> Any:
    """A value of a clip's request as it goes over the wire."""
    if isinstance(value, str) and value.startswith("file:"):
        return b64encode((FOLDER / value.removeprefix("file:")).read_bytes()).decode()
    if isinstance(value, list):
        return [sent(each) for each in value]
    if isinstance(value, dict):
        return {name: sent(each) for name, each in value.items()}
    return value


def quote(site: Site, model: str, params: Any) -> httpx.Response:
    """What the server says of a request before it is made."""
    body = {"model": model, "input": [{"params": params}]}
    headers = {"Authorization": f"Bearer {site.key}"}
    return httpx.post(f"{site.url}/model/v1/quote", json=body, headers=headers, timeout=120)


@pytest.mark.parametrize("clip", CLIPS, ids=lambda clip: clip["name"])
def test_what_a_clip_asks_for_can_be_made(site: Site, clip: dict[str, Any]) -> None:
    answer = quote(site, clip["model"], sent(clip["params"]))
    assert answer.status_code == 200, answer.text
    # All that it says is shown: the first thing that people make must not disappoint them.
    shots = [answer.json(), *answer.json().get("shots", [])]
    for part in [shot.get(name) for shot in shots for name in ("scene", "motion")]:
        assert not (part or {}).get("missing"), part


def test_the_first_page_is_words_to_video_and_its_examples_are_taken(
    window: Window, site: Site
) -> None:
    page = window.page
    page.goto("/")
    page.wait_for_url("**/play/kirin_*_t2v")
    model = page.url.rsplit("/", 1)[1]
    for example in site.get(f"/api/v1/skill/models/{model}/spec")["data"]["examples"]:
        assert quote(site, model, example).status_code == 200
    # Then it is the model that was used last.
    page.goto("/play/kirin_v1_i2v")
    expect(page.get_by_role("button", name="Generate", exact=True)).to_be_visible()
    page.wait_for_function("Object.values(localStorage).includes('kirin_v1_i2v')")
    page.goto("/")
    page.wait_for_url("**/play/kirin_v1_i2v")


@pytest.mark.timeout(900)
def test_each_clip_fills_a_form_that_can_be_sent(window: Window) -> None:
    page = window.page
    for clip in CLIPS:
        page.goto("/play")
        page.get_by_role("button", name=BEGIN).filter(has_text=clip["title"]).click()
        page.wait_for_url(f"**/play/{clip['model']}?clip={clip['name']}")
        expect(page.get_by_role("complementary").get_by_label(clip["title"])).to_be_visible()
        # Its pictures are looked into, which takes a busy machine a while.
        taken = re.compile("No charge|Usually made in about")
        expect(page.locator(".quote")).to_have_text(taken, timeout=120_000)
        prompt = clip["params"].get("prompt")
        if prompt:
            area = page.locator("[data-param=prompt] textarea").first
            expect(area).to_have_value(prompt)
            expect(area).to_be_focused()


def shape_of(picture: Locator) -> float:
    """Width by height of what is seen; 0 while nothing is."""
    box = picture.bounding_box()
    return box["width"] / box["height"] if box else 0.0


def test_a_first_video_takes_two_clicks(window: Window, site: Site) -> None:
    page = window.page
    page.goto("/play")
    page.get_by_role("button", name=BEGIN).filter(has_text="A rocket lifts off").click()
    expect(page.locator("[data-param=image]").first).to_contain_text("640 × 427")
    with site.paused():
        with page.expect_request("**/model/v1/generation") as caught:
            page.get_by_role("button", name="Generate", exact=True).click()
        params = json.loads(caught.value.post_data or "")["input"][0]["params"]
        assert params["image"].startswith("/9j/")
        # The stage has the picture that the video begins with, in its shape, and how far it is.
        stage = page.get_by_role("complementary", name="Result")
        expect(stage.get_by_text("Waiting for a worker")).to_be_visible()
        expect(stage.get_by_role("progressbar", name="Progress")).to_be_attached()
        picture = stage.locator(".preview img")
        expect(picture).to_be_visible()
        until(lambda: shape_of(picture) == pytest.approx(640 / 427, rel=0.02))
        # The clip, which somebody else's request made, has left the stage.
        expect(stage.get_by_label("A rocket lifts off")).to_have_count(0)
        window.cancel()


def test_clips_move_while_they_are_pointed_at(browser: Browser, site: Site) -> None:
    for motion, videos in (("no-preference", 1), ("reduce", 0)):
        window = Window(browser, site, reduced_motion=motion)
        page = window.page
        page.goto("/play")
        tiles = page.get_by_role("button", name=BEGIN)
        expect(tiles).to_have_count(len(CLIPS))
        tiles.first.hover()
        expect(page.locator(".clip video")).to_have_count(videos)
        if videos:
            tile = tiles.first.locator("video")
            until(lambda video=tile: video.evaluate("video => video.currentTime") > 0.1)
            assert tile.evaluate("video => video.muted")
        tiles.last.hover()
        expect(tiles.first.locator("video")).to_have_count(0)
        window.context.close()
        assert window.troubles == []


def test_a_failure_leads_with_a_sentence(window: Window, site: Site) -> None:
    # There is no such host, and it costs no drawing.
    params = {"image": "https://pictures.invalid/none.jpg", "prompt": "Snow falls"}
    task = site.kirin.create("kirin_v1_i2v", params)["id"]
    page = window.page
    page.goto(f"/play/kirin_v1_i2v?task={task}")
    alert = page.get_by_role("complementary").get_by_role("alert")
    expect(alert).to_contain_text("A picture or video could not be fetched from its address.")
    page.get_by_role("button", name="中文", exact=True).click()
    expect(alert).to_contain_text("无法从所给地址获取图片或视频。")
