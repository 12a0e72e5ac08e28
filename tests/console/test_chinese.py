"""Every page in Chinese: no word of English is seen that is not a name, a code or a format."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from kirin.accounts.keys import Scope
from support.console import Site, Window

MODEL = "kirin_v1_6_t2v"
PAGES = (
    "/play",
    "/play/kirin_v1_6_t2v",
    "/brush",
    "/storyboard",
    "/motion",
    "/gallery",
    "/subjects",
    "/usage",
    "/webhooks",
    "/keys",
    "/reference",
    "/reference/kirin_v3_t2v",
    "/reference/api",
    "/operator",
    "/operator/accounts",
    "/operator/usage",
    "/operator/audit",
    "/operator/server",
    "/nonsense",
)

NAMES = """
Kirin kirin English API JSON URL ID HTTP UTC USD WebP JPEG PNG GIF AVIF HEIC MP4 mp4 mov wav mp3 m4a
Python curl openapi json kB MB KB GB GiB KiB MiB px fps FPS ms Space Ctrl Enter Esc Tab Shift Alt
Delete Markdown Prometheus EventSource Webhook base64 CSV GPU CPU TLS AI RGB zip ZIP WebM default
gzip Content-Encoding Retry-After
"""
CODES = """
pro std on off yes no image video sound mode customize array boolean integer number object string
uri admin generate read elements key bootstrap animatic true false prompt index
"""
ALLOWED = set(f"{NAMES} {CODES}".split())
CHINESE = re.compile(r"[\u4e00-\u9fff]")
MOST_IN_CHINESE = 2
"""Latin words that a Chinese sentence may name, such as a parameter and its value."""

"""Words that Chinese pages may show as they are."""

WORD = re.compile(r"[A-Za-z][A-Za-z'-]+")

SEEN = """
() => {
  const found = [];
  const skip = "code, pre, .mono, option, [lang=en], textarea, input, .method, .field-code," +
    " .parameter-facts, .answers, .setting-about, .setting-value, script, style, svg, title," +
    " .limit-list, .tile-prompt, .prompt, [translate=no]";
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const holder = node.parentElement;
    if (!holder || holder.closest(skip) || !holder.checkVisibility()) continue;
    found.push(node.textContent.trim());
  }
  for (const input of document.querySelectorAll("[placeholder]"))
    if (input.checkVisibility()) found.push(input.getAttribute("placeholder"));
  for (const named of document.querySelectorAll("[aria-label]"))
    if (!named.closest(".mono, code, pre") && named.checkVisibility())
      found.push(named.getAttribute("aria-label"));
  return found.filter(Boolean);
}
"""
"""Every text that is seen or read out, but for names, codes, and what people have written."""


@pytest.fixture
def window(browser: Browser, site: Site) -> Iterator[Window]:
    opened = Window(
        browser,
        _Desk(site.url, site.operator(*Scope)),
        viewport={"width": 1280, "height": 900},
    )
    opened.context.add_init_script("localStorage.setItem('kirin.language', 'zh')")
    yield opened
    opened.context.close()


class _Desk:
    def __init__(self, url: str, key: str) -> None:
        self.url = url
        self.key = key


def english(texts: list[str]) -> set[str]:
    """The texts that are English: no names and no codes, alone or at length."""
    found = set()
    for text in texts:
        # Ids, paths, settings, addresses, model names and codes are no words.
        bare = re.sub(r"\S*[_/:.@=<>0-9]\S*", " ", text)
        words = [word for word in WORD.findall(bare) if word not in ALLOWED]
        if len(words) > (MOST_IN_CHINESE if CHINESE.search(text) else 0):
            found.add(text[:160])
    return found


def test_no_page_shows_english(window: Window, site: Site) -> None:
    # What people call their own things stays as it is, as what other tests have left here does.
    asked = ({"prompt": "一片宁静的大海", "duration": duration} for duration in ("5", "10"))
    _, task = site.cancelled(MODEL, *asked)
    page = window.page
    faults: dict[str, list[str]] = {}
    page.goto("/usage")
    for path in (*PAGES, f"/gallery/{task}"):
        window.visit(path)
        expect(page.locator("html[lang=zh-Hans]")).to_be_attached()
        expect(page.get_by_role("heading", level=1).first).to_be_visible()
        window.settle()
        if found := english(page.evaluate(SEEN)):
            faults[path] = sorted(found)
    assert not faults, "\n".join(f"{path}: {text}" for path in faults for text in faults[path])
