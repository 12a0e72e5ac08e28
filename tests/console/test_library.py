"""Storyboard, subjects, gallery, webhooks."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, Route, expect

from support.composer import choose, see_api
from support.console import Site, Window
from support.easel import picture_of, sent
from support.loopback import Receiver
from support.pictures import ramp, saved
from support.waiting import until

PICTURE = {"name": "ramp.png", "mimeType": "image/png", "buffer": saved(ramp(640, 480))}
MODEL = "kirin_v1_6_t2v"
MANY = 30
"""More than the gallery shows at first."""


def test_a_storyboard_fills_its_seconds_and_is_sorted_by_keyboard(
    window: Window, site: Site
) -> None:
    page = window.page
    page.goto("/storyboard")
    page.get_by_label("Model", exact=True).select_option("kirin_v3_i2v")
    page.get_by_role("button", name="Clear", exact=True).click()
    for text in ("The harbour at dawn", "A lamp, close", "The ship leaves"):
        page.get_by_role("button", name="Add a shot", exact=True).click()
        page.get_by_label("What happens in shot").last.fill(text)
        expect(page.get_by_text("5 of 5 seconds")).to_be_visible()
    # Whatever is typed, divided, removed or chosen, the shots fill the video.
    page.get_by_label("Seconds of shot 1").fill("9")
    page.get_by_label("Seconds of shot 1").blur()
    expect(page.get_by_label("Seconds of shot 1")).to_have_value("3 s")
    expect(page.get_by_text("5 of 5 seconds")).to_be_visible()
    page.get_by_role("button", name="Divide shot 1").click()
    expect(page.get_by_label("Seconds of shot")).to_have_count(4)
    expect(page.get_by_label("What happens in shot 2")).to_have_value("The harbour at dawn")
    page.get_by_role("button", name="Remove shot 2").click()
    expect(page.get_by_label("Seconds of shot")).to_have_count(3)
    expect(page.get_by_text("5 of 5 seconds")).to_be_visible()
    page.get_by_role("button", name="Share evenly", exact=True).click()
    expect(page.get_by_text("5 of 5 seconds")).to_be_visible()
    page.get_by_role("button", name="Shot 3 earlier").press("Enter")
    page.locator("[data-param=image] input[type=file]").set_input_files(PICTURE)
    # The video begins with it, and so does the first shot.
    expect(page.locator(".shot").first.locator(".shot-pictures img")).to_be_visible()
    expect(page.locator(".shot").nth(1).locator(".shot-pictures")).to_have_count(0)
    with page.expect_request("**/model/v1/generation") as caught:
        page.get_by_role("button", name="Generate", exact=True).click()
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
    page.get_by_role("button", name="New subject", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.locator("[data-param=element_name] input").fill("Ada")
    dialog.locator("[data-param=element_description] input").fill("A ramp of colours")
    choose(dialog, "reference_type", "Pictures")
    for name in ("frontal_image", "'refer_images 1'"):
        dialog.locator(f"[data-param={name}] input[type=file]").set_input_files(PICTURE)
        expect(dialog.locator(f"[data-param={name}]")).to_contain_text("640 × 480")
    dialog.get_by_role("button", name="Generate", exact=True).click()
    expect(dialog.get_by_text("The subject is made")).to_be_visible(timeout=120_000)
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Ada")).to_be_visible()

    page.goto("/play/kirin_v3_i2v")
    page.locator("summary", has_text="Subjects").click()
    page.get_by_role("button", name="Ada").click()
    see_api(page)
    chosen = json.loads(page.get_by_label("Parameters as JSON").input_value())["element_list"]
    there = site.get("/model/v1/elements")["elements"]
    (ada,) = (each["element_id"] for each in there if each["element_name"] == "Ada")
    assert chosen == [{"element_id": ada}]

    page.goto("/subjects")
    page.get_by_role("button", name="Delete Ada").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_role("heading", name="Ada")).to_have_count(0)


def test_the_gallery_stays_quick_with_many_tasks(window: Window, site: Site) -> None:
    site.cancelled(MODEL, *({"prompt": f"A lake, number {number}"} for number in range(MANY)))
    page = window.page
    page.goto("/gallery?q=lake+number")
    expect(page.locator(".tile")).to_have_count(24)
    page.get_by_role("button", name="Show more", exact=True).click()
    expect(page.locator(".tile")).to_have_count(MANY)
    page.get_by_label("Search").fill("")
    expect(page).to_have_url(f"{site.url}/gallery")
    page.get_by_label("Status").select_option("completed")
    expect(page.locator(".tile[data-state=failed]")).to_have_count(0)
    # The filter is in the address: it outlives a reload, and goes along to a task and back.
    page.reload()
    expect(page.get_by_label("Status")).to_have_value("completed")
    page.get_by_label("Status").select_option("failed")
    page.locator(".tile a").nth(1).click()
    expect(page).to_have_url(re.compile(r"/gallery/[^/]+\?state=failed$"))
    page.get_by_role("button", name="Close", exact=True).click()
    expect(page).to_have_url(f"{site.url}/gallery?state=failed")
    page.get_by_label("Status").select_option("")


def test_a_task_opened_by_its_link_plays_by_the_space_bar_and_goes_on_stage(
    window: Window, site: Site, made: dict[str, Any]
) -> None:
    old = made["id"]
    site.cancelled(MODEL, {"prompt": "A harbour"})  # which is newer
    page = window.page
    page.goto(f"/gallery/{old}")
    video = page.get_by_role("dialog").locator("video")
    expect(video).to_be_visible()
    until(lambda: video.evaluate("video => !video.paused"))
    page.keyboard.press("Space")
    until(lambda: video.evaluate("video => video.paused"))
    page.keyboard.press("Space")
    until(lambda: video.evaluate("video => !video.paused"))
    expect(page.get_by_role("dialog")).to_be_visible()
    # Used again, it is what is on stage, not the model's newest.
    page.get_by_role("button", name="Use again", exact=True).click()
    expect(page.locator(".stage").get_by_title(old)).to_be_visible()
    page.reload()
    expect(page.locator(".stage").get_by_title(old)).to_be_visible()


def test_a_task_is_asked_for_again_from_any_browser(browser: Browser, site: Site) -> None:
    mask = Image.new("L", (640, 480))
    mask.paste(255, (100, 50, 300, 250))
    path = [{"x": 200, "y": 330}, {"x": 400.5, "y": 300}]
    params = {
        "image": b64encode(PICTURE["buffer"]).decode(),
        "prompt": "push in",
        "mode": "pro",
        "dynamic_masks": [{"mask": b64encode(saved(mask)).decode(), "trajectories": path}],
        "external_task_id": "meadow",
    }
    (task,) = site.cancelled("kirin_v1_i2v", params)
    window = Window(browser, site)
    page = window.page
    page.goto(f"/gallery/{task}")
    expect(page.get_by_text('"prompt": "push in"')).to_be_visible()
    page.get_by_role("button", name="Use again", exact=True).click()
    image = page.locator("[data-param=image]")
    expect(image).to_contain_text("640 × 480")
    expect(page.get_by_role("button", name="Quality: High")).to_be_visible()
    # Its masks are on the easel, and painting goes on from them.
    page.get_by_role("button", name="Paint on", exact=True).click()
    expect(page.get_by_text("painted · path of 2 points")).to_be_visible()
    page.get_by_role("button", name="Use in the form", exact=True).click()
    expect(page.get_by_role("button", name="Paint on", exact=True)).to_be_visible()
    again = sent(page)
    (moving,) = again["dynamic_masks"]
    assert np.array_equal(picture_of(moving["mask"]), np.asarray(mask))
    assert moving["trajectories"] == path
    assert again["image"].startswith(f"{site.url}/files/inputs/")
    assert again["prompt"] == "push in"
    window.cancel()
    window.context.close()
    assert window.troubles == []


def test_tasks_that_have_ended_are_deleted(window: Window, site: Site) -> None:
    made = site.cancelled(MODEL, *({"prompt": f"Lake {n}"} for n in range(4)))
    page, beside = window.page, window.context.new_page()
    for tab in (page, beside):
        tab.goto("/gallery")
        expect(tab.locator(f"a[href='/gallery/{made[0]}']")).to_be_visible()
    page.bring_to_front()
    page.get_by_role("button", name="Select", exact=True).click()
    choices = page.locator(".tiles").get_by_role("checkbox")
    for number in range(2):
        choices.nth(number).press("Space")
    page.get_by_role("toolbar").get_by_role("button", name="Delete", exact=True).click()
    question = page.get_by_role("dialog", name="Delete 2 tasks?")
    expect(question).to_contain_text("This cannot be undone")
    question.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_role("button", name="Done", exact=True).click()
    for tab in (page, beside):
        for gone in made[2:]:
            expect(tab.locator(f"a[href='/gallery/{gone}']")).to_have_count(0)

    page.locator(f"a[href='/gallery/{made[1]}']").click()
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(f"{site.url}/gallery/{made[0]}")
    page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()
    question = page.get_by_role("dialog", name="Delete this task?")
    question.get_by_role("button", name="Delete", exact=True).click()
    expect(page).to_have_url(f"{site.url}/gallery")
    expect(page.locator(f"a[href='/gallery/{made[0]}']")).to_have_count(0)
    left = {task["id"] for task in site.get("/model/v1/generation/task?limit=100")["tasks"]}
    assert left & set(made) == {made[1]}


def test_a_tile_tells_when_it_is_its_turn_and_what_became_of_it(window: Window, site: Site) -> None:
    page = window.page
    with site.paused():
        tasks = [site.kirin.create(MODEL, {"prompt": "A lake"})["id"] for _ in range(3)]
        page.goto("/gallery")
        newest = page.locator(".tile").first
        expect(newest).to_contain_text("number 3 in the queue")
        site.kirin.cancel(tasks[0])
        expect(newest).to_contain_text("number 2 in the queue")
        for task in reversed(tasks[1:]):
            site.kirin.cancel(task)
        expect(newest).to_contain_text("Cancelled")
    expect(page.get_by_role("status").filter(has_text=f"{MODEL}: Cancelled")).to_have_count(1)


def test_webhooks_are_listed_and_sent_again(window: Window, site: Site) -> None:
    page = window.page
    with Receiver(500) as receiver:
        # One that has never begun tells of its end alone.
        (task,) = site.cancelled(MODEL, {"prompt": "A lake", "callback_url": receiver.url("hook")})
        page.goto("/webhooks")
        row = page.get_by_role("row").filter(has_text="failed").first
        row.get_by_role("button", name="Details", exact=True).click()
        details = page.locator(".attempts")
        expect(details.get_by_text("500", exact=True)).to_be_visible()
        details.get_by_text("Body", exact=True).click()
        expect(details).to_contain_text(f'"id": "{task}"')
        details.get_by_role("button", name="Send again", exact=True).click()
        expect(details.get_by_text("200", exact=True)).to_be_visible()
        expect(row.get_by_text("delivered")).to_be_visible()
        assert len(receiver.of(task)) >= 2


def test_webhooks_are_shown_beyond_the_first_hundred(window: Window, site: Site) -> None:
    """The pages of a long list, which another server stands in for."""
    with Receiver(200) as receiver:
        site.cancelled(MODEL, {"prompt": "A lake", "callback_url": receiver.url("hook")})
        until(lambda: site.get("/model/v1/webhooks")["webhooks"])
    one = site.get("/model/v1/webhooks")["webhooks"][0]

    def answer(route: Route) -> None:
        query = parse_qs(urlsplit(route.request.url).query)
        start, limit = int(query.get("cursor", ["0"])[0]), int(query["limit"][0])
        assert limit <= 100
        end = min(start + limit, 130)
        webhooks = [{**one, "id": f"webhook-{n}"} for n in range(start, end)]
        route.fulfill(json={"webhooks": webhooks, "next_cursor": str(end) if end < 130 else None})

    page = window.page
    page.route("**/model/v1/webhooks?*", answer)
    page.goto("/webhooks")
    rows = page.get_by_role("row")
    expect(rows).to_have_count(1 + 20)
    page.get_by_role("button", name="Show more", exact=True).click()
    expect(rows).to_have_count(1 + 120)
    page.get_by_role("button", name="Show more", exact=True).click()
    expect(rows).to_have_count(1 + 130)
    expect(page.get_by_role("button", name="Show more", exact=True)).to_have_count(0)
