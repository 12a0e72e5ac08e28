"""How soon the console can be used: from nothing in the browser's cache to a button to press.

Each round opens a fresh profile and loads, one after the other, an answer of a few bytes (the
floor: what browser and server cost whatever the page is) and pages of the console.

    python bench/console.py [--rounds 7]
"""

from __future__ import annotations

import argparse
import statistics
from shutil import which

from playwright.sync_api import Browser, Page, sync_playwright

from kirin.client import LocalServer

PAGES = {"first visit": "/", "playground": "/play/kirin_v1_6_t2v"}
SIZES = """
[...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
  .filter((entry) => !/\\.(webp|mp4|jpg)$/.test(entry.name))
  .reduce((sum, entry) => sum + entry.encodedBodySize, 0)
"""


def loaded(page: Page, address: str, button: str | None) -> float:
    """Milliseconds from the click of a link until the page, or a button on it, is there."""
    page.goto(address, wait_until="load" if button is None else "commit")
    if button:
        page.get_by_role("button", name=button).first.wait_for()
    return float(page.evaluate("performance.now()"))


def measure(browser: Browser, server: LocalServer, path: str | None) -> tuple[float, int]:
    """Milliseconds and bytes of one page in a fresh profile; ``None`` is the floor."""
    context = browser.new_context()
    context.add_init_script(f"localStorage.setItem('kirin.key', '{server.api_key}')")
    page = context.new_page()
    url = server.base_url + (path or "/healthz")
    took = loaded(page, url, "Generate" if path else None)
    size = int(page.evaluate(SIZES))
    context.close()
    return took, size


def main() -> None:
    """Print a line for each page."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=7)
    rounds: int = parser.parse_args().rounds
    chromium = which("chromium") or which("chromium-browser")
    with LocalServer() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        paths = {"floor": None, **PAGES}
        found = {
            name: [measure(browser, server, path) for _ in range(rounds)]
            for name, path in paths.items()
        }
        browser.close()
    floor = statistics.median(took for took, _ in found["floor"])
    for name, measured in found.items():
        took = statistics.median(took for took, _ in measured)
        print(
            f"{name:<12} {took:6.0f} ms (least {min(took for took, _ in measured):.0f})  "
            f"{took / floor:5.1f} x the floor  {measured[0][1] / 1024:6.1f} KiB"
        )


if __name__ == "__main__":
    main()
