"""The documentation as a site: every page, its Markdown, and links that lead somewhere."""

from __future__ import annotations

import functools
import html
import http.server
import importlib.util
import re
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from urllib.parse import unquote, urlsplit

import pytest

ROOT = Path(__file__).parent.parent
LINKS = re.compile(r"""<(\w+)\b[^>]*?\s(?:href|src|poster)=(?:"([^"]*)"|'([^']*)'|([^\s>]+))""")
IDS = re.compile(r"""\s(?:id|name)=(?:"([^"]+)"|([^\s>"]+))""")
MARKDOWN_LINKS = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
SHOWN = ("index", "tutorials/artist", "reference/kirin_v3_i2v", "dialects/openai", "SKILL")


@pytest.fixture(scope="module")
def scripts() -> ModuleType:
    """``scripts/build_docs.py``."""
    sys.path.append(str(ROOT / "scripts"))
    path = ROOT / "scripts" / "build_docs.py"
    spec = importlib.util.spec_from_file_location("build_docs", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["build_docs"] = module  # dataclasses look there
    spec.loader.exec_module(module)
    return module


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves a folder, and says nothing of it."""

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """A folder on this machine's loopback."""
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def assert_links_lead_somewhere(site: Path) -> None:
    """Assert that what pages refer to is there, anchors too, and that nothing is fetched elsewhere.

    Addresses elsewhere are looked at only for their form.
    """
    texts = {path: path.read_text("utf-8") for path in site.rglob("*.html")}
    ids = {path: {a or b for a, b in IDS.findall(text)} for path, text in texts.items()}
    wrong = []
    for path, text in texts.items():
        for tag, *values in LINKS.findall(text):
            target = urlsplit(html.unescape("".join(values)))
            where = f"{path.relative_to(site)}: {target.geturl()}"
            if target.scheme in {"http", "https"}:
                well_formed = target.netloc and " " not in target.geturl()
                wrong += [] if tag == "a" and well_formed else [where]
                continue
            if target.scheme or path.name == "404.html":  # which does not know where it is
                continue
            there = (path.parent / unquote(target.path)).resolve() if target.path else path
            there = there / "index.html" if there.is_dir() else there
            anchor = unquote(target.fragment)
            if not there.exists() or (anchor and there in ids and anchor not in ids[there]):
                wrong.append(where)
    assert not wrong


def assert_every_page_has_a_twin(site: Path) -> None:
    """Assert that there is Markdown beside each page, told there, and that its links lead on."""
    for page in site.rglob("*.html"):
        if page.name == "404.html":
            continue
        text = page.read_text("utf-8")
        (name,) = re.findall(r'<link rel="alternate" type="text/markdown" href="([^"]+)">', text)
        twin = page.parent / name
        assert twin.read_text("utf-8").strip(), twin
        for target in MARKDOWN_LINKS.findall(twin.read_text("utf-8")):
            assert "://" in target or (twin.parent / target).exists(), f"{twin}: {target}"


def assert_lists_are_whole(site: Path) -> None:
    """Assert that ``llms.txt`` has each page once, with words on it, and the other one its text."""
    listed = (site / "llms.txt").read_text("utf-8")
    assert listed.startswith("# Kirin\n\n> ")
    lines = re.findall(r"^- \[(.+)\]\((.+?\.md)\)(: .+)?$", listed, re.MULTILINE)
    pages = {str(path.relative_to(site)) for path in site.rglob("*.md")}
    assert len(lines) == len(pages)
    assert {path for _, path, _ in lines} == pages
    silent = [path for _, path, about in lines if not about]
    assert silent == []
    whole = (site / "llms-full.txt").read_text("utf-8")
    assert all(f"<!-- {path} -->" in whole for path in pages)


def assert_browser_asks_nobody_else(site: Path) -> None:
    """Assert that pages work in a browser that reaches this machine alone."""
    from playwright.sync_api import expect, sync_playwright  # noqa: PLC0415  only where one is

    asked: list[str] = []
    said: list[str] = []
    with served(site) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page(
            viewport={"width": 390, "height": 844}, color_scheme="dark", reduced_motion="reduce"
        )
        page.set_default_timeout(60_000)
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.route(lambda address: not address.startswith(url), lambda route: route.abort())
        for name in SHOWN:
            page.goto(f"{url}/{name}.html")
            expect(page.locator("h1")).to_be_visible(timeout=60_000)
            wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
            assert not wide, f"{name} is wider than a phone"
        page.set_viewport_size({"width": 1280, "height": 900})
        page.get_by_role("button", name="Search").click()
        page.get_by_role("combobox", name="Search").fill("motion brush")
        found = page.get_by_role("option", name="Keys of the motion brush")
        expect(found).to_be_visible(timeout=60_000)
        browser.close()
    assert [address for address in asked if not address.startswith((url, "data:", "blob:"))] == []
    assert said == []


def test_the_site_is_whole(scripts: ModuleType, tmp_path: Path) -> None:
    """One test, since building takes seconds."""
    site = tmp_path / "site"
    assert scripts.build(site) == len(list(site.rglob("*.md"))) > 90
    assert_every_page_has_a_twin(site)
    assert_links_lead_somewhere(site)
    assert_lists_are_whole(site)
    if shutil.which("chromium"):
        assert_browser_asks_nobody_else(site)


def test_a_page_without_a_place_is_refused(scripts: ModuleType) -> None:
    pages = scripts.find_pages()
    with pytest.raises(SystemExit, match=r"no entry for .*cli\.md"):
        scripts.navigate([{"Home": "index.md"}], pages)


def test_a_link_that_leads_nowhere_is_refused(scripts: ModuleType, tmp_path: Path) -> None:
    page = scripts.Page(scripts.DOCS / "start.md", Path("start.md"))
    page.source = tmp_path / "start.md"
    page.source.write_text("# Start\n\n[gone](gone.md)\n")
    scripts_root, scripts.ROOT = scripts.ROOT, tmp_path
    try:
        with pytest.raises(SystemExit, match=r"start\.md: gone\.md leads nowhere"):
            scripts.read({page.source: page})
    finally:
        scripts.ROOT = scripts_root


def test_links_in_code_are_left_alone(scripts: ModuleType) -> None:
    text = "a [b](c.md)\n\n```md\n[b](c.md)\n```\n"
    changed = scripts.outside_fences(text, str.upper)
    assert changed == "A [B](C.MD)\n\n```md\n[b](c.md)\n```\n"


def test_a_diagram_that_was_changed_has_to_be_drawn_again(scripts: ModuleType) -> None:
    with pytest.raises(SystemExit, match=r"write_diagrams\.py"):
        scripts.as_pictures("```mermaid\nflowchart LR\n  nobody --> drew --> this\n```\n")


def test_the_page_for_agents_says_what_it_is_for() -> None:
    text = (ROOT / "docs" / "SKILL.md").read_text("utf-8")
    found = re.match(r"---\nname: (\w+)\ndescription: >-\n((?:  .+\n)+)---\n", text)
    assert found
    assert found[1] == "kirin"
    assert len(found[2]) < 1024
    assert len(text.splitlines()) < 200, "one page"
