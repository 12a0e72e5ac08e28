"""Concurrency of deliveries: how much of it one account or one receiving host may take."""

from __future__ import annotations

import re
import threading
from collections import Counter
from typing import Final

from kirin.webhooks.outbox import Saturated, Webhook

DELIVERIES: Final = 32
"""Deliveries at the same time."""

PER_ACCOUNT: Final = 12
"""Of these, for one account."""

PER_HOST: Final = 8
"""Of these, to one host. Less than an account has, so that its other receivers are served."""

_ORIGIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://(\[[^\]]*\]|[^/?#:]*)")


class DeliverySlots:
    """Slots for deliveries, shared fairly.

    An account or host gets another slot while it holds fewer than its cap, and fewer than are
    still free. So those that come late find a slot even when several slow ones fill theirs
    (the dynamic thresholds of switch buffers: Choudhury and Hahne, 1998).
    """

    def __init__(
        self, total: int = DELIVERIES, per_account: int = PER_ACCOUNT, per_host: int = PER_HOST
    ) -> None:
        self._free = total
        self._per_account = per_account
        self._per_host = per_host
        self._messages: set[str] = set()
        self._accounts: Counter[str] = Counter()
        self._hosts: Counter[str] = Counter()
        self._origins: Counter[str] = Counter()
        self._lock = threading.Lock()

    @property
    def free(self) -> int:
        """Slots that nobody holds."""
        return self._free

    def acquire(self, message: Webhook) -> bool:
        """Take a slot for a message.

        Returns:
            ``False`` if its account or host has its share already, or the message has a slot: an
            attempt may take longer than its claim lasts.
        """
        origin = origin_of(message.url)
        host = host_of(origin)
        with self._lock:
            if (
                message.id in self._messages
                or self._accounts[message.account] >= min(self._per_account, self._free)
                or self._hosts[host] >= min(self._per_host, self._free)
                or not self._free
            ):
                return False
            self._free -= 1
            self._messages.add(message.id)
            self._accounts[message.account] += 1
            self._hosts[host] += 1
            self._origins[origin] += 1
            return True

    def release(self, message: Webhook) -> None:
        """Give back the slot of a message."""
        origin = origin_of(message.url)
        host = host_of(origin)
        with self._lock:
            self._free += 1
            self._messages.discard(message.id)
            for counter, key in (
                (self._accounts, message.account),
                (self._hosts, host),
                (self._origins, origin),
            ):
                counter[key] -= 1
                if not counter[key]:
                    del counter[key]

    def saturated(self) -> Saturated:
        """Accounts and hosts that get no further slot at the moment."""
        with self._lock:
            accounts, hosts = (
                {key for key, held in counter.items() if held >= min(cap, self._free)}
                for counter, cap in (
                    (self._accounts, self._per_account),
                    (self._hosts, self._per_host),
                )
            )
            origins = {origin for origin in self._origins if host_of(origin) in hosts}
        return Saturated(accounts, origins)


def origin_of(url: str) -> str:
    """The start of a URL up to the end of its host, as it is spelled.

    >>> origin_of("https://Example.com:8443/hook?a=b")
    'https://Example.com'
    """
    found = _ORIGIN.match(url)
    return found[0] if found else url


def host_of(origin: str) -> str:
    """The host of an origin, the same for all spellings.

    >>> host_of("https://Example.com.")
    'example.com'
    """
    return origin.rpartition("://")[2].lower().rstrip(".")
