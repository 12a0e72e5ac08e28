"""The console as a person has it: a server, a browser, and what no page may do."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

import httpx
import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    TimeoutError,
    expect,
)

from kirin.accounts.keys import Scope
from kirin.client import Kirin, KirinApiError, LocalServer
from kirin.tasks.pauses import ALL
from support.waiting import until

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
PATIENCE_MS = 60_000
EVENTS = "/model/v1/events"
PAUSE, RESUME = (f"/admin/v1/queues/{ALL}/{act}" for act in ("pause", "resume"))

STILL = """
async () => {
  const ending = () => document.getAnimations().filter(
    (one) => one.playState === "running" && one.effect?.getComputedTiming().endTime !== Infinity);
  for (let quiet = 0; quiet < 2; quiet += 1) {
    await new Promise((done) => setTimeout(done, 50));
    if (ending().length) quiet = -1;
  }
}
"""
"""Waits for what moves and ends: half faded text has no contrast, whatever its colour is."""

TOO_LATE_MS = 5_000
"""A button that is there is pressed by then, or else it is looked at again."""

NOTICE = """
(words) => {
  const look = () => { window.noticed ||= document.body.textContent.includes(words); };
  window.noticed = false;
  look();
  new MutationObserver(look).observe(
    document.body, {childList: true, characterData: true, subtree: true});
}
"""
"""Notes whether words are on the page, or were for a moment."""

LOOK_MS = 50
QUIET_LOOKS = 6

COLOURS = ("color-contrast", "link-in-text-block")
"""The rules of axe that depend on the theme."""

SCHEMES: dict[Literal["light", "dark"], tuple[str, ...]] = {"light": (), "dark": COLOURS}
"""The themes, and what is looked at in each: all, then what may differ."""

KEYS = (sys.executable, "-m", "kirin", "keys")


@dataclass(frozen=True)
class Site:
    """The server that the console of a test speaks to."""

    server: LocalServer
    kirin: Kirin
    data: Path
    _keys: dict[frozenset[Scope], str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.server.base_url

    @property
    def key(self) -> str:
        return self.server.api_key

    def operator(self, *scopes: Scope) -> str:
        """A key with scopes, by default one that may manage keys: always the same."""
        wanted = frozenset(scopes or (Scope.ADMIN,))
        if wanted not in self._keys:
            self._keys[wanted] = self._new_key(wanted)
        return self._keys[wanted]

    def _new_key(self, scopes: frozenset[Scope]) -> str:
        chosen = [part for scope in sorted(scopes) for part in ("--scope", scope.value)]
        made = subprocess.run(  # noqa: S603  our own module
            [*KEYS, "create", *chosen, "--data", str(self.data)],
            capture_output=True,
            text=True,
            check=True,
        )
        return made.stdout.strip()

    def get(self, path: str) -> Any:
        """What the API answers."""
        return self._ask("GET", path, self.key)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Let no task begin for the length of a block: what is asked for waits, however long that
        takes, and can be cancelled."""
        operator = self.operator(*Scope)
        self._ask("POST", PAUSE, operator, json={})
        try:
            yield
        finally:
            self._ask("POST", RESUME, operator)

    def cancelled(self, model: str, *params: Mapping[str, Any]) -> list[str]:
        """Tasks that were cancelled before they had begun, the last of them the newest."""
        with self.paused():
            made = [self.kirin.create(model, dict(each))["id"] for each in params]
            for id in made:
                self.kirin.cancel(id)
        return made

    def end(self, *ids: str) -> None:
        """Cancel tasks, unless they have ended by themselves."""
        for id in ids:
            try:
                self.kirin.cancel(id)
            except KirinApiError as refusal:
                if refusal.code != "task_finished":
                    raise

    def _ask(self, method: str, path: str, key: str, **request: Any) -> Any:
        headers = {"Authorization": f"Bearer {key}"}
        answer = httpx.request(method, self.url + path, headers=headers, timeout=60, **request)
        return answer.raise_for_status().json()


class Host(Protocol):
    """Where a console comes from, and a key that it takes."""

    @property
    def url(self) -> str:
        """Without a slash at its end."""

    @property
    def key(self) -> str:
        """An API key."""


class Window:
    """A browser of one person, who is signed in; collects what no page may do."""

    def __init__(
        self, browser: Browser, site: Host, *, signed_in: bool = True, **options: object
    ) -> None:
        self.site = site
        self.troubles: list[str] = []
        self._forgiven: list[str] = []
        self.streams: set[Request] = set()
        self._under_way: set[Request] = set()
        self.context: BrowserContext = browser.new_context(
            base_url=site.url,
            locale="en-GB",
            permissions=["clipboard-read", "clipboard-write"],
            **options,  # type: ignore[arg-type]
        )
        self.context.set_default_timeout(PATIENCE_MS)
        if signed_in:
            # An empty page has no storage.
            self.context.add_init_script(
                f"if (location.origin !== 'null') localStorage.setItem('kirin.key', '{site.key}')"
            )
        self.context.on("page", self._watch)
        self.page = self.context.new_page()

    def _hear(self, said: ConsoleMessage) -> None:
        if said.type == "error" and not any(words in said.text for words in self._forgiven):
            self.troubles.append(said.text)

    def _watch(self, page: Page) -> None:
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("request", self._begun)
        page.on("requestfinished", self._ended)
        page.on("requestfailed", self._ended)
        page.on("close", self._closed)

    def _begun(self, request: Request) -> None:
        if not request.url.startswith((self.site.url, "blob:", "data:")):
            self.troubles.append(f"asked another host: {request.url}")
        (self.streams if request.url.endswith(EVENTS) else self._under_way).add(request)

    def _ended(self, request: Request) -> None:
        self.streams.discard(request)
        self._under_way.discard(request)

    def _closed(self, page: Page) -> None:
        self.streams = {stream for stream in self.streams if stream.frame.page is not page}

    def forgive(self, words: str) -> None:
        """Expect that the browser writes down errors with these words, whenever it does so."""
        self._forgiven.append(words)

    def look_until(self, look: Callable[[], object]) -> None:
        """Wait until what the browser tells by events has made something true."""

        def seen() -> object:
            self.page.wait_for_timeout(LOOK_MS)
            return look()

        until(seen)

    def trouble(self, words: str) -> None:
        """Wait until the browser has written down one error, with these words, and forget it."""
        self.look_until(lambda: self.troubles)
        assert words in self.troubles.pop(0)

    @contextmanager
    def notices(self, words: str) -> Iterator[None]:
        """Wait at the end of a block until words were on the page, which may be gone again."""
        self.page.evaluate(NOTICE, words)
        yield
        until(lambda: self.page.evaluate("window.noticed"))

    def paid(self) -> None:
        """Show what the console shows where tasks are paid from balances."""
        balance = {**self.site.get("/model/v1/balance"), "prepaid": True}  # type: ignore[attr-defined]
        self.context.route("**/model/v1/balance", lambda route: route.fulfill(json=balance))

    def settle(self) -> None:
        """Wait until nothing is asked of the server for a moment, beside the event stream."""
        quiet = 0
        while quiet < QUIET_LOOKS:
            self.page.wait_for_timeout(LOOK_MS)
            quiet = 0 if self._under_way else quiet + 1

    def cancel(self) -> None:
        """Cancel the task that is shown, unless it has ended by then: this machine may be quick."""
        button = self.page.get_by_role("button", name="Cancel", exact=True)
        view = self.page.locator(".task-view")
        over = view.get_by_role("alert").or_(view.locator("video")).first
        expect(button.or_(over).first).to_be_visible()
        # It may end between the look and the click, which the server refuses then.
        self.forgive("409 (Conflict)")

        def ended() -> bool:
            with suppress(TimeoutError):
                button.click(timeout=TOO_LATE_MS)
            with suppress(AssertionError):
                expect(over).to_be_visible(timeout=TOO_LATE_MS)
            return over.is_visible()

        until(ended, seconds=2 * PATIENCE_MS / 1000)

    def visit(self, path: str) -> None:
        """Go to a page of the console as a link does: the page is not loaded anew."""
        self.page.evaluate("path => history.pushState(null, '', path)", path)

    def severe(self, *rules: str, within: str = "") -> list[str]:
        """What axe-core finds on the page as it is, however serious it is.

        Args:
            rules: those that are looked at; all of them by default.
            within: a selector of the part of the page that is looked at.
        """
        if not AXE.is_file():
            pytest.skip("CONSOLE NOT TESTED with axe: web/node_modules is not there")
        # Not as a script element: the page's policy lets none in that is not its own.
        if self.page.evaluate("!('axe' in window)"):
            self.page.evaluate(AXE.read_text())
        self.page.evaluate(STILL)
        options: dict[str, Any] = {"resultTypes": ["violations"]}
        if rules:
            options["runOnly"] = {"type": "rule", "values": list(rules)}
        found = self.page.evaluate(
            "([part, options]) => axe.run(part || document, options)", [within, options]
        )
        return [
            f"{violation['id']}: {node['target']} {node['failureSummary']}"
            for violation in found["violations"]
            for node in violation["nodes"][:3]
        ]

    def severe_in_both(self, within: str = "") -> list[str]:
        """What axe-core finds in the light theme, and what the colours of the dark one break."""
        found: list[str] = []
        for scheme, rules in SCHEMES.items():
            self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            root = self.page.locator(f"html[data-mantine-color-scheme={scheme}]")
            expect(root).to_be_attached()
            found += [f"{scheme} {each}" for each in self.severe(*rules, within=within)]
        return found
