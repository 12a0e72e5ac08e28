"""How smooth the console is: frames while a gallery of many tasks scrolls, and a brush paints.

A frame is on time if it is drawn within one and a half of the page's own intervals (60 a second),
which a page that only counts frames is measured for in the same browser: the floor. Videos that
play at a time are counted while the gallery scrolls. Run it on a machine that does nothing else;
the browser draws without a GPU.

    python bench/smoothness.py [--tasks 1000]
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import sys
from importlib import import_module
from pathlib import Path
from shutil import which
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from kirin.client import Kirin, LocalServer

MODEL = "kirin_v1_6_t2v"
PROMPTS = (
    "a lake at dawn, slow pan left",
    "snow falls on a village at night",
    "a dog runs along a beach",
    "rockets over a skyline",
)
COUNT_FRAMES = """
() => {
  window.frames_ = [];
  window.playing_ = 0;
  const look = (now) => {
    window.frames_.push(now);
    const live = [...document.querySelectorAll("video")].filter((video) => !video.paused);
    window.playing_ = Math.max(window.playing_, live.length);
    window.counting_ = requestAnimationFrame(look);
  };
  window.counting_ = requestAnimationFrame(look);
}
"""
STOP = "() => { cancelAnimationFrame(window.counting_); return [window.frames_, window.playing_]; }"
SCROLL = """
async (seconds) => {
  const end = performance.now() + seconds * 1000;
  let step = 24;
  while (performance.now() < end) {
    await new Promise(requestAnimationFrame);
    const most = document.documentElement.scrollHeight - innerHeight;
    if (scrollY >= most - 1) step = -24;
    if (scrollY <= 0) step = 24;
    scrollBy({ top: step, behavior: "instant" });
  }
}
"""
MORE_THAN = "(count) => document.querySelectorAll('.tiles > li').length > count"


def fill(kirin: Kirin, count: int) -> None:
    """Make so many completed tasks: a few videos, and copies of them by their seeds."""
    for index in range(count):
        prompt, seed = PROMPTS[index % len(PROMPTS)], 1 + index % len(PROMPTS)
        task = kirin.create(MODEL, {"prompt": prompt}, seed=seed)
        if index < len(PROMPTS):
            kirin.wait(task.id)


def report(name: str, measured: tuple[list[float], int], interval: float) -> None:
    """Print how many frames came, and how many were late."""
    times, playing = measured
    gaps = [after - before for before, after in itertools.pairwise(times)]
    gaps.sort()
    late = sum(gap > 1.5 * interval for gap in gaps)
    print(
        f"{name:<28} {1000 * len(gaps) / sum(gaps):5.1f} frames a second, "
        f"{late / len(gaps):6.2%} late, 99% within {gaps[int(0.99 * len(gaps))]:5.1f} ms, "
        f"longest {gaps[-1]:5.0f} ms, {playing} videos at most"
    )


def counted(page: Page, act: Any) -> tuple[list[float], int]:
    """When frames were drawn during an act, in milliseconds, and how many videos played."""
    page.evaluate(COUNT_FRAMES)
    act()
    times, playing = page.evaluate(STOP)
    return times, playing


def gallery(page: Page, count: int) -> tuple[list[float], int]:
    """Load all tasks, then scroll through them and back for ten seconds."""
    page.goto("/gallery")
    tiles = page.locator(".tiles > li")
    tiles.first.wait_for()
    while (there := tiles.count()) < count:
        page.get_by_role("button", name="Show more", exact=True).click()
        page.wait_for_function(MORE_THAN, arg=there)
    page.evaluate("scrollTo(0, 0)")
    return counted(page, lambda: page.evaluate(SCROLL, 10))


def brush(page: Page) -> tuple[list[float], int]:
    """Paint long strokes over a picture."""
    easel = import_module("support.easel").open_brush(page)

    def paint() -> None:
        for row in range(60, 420, 40):
            easel.drag((80, row), (560, row), (80, row + 20))

    return counted(page, paint)


def main() -> None:
    """Print a line for each page."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--tasks", type=int, default=1000)
    count: int = parser.parse_args().tasks
    sys.path.append(str(Path(__file__).parent.parent / "tests"))
    chromium = which("chromium") or which("chromium-browser")
    with LocalServer() as server, sync_playwright() as playwright:
        with server.client() as kirin:
            fill(kirin, count)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        measure(browser, server, count)
        browser.close()


def measure(browser: Browser, server: LocalServer, count: int) -> None:
    """Measure the floor, the gallery and the brush, in one browser."""
    context = browser.new_context(base_url=server.base_url, viewport={"width": 1280, "height": 800})
    context.add_init_script(f"localStorage.setItem('kirin.key', '{server.api_key}')")
    page = context.new_page()
    page.goto("/healthz")
    floor = counted(page, lambda: page.wait_for_timeout(3000))
    times = floor[0]
    interval = statistics.median(b - a for a, b in itertools.pairwise(times))
    report("floor", floor, interval)
    report(f"gallery of {count}", gallery(page, count), interval)
    report("brush", brush(page), interval)
    context.close()


if __name__ == "__main__":
    main()
