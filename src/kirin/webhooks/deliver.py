"""Delivery: a thread that drains the outbox, and a pool that sends what it claims."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import httpx
import structlog
from sqlalchemy import Connection
from standardwebhooks.webhooks import Webhook as Signer

from kirin.database.engine import Database
from kirin.domain.retry_after import retry_after
from kirin.errors import KirinError
from kirin.webhooks import history, outbox
from kirin.webhooks.concurrency import DELIVERIES, DeliverySlots
from kirin.webhooks.history import Attempt
from kirin.webhooks.outbox import Webhook

log = structlog.get_logger(__name__)

RETRY_SECONDS = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Waits after each failed attempt; after the last one the message is given up."""

JITTER = 0.1
"""Share by which a wait is lengthened at random, so that a receiver that recovers is not hit by
all of them at once."""

TIMEOUT_SECONDS = 15.0
"""Longest time of an attempt."""

BODY_SECONDS = 2.0
"""Longest time to read the body of an answer. The status alone decides, the body is a note."""

BODY_BYTES = 2048
"""How much of an answer's body is read and stored."""

LEASE_MS = 25_000
"""How long a claim lasts: longer than any attempt, and not much longer, since this is how late a
message is when the process that claimed it was killed."""

POLL_SECONDS = 0.5
"""How often the outbox is polled when nothing is due."""

BATCH_SECONDS = 0.02
"""Least time between two looks at the outbox."""

LONGEST_WAIT = 86_400.0
"""Seconds that a receiver may ask us to wait."""


class Deliverer:
    """Sends what is in the outbox: at least once, in order for each task where that costs nothing.

    A later message waits for an earlier one of its task through the first short retries only. When
    it is delivered first, the earlier one is superseded and sent no more.
    """

    def __init__(
        self,
        database: Database,
        client: Callable[[], httpx.Client],
        secrets_of: Callable[[Connection, str, int], Sequence[str]],
        renew_links: Callable[[str | None, Mapping[str, Any]], Mapping[str, Any]],
        now: Callable[[], int],
    ) -> None:
        """Set up; nothing is sent yet.

        Args:
            database: where the outbox is.
            client: makes an HTTP client that refuses forbidden addresses.
            secrets_of: the signing secrets (``whsec_...``) of an account at a time; each gives
                a signature.
            renew_links: gives the body of a message of a dialect with links that are signed now:
                days may lie between two attempts.
            now: the time in Unix milliseconds.
        """
        self._database = database
        self._client = client
        self._secrets_of = secrets_of
        self._renew_links = renew_links
        self._now = now
        self._stopping = threading.Event()
        self._freed = threading.Event()
        self._slots = DeliverySlots()

    def start(self) -> None:
        """Start sending, in threads that end with the process."""
        self._pool = ThreadPoolExecutor(DELIVERIES, thread_name_prefix="webhook")
        self._thread = threading.Thread(target=self._drain_forever, name="webhooks", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Claim no more messages; those under way are sent again when their claim expires."""
        self._stopping.set()
        self._freed.set()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _drain_forever(self) -> None:
        while not self._stopping.is_set():
            try:
                claimed = self._claim()
            except Exception:
                log.exception("outbox could not be read")
                claimed = 0
            if not claimed and self._freed.wait(POLL_SECONDS):
                # Several deliveries that end together are followed by one look at the outbox.
                self._freed.clear()
                self._stopping.wait(BATCH_SECONDS)

    def _claim(self) -> int:
        """Claim due messages for the free slots, and send them in the pool."""
        if not self._slots.free:
            return 0
        now = self._now()
        with self._database.read() as connection:
            if not outbox.any_due(connection, now):
                return 0
            # More than there are slots: some may turn out to go to a host that has its share.
            due = outbox.due(connection, now, 4 * DELIVERIES, self._slots.saturated())
        chosen = [message for message in due if self._slots.acquire(message)]
        claimed: dict[str, Webhook] = {}
        try:
            if chosen:
                with self._database.write() as connection:
                    now = self._now()
                    for message in chosen:
                        if mine := outbox.claim(connection, message, now, LEASE_MS):
                            claimed[mine.id] = mine
        except BaseException:
            claimed = {}
            raise
        finally:
            for message in chosen:
                if message.id not in claimed:
                    self._slots.release(message)
        for mine in claimed.values():
            self._pool.submit(self._deliver, mine)
        return len(claimed)

    def _deliver(self, message: Webhook) -> None:
        try:
            # This process may have been frozen since its claim. What another one has settled
            # meanwhile must not be sent after the task's later messages.
            with self._database.read() as connection:
                if not outbox.still_claimed(connection, message):
                    return
            sent_at, started = self._now(), time.monotonic()
            status, outcome, wait = self._attempt(message)
            took = round((time.monotonic() - started) * 1000)
            delivered = status is not None and 200 <= status < 300
            ended = delivered or status == httpx.codes.GONE
            now = self._now()
            next_at = None if ended else self._next(message, now, wait)
            with self._database.write() as connection:
                attempt = Attempt(message.attempts, sent_at, took, status, outcome)
                history.record(connection, message.id, attempt)
                outbox.settle(
                    connection, message, now=now, next_at=next_at, status=status, outcome=outcome
                )
                if delivered:
                    outbox.supersede_earlier(connection, message)
            log.info("webhook", webhook=message.id, status=status, attempt=message.attempts)
        except Exception:
            # The database is away. The claim expires, and the message is sent again.
            log.exception("webhook could not be settled", webhook=message.id)
        finally:
            self._slots.release(message)
            self._freed.set()

    def _next(self, message: Webhook, now: int, wait: float) -> int | None:
        """When to try again, Unix milliseconds; ``None`` after the last attempt."""
        if message.attempts > len(RETRY_SECONDS):
            return None
        seconds = max(wait, RETRY_SECONDS[message.attempts - 1])
        return now + round(seconds * (1 + random.uniform(0, JITTER)) * 1000)  # noqa: S311

    def _attempt(self, message: Webhook) -> tuple[int | None, str, float]:
        """Send once; never raises, so that every attempt is counted and its retries end.

        Returns:
            HTTP status if there was an answer, the beginning of its body or what went wrong, and
            the seconds that the receiver asked us to wait.
        """
        try:
            with self._database.read() as connection:
                secrets = self._secrets_of(connection, message.account, self._now())
            body = serialised(self._renew_links(message.dialect, message.body))
            return self._post(message.url, body, signed(message.id, body, secrets))
        except (httpx.HTTPError, httpx.InvalidURL, KirinError) as error:
            return None, f"{type(error).__name__}: {error}", 0.0
        except Exception as error:
            log.exception("webhook could not be sent", webhook=message.id)
            return None, f"the server could not send it: {type(error).__name__}", 0.0

    def _post(
        self, url: str, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int | None, str, float]:
        with (
            self._client() as client,
            client.stream(
                "POST",
                url,
                content=body,
                headers=headers,
                timeout=TIMEOUT_SECONDS,
                follow_redirects=False,
            ) as answer,
        ):
            wait = retry_after(answer.headers.get("Retry-After"), LONGEST_WAIT) or 0.0
            return answer.status_code, beginning(answer), wait


def serialised(body: Mapping[str, Any]) -> bytes:
    """A body as it is sent and signed."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def signed(id: str, body: bytes, secrets: Sequence[str]) -> dict[str, str]:
    """The headers of a message, as the Standard Webhooks specification names them."""
    sent_at = datetime.now(tz=UTC)
    return {
        "Content-Type": "application/json",
        "Accept-Encoding": "identity",
        "webhook-id": id,
        "webhook-timestamp": str(int(sent_at.timestamp())),
        "webhook-signature": " ".join(
            Signer(secret).sign(id, sent_at, body.decode()) for secret in secrets
        ),
    }


def beginning(answer: httpx.Response) -> str:
    """The first 2 KB of an answer's body, or less where it is slow, broken or compressed.

    It is read raw: nothing is decompressed, so a small body stays small.
    """
    encoding = answer.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("", "identity"):
        return f"(a body with Content-Encoding: {encoding[:64]})"
    # httpx passes the same dict on to the connection, which looks at it when the body is read.
    answer.request.extensions["timeout"]["read"] = BODY_SECONDS
    body = b""
    deadline = time.monotonic() + BODY_SECONDS
    try:
        for piece in answer.iter_raw():
            body += piece
            if len(body) >= BODY_BYTES or time.monotonic() >= deadline:
                break
    except httpx.HTTPError:
        pass  # the status has come, and that is what counts
    return body[:BODY_BYTES].decode("utf-8", "replace")
