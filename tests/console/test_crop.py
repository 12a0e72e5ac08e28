"""Pictures of a subject that are cut out of what was made here."""

from __future__ import annotations

from base64 import b64decode
from io import BytesIO
from typing import Any

from PIL import Image
from playwright.sync_api import expect

from support.console import Window
from support.easel import sent


def test_a_subject_is_cut_out_of_a_result(window: Window, made: dict[str, Any]) -> None:
    task = made["id"]
    page = window.page
    page.goto("/subjects")
    page.get_by_role("button", name="New subject", exact=True).click()
    page.get_by_role("button", name="Cut pictures out of a result").click()
    page.get_by_role("button", name=f"Video {task}").click()
    box = page.get_by_role("application")
    expect(box).to_be_visible()
    facts = page.locator(".crop-facts")
    take = page.get_by_role("button", name="Take this as a picture")
    box.focus()
    # From the least size down: told, and not taken.
    for _ in range(40):
        if "at least" in (facts.text_content() or ""):
            break
        page.keyboard.press("Control+Shift+ArrowLeft")
    expect(facts).to_contain_text("Each side must have at least 300 pixels.")
    expect(take).to_be_disabled()
    # And up again, by as many steps as it went too far before the page had told.
    for _ in range(40):
        if "at least" not in (facts.text_content() or ""):
            break
        page.keyboard.press("Control+Shift+ArrowRight")
    expect(facts).not_to_contain_text("at least")
    size = (facts.text_content() or "").split(" · ")[0]
    page.get_by_role("button", name="One frame on", exact=True).click()
    take.click()
    expect(page.get_by_role("status").filter(has_text="Taken as Frontal image")).to_be_visible()
    take.click()
    expect(page.get_by_role("status").filter(has_text="Taken as Refer images 1")).to_be_visible()
    page.get_by_role("button", name="Done", exact=True).click()
    front = page.locator("[data-param=frontal_image]")
    expect(front).to_contain_text(size)
    expect(page.locator("[data-param='refer_images 1']")).to_contain_text(size)
    page.locator("[data-param=element_name] input").fill("Harbour")
    page.locator("[data-param=element_description] input").fill("A harbour")
    params = sent(page)
    assert params["reference_type"] == "image_refer"
    picture = Image.open(BytesIO(b64decode(params["element_image_list"]["frontal_image"])))
    assert f"{picture.width} × {picture.height}" == size
    assert len(picture.convert("RGB").getcolors(1 << 20) or []) > 50
