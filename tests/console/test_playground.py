"""The form of each model: made from its spec, in step with its JSON, and with what it sends."""

from __future__ import annotations

import json
import subprocess
import sys
from shutil import which
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from support.cards import CARDS
from support.console import Site, Window
from support.pictures import ramp, saved
from support.waiting import until

BASH = which("bash") or "/bin/bash"
PICTURE = {"name": "ramp.png", "mimeType": "image/png", "buffer": saved(ramp(640, 480))}

LISTEN = """() => {
  const region = document.querySelector(".task-view [role=status]");
  window.said = [];
  new MutationObserver(() => window.said.push(region.textContent))
    .observe(region, {childList: true, characterData: true, subtree: true});
}"""


def field(page: Page, name: str) -> Any:
    """The control of a parameter."""
    return page.locator(f"[data-param={name}]").first


def test_there_is_one_control_for_each_parameter(window: Window) -> None:
    for card in CARDS:
        window.page.goto(f"/play/{card.id}")
        expect(window.page.get_by_role("button", name="Generate")).to_be_visible()
        window.page.locator("details.more > summary").click()
        for parameter in card.parameters:
            expect(window.page.locator(f"[data-param={parameter.name}]")).to_have_count(1)


def test_a_video_is_made_and_plays(window: Window) -> None:
    page = window.page
    page.goto("/play/kirin_v1_6_t2v")
    field(page, "prompt").locator("textarea").first.fill("Rain on a harbour at night, pan left")
    quote = page.locator(".quote")
    expect(quote).to_contain_text("USD")
    page.get_by_role("button", name="Generate").click()
    expect(page.get_by_text("Rendering", exact=True)).to_be_visible()
    page.evaluate(LISTEN)
    expect(page.get_by_label("The video", exact=True)).to_be_visible(timeout=120_000)
    # Progress is said aloud, but not all the time.
    said = page.evaluate("window.said")
    assert said[-1] == "Finished"
    assert set(said[:-1]) <= {"Rendering, 25 %", "Rendering, 50 %", "Rendering, 75 %"}
    cost = page.locator(".facts-list").get_by_text("USD").text_content()
    assert quote.text_content() == cost == "0.2800 USD"

    video = page.locator("video")
    page.get_by_role("button", name="Play").click()
    until(lambda: video.evaluate("video => video.currentTime") > 0.3)
    page.get_by_role("button", name="Pause").click()
    frame = "video => Math.floor(video.currentTime * 24 + 0.01)"
    before = video.evaluate(frame)
    page.get_by_role("button", name="One frame on").click()
    until(lambda: video.evaluate(frame) == before + 1)


def test_form_and_json_are_in_step(window: Window) -> None:
    page = window.page
    page.goto("/play/kirin_v1_i2v")
    field(page, "image").locator("input[type=file]").set_input_files(PICTURE)
    expect(field(page, "image")).to_contain_text("640 × 480")
    field(page, "prompt").locator("textarea").first.fill("push in")
    page.get_by_text("JSON", exact=True).click()
    editor = page.get_by_label("Parameters as JSON")
    params = json.loads(editor.input_value())
    assert params["prompt"] == "push in"
    assert params["image"].startswith("‹ramp.png 640×480")
    page.get_by_role("button", name="Clear").click()
    expect(editor).to_have_value("{}")
    page.get_by_role("button", name="Undo").click()
    editor.fill(json.dumps({**params, "prompt": "pull out", "duration": "10"}))
    page.get_by_text("Form", exact=True).click()
    expect(field(page, "prompt").locator("textarea").first).to_have_value("pull out")
    expect(field(page, "duration").get_by_role("radio", name="10")).to_be_checked()
    expect(field(page, "image")).to_contain_text("640 × 480")


def test_rules_are_shown_before_they_bite(window: Window) -> None:
    page = window.page
    page.goto("/play/kirin_v1_i2v")
    field(page, "image").locator("input[type=file]").set_input_files(PICTURE)
    field(page, "duration").get_by_text("10").click()
    tail = page.locator(".row", has=page.locator("[data-param=image_tail]"))
    expect(tail.get_by_text("image_tail works only with duration 5")).to_be_visible()
    expect(page.get_by_role("button", name="Open the motion brush")).to_be_disabled()
    tail.get_by_role("button", name="Set duration to 5").click()
    field(page, "image_tail").locator("input[type=file]").set_input_files(PICTURE)
    expect(page.get_by_text("image_tail and masks exclude each other").first).to_be_visible()
    expect(page.get_by_role("button", name="Open the motion brush")).to_be_disabled()

    small = {**PICTURE, "buffer": saved(ramp(800, 200))}
    field(page, "image").locator("input[type=file]").set_input_files(small)
    expect(field(page, "image")).to_contain_text("Each side must have at least 300 pixels")
    expect(field(page, "image")).to_contain_text("at most 2.5 times the shorter")


def test_what_the_server_refuses_stands_at_its_field(window: Window) -> None:
    page = window.page
    page.goto("/play/kirin_v1_6_t2v")
    page.locator("details.more > summary").click()
    field(page, "prompt").locator("textarea").first.fill("A lake")
    field(page, "callback_url").locator("input").fill("ftp://example.com")
    page.get_by_role("button", name="Generate").click()
    expect(field(page, "callback_url").get_by_role("alert")).to_contain_text("http or https URL")
    expect(field(page, "prompt").get_by_role("alert")).to_have_count(0)
    window.troubles.clear()  # the browser writes down the answer 400


@pytest.mark.parametrize("kind", ["curl", "Python"])
def test_what_is_copied_runs(window: Window, site: Site, kind: str) -> None:
    page = window.page
    page.goto("/play/kirin_v1_i2v")
    field(page, "image").locator("input[type=file]").set_input_files(PICTURE)
    prompt = "it's a 'test' \\ of \"quotes\" ''' $HOME `x`"
    field(page, "prompt").locator("textarea").first.fill(prompt)
    page.get_by_role("button", name="Copy as").click()
    page.get_by_role("menuitem", name=kind).click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    text = page.evaluate("navigator.clipboard.readText()")
    if kind == "curl":
        ran = subprocess.run(  # noqa: S603  what a person would do with it
            [BASH], input=text, capture_output=True, text=True, check=True
        )
        task = json.loads(ran.stdout)
    else:
        # Up to where it waits for the video.
        started = text.split("while ")[0] + "print(json.dumps(task))\n"
        ran = subprocess.run(  # noqa: S603  what a person would do with it
            [sys.executable, "-c", started], capture_output=True, text=True, check=True
        )
        task = json.loads(ran.stdout)
    assert task["status"] == "in_progress"
    site.kirin.cancel(task["id"])
