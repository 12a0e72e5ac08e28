"""Storyboard, subjects, gallery, webhooks."""

from __future__ import annotations

import json
import re

from playwright.sync_api import expect

from support.console import Site, Window
from support.loopback import Receiver
from support.pictures import ramp, saved

PICTURE = {"name": "ramp.png", "mimeType": "image/png", "buffer": saved(ramp(640, 480))}
MANY = 130


def test_a_storyboard_fills_its_seconds_and_is_sorted_by_keyboard(
    window: Window, site: Site
) -> None:
    page = window.page
    page.goto("/storyboard")
    for text in ("The harbour at dawn", "A lamp, close", "The ship leaves"):
        page.get_by_role("button", name="Add a shot").click()
        page.get_by_label("What happens in shot").last.fill(text)
    expect(page.get_by_text("7 of 5 seconds")).to_be_visible()
    page.get_by_role("button", name="Share evenly").click()
    expect(page.get_by_text("5 of 5 seconds")).to_be_visible()
    page.get_by_role("button", name="Shot 3 earlier").press("Enter")
    page.locator("[data-param=image] input[type=file]").set_input_files(PICTURE)
    with page.expect_request("**/model/v1/generation") as caught:
        page.get_by_role("button", name="Generate").click()
    params = json.loads(caught.value.post_data or "")["input"][0]["params"]
    assert (params["multi_shot"], params["shot_type"]) == (True, "customize")
    assert [(shot["index"], shot["prompt"]) for shot in params["multi_prompt"]] == [
        (1, "The harbour at dawn"),
        (2, "The ship leaves"),
        (3, "A lamp, close"),
    ]
    assert sum(int(shot["duration"]) for shot in params["multi_prompt"]) == 5
    window.cancel()


def test_a_subject_is_made_chosen_and_deleted(window: Window, site: Site) -> None:
    page = window.page
    page.goto("/subjects")
    page.get_by_role("button", name="New subject").click()
    dialog = page.get_by_role("dialog")
    dialog.locator("[data-param=element_name] input").fill("Ada")
    dialog.locator("[data-param=element_description] input").fill("A ramp of colours")
    dialog.get_by_text("image_refer", exact=True).click()
    for name in ("frontal_image", "'refer_images 1'"):
        dialog.locator(f"[data-param={name}] input[type=file]").set_input_files(PICTURE)
        expect(dialog.locator(f"[data-param={name}]")).to_contain_text("640 × 480")
    dialog.get_by_role("button", name="Generate").click()
    expect(dialog.get_by_text("The subject is made")).to_be_visible(timeout=120_000)
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Ada")).to_be_visible()

    page.goto("/play/kirin_v3_i2v")
    page.get_by_role("button", name="Ada").click()
    page.get_by_text("JSON", exact=True).click()
    chosen = json.loads(page.get_by_label("Parameters as JSON").input_value())["element_list"]
    assert chosen == [{"element_id": site.get("/model/v1/elements")["elements"][0]["element_id"]}]

    page.goto("/subjects")
    page.get_by_role("button", name="Delete Ada").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("There are no subjects yet.")).to_be_visible()


def test_the_gallery_stays_quick_with_many_tasks_and_repeats_one(
    window: Window, site: Site
) -> None:
    for number in range(MANY):
        task = site.kirin.create("kirin_v1_6_t2v", {"prompt": f"A lake, number {number}"})
        site.kirin.cancel(task["id"])
    page = window.page
    page.goto("/gallery")
    expect(page.locator(".tile")).to_have_count(24)
    page.get_by_role("button", name="Show more").click()
    expect(page.locator(".tile")).to_have_count(124)
    page.get_by_label("Status").select_option("completed")
    expect(page.locator(".tile[data-status=failed]")).to_have_count(0)
    page.get_by_label("Status").select_option("")

    page.goto("/play/kirin_v1_6_t2v")
    page.locator("[data-param=prompt] textarea").first.fill("A meadow at noon")
    page.get_by_role("button", name="Generate").click()
    window.cancel()
    page.get_by_role("button", name="Clear").click()
    page.get_by_role("link", name="Open in the gallery").click()
    expect(page.get_by_text('"prompt": "A meadow at noon"')).to_be_visible()
    page.get_by_role("button", name="Use again").click()
    expect(page.locator("[data-param=prompt] textarea").first).to_have_value("A meadow at noon")


def test_a_tile_tells_when_it_is_its_turn_and_what_became_of_it(window: Window, site: Site) -> None:
    params = {"prompt": "A lake", "mode": "pro", "duration": "10"}
    tasks = [site.kirin.create("kirin_v1_6_t2v", params)["id"] for _ in range(3)]
    page = window.page
    page.goto("/gallery")
    newest = page.locator(".tile").first
    expect(newest).to_contain_text(re.compile(r"number [23] in the queue"))
    site.kirin.cancel(tasks[0])
    expect(newest).to_contain_text(re.compile(r"number [12] in the queue"))
    for task in reversed(tasks[1:]):
        site.kirin.cancel(task)
    expect(newest).to_contain_text("Cancelled")
    expect(page.get_by_role("status").filter(has_text="kirin_v1_6_t2v: Cancelled")).to_have_count(1)


def test_webhooks_are_listed_and_sent_again(window: Window, site: Site) -> None:
    page = window.page
    with Receiver(500) as receiver:
        params = {"prompt": "A lake", "callback_url": receiver.url("hook")}
        task = site.kirin.create("kirin_v1_6_t2v", params)
        site.kirin.cancel(task["id"])
        page.goto("/webhooks")
        row = page.get_by_role("row").filter(has_text="failed").first
        row.get_by_role("button", name="Details").click()
        details = page.locator(".attempts")
        expect(details.get_by_text("500")).to_be_visible()
        details.get_by_role("button", name="Send again").click()
        expect(details.get_by_text("200")).to_be_visible()
        expect(row.get_by_text("delivered")).to_be_visible()
        assert len(receiver.of(task["id"])) >= 2
