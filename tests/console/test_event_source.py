"""A page of another origin follows tasks by EventSource, which sends no key (N-10)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser

from support.cards import T2V
from support.console import PATIENCE_MS
from support.loopback import FileHost
from support.servers import local_server

FOLLOW = """url => new Promise((resolve) => {
  const told = [];
  const stream = new EventSource(url);
  for (const name of ["output", "done"])
    stream.addEventListener(name, (event) => {
      told.push([name, JSON.parse(event.data).status]);
      if (name === "done") { stream.close(); resolve(told); }
    });
  stream.addEventListener("error", () => {
    if (stream.readyState === EventSource.CLOSED) resolve("refused");
  });
})"""


def test_a_page_of_an_allowed_origin_follows_a_task(browser: Browser, tmp_path: Path) -> None:
    with FileHost() as host:
        page_url = host.add("page.html", b"<!doctype html><title>A page</title>")
        origin = page_url.removesuffix("/page.html")
        with (
            local_server(tmp_path, KIRIN_CORS_ORIGINS=origin) as server,
            server.client() as kirin,
        ):
            id = kirin.create(T2V, {"prompt": "a tiny lake"})["id"]
            answer = httpx.post(
                f"{server.base_url}/model/v1/generation/task/{id}/stream/token",
                headers={"Authorization": f"Bearer {server.api_key}"},
                timeout=60,
            )
            url = answer.json()["url"]
            page = browser.new_page()
            page.set_default_timeout(PATIENCE_MS)
            page.goto(page_url)
            told: Any = page.evaluate(FOLLOW, url)
            assert told[-1] == ["done", "completed"]
            assert page.evaluate(FOLLOW, f"{url}x") == "refused"
            page.close()
