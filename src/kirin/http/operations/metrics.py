"""Metrics in the format of Prometheus.

Metrics of tasks are read from the database, so every API process reports the same, whichever
workers have done the work: aggregate them over instances by ``max``, not ``sum``. Counters of ended
tasks begin at zero when a process starts, as counters may. Requests are counted per process.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from kirin.database.engine import Database
from kirin.domain.task import Status
from kirin.http.operations.storage_metrics import StorageGauges
from kirin.http.protocols.kirin_status import stage_of
from kirin.storage.base import Storage
from kirin.tasks import batches, heartbeats, statistics
from kirin.tasks.heartbeats import ActivityTracker
from kirin.tasks.statistics import FinishedTask

SECONDS = (0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500)
"""Upper bounds of the buckets of tasks."""

REQUEST_SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60)
"""The same of requests; long polls take up to a minute."""

OVERLAP_MS = 60_000
"""How far each query goes back beyond the previous one: clocks of workers differ, and a transaction
may commit later than another that began after it."""

BATCH = 1000
"""Ended tasks that are read at a time."""


class Metrics:
    """Counts requests, and queries the tasks whenever it is scraped."""

    def __init__(
        self,
        database: Database,
        now: Callable[[], int],
        storage: Storage,
        dialects: Mapping[str, str],
    ) -> None:
        """Start counting; ended tasks count from now on.

        Args:
            database: where the tasks' rows are.
            now: the time in Unix milliseconds.
            storage: what is measured.
            dialects: the API that each route belongs to, by the route's path.
        """
        self._dialects = dialects
        self._registry = CollectorRegistry()
        self._requests = Histogram(
            "kirin_http_request_seconds",
            "Requests, by route; event streams end with their connection.",
            ("method", "route", "status"),
            buckets=REQUEST_SECONDS,
            registry=self._registry,
        )
        self._ended_tasks = EndedTasks(database, now, self._registry)
        self._by_dialect = Counter(
            "kirin_dialect_requests",
            "Requests, by the API that they speak and the class of their status, such as 2xx.",
            ("dialect", "status"),
            registry=self._registry,
        )
        self._registry.register(Backlog(database, now))
        self._registry.register(StorageGauges(storage))

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request."""
        self._requests.labels(method, route, str(status)).observe(seconds)
        if (dialect := self._dialects.get(route)) is not None:
            self._by_dialect.labels(dialect, f"{status // 100}xx").inc()

    def text(self) -> bytes:
        """All metrics, in the text format."""
        self._ended_tasks.catch_up()
        return generate_latest(self._registry)


class EndedTasks:
    """Counts ended tasks, each once."""

    def __init__(
        self, database: Database, now: Callable[[], int], registry: CollectorRegistry
    ) -> None:
        self._database = database
        self._since = now()
        self._start = self._since
        self._seen: dict[str, int] = {}
        self._lock = threading.Lock()
        self._ended = Counter(
            "kirin_tasks_ended",
            "Tasks that have ended, by model, engine, status and code of failure.",
            ("model", "engine", "status", "code"),
            registry=registry,
        )
        self._worked = Histogram(
            "kirin_task_seconds",
            "Completed tasks from their first attempt to their end.",
            ("model", "engine"),
            buckets=SECONDS,
            registry=registry,
        )
        self._waited = Histogram(
            "kirin_task_queue_seconds",
            "Tasks from their creation to their first attempt, once they have ended.",
            ("model", "engine"),
            buckets=SECONDS,
            registry=registry,
        )

        self._waited_by_class = Histogram(
            "kirin_account_queue_seconds",
            "The same by class of account: default, limited or unlimited.",
            ("account_class",),
            buckets=SECONDS,
            registry=registry,
        )
        self._takeovers = Counter(
            "kirin_takeovers",
            "Times that a worker has gone on with the task of another that was dead or stood still,"
            " once the task has ended.",
            ("engine",),
            registry=registry,
        )
        self._reused = Counter(
            "kirin_tasks_reused",
            "Completed tasks whose result was there already, by model.",
            ("model",),
            registry=registry,
        )

    def catch_up(self) -> None:
        """Count what has ended since the last call."""
        with self._lock, self._database.read() as connection:
            since = max(self._since - OVERLAP_MS, self._start)
            self._seen = {id: at for id, at in self._seen.items() if at >= since}
            while True:
                found = statistics.finished(connection, since, BATCH)
                for task in found:
                    if task.id not in self._seen:
                        self._seen[task.id] = task.finished_at
                        self._count(task)
                if found:
                    self._since = max(self._since, found[-1].finished_at)
                if len(found) < BATCH or since == found[-1].finished_at:
                    return
                since = found[-1].finished_at

    def _count(self, task: FinishedTask) -> None:
        labels = task.model, task.engine
        self._ended.labels(*labels, task.status, task.code).inc()
        if task.waited is not None:
            self._waited.labels(*labels).observe(task.waited)
            self._waited_by_class.labels(task.account_class).observe(task.waited)
        if task.takeovers:
            self._takeovers.labels(task.engine).inc(task.takeovers)
        if task.reused:
            self._reused.labels(task.model).inc()
        if task.worked is not None and task.status is Status.COMPLETED:
            self._worked.labels(*labels).observe(task.worked)


class Backlog(Collector):
    """Unfinished tasks, workers and webhooks at the moment of a scrape."""

    def __init__(self, database: Database, now: Callable[[], int]) -> None:
        self._database = database
        self._now = now
        self._activity = ActivityTracker()

    def describe(self) -> list[Metric]:
        """Nothing, so that registering the collector does not query the database."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Query the database."""
        now = self._now()
        with self._database.read() as connection:
            counts = statistics.unfinished(connection)
            backlog = statistics.backlog(connection)
            going = batches.unfinished(connection)
            active = self._activity.active(heartbeats.registered(connection))
        count = GaugeMetricFamily(
            "kirin_tasks", "Unfinished tasks, by engine.", labels=("engine", "stage")
        )
        age = GaugeMetricFamily(
            "kirin_tasks_oldest_seconds",
            "Age of the oldest unfinished task, by engine.",
            labels=("engine", "stage"),
        )
        for each in counts:
            labels = each.engine, stage_of(each.status) or ""
            count.add_metric(labels, each.count)
            age.add_metric(labels, max(0.0, (now - each.oldest) / 1000))
        slots = GaugeMetricFamily(
            "kirin_worker_slots", "Slots of the workers that are active.", labels=("engine",)
        )
        for engine in sorted({engine for worker in active for engine in worker.engines}):
            slots.add_metric((engine,), sum(w.slots for w in active if w.takes(engine)))
        yield count
        yield age
        yield slots
        yield GaugeMetricFamily("kirin_workers", "Workers that are active.", len(active))
        yield GaugeMetricFamily("kirin_batches", "Batches that have not ended.", going)
        yield GaugeMetricFamily(
            "kirin_webhooks", "Webhooks that are not delivered yet.", backlog.count
        )
        yield GaugeMetricFamily(
            "kirin_webhooks_oldest_seconds",
            "Age of the oldest webhook that is not delivered yet.",
            0 if backlog.oldest is None else max(0.0, (now - backlog.oldest) / 1000),
        )
