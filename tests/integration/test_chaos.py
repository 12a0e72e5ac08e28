"""Chaos: processes are killed, stopped and asked to go at random, and nothing is lost or doubled.

KIRIN_CHAOS_SECONDS says for how long (25 s on each database by default; ``make chaos`` takes an
hour), KIRIN_CHAOS_SEED which chaos. What is done follows from the seed; when it strikes does not.
"""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections import Counter
from decimal import Decimal
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Row, func, select

from kirin.accounts import ledger, store
from kirin.accounts.ledger import Balance
from kirin.accounts.store import DEFAULT_ACCOUNT
from kirin.client import ConnectionFailed, KirinApiError
from kirin.clock import now_ms
from kirin.database.tables import tasks, usage, webhooks
from kirin.domain.money import to_micro
from support.cards import T2V
from support.databases import KINDS, Databases
from support.fleet import Fleet, fleet
from support.loopback import Receiver
from support.waiting import until

SECONDS = float(os.environ.get("KIRIN_CHAOS_SECONDS", "25"))
SEED = int(os.environ.get("KIRIN_CHAOS_SEED", "6"))
"""Read here, since tests see no settings of whoever runs them."""

WORKERS = 3
MONEY = "1000.00"
"""USD that the account has at first: more than all tasks come to."""

SETTLED = 240
"""Seconds within which all has ended afterwards; a webhook's lease alone is 60."""

INCIDENTS = {"kill a worker": 5, "kill the api": 2, "stop a worker": 3, "ask a worker to go": 2}
"""What happens, and how often beside the rest."""

LONGEST_STOP = {"sqlite": 3.0, "postgresql": 25.0}
"""Seconds that a worker is stopped for. On SQLite it may hold the one write lock meanwhile; on
PostgreSQL it may well be taken for dead."""


class Chaos:
    """A fleet, what is done to it, and what was asked of it."""

    def __init__(self, ships: Fleet, kind: str, receiver: Receiver) -> None:
        self.ships = ships
        self.receiver = receiver
        self.longest_stop = LONGEST_STOP[kind]
        self.random = random.Random(SEED)  # noqa: S311  nothing secret
        self.api = ships.api()
        ships.command("accounts", "top-up", DEFAULT_ACCOUNT, MONEY, wait=True)
        self.port = int(ships.url.rpartition(":")[2])
        self.workers = [ships.worker() for _ in range(WORKERS)]
        self.stopped: threading.Timer | None = None
        self.prompts: dict[str, str] = {}
        self.unsure: list[str] = []
        self.cancelled: set[str] = set()
        self.done: Counter[str] = Counter()

    def step(self, number: int) -> None:
        """A moment: mend what was broken, make a task, and now and then break something."""
        self.mend()
        name = f"task-{number}"
        self.prompts[name] = self.random.choice(["a tiny lake", "slow tiny", "slow tiny", "fail"])
        self.create(name)
        for again in list(self.unsure):
            self.create(again)
        if self.random.random() < 0.2:
            self.cancel(self.random.choice(list(self.prompts)))
        if self.random.random() < 0.5:
            names, weights = zip(*INCIDENTS.items(), strict=True)
            (incident,) = self.random.choices(names, weights)
            self.strike(incident)

    def create(self, name: str) -> None:
        """Ask for a task; where no answer came, it is asked again with the same name."""
        params = {
            "prompt": self.prompts[name],
            "external_task_id": name,
            "callback_url": self.receiver.url("hook"),
        }
        try:
            with self.ships.client() as kirin:
                kirin.create(T2V, params)
        except ConnectionFailed:
            self.done["requests without an answer"] += 1
            if name not in self.unsure:
                self.unsure.append(name)
            return
        except KirinApiError as error:
            if error.status != httpx.codes.CONFLICT:  # that it was there already
                raise
        if name in self.unsure:
            self.unsure.remove(name)

    def cancel(self, name: str) -> None:
        """Cancel a task, if it is still possible."""
        try:
            with self.ships.client() as kirin:
                kirin.cancel(name)
        except ConnectionFailed:
            pass
        except KirinApiError as error:
            if error.status not in (httpx.codes.NOT_FOUND, httpx.codes.CONFLICT):
                raise
            return
        self.cancelled.add(name)

    def strike(self, incident: str) -> None:
        """Break something."""
        self.done[incident] += 1
        busy = set(self.ships.holders().values())
        worker = self.random.choice([w for w in self.workers if w.pid in busy] or self.workers)
        length = self.random.uniform(0.5, self.longest_stop)
        if incident == "kill the api":
            self.api.kill()
        elif incident == "kill a worker":
            worker.kill()
        elif incident == "ask a worker to go":
            worker.terminate()
        elif self.stopped is None or not self.stopped.is_alive():
            worker.send_signal(signal.SIGSTOP)
            # By the clock: a request may be waiting for what the worker holds.
            self.stopped = threading.Timer(length, worker.send_signal, [signal.SIGCONT])
            self.stopped.start()

    def mend(self) -> None:
        """Do a supervisor's work: start anew what has ended."""
        if self.api.poll() is not None:
            self.api = self.ships.api(self.port)
        for place, worker in enumerate(self.workers):
            if worker.poll() is not None:
                self.workers[place] = self.ships.worker()

    def settle(self) -> None:
        """Mend all, and wait until there is nothing more to do."""
        if self.stopped is not None:
            self.stopped.join()

        def settled() -> bool:
            self.mend()
            for name in list(self.unsure):
                self.create(name)
            open_tasks = [row for row in self.rows() if row.status not in ("completed", "failed")]
            return not (self.unsure or open_tasks or self.unsent())

        until(settled, seconds=SETTLED, every=0.5)
        time.sleep(2)  # for one too many to arrive

    def rows(self) -> list[Row[tuple[object, ...]]]:
        database = self.ships.database()
        with database.read() as connection:
            found = list(connection.execute(select(tasks)))
        database.close()
        return found

    def unsent(self) -> int:
        database = self.ships.database()
        with database.read() as connection:
            query = select(webhooks.c.id).where(webhooks.c.next_at.is_not(None))
            found = len(connection.execute(query).all())
        database.close()
        return found


@pytest.mark.timeout(4 * SECONDS + 4 * SETTLED)
@pytest.mark.parametrize("kind", KINDS)
def test_chaos(
    kind: str, databases: Databases, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:  # W-2 W-4 C-7 C-8
    settings = {"KIRIN_MAX_ATTEMPTS": "100", "KIRIN_BILLING": "prepaid"}
    with fleet(kind, databases, tmp_path / "fleet", **settings) as ships, Receiver() as receiver:
        chaos = Chaos(ships, kind, receiver)
        began, number = now_ms(), 0
        while now_ms() - began < SECONDS * 1000:
            chaos.step(number)
            number += 1
            time.sleep(0.5)
        chaos.settle()
        rows = chaos.rows()
        ends = Counter(f"{row.status} {row.failure_code or ''}".strip() for row in rows)
        retaken = sum(row.attempt > 1 for row in rows)
        with capsys.disabled():
            print(  # noqa: T201  the summary is what a person runs this for
                f"\nchaos on {kind}, seed {SEED}, {SECONDS:g} s: {number} tasks, "
                f"{dict(chaos.done)}, taken over {retaken}, ended {dict(ends)}, "
                f"{len(receiver.messages)} webhooks"
            )
        proof = proof_of(ships)
        with capsys.disabled():
            print(f"kirin ledger verify: {proof}")  # noqa: T201
        check_rows(chaos, rows)
        check_money(ships, rows, proof)
        check_webhooks(receiver, rows)
        check_files(ships, rows)
        assert ships.events("by a bug") == []


def check_rows(chaos: Chaos, rows: list[Row[tuple[object, ...]]]) -> None:
    """Each task is there once, and has ended as it had to."""
    assert sorted(row.external_id for row in rows) == sorted(chaos.prompts)
    for row in rows:
        name = row.external_id
        if row.failure_code == "task_cancelled":
            assert name in chaos.cancelled
        elif chaos.prompts[name] == "fail":
            assert row.failure_code == "002004095"
            assert "told to fail" in row.failure_message
        else:
            assert row.status == "completed", row.failure_message


def proof_of(ships: Fleet) -> str:
    """What ``kirin ledger verify`` says, which must be that all is well."""
    process = ships.command("ledger", "verify")
    told = process.communicate(timeout=60)
    assert process.poll() == 0, told
    return told.strip()


def check_money(ships: Fleet, rows: list[Row[tuple[object, ...]]], proof: str) -> None:
    """Each task is settled once; what is left is what was there, less what was completed."""
    assert proof.endswith(f"{len(rows)} tasks settled, 0 held, sum 0")
    spent = sum(Decimal(row.cost) for row in rows if row.status == "completed")
    database = ships.database()
    with database.read() as connection:
        account = store.ensure_account(connection, DEFAULT_ACCOUNT, 0)
        balance = ledger.balance(connection, account)
        used = connection.execute(select(func.count()).select_from(usage)).scalar()
    database.close()
    assert balance == Balance(to_micro(Decimal(MONEY) - spent), 0)
    assert used == len(rows)


def check_webhooks(receiver: Receiver, rows: list[Row[tuple[object, ...]]]) -> None:
    """Each change of status was told, in order; only the same message may come twice."""
    for row in rows:
        messages = receiver.of(row.id)
        first_heard = list({message.id: message for message in messages}.values())
        numbers = [int(message.id.partition(":")[2]) for message in messages]
        assert numbers == sorted(numbers)
        story = [message.task["status"] for message in first_heard]
        begun = ["in_progress"] if row.attempt else []
        assert story == [*begun, row.status], row.external_id


def check_files(ships: Fleet, rows: list[Row[tuple[object, ...]]]) -> None:
    """What is stored is what the tasks say."""
    assert ships.shared
    storage = ships.shared / "storage"
    wanted = sorted(result["key"] for row in rows for result in row.results)
    there = lambda: sorted(  # noqa: E731
        str(path.relative_to(storage)) for path in storage.rglob("*.mp4")
    )
    until(lambda: there() == wanted, seconds=10)
