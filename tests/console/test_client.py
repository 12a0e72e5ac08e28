"""The client in TypeScript, as it is built, in a browser on a page of another origin."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from support.console import PATIENCE_MS
from support.javascript import CLIENTS, our_client
from support.loopback import Loopback, Quiet
from support.servers import local_server
from support.typescript import bad_connections, check


class Modules(Loopback):
    """Has the client's modules, and a page that is empty."""

    def __init__(self, built: Path) -> None:
        super().__init__(_Module)
        self.built = built


class _Module(Quiet):
    def do_GET(self) -> None:  # noqa: N802  as the base class has it
        owner: Modules = self.server.owner  # type: ignore[attr-defined]
        folder, _, name = self.path.lstrip("/").partition("/")
        path = {"client": owner.built, "acts": CLIENTS}.get(folder, owner.built) / name
        if not folder:
            self.answer(HTTPStatus.OK, b"<!doctype html><title>a page</title>")
        elif path.suffix in (".js", ".mjs") and path.is_file():
            self.answer(HTTPStatus.OK, path.read_bytes(), Content_Type="text/javascript")
        else:
            self.answer(HTTPStatus.NOT_FOUND)


RUN = """async (given) => {
  const client = await import("/client/index.js");
  const { acts } = await import("/acts/kirin_acts.mjs");
  return acts(client, given);
}"""


@pytest.mark.timeout(600)
def test_ten_acts(browser: Browser, tmp_path: Path) -> None:
    with Modules(our_client()) as modules:
        origin = modules.url("")[:-1]
        with (
            local_server(tmp_path / "data", KIRIN_CORS_ORIGINS=origin) as server,
            bad_connections(server) as (given, flaky),
        ):
            page = browser.new_page()
            page.set_default_timeout(PATIENCE_MS)
            page.goto(modules.url(""))
            told = page.evaluate(RUN, given)
            page.close()
            check(told, flaky, tmp_path)
