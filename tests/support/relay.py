"""A relay in front of a server: it can lose answers."""

from __future__ import annotations

import threading

import httpx

from support.loopback import Loopback, Quiet


class Relay(Loopback):
    """Passes calls on to a server.

    Attributes:
        target: base URL of the server.
        submissions: ends of the paths that requests for tasks are posted to.
        lose: how many requests for tasks are passed on without their answer coming back.
        posts: how many requests for tasks were passed on.
    """

    def __init__(self, target: str = "", *submissions: str) -> None:
        super().__init__(_Passing)
        self.target = target
        self.submissions = submissions or ("/generation",)
        self.lose = 0
        self.posts = 0
        self.lock = threading.Lock()


class _Passing(Quiet):
    def do_GET(self) -> None:  # noqa: N802  as the base class has it
        self._pass_on()

    def do_PUT(self) -> None:  # noqa: N802
        self._pass_on()

    def do_DELETE(self) -> None:  # noqa: N802
        self._pass_on()

    def do_POST(self) -> None:  # noqa: N802
        self._pass_on()

    def _pass_on(self) -> None:
        relay: Relay = self.server.owner  # type: ignore[attr-defined]
        self.close_connection = True
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        skipped = {"connection", "content-length", "accept-encoding"}
        headers = {k: v for k, v in self.headers.items() if k.lower() not in skipped}
        answer = httpx.request(
            self.command, relay.target + self.path, content=body, headers=headers, timeout=60
        )
        if self.command == "POST" and self.path.endswith(relay.submissions):
            with relay.lock:
                relay.posts += 1
                lost = relay.lose > 0
                relay.lose -= lost
            if lost:
                return
        kept = {k.replace("-", "_"): v for k, v in answer.headers.items() if k in KEPT}
        self.answer(answer.status_code, answer.content, **kept)


KEPT = {"content-type", "retry-after"}
