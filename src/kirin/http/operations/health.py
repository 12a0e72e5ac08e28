"""Routes for whoever runs the server: health, readiness and metrics."""

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
from kirin.database.engine import Database
from kirin.errors import DatabaseAway, InvalidKey, NotFound, NotReady
from kirin.http.operations.metrics import Metrics
from kirin.http.operations.models import HealthJson, ReadinessJson
from kirin.http.responses import error_json, json_response
from kirin.http.route import Route
from kirin.http.thread_pool import ThreadPool
from kirin.storage.base import Storage

log = structlog.get_logger(__name__)

HEALTH = Route(
    method="GET",
    path="/healthz",
    id="health",
    summary="Whether the server is up",
    answer=HealthJson,
)
READY = Route(
    method="GET",
    path="/readyz",
    id="ready",
    summary="Whether the database and the storage answer",
    answer=ReadinessJson,
    other_responses={"503": {"description": "not ready; the body says what is unavailable"}},
)
METRICS = Route(
    method="GET",
    path="/metrics",
    id="metrics",
    summary="Metrics for Prometheus",
    media_types=("text/plain",),
    answer_description="the text format",
    errors=(InvalidKey, NotFound, DatabaseAway),
)
ROUTES = (HEALTH, READY, METRICS)

CHECK_SECONDS = 3.0
"""How long a check may take."""

PROBE = "inputs/00/probe"
"""A key that is looked up, whether or not it exists."""

FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")
"""Headers of a proxy: the client is elsewhere."""


def add_health_routes(
    router: APIRouter,
    threads: ThreadPool,
    database: Database,
    storage: Storage,
    metrics: Metrics,
    metrics_token: str | None,
) -> None:
    """Add the routes that no client of the API needs.

    Args:
        metrics_token: grants access to the metrics; without one, only this machine has it.
    """

    async def health() -> Response:
        return json_response(HealthJson(status="ok", version=__version__))

    def query_database() -> None:
        with database.read() as connection:
            connection.execute(text("SELECT 1"))

    def query_storage() -> None:
        storage.exists(PROBE)

    checks = {
        "database": Check("database", query_database),
        "storage": Check("storage", query_storage),
    }

    async def ready(request: Request) -> Response:
        passed = {name: await check.passes() for name, check in checks.items()}
        good = all(passed.values())
        body: ReadinessJson = {
            "status": "ready" if good else "not_ready",
            "database": "ok" if passed["database"] else "away",
            "storage": "ok" if passed["storage"] else "away",
        }
        if good:
            return json_response(body)
        away = " and the ".join(name for name, good in passed.items() if not good)
        error = NotReady(f"no answer from the {away}")
        return json_response(
            {**body, **error_json(error, request.scope["request_id"])}, error.status
        )

    async def measure(request: Request) -> Response:
        check_metrics_access(request, metrics_token)
        return Response(await threads.run(metrics.text), media_type=CONTENT_TYPE_LATEST)

    HEALTH.add_to(router, health)
    READY.add_to(router, ready)
    METRICS.add_to(router, measure)


class Check:
    """Whether something that the server needs answers in time.

    While one run hangs no other is started: however often somebody asks, few threads are stuck.
    """

    def __init__(self, name: str, run: Callable[[], None]) -> None:
        self._name = name
        self._check = run
        self._running: set[float] = set()

    async def passes(self) -> bool:
        """Run the check."""
        if any(time.monotonic() - started > CHECK_SECONDS for started in tuple(self._running)):
            return False
        with move_on_after(CHECK_SECONDS):
            try:
                # A hanging thread is abandoned: the answer is due now.
                await to_thread.run_sync(self._run, abandon_on_cancel=True)
            except Exception as error:
                log.warning("not ready", check=self._name, reason=type(error).__name__)
                return False
            return True
        return False

    def _run(self) -> None:
        started = time.monotonic()
        self._running.add(started)
        try:
            self._check()
        finally:
            self._running.discard(started)


def check_metrics_access(request: Request, token: str | None) -> None:
    """Check that a client may see metrics: it has the token or, if none is set, is on this machine.

    Raises:
        InvalidKey: the token is missing or wrong.
        NotFound: no token is set, and the client is elsewhere.
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
    except ValueError:  # the socket has no address
        return False
