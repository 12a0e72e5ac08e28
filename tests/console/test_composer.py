"""The composer: people's words, chips, what will be drawn, presets, and errors that lead."""

from __future__ import annotations

import json
import re
from typing import Final

from playwright.sync_api import Page, expect

from kirin.catalogue.parameters import Parameter
from support.cards import CARDS
from support.composer import choose, field, see_api, wait_until_kept
from support.console import Window
from support.pictures import ramp, saved

PICTURE: Final = saved(ramp(640, 480))

WIRE: Final = re.compile(r"\b\w*[a-z]_[a-z]\w*|<<<|base64|\bJSON\b")
"""What no artist should have to read."""

ENGLISH: Final = {"prompt", "mode", "sound", "image", "index", "type", "pan", "tilt", "roll"}
ENGLISH_TOO: Final = {"zoom", "horizontal", "vertical", "mask", "duration", "enabled", "config"}
"""Names on the wire that are words as well."""

TEXTS: Final = """() => {
  const composer = document.querySelector(".composer .form");
  for (const each of composer.querySelectorAll("details")) each.open = true;
  const placeholders = [...composer.querySelectorAll("[placeholder]")].map((e) => e.placeholder);
  const spoken = [...composer.querySelectorAll("[aria-label]")].map((e) => e.ariaLabel);
  return [composer.innerText, ...placeholders, ...spoken].join("\\n");
}"""
LABELS: Final = """() => [...document.querySelectorAll(
  ".composer .field-label, .composer .chip-label, .composer summary, .composer .chip")]
  .map((each) => each.textContent.replace("*", "").trim())"""

DROP: Final = """bytes => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(bytes)], "shot.png", {type: "image/png"}));
  document.querySelector(".composer textarea").dispatchEvent(new DragEvent(
    "drop", {dataTransfer: data, bubbles: true, cancelable: true}));
}"""


def say(page: Page, words: str) -> None:
    """Fill the prompt."""
    field(page, "prompt").locator("textarea").first.fill(words)


def names_of(parameters: tuple[Parameter, ...]) -> set[str]:
    """Names on the wire, also as a page would make words of them."""
    names = {each.name for each in parameters}
    return names | {name.replace("_", " ") for name in names}


def test_no_form_shows_a_name_of_the_wire(window: Window) -> None:
    page = window.page
    page.goto("/usage")
    for card in CARDS:
        window.visit(f"/play/{card.id}")
        expect(page.get_by_role("heading", level=1)).to_have_text(card.name)
        expect(page.locator(".composer .form")).to_be_visible()
        text = page.evaluate(TEXTS)
        assert not WIRE.findall(text), card.id
        wire = names_of(card.parameters) - ENGLISH - ENGLISH_TOO
        labels = {label.lower().rstrip(":") for label in page.evaluate(LABELS)}
        assert not labels & wire, card.id


def test_chips_show_values_and_survive_a_reload(window: Window) -> None:
    page = window.page
    page.goto("/play/kirin_v1_6_t2v")
    say(page, "A lake")
    choose(page, "duration", "10 s")
    choose(page, "aspect_ratio", "9:16")
    choose(page, "mode", "High")
    field(page, "watermark_info").get_by_role("switch").click()
    field(page, "negative_prompt").locator("button").first.click()
    page.get_by_role("dialog").locator("textarea").first.fill("boats")
    page.get_by_role("button", name="Done", exact=True).click()
    wait_until_kept(page, "boats")
    page.reload()
    expect(page.get_by_role("button", name="Length: 10 s")).to_be_visible()
    expect(page.get_by_role("button", name="What must not be seen: boats")).to_be_visible()
    see_api(page)
    assert json.loads(page.get_by_label("Parameters as JSON").input_value()) == {
        "prompt": "A lake",
        "duration": "10",
        "aspect_ratio": "9:16",
        "mode": "pro",
        "watermark_info": {"enabled": True},
        "negative_prompt": "boats",
    }
    page.get_by_text("Form", exact=True).click()
    page.get_by_role("button", name="Length: 10 s").click()
    assert window.severe() == []


def test_what_will_be_drawn_is_told_while_typing(window: Window) -> None:
    page = window.page
    page.goto("/play/kirin_v1_6_t2v")
    say(page, "A dog runs along the beach in the rain, beside a zorblax")
    told = page.get_by_label("What will be drawn")
    expect(told.locator("[data-kind=seen]")).to_contain_text("dog (run)")
    expect(told.locator("[data-kind=seen]")).to_contain_text("rain")
    expect(told.locator("[data-kind=missing]")).to_contain_text("“zorblax”")
    page.get_by_role("button", name="Camera", exact=True).click()
    page.get_by_role("button", name="Push in", exact=True).click()
    page.keyboard.press("Escape")
    prompt = field(page, "prompt").locator("textarea").first
    expect(prompt).to_have_value(re.compile("the camera pushes in slowly$"))
    expect(told).to_contain_text("camera: push in")
    assert window.severe() == []
    # Nothing costs here, so nothing has a price.
    expect(page.locator("body")).not_to_contain_text("USD")
    page.get_by_role("button", name="Remove push in").click()
    expect(prompt).to_have_value(re.compile("zorblax$"))
    page.get_by_role("button", name="中文", exact=True).click()
    say(page, "一只狗在海滩上奔跑")
    page.get_by_role("button", name="风格", exact=True).click()
    page.get_by_role("button", name="水彩", exact=True).click()
    page.keyboard.press("Escape")
    expect(prompt).to_have_value("一只狗在海滩上奔跑，水彩风格")
    expect(page.get_by_label("画面预告").locator("[data-kind=seen]")).to_contain_text("水彩")


def test_what_would_be_refused_stands_at_its_field_until_it_is_edited(window: Window) -> None:
    page = window.page
    window.forgive("400")  # the browser writes the answer down
    page.goto("/play/kirin_v1_6_t2v")
    say(page, "A lake")
    page.locator("summary", has_text="Delivery").click()
    callback = field(page, "callback_url")
    callback.locator("input").fill("ftp://example.com")
    expect(callback.get_by_role("alert")).to_contain_text("http or https URL")
    callback.locator("input").fill("https://example.com/told")
    expect(callback.get_by_role("alert")).to_have_count(0)
    expect(page.locator(".quote")).not_to_have_attribute("data-refused", "true")


def test_a_picture_dropped_on_words_alone_leads_to_a_model_that_takes_one(window: Window) -> None:
    page = window.page
    page.goto("/play/kirin_v1_6_t2v")
    say(page, "push in")
    page.evaluate(DROP, list(PICTURE))
    page.get_by_role("button", name="Begin with this picture in").click()
    expect(page).to_have_url(re.compile("/play/kirin_v1_6_i2v$"))
    expect(field(page, "image")).to_contain_text("640 × 480")
    expect(field(page, "prompt").locator("textarea").first).to_have_value("push in")
    page.get_by_role("button", name="Clear", exact=True).click()
