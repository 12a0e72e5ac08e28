"""Pictures and videos in a form: from files and by URL, seen, measured, and sent as they are."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, features
from playwright.sync_api import Page, expect

from support.composer import choose, see_api, wait_until_kept
from support.console import Site, Window
from support.easel import sent
from support.loopback import FileHost
from support.pictures import ramp, saved

PICTURE = {"name": "ramp.png", "mimeType": "image/png", "buffer": saved(ramp(640, 480))}
WALKING = Path(__file__).parents[1] / "media" / "walking.mp4"

SLOW = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 15_000}
"""A line on which the video takes 25 seconds: nobody is late who stops it."""

DROP = """([element, name, base64]) => {
  const data = new DataTransfer();
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  data.items.add(new File([bytes], name, {type: "video/mp4"}));
  for (const kind of ["dragover", "drop"])
    element.dispatchEvent(new DragEvent(kind, {dataTransfer: data, bubbles: true}));
}"""


def open_motion(page: Page) -> Any:
    """The field of the driving video, beside a picture."""
    page.goto("/motion")
    page.get_by_role("button", name="Clear", exact=True).click()
    page.locator("[data-param=image_url] input[type=file]").set_input_files(PICTURE)
    expect(page.locator("[data-param=image_url] li[data-state=good]")).to_have_count(3)
    choose(page, "character_orientation", "The video")
    choose(page, "mode", "Standard")
    return page.locator("[data-param=video_url]")


def test_a_typed_url_is_fetched_by_the_server_and_sent_as_typed(window: Window) -> None:
    page = window.page
    window.paid()
    with FileHost() as host:
        url = host.add("walking.mp4", WALKING.read_bytes())
        video = open_motion(page)
        video.get_by_role("textbox").fill(url)
        expect(video).to_contain_text("1080 × 560 · 3 s · 30 fps · 372 KB · no sound")
        expect(video.locator("li[data-state=good]")).to_have_count(3)
        assert video.locator("video").get_attribute("src").startswith("/files/")
        # The server knows how long it is, so the price is exact.
        expect(page.locator(".quote")).to_have_text("0.3780 USD")
        wait_until_kept(page, url)
        page.reload()
        expect(video).to_contain_text("1080 × 560")
        assert sent(page)["video_url"] == url
        window.cancel()

        video.get_by_role("textbox").fill(host.url("nothing.mp4"))
        expect(video.get_by_role("alert")).to_contain_text("404")
    # The browser writes down the answer 400; that it asked no other host, the window checks.
    window.trouble("400")


def test_a_video_is_dropped_sent_and_stopped(window: Window, site: Site) -> None:
    page = window.page
    video = open_motion(page)
    line = window.context.new_cdp_session(page)
    line.send("Network.emulateNetworkConditions", SLOW)
    zone = video.locator(".medium").element_handle()
    page.evaluate(DROP, [zone, "walking.mp4", b64encode(WALKING.read_bytes()).decode()])
    bar = video.get_by_role("progressbar")
    expect(bar).to_be_visible()
    page.wait_for_function("bar => Number(bar.ariaValueNow) > 20", arg=bar.element_handle())
    video.get_by_role("button", name="Stop sending", exact=True).click()
    expect(video.get_by_role("button", name="Drop, paste or choose a video")).to_be_visible()
    line.send("Network.emulateNetworkConditions", {**SLOW, "uploadThroughput": -1})

    video.locator("input[type=file]").set_input_files(WALKING)
    expect(video).to_contain_text("1080 × 560 · 3 s · 30 fps · 372 KB · no sound")
    expect(video.locator("li[data-state=good]")).to_have_count(3)
    see_api(page)
    params = json.loads(page.get_by_label("Parameters as JSON").input_value())
    assert params["video_url"] == "‹walking.mp4 1080×560, 372 KB›"
    assert sent(page)["video_url"].startswith(f"{site.url}/files/inputs/")
    window.cancel()


def test_a_subject_can_come_from_a_video_file(window: Window) -> None:
    page = window.page
    page.goto("/play/kirin_custom_elements")
    choose(page, "reference_type", "A video")
    video = page.locator("[data-param='refer_videos 1']")
    video.locator("input[type=file]").set_input_files(WALKING)
    expect(video).to_contain_text("1080 × 560 · 3 s")
    expect(video.locator("li[data-state=bad]")).to_have_count(0)


def test_a_picture_by_url_can_be_painted_on(window: Window) -> None:
    page = window.page
    with FileHost() as host:
        url = host.add("ramp.png", PICTURE["buffer"])
        page.goto("/brush")
        page.get_by_label("First picture by URL").fill(url)
        expect(page.get_by_role("application")).to_be_visible()
        page.get_by_role("application").focus()
        for key in ("Space", "t", "Space", "Shift+ArrowRight", "Space"):
            page.keyboard.press(key)
        expect(page.get_by_text("painted · path of 2 points")).to_be_visible()
        page.get_by_role("button", name="Use in the form", exact=True).click()
        expect(page.get_by_role("button", name="Paint on", exact=True)).to_be_visible()
        params = sent(page)
        assert params["image"] == url
        assert len(params["dynamic_masks"]) == 1
        window.cancel()


def test_what_is_pasted_or_dropped_anywhere_becomes_a_file(window: Window) -> None:
    page = window.page
    page.goto("/play/kirin_v1_i2v")
    page.get_by_role("button", name="Clear", exact=True).click()
    image = page.locator("[data-param=image]")
    page.evaluate(
        """bytes => {
          const data = new DataTransfer();
          data.items.add(new File([new Uint8Array(bytes)], "shot.png", {type: "image/png"}));
          document.body.dispatchEvent(new ClipboardEvent(
            "paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        list(PICTURE["buffer"]),
    )
    expect(image).to_contain_text("640 × 480")
    tail = page.locator("[data-param=image_tail]")
    page.evaluate(
        """bytes => {
          const data = new DataTransfer();
          data.items.add(new File([new Uint8Array(bytes)], "end.png", {type: "image/png"}));
          document.querySelector("h1").dispatchEvent(new DragEvent(
            "drop", {dataTransfer: data, bubbles: true, cancelable: true}));
        }""",
        list(PICTURE["buffer"]),
    )
    expect(tail).to_contain_text("640 × 480")
    image.get_by_role("button", name="Remove First picture").click()
    text = page.evaluate("bytes => btoa(String.fromCharCode(...bytes))", list(PICTURE["buffer"]))
    image.get_by_role("textbox").fill(text)
    expect(image).to_contain_text("640 × 480")


def open_picture(page: Page) -> Any:
    """An empty field for a picture."""
    page.goto("/play/kirin_v1_i2v")
    page.get_by_role("button", name="Clear", exact=True).click()
    return page.locator("[data-param=image]")


def give(field: Any, name: str, content: bytes, mime: str = "") -> None:
    field.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": mime, "buffer": content}
    )


@pytest.mark.parametrize("kind", ["WEBP", "GIF", "AVIF"])
def test_other_pictures_are_converted_told_and_undone(window: Window, kind: str) -> None:
    if kind == "AVIF" and not features.check("avif"):
        pytest.skip("this Pillow writes no AVIF")
    page = window.page
    window.forgive("400")  # the server takes neither of them
    field = open_picture(page)
    red, blue = (Image.new("RGB", (640, 480), colour) for colour in ("red", "blue"))
    moving = {"save_all": True, "append_images": [blue]} if kind == "GIF" else {}
    content = saved(red, kind, **moving)
    give(field, f"red.{kind.lower()}", content, f"image/{kind.lower()}")
    name = {"WEBP": "WebP"}.get(kind, kind)
    expect(field.get_by_text(f"Converted from {name} to JPEG")).to_be_visible()
    expect(field).to_contain_text("640 × 480")
    params = sent(page)
    picture = Image.open(BytesIO(b64decode(params["image"])))
    assert picture.format == "JPEG"
    # The first frame, in its colour.
    assert np.abs(np.asarray(picture.convert("RGB"))[240, 320] - np.array([255, 0, 0])).max() < 12
    window.cancel()

    field.get_by_role("button", name="Send the original as it is").click()
    expect(field.get_by_text("It is sent as it is.")).to_be_visible()
    with page.expect_request("**/model/v1/generation") as caught:
        page.get_by_role("button", name="Generate", exact=True).click()
    as_is = json.loads(caught.value.post_data or "")["input"][0]["params"]["image"]
    assert b64decode(as_is) == content
    field.get_by_role("button", name="Make it ready").click()
    expect(field.get_by_text(f"Converted from {name} to JPEG")).to_be_visible()


def test_a_picture_that_is_too_large_is_compressed_upright(window: Window) -> None:
    page = window.page
    field = open_picture(page)
    noise = np.random.default_rng(1).integers(0, 255, (1800, 2200, 3), np.uint8)
    exif = Image.Exif()
    exif[0x0112] = 6
    content = saved(Image.fromarray(noise), "JPEG", quality=100, subsampling=0, exif=exif)
    assert len(content) > 10 * 1024 * 1024
    give(field, "noise.jpg", content, "image/jpeg")
    expect(field.get_by_text("Compressed further")).to_be_visible(timeout=180_000)
    expect(field).to_contain_text("1800 × 2200")
    expect(field.get_by_role("alert")).to_have_count(0)


def test_what_the_browser_cannot_read_is_told_with_what_to_do(window: Window) -> None:
    page = window.page
    field = open_picture(page)
    give(field, "IMG_1.HEIC", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(200))
    expect(field.get_by_role("alert")).to_contain_text("cannot read HEIC pictures")
    expect(field.get_by_role("alert")).to_contain_text("Save it as JPEG first")
    give(field, "words.png", b"these are words", "image/png")
    expect(field.get_by_role("alert")).to_contain_text("no picture that can be read")
    # A name says nothing: a PNG called .webp goes as what it is.
    give(field, "ramp.webp", PICTURE["buffer"], "image/webp")
    expect(field).to_contain_text("640 × 480")
    expect(field.get_by_text("Converted")).to_have_count(0)
