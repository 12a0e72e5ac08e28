"""Delivery: a thread that drains the outbox, a few receivers at a time."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx
import structlog
from sqlalchemy import Connection
from standardwebhooks.webhooks import Webhook as Signer

from kirin.database.engine import Database
from kirin.errors import KirinError
from kirin.webhooks import history, outbox
from kirin.webhooks.history import Attempt
from kirin.webhooks.outbox import Webhook

log = structlog.get_logger(__name__)

RETRY_SECONDS = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Waits after each failed attempt; when they are used up there is no more."""

JITTER = 0.1
"""Share by which a wait is lengthened at random: receivers that fell over get up in peace."""

TIMEOUT_SECONDS = 15.0
LEASE_MS = 25_000
"""For how long a taken message is left to its process: above any attempt's time, and no longer,
since this is how late a message comes whose process was killed."""

POLL_SECONDS = 0.5
RECEIVERS = 8
"""Deliveries at the same time."""

LONGEST_WAIT = 86_400.0
"""Seconds that a receiver may ask us to wait."""

ANSWER_BYTES = 2048
"""How much of an answer is read and kept."""


class Deliverer:
    """Sends what is in the outbox: at least once, in order for each task."""

    def __init__(
        self,
        database: Database,
        client: Callable[[], httpx.Client],
        secrets_of: Callable[[Connection, str, int], Sequence[str]],
        now: Callable[[], int],
    ) -> None:
        """Set up; nothing is sent yet.

        Args:
            database: where the outbox is.
            client: makes the HTTP client that keeps away from forbidden addresses.
            secrets_of: the signing secrets (``whsec_...``) of an account at a time; each gives
                a signature.
            now: the time in Unix milliseconds.
        """
        self._database = database
        self._client = client
        self._secrets_of = secrets_of
        self._now = now
        self._stopping = threading.Event()
        self._free = threading.Semaphore(RECEIVERS)

    def start(self) -> None:
        """Start sending, in threads that end with the process."""
        self._pool = ThreadPoolExecutor(RECEIVERS, thread_name_prefix="webhook")
        self._thread = threading.Thread(target=self._drain_forever, name="webhooks", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Take no more messages; those under way are sent again after their lease."""
        self._stopping.set()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _drain_forever(self) -> None:
        while not self._stopping.is_set():
            try:
                taken = self._take()
            except Exception:
                log.exception("outbox could not be read")
                taken = 0
            if not taken:
                self._stopping.wait(POLL_SECONDS)

    def _take(self) -> int:
        """Take as many due messages as there are free threads, and send them off."""
        free = 0
        while self._free.acquire(blocking=False):
            free += 1
        messages: list[Webhook] = []
        try:
            if free:
                with self._database.read() as connection:
                    due = outbox.any_due(connection, self._now())
                if due:
                    with self._database.write() as connection:
                        messages = outbox.take_due(connection, self._now(), LEASE_MS, free)
        finally:
            if free > len(messages):
                self._free.release(free - len(messages))
        for message in messages:
            self._pool.submit(self._deliver, message)
        return len(messages)

    def _deliver(self, message: Webhook) -> None:
        try:
            sent_at, started = self._now(), time.monotonic()
            status, outcome, wait = self._attempt(message)
            took = round((time.monotonic() - started) * 1000)
            heard = status is not None and 200 <= status < 300
            again = None if heard or status == httpx.codes.GONE else self._next(message, wait)
            with self._database.write() as connection:
                tried = Attempt(message.attempts, sent_at, took, status, outcome)
                history.record(connection, message.id, tried)
                outbox.settle(connection, message.id, next_at=again, status=status, outcome=outcome)
            log.info("webhook", webhook=message.id, status=status, attempt=message.attempts)
        except Exception:
            # Its lease ends, and it is sent again.
            log.exception("webhook could not be settled", webhook=message.id)
        finally:
            self._free.release()

    def _next(self, message: Webhook, wait: float) -> int | None:
        if message.attempts > len(RETRY_SECONDS):
            return None
        seconds = max(wait, RETRY_SECONDS[message.attempts - 1])
        return self._now() + round(seconds * (1 + random.uniform(0, JITTER)) * 1000)  # noqa: S311

    def _attempt(self, message: Webhook) -> tuple[int | None, str, float]:
        """Send once.

        Returns:
            HTTP status if there was an answer, its beginning or what went wrong, and the
            seconds that the receiver asked us to wait.
        """
        with self._database.read() as connection:
            secrets = self._secrets_of(connection, message.account, self._now())
        body = json.dumps(message.body, ensure_ascii=False, separators=(",", ":"))
        sent_at = datetime.now(tz=UTC)
        signatures = [Signer(secret).sign(message.id, sent_at, body) for secret in secrets]
        headers = {
            "Content-Type": "application/json",
            "webhook-id": message.id,
            "webhook-timestamp": str(int(sent_at.timestamp())),
            "webhook-signature": " ".join(signatures),
        }
        try:
            with (
                self._client() as client,
                client.stream(
                    "POST",
                    message.url,
                    content=body.encode(),
                    headers=headers,
                    timeout=TIMEOUT_SECONDS,
                    follow_redirects=False,
                ) as answer,
            ):
                text = next(answer.iter_bytes(ANSWER_BYTES), b"").decode("utf-8", "replace")
                return answer.status_code, text, _retry_after(answer)
        except (httpx.HTTPError, KirinError) as error:
            return None, f"{type(error).__name__}: {error}", 0.0


def _retry_after(answer: httpx.Response) -> float:
    """Seconds that a receiver asks us to wait, or until the date that it names; at most a day."""
    given = answer.headers.get("Retry-After", "")
    if given.isascii() and given.isdecimal():
        return min(float(given), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(given)
    except ValueError:
        return 0.0
    # A date without a zone is none of HTTP's, but what is meant is plain.
    left = until.replace(tzinfo=until.tzinfo or UTC) - datetime.now(tz=UTC)
    return min(max(left.total_seconds(), 0.0), LONGEST_WAIT)
