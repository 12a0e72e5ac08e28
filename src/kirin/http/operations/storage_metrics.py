"""Metrics of storage: how much there is of each kind."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import structlog
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from kirin.storage.base import Storage
from kirin.storage.meter import StorageMeter

log = structlog.get_logger(__name__)

EVERY_SECONDS = 300.0
"""How often storage is looked through, while somebody scrapes: a bucket is listed page by page."""


class StorageGauges(Collector):
    """Files and bytes by kind, as measured within the last minutes in a thread of its own.

    A scrape waits for no measurement: the first ones tell nothing of storage yet.
    """

    def __init__(self, storage: Storage, clock: Callable[[], float] = time.monotonic) -> None:
        """Set up; nothing is measured yet.

        Args:
            storage: what to measure.
            clock: seconds that never go back.
        """
        self._meter = StorageMeter(storage, clock)
        self._clock = clock
        self._next = float("-inf")
        self._lock = threading.Lock()
        self._known: dict[str, tuple[int, int]] | None = None

    def describe(self) -> list[Metric]:
        """Nothing, so that registering the collector measures nothing."""
        return []

    def collect(self) -> Iterator[Metric]:
        """What was measured last; begins another measurement where that is due."""
        with self._lock:
            due = self._clock() >= self._next
            if due:
                self._next = self._clock() + EVERY_SECONDS
        if due:
            threading.Thread(target=self.measure, name="storage metrics", daemon=True).start()
        if self._known is None:
            return
        stored = GaugeMetricFamily(
            "kirin_storage_bytes",
            "Bytes stored: inputs, results, and pictures of results.",
            labels=("kind",),
        )
        files = GaugeMetricFamily("kirin_storage_files", "Files stored.", labels=("kind",))
        for kind, (count, total) in sorted(self._known.items()):
            stored.add_metric((kind,), total)
            files.add_metric((kind,), count)
        yield stored
        yield files

    def measure(self) -> None:
        """Look through the storage; what it does not answer is known at the next time."""
        try:
            self._known = dict(self._meter.measure().kinds)
        except OSError:
            log.warning("storage could not be measured")
