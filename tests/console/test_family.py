"""The models of the family by their forms: camera, extension, called pictures, faces."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from support.cards import CARDS
from support.composer import choose, field
from support.console import Site, Window
from support.easel import sent
from support.pictures import ramp, saved
from support.talkers import film, heads, write_wav
from support.voices import babble
from support.waiting import until

PICTURE = {"name": "ramp.png", "mimeType": "image/png", "buffer": saved(ramp(640, 480))}
LONG_MS = 180_000


@pytest.fixture(scope="module")
def talker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A person in front of the camera, for four seconds."""
    one, _ = heads(400)
    path = tmp_path_factory.mktemp("talker") / "talker.mp4"
    return film(path, lambda _: [(one, (400, 160))], seconds=4, size=(1280, 720))


def offered_in(page: Page) -> int:
    """How many examples the menu has."""
    page.get_by_role("button", name="Examples", exact=True).click()
    expect(page.get_by_role("menuitem").first).to_be_visible()
    count = page.get_by_role("menuitem").count()
    page.keyboard.press("Escape")
    expect(page.get_by_role("menuitem")).to_have_count(0)
    return count


def test_every_form_and_example_opens_without_trouble(window: Window) -> None:
    page = window.page
    refusal = {"code": "fetch_failed", "message": "It is nowhere.", "request_id": "1"}
    page.route("**/model/v1/files/fetch", lambda route: route.fulfill(status=400, json=refusal))
    page.goto("/play")
    for card in CARDS:
        page.get_by_label("Model", exact=True).select_option(card.id)
        expect(page.get_by_role("heading", level=1)).to_have_text(card.name)
        examples = page.get_by_role("button", name="Examples", exact=True)
        expect(page.get_by_role("button", name="Clear", exact=True)).to_be_visible()
        # What needs files or tasks of one's own is not offered.
        for number in range(offered_in(page) if examples.count() else 0):
            examples.click()
            page.get_by_role("menuitem").nth(number).click()
            # Each example is one that the form has nothing to say against.
            expect(page.locator("#run-hint")).to_have_text("")
        page.get_by_role("button", name="Clear", exact=True).click()
    # The browser writes down that what examples name is nowhere: files (400) and tasks (404).
    assert [said for said in window.troubles if "400" not in said and "404" not in said] == []
    window.troubles.clear()


# CAM-1, CAM-2
def test_the_camera_moves_along_the_axis_that_was_touched_last(window: Window) -> None:
    page = window.page
    page.goto("/play/kirin_v1_t2v")
    field(page, "prompt").locator("textarea").first.fill("A lake")
    page.locator("summary", has_text="Camera by numbers").click()
    camera = field(page, "camera_control")
    camera.get_by_role("slider", name="Horizontal").press("ArrowLeft")
    pan = camera.get_by_role("slider", name="Pan")
    for _ in range(4):
        pan.press("ArrowRight")
    expect(camera.get_by_role("slider", name="Horizontal")).to_have_attribute("aria-valuenow", "0")
    assert sent(page)["camera_control"] == {"type": "simple", "config": {"pan": 2}}
    window.cancel()
    camera.get_by_role("button", name="Forward up").click()
    expect(pan).to_have_count(0)
    choose(page, "mode", "High")
    row = page.locator(".row", has=page.locator("[data-param=camera_control]"))
    row.get_by_role("button", name="Set Quality to Standard").click()
    assert sent(page)["camera_control"] == {"type": "forward_up"}
    expect(page.locator(".facts-list")).to_contain_text("Kirin 1 Text to Video")
    window.cancel()


# EXT-1
def test_a_finished_video_is_made_longer(window: Window, made: dict[str, Any]) -> None:
    page = window.page
    page.goto(f"/gallery/{made['id']}")
    page.get_by_role("button", name="Extend", exact=True).click()
    videos = field(page, "video_id")
    expect(videos.locator(".video-choice[aria-pressed=true]")).to_have_count(1)
    videos.locator(".video-choice").first.click()
    expect(page.locator("#run-hint")).to_contain_text("One of your videos is still needed")
    videos.locator(".video-choice").first.click()
    assert sent(page)["video_id"] == made["id"]
    window.cancel()


# OMN-1, OMN-2, OMN-9
def test_pictures_are_called_and_take_their_place(window: Window) -> None:
    page = window.page
    page.goto("/play/kirin_v3_omni_video")
    pictures = field(page, "image_list")
    for number in (1, 2):
        picture = field(page, f"image_list {number}")
        picture.locator("input[type=file]").set_input_files(PICTURE)
        expect(picture).to_contain_text("640 × 480")
    pictures.locator("select").last.select_option("end_frame")
    expect(page.get_by_text("“Last picture” needs “First picture” beside it")).to_have_count(2)
    pictures.locator("select").first.select_option("first_frame")
    prompt = field(page, "prompt").locator("textarea").first
    prompt.fill("A dance of")
    page.get_by_role("button", name="Call Picture 2").first.click()
    expect(prompt).to_have_value("A dance of <<<image_2>>>")
    params = sent(page)
    assert [each["type"] for each in params["image_list"]] == ["first_frame", "end_frame"]
    window.cancel()


def test_several_models_take_shots_and_masks(window: Window) -> None:
    page = window.page
    page.goto("/storyboard")
    page.get_by_label("Model", exact=True).select_option("kirin_v3_t2v")
    page.get_by_role("button", name="Clear", exact=True).click()
    page.get_by_role("button", name="Add a shot", exact=True).click()
    page.get_by_label("What happens in shot").last.fill("The harbour at dawn")
    params = sent(page)
    assert (params["multi_shot"], len(params["multi_prompt"])) == (True, 1)
    window.cancel()
    page.goto("/brush/kirin_v1_5_i2v")
    expect(page.get_by_label("Model", exact=True)).to_have_value("kirin_v1_5_i2v")


# FACE-1, LIP-1, LIP-2, LIP-4, LIP-5
@pytest.mark.timeout(900)
def test_a_face_is_found_and_speaks(window: Window, talker: Path, tmp_path: Path) -> None:
    page = window.page
    voice = write_wav(tmp_path / "voice.wav", babble("aeiou aei"))
    page.goto("/play/kirin_identify_face")
    field(page, "video_url").locator("input[type=file]").set_input_files(talker)
    expect(field(page, "video_url")).to_contain_text("1280 × 720 · 4 s")
    page.get_by_role("button", name="Generate", exact=True).click()
    speak = page.get_by_role("button", name="Let face 1 speak")
    expect(speak).to_be_visible(timeout=LONG_MS)
    expect(page.locator(".found-faces img")).to_have_js_property("complete", True)
    speak.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kirin Lip Sync")
    expect(page.locator(".face-choice[aria-pressed=true]")).to_contain_text("Face 1")
    sound = field(page, "sound_file")
    sound.locator("input[type=file]").set_input_files(voice)
    expect(sound.locator("audio")).to_be_visible()
    end = field(page, "sound_end_time").get_by_role("textbox")
    expect(end).not_to_have_value("")
    end.fill("1000")
    expect(page.get_by_text("must last at least 2 s").first).to_be_visible()
    page.get_by_role("button", name="Fit it in").click()
    (choice,) = sent(page)["face_choose"]
    assert choice["face_id"] == "1"
    assert (choice["sound_start_time"], choice["sound_insert_time"]) == (0, 0)
    assert choice["sound_end_time"] >= 2000
    expect(page.get_by_label("The video", exact=True)).to_be_visible(timeout=LONG_MS)


def test_what_waits_and_what_is_rendered_are_told_apart(window: Window, site: Site) -> None:
    # A video that takes minutes, and others that nobody begins.
    long = {"prompt": "A lake", "duration": "15", "mode": "pro"}
    rendered = site.kirin.create("kirin_v3_t2v", long)["id"]
    until(lambda: site.kirin.task(rendered)["metadata"].get("stage") == "rendering")
    page = window.page
    with site.paused():
        ids = [site.kirin.create("kirin_v1_6_t2v", {"prompt": "A lake"})["id"] for _ in range(2)]
        page.goto("/gallery")
        expect(page.locator(".tile[data-state=rendering]")).not_to_have_count(0)
        page.get_by_label("Status").select_option("queued")
        expect(page.locator(".tile[data-state=queued]")).not_to_have_count(0)
        expect(page.locator(".tile:not([data-state=queued])")).to_have_count(0)
        page.get_by_label("Status").select_option("rendering")
        expect(page.locator(".tile[data-state=rendering]")).not_to_have_count(0)
        expect(page.locator(".tile:not([data-state=rendering])")).to_have_count(0)
        site.end(rendered, *ids)
