"""A simulation: the rooms of a server in one thread, on a clock of its own, for weeks of it.

After FoundationDB's and TigerBeetle's: what a seed does, it does again exactly. The processes are
objects here that die in the middle of what they do, deliveries happen one by one, and time passes
only when the simulation says so.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from histories.history import Call, Heard, Kind
from histories.stand_ins import (
    EPOCH_MS,
    Died,
    Graves,
    Inline,
    InlineRuns,
    Moments,
    Sketcher,
    VirtualClock,
)
from kirin.accounts.store import DEFAULT_ACCOUNT, ensure_account
from kirin.app import App
from kirin.database.tables import tasks, webhooks
from kirin.domain.task import Task
from kirin.errors import ApiError
from kirin.tasks.idempotency import IdempotencyKey
from kirin.tasks.worker import STALLED_CHECKS, Worker
from kirin.webhooks.deliver import TIMEOUT_SECONDS, Deliverer
from support.cards import T2V

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
WORKERS = 3
ROUNDS = 2000
"""After so many without an end something is stuck, and the checks say what."""


@dataclass
class Simulation:
    """A server, and what becomes of it.

    Attributes:
        outage: when receivers answer again, Unix milliseconds.
    """

    app: App
    clock: VirtualClock
    luck: random.Random
    calls: list[Call] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    wishes: list[dict[str, Any]] = field(default_factory=list)
    outage: int = 0
    deaths: int = 0
    attempts: dict[str, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with self.app.database.write() as connection:
            self.account = ensure_account(connection, DEFAULT_ACCOUNT, self.clock.ms)
        self.moments = Moments(self.luck)
        self.graves = Graves()
        runner = Sketcher(self.app.storage, self.moments, self.clock)
        self.executor = replace(self.app.executor, runner=runner)  # type: ignore[arg-type]
        self.workers = [self._worker() for _ in range(WORKERS)]
        self.deliverer = self._deliverer()

    def step(self) -> None:
        """One thing happens, and some time passes."""
        self.moments.share = self.luck.choice([0.0, 0.0, 0.1])
        doing = self.luck.choices(
            [self.create, self.read, self.cancel, self.remove, self.work, self.beat, self.deliver,
             self.collect, self.go_down, self.wait],
            [6, 8, 2, 1, 10, 6, 8, 1, 1, 3],
        )[0]  # fmt: skip
        doing()
        self.clock.ms += self.luck.randrange(1, 2000)

    def settle(self) -> None:
        """Everything works again, and time passes until nothing waits."""
        self.moments.share = 0.0
        self.outage = 0
        for wish in self.wishes:
            if not wish["sure"] and (wish["key"] or wish["external_id"]):
                self.ask(wish)
        for _ in range(STALLED_CHECKS + 2):
            self.beat()
        for _ in range(ROUNDS):
            if not self.waiting():
                break
            self.beat()
            self.work()
        self.deliver_all()

    def deliver_all(self) -> None:
        """Let time pass until no webhook waits."""
        for _ in range(ROUNDS):
            due = self.due()
            if due is None:
                break
            self.clock.ms = max(self.clock.ms + 1000, due)
            self.deliver()

    # What clients do.

    def create(self) -> None:
        """Want another task, or one once more."""
        unsure = [w for w in self.wishes if not w["sure"] and (w["key"] or w["external_id"])]
        if unsure and self.luck.random() < 0.6:
            self.ask(self.luck.choice(unsure))
            return
        name = f"w-{len(self.wishes)}"
        words = self.luck.choices(["a lake", "fail"], [9, 1])[0]
        params: dict[str, Any] = {"prompt": f"{words} {name}"}
        wish = {
            "name": name,
            "params": params,
            "key": f"k-{name}" if self.luck.random() < 0.5 else None,
            "external_id": f"x-{name}" if self.luck.random() < 0.5 else None,
            "sure": False,
            "id": "",
        }
        if wish["external_id"]:
            params["external_task_id"] = wish["external_id"]
        if self.luck.random() < 0.7:
            params["callback_url"] = "http://127.0.0.1/hook"
        self.wishes.append(wish)
        self.ask(wish)

    def ask(self, wish: dict[str, Any]) -> None:
        """Ask for a task; the answer may get lost."""
        key = IdempotencyKey(wish["key"], "digest") if wish["key"] else None

        def submit() -> Mapping[str, Any]:
            if key is not None:
                task, _ = self.app.tasks.submit_once(self.account, T2V, wish["params"], key)
            else:
                task = self.app.tasks.submit(self.account, T2V, wish["params"])
            return self.app.presenter.created(task)

        asks = {
            "key": wish["key"],
            "external_id": wish["external_id"],
            "fails": "fail" in wish["params"]["prompt"],
        }
        call = self.call(Kind.CREATE, wish["name"], submit, asks)
        if call.known:
            wish["sure"] = True
            wish["id"] = wish["id"] or call.answer.get("id", "")

    def read(self) -> None:
        """Look at a task."""
        self.about(Kind.READ, lambda name: self.app.tasks.find(self.account, name))

    def cancel(self) -> None:
        """Cancel a task."""
        self.about(Kind.CANCEL, lambda name: self.app.tasks.cancel(self.account, name))

    def remove(self) -> None:
        """Remove a task."""
        self.about(Kind.REMOVE, lambda name: self.app.tasks.remove(self.account, name))

    def about(self, kind: Kind, do: Callable[[str], Task]) -> None:
        """Do something about one of the newest tasks."""
        known = [wish for wish in self.wishes if wish["id"]][-8:]
        if known:
            wish = self.luck.choice(known)
            shown = lambda: self.app.presenter.task(do(wish["id"]), "http://here")  # noqa: E731
            self.call(kind, wish["name"], shown)

    def call(
        self,
        kind: Kind,
        subject: str,
        do: Callable[[], Mapping[str, Any]],
        asks: Mapping[str, Any] | None = None,
    ) -> Call:
        """Make a call; the process that answers may die before, in the middle, or after."""
        began, status, answer = self.clock.ms, None, {}
        try:
            with self._mortal():
                answer = dict(do())
                self.moments.pass_by()
                status = 200
        except ApiError as error:
            status = error.status
        except Died:
            answer = {}
        self.clock.ms += 1
        call = Call(
            len(self.calls), "sim", kind, subject, began - EPOCH_MS, self.clock.ms - EPOCH_MS,
            status, answer, dict(asks or {}),
        )  # fmt: skip
        self.clock.ms += 1
        self.calls.append(call)
        return call

    # What processes do.

    def work(self) -> None:
        """A worker leases a task and works on it."""
        place = self.luck.randrange(WORKERS)
        worker = self.workers[place]
        try:
            with self._mortal():
                for task in worker._lease():
                    worker._start(task)
        except (Died, OperationalError):
            self._bury(place)

    def beat(self) -> None:
        """The hearts of workers beat, and each sweeps."""
        for place, worker in enumerate(self.workers):
            try:
                worker._beat_once()
                worker.sweep()
            except Died:
                self._bury(place)
        self.clock.ms += 2000

    def deliver(self) -> None:
        """One look at the outbox."""
        try:
            with self._mortal():
                self.deliverer._claim()
        except Died:
            self.deaths += 1
            self.deliverer = self._deliverer()

    def collect(self) -> None:
        """Garbage is collected, if that is due."""
        self.app.garbage_collector.collect_if_due()

    def go_down(self) -> None:
        """Receivers are away for up to two days."""
        self.outage = self.clock.ms + self.luck.randrange(2 * DAY_MS)

    def wait(self) -> None:
        """Hours pass."""
        self.clock.ms += self.luck.randrange(HOUR_MS, 8 * HOUR_MS)

    def _receive(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        id = request.headers["webhook-id"]
        self.attempts.setdefault(id, []).append(self.clock.ms)
        away = self.clock.ms < self.outage
        lost = not away and self.luck.random() < 0.1
        answered = None if lost else 503 if away else 200
        heard = Heard(self.clock.ms - EPOCH_MS, id, body["id"], body["status"], answered)
        self.heard.append(heard)
        if lost:  # it has come in, and nobody learns that
            self.clock.ms += round(TIMEOUT_SECONDS * 1000)
            raise httpx.ReadTimeout("no answer", request=request)
        self.moments.pass_by()
        return httpx.Response(answered or 200, content=iter([b"heard"]))

    # What is behind that.

    @contextmanager
    def _mortal(self) -> Iterator[None]:
        """Before a commit a process may die."""
        database = self.app.database
        write = database.write

        @contextmanager
        def mortal_write() -> Iterator[Any]:
            with write() as connection:
                yield connection
                self.moments.pass_by()
            self.moments.pass_by()

        database.write = mortal_write  # type: ignore[method-assign]
        try:
            yield
        finally:
            database.write = write  # type: ignore[method-assign]

    def _worker(self) -> Worker:
        runs = InlineRuns()
        worker = Worker(
            database=self.app.database,
            runs=runs,  # type: ignore[arg-type]
            liveness=self.graves,  # type: ignore[arg-type]
            engines=("scripted",),
            slots=1,
            poll_seconds=1,
            run=self.executor.execute,
            now=lambda: self.clock.ms,
        )
        runs.work = worker._work
        worker._beat_once()
        return worker

    def _deliverer(self) -> Deliverer:
        made = Deliverer(
            self.app.database,
            lambda: httpx.Client(transport=httpx.MockTransport(self._receive)),
            lambda *_: ["whsec_c2VjcmV0c2VjcmV0c2VjcmV0"],
            lambda _, body: body,
            lambda: self.clock.ms,
        )
        made._pool = Inline()  # type: ignore[assignment]
        return made

    def _bury(self, place: int) -> None:
        """Another worker takes the place of one that has died."""
        self.deaths += 1
        self.graves.dead.add(self.workers[place].id)
        self.workers[place] = self._worker()

    def waiting(self) -> bool:
        query = select(tasks.c.id).where(
            tasks.c.queued_at.is_not(None) | tasks.c.worker.is_not(None)
        )
        with self.app.database.read() as connection:
            return connection.execute(query.limit(1)).first() is not None

    def due(self) -> int | None:
        query = select(webhooks.c.next_at).where(webhooks.c.next_at.is_not(None))
        with self.app.database.read() as connection:
            return connection.execute(query.order_by(webhooks.c.next_at).limit(1)).scalar()
