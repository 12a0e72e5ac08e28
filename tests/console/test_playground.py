"""The form of each model: made from its spec, in step with its JSON, and with what it sends."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from shutil import which

import pytest
from playwright.sync_api import expect

from support.cards import CARDS
from support.composer import choose, field, see_api
from support.console import Site, Window
from support.pictures import ramp, saved
from support.waiting import until

BASH = which("bash") or "/bin/bash"
PICTURE = {"name": "ramp.png", "mimeType": "image/png", "buffer": saved(ramp(640, 480))}

REFUSED = "400"
"""Of which the browser writes down the answer."""

LISTEN = """() => {
  window.said = [];
  new MutationObserver(() => {
    const words = document.querySelector(".task-view [role=status]")?.textContent;
    if (words && words !== window.said.at(-1)) window.said.push(words);
  }).observe(document.body, {childList: true, characterData: true, subtree: true});
}"""
SAID = {"Waiting", *(f"Rendering, {share} %" for share in (0, 25, 50, 75)), "Finished"}
"""What may be said aloud of a video, each once."""


def test_there_is_one_control_for_each_parameter(window: Window) -> None:
    page = window.page
    page.goto("/usage")
    for card in CARDS:
        window.visit(f"/play/{card.id}")
        expect(page.get_by_role("heading", level=1)).to_have_text(card.name)
        page.locator("summary", has_text="Delivery").click()
        for parameter in card.parameters:
            expect(page.locator(f"[data-param={parameter.name}]")).to_have_count(1)


@pytest.mark.timeout(600)
def test_a_video_is_made_and_plays(window: Window) -> None:
    page = window.page
    page.goto("/play/kirin_v1_6_t2v")
    field(page, "prompt").locator("textarea").first.fill("Rain on a harbour at night, pan left")
    quote = page.locator(".quote")
    expect(quote).to_have_text(re.compile("No charge|Usually made in about"))
    with page.expect_response("**/model/v1/generation") as answered:
        page.get_by_role("button", name="Generate", exact=True).click()
    task = answered.value.json()["id"]
    expect(page.locator(".stage").get_by_title(task)).to_be_visible()
    page.evaluate(LISTEN)
    expect(page.get_by_label("The video", exact=True)).to_be_visible(timeout=180_000)
    # Progress is said aloud, but not all the time.
    status = page.locator(".task-view").get_by_role("status").first
    expect(status).to_have_text("Finished")
    said = page.evaluate("window.said")
    assert len(said) == len(set(said))
    assert set(said) <= SAID
    # Nothing costs here, so nothing has a price; what was made tells how long the next one takes.
    expect(page.locator("body")).not_to_contain_text("USD")
    page.reload()
    expect(quote).to_have_text(re.compile(r"Usually made in about \d+ s"))

    video = page.locator("video")
    until(lambda: video.evaluate("video => video.currentTime") > 0.3)
    page.get_by_role("button", name="Pause", exact=True).click()
    frame = "video => Math.floor(video.currentTime * 24 + 0.01)"
    before = video.evaluate(frame)
    way, step = ("on", 1) if before < 100 else ("back", -1)
    page.get_by_role("button", name=f"One frame {way}", exact=True).click()
    until(lambda: video.evaluate(frame) == before + step)


def test_where_tasks_are_paid_the_quote_is_what_the_task_costs(window: Window, site: Site) -> None:
    page = window.page
    window.paid()
    page.goto("/play/kirin_v1_6_t2v")
    field(page, "prompt").locator("textarea").first.fill("Rain on a harbour at night, pan left")
    expect(page.locator(".quote")).to_have_text("0.2800 USD")
    page.get_by_role("button", name="Generate", exact=True).click()
    window.cancel()


def test_form_and_json_are_in_step(window: Window) -> None:
    page = window.page
    page.goto("/play/kirin_v1_i2v")
    field(page, "image").locator("input[type=file]").set_input_files(PICTURE)
    expect(field(page, "image")).to_contain_text("640 × 480")
    field(page, "prompt").locator("textarea").first.fill("push in")
    see_api(page)
    editor = page.get_by_label("Parameters as JSON")
    params = json.loads(editor.input_value())
    assert params["prompt"] == "push in"
    assert params["image"].startswith("‹ramp.png 640×480")
    page.get_by_role("button", name="Clear", exact=True).click()
    expect(editor).to_have_value("{}")
    page.get_by_role("button", name="Undo", exact=True).click()
    editor.fill(json.dumps({**params, "prompt": "pull out", "duration": "10"}))
    page.get_by_text("Form", exact=True).click()
    expect(field(page, "prompt").locator("textarea").first).to_have_value("pull out")
    expect(page.get_by_role("button", name="Length: 10 s")).to_be_visible()
    expect(field(page, "image")).to_contain_text("640 × 480")


def test_rules_are_shown_before_they_bite(window: Window) -> None:
    page = window.page
    page.goto("/play/kirin_v1_i2v")
    field(page, "image").locator("input[type=file]").set_input_files(PICTURE)
    choose(page, "duration", "10 s")
    page.locator("summary", has_text="Painted parts").click()
    tail = page.locator(".row", has=page.locator("[data-param=image_tail]"))
    expect(tail.get_by_text("“Last picture” works only with “Length” 5 s")).to_be_visible()
    expect(page.get_by_role("button", name="Open the motion brush")).to_be_disabled()
    tail.get_by_role("button", name="Set Length to 5 s").click()
    field(page, "image_tail").locator("input[type=file]").set_input_files(PICTURE)
    excluded = page.get_by_text("“Last picture” and masks exclude each other")
    expect(excluded.locator("visible=true").first).to_be_visible()
    expect(page.get_by_role("button", name="Open the motion brush")).to_be_disabled()

    small = {**PICTURE, "buffer": saved(ramp(800, 200))}
    field(page, "image").locator("input[type=file]").set_input_files(small)
    expect(field(page, "image")).to_contain_text("Each side must have at least 300 pixels")
    expect(field(page, "image")).to_contain_text("at most 2.5 times the shorter")


def test_what_the_server_refuses_stands_at_its_field(window: Window) -> None:
    page = window.page
    window.forgive(REFUSED)
    page.goto("/play/kirin_v1_6_t2v")
    page.locator("summary", has_text="Delivery").click()
    field(page, "prompt").locator("textarea").first.fill("A lake")
    field(page, "callback_url").locator("input").fill("ftp://example.com")
    page.get_by_role("button", name="Generate", exact=True).click()
    expect(field(page, "callback_url").get_by_role("alert")).to_contain_text("http or https URL")
    expect(field(page, "prompt").get_by_role("alert")).to_have_count(0)


def refuse_five(window: Window) -> None:
    """Have a request refused for five reasons, two of them in what no field shows."""
    page = window.page
    window.forgive(REFUSED)
    page.goto("/play/kirin_v1_6_t2v")
    see_api(page)
    wrong = {
        "prompt": "x" * 2501,
        "duration": "7",
        "mode": "best",
        "cfg_scale": 3,
        "nonsense": 1,
    }
    page.get_by_label("Parameters as JSON").fill(json.dumps(wrong))
    page.get_by_label("Parameters as JSON").press("Control+Enter")
    expect(page.locator(".problems li")).to_have_count(5)


def test_json_shows_all_that_was_refused_until_it_is_edited(window: Window) -> None:
    page = window.page
    refuse_five(window)
    problems = page.locator(".problems")
    expect(problems).to_be_focused()
    expect(problems).to_contain_text("Prompt has 2501 characters; at most 2500 are allowed.")
    expect(problems).to_contain_text("Length takes 5 s or 10 s.")
    expect(problems).to_contain_text("Quality takes Standard or High.")
    expect(problems).to_contain_text("“nonsense” is not a parameter of this model.")
    editor = page.locator(".json textarea").first
    params = json.loads(editor.input_value())
    editor.fill(json.dumps({**params, "duration": "5"}))
    expect(problems.locator("li")).to_have_count(4)
    expect(problems).not_to_contain_text("Length")
    page.get_by_role("button", name="中文", exact=True).click()
    expect(problems).to_contain_text("字符，最多 2500 个")
    editor.fill('{"prompt": "A lake"}')
    expect(problems).to_have_count(0)


def test_the_first_error_is_led_to_and_goes_when_it_is_edited(window: Window) -> None:
    page = window.page
    page.set_viewport_size({"width": 900, "height": 500})
    refuse_five(window)
    page.get_by_text("Form", exact=True).click()
    page.get_by_role("button", name="Generate", exact=True).click()
    # What no field shows leads, and the rest stands at its fields.
    expect(page.locator(".problems")).to_contain_text("“nonsense” is not a parameter")
    expect(page.locator(".problems")).to_be_focused()
    expect(page.locator(".problems")).to_be_in_viewport()
    expect(field(page, "duration").get_by_role("alert")).to_contain_text(
        "Length takes 5 s or 10 s."
    )
    prompt = field(page, "prompt").locator("textarea").first
    expect(field(page, "prompt").get_by_role("alert")).to_contain_text("2501 characters")
    prompt.fill("A lake")
    expect(field(page, "prompt").get_by_role("alert")).to_have_count(0)
    expect(field(page, "duration").get_by_role("alert")).to_have_count(1)


def test_what_is_folded_opens_where_its_error_is_first(window: Window) -> None:
    page = window.page
    window.forgive(REFUSED)
    page.goto("/play/kirin_v1_6_t2v")
    page.locator("summary", has_text="Delivery").click()
    field(page, "prompt").locator("textarea").first.fill("A lake")
    field(page, "callback_url").locator("input").fill("ftp://example.com")
    # Before anything is sent, the quote tells.
    expect(page.locator(".quote")).to_contain_text("it will be refused: Address to notify")
    page.locator("summary", has_text="Delivery").click()
    field(page, "prompt").locator("textarea").first.press("Control+Enter")
    expect(field(page, "callback_url").locator("input")).to_be_focused()
    expect(field(page, "callback_url").locator("input")).to_be_in_viewport()


@pytest.mark.parametrize("kind", ["curl", "Python"])
def test_what_is_copied_runs(window: Window, site: Site, kind: str) -> None:
    page = window.page
    page.goto("/play/kirin_v1_i2v")
    field(page, "image").locator("input[type=file]").set_input_files(PICTURE)
    prompt = "it's a 'test' \\ of \"quotes\" ''' $HOME `x`"
    field(page, "prompt").locator("textarea").first.fill(prompt)
    see_api(page)
    page.get_by_role("button", name="Copy as").click()
    with window.notices("Copied"):  # which is told for two seconds
        page.get_by_role("menuitem", name=kind).click()
    text = page.evaluate("navigator.clipboard.readText()")
    # Of the program in Python, up to where it waits for the video.
    started = text.split("while ")[0] + "print(json.dumps(task))\n"
    command, script = ([BASH], text) if kind == "curl" else ([sys.executable], started)
    with site.paused():
        ran = subprocess.run(  # noqa: S603  what a person would do with it
            command, input=script, capture_output=True, text=True, check=True
        )
        task = json.loads(ran.stdout)
        assert task["status"] == "in_progress"
        site.kirin.cancel(task["id"])
