"""Routes for whoever runs the server: is it up, can it work, what is going on."""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable
from ipaddress import ip_address

import structlog
from anyio import move_on_after, to_thread
from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy import text

from kirin import __version__
from kirin.errors import InvalidKey, NotFound
from kirin.http.context import json_answer
from kirin.http.metrics import Metrics
from kirin.http.rooms import Rooms

log = structlog.get_logger(__name__)

HEALTH = "/healthz"
READY = "/readyz"
METRICS = "/metrics"

CHECK_SECONDS = 3.0
"""How long what the server needs may take to answer."""

PROBE = "inputs/00/probe"
"""A key that is asked for, whether or not it is there."""

FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")
"""Headers of a proxy: whoever asks is elsewhere."""


def health_routes(rooms: Rooms, metrics: Metrics) -> APIRouter:
    """The routes that no client of the API needs."""
    router = APIRouter()

    async def health() -> Response:
        return json_answer({"status": "ok", "version": __version__})

    def database() -> None:
        with rooms.database.read() as connection:
            connection.execute(text("SELECT 1"))

    def storage() -> None:
        rooms.storage.exists(PROBE)

    checks = {"database": Check(database), "storage": Check(storage)}

    async def ready() -> Response:
        parts = {name: await check.passes() for name, check in checks.items()}
        good = all(parts.values())
        shown = {name: "ok" if fine else "away" for name, fine in parts.items()}
        body = {"status": "ready" if good else "not_ready", **shown}
        return json_answer(body, 200 if good else 503)

    async def measure(request: Request) -> Response:
        admit(request, rooms.metrics_token)
        return Response(await rooms.blocking(metrics.text), media_type=CONTENT_TYPE_LATEST)

    router.add_api_route(HEALTH, health, methods=["GET"])
    router.add_api_route(READY, ready, methods=["GET"])
    router.add_api_route(METRICS, measure, methods=["GET"])
    return router


class Check:
    """Whether something that the server needs answers, soon enough.

    While one look hangs there is no other: however often somebody asks, few threads wait.
    """

    def __init__(self, look: Callable[[], None]) -> None:
        self._look = look
        self._running: set[float] = set()

    async def passes(self) -> bool:
        """Look."""
        if any(time.monotonic() - begun > CHECK_SECONDS for begun in tuple(self._running)):
            return False
        with move_on_after(CHECK_SECONDS):
            try:
                # A thread that hangs is left behind: the answer is due now.
                await to_thread.run_sync(self._run, abandon_on_cancel=True)
            except Exception as error:
                log.warning("not ready", check=self._look.__name__, reason=type(error).__name__)
                return False
            return True
        return False

    def _run(self) -> None:
        begun = time.monotonic()
        self._running.add(begun)
        try:
            self._look()
        finally:
            self._running.discard(begun)


def admit(request: Request, token: str | None) -> None:
    """Let in who may see metrics: who has the token or, if there is none, this machine.

    Raises:
        InvalidKey: the token is missing or wrong.
        NotFound: there is no token, and who asks is elsewhere.
    """
    if token is not None:
        given = request.headers.get("Authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
            raise InvalidKey("metrics take 'Authorization: Bearer' with KIRIN_METRICS_TOKEN")
        return
    peer = request.client.host if request.client else ""
    proxied = any(name in request.headers for name in FORWARDED)
    if proxied or not is_loopback(peer):
        raise NotFound


def is_loopback(peer: str) -> bool:
    """Whether an address is this machine's own."""
    try:
        return ip_address(peer).is_loopback
    except ValueError:  # a socket that has no address
        return False
