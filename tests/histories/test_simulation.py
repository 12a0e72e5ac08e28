"""Weeks of a server in seconds: retries, leases and retention on a virtual clock, by a seed that
replays exactly.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from pydantic import SecretStr

from histories.checks import report, violations
from histories.ending import tables_of
from histories.history import Call, History, Kind
from histories.simulation import DAY_MS, Simulation
from histories.stand_ins import EPOCH_MS, VirtualClock
from kirin.accounts import ledger
from kirin.app import App
from kirin.orchestration.garbage_collection import GRACE_MS
from kirin.settings import Settings
from kirin.tasks import attempt
from kirin.webhooks import deliver
from kirin.webhooks.deliver import JITTER, RETRY_SECONDS
from support.databases import KINDS, Databases

SEED = int(os.environ.get("KIRIN_CHAOS_SEED", "6"))
STEPS = 200
MONEY = 1_000_000_000


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> VirtualClock:
    made = VirtualClock()
    monkeypatch.setattr(time, "time_ns", made.ns)
    monkeypatch.setattr(time, "time", made.seconds)
    monkeypatch.setattr(attempt, "PROGRESS_SECONDS", 0)
    return made


@contextmanager
def simulated(
    kind: str, databases: Databases, folder: Path, clock: VirtualClock, seed: int
) -> Iterator[Simulation]:
    """A simulation, with money on its account."""
    # How much longer than planned each message waits for its next attempt.
    jitter = random.Random(seed)  # noqa: S311  nothing secret
    with databases.ready(kind, folder / "data") as url, pytest.MonkeyPatch.context() as patch:
        patch.setattr(deliver, "random", jitter)
        settings = Settings(
            data_dir=folder / "data",
            engines="scripted",
            allow_hosts="127.0.0.1",
            database_url=None if kind == "sqlite" else SecretStr(url),
            billing="prepaid",
            max_attempts=100,
            result_days=2,
            idempotency_hours=8760,
            event_hours=8760,
        )
        app = App.open(settings)
        app.garbage_collector._delete_runs = lambda *_: 0
        made = Simulation(app, clock, random.Random(seed))  # noqa: S311  nothing secret
        with app.database.write() as connection:
            ledger.top_up(connection, made.account, MONEY, clock.ms, reference="first", note="")
        try:
            yield made
        finally:
            app.close()


def history_of(made: Simulation) -> History:
    """What has happened, with garbage collected as far as it is garbage."""
    app = made.app
    made.clock.ms += DAY_MS
    app.garbage_collector.collect()
    made.clock.ms += GRACE_MS + 1
    app.garbage_collector.collect()
    for wish in made.wishes:
        if wish["id"]:
            shown = lambda id=wish["id"]: app.presenter.task(  # noqa: E731
                app.tasks.find(made.account, id), "http://here"
            )
            made.call(Kind.READ, wish["name"], shown)
    with app.database.snapshot() as connection:
        end = replace(tables_of(connection, made.account), files=list(app.storage.keys("results/")))
    paid = Call(-1, "operator", Kind.TOP_UP, "first", 0, 1, 200, {}, {"amount": MONEY})
    return History([paid, *made.calls], made.heard, [], end)


@pytest.mark.parametrize("kind", KINDS)
def test_weeks_of_it(
    kind: str, databases: Databases, tmp_path: Path, clock: VirtualClock
) -> None:  # W-2 W-4 C-7 C-8
    with simulated(kind, databases, tmp_path, clock, SEED) as made:
        for _ in range(STEPS):
            made.step()
        made.settle()
        history = history_of(made)
        # That there was something to prove.
        assert made.deaths
        assert {row.status for row in history.end.rows} == {"completed", "failed"}
        assert clock.ms - EPOCH_MS > 2 * DAY_MS
        assert any(not message.taken for message in history.heard)
    found = violations(history)
    assert not found, "\n" + report(history, found, f"again: KIRIN_CHAOS_SEED={SEED}, {kind}")


def test_a_seed_replays_exactly(databases: Databases, tmp_path: Path, clock: VirtualClock) -> None:
    told = []
    for folder in ("one", "two"):
        clock.ms = EPOCH_MS
        with simulated("sqlite", databases, tmp_path / folder, clock, 11) as made:
            for _ in range(STEPS):
                made.step()
            made.settle()
            calls = [(c.kind, c.subject, c.began, c.ended, c.status) for c in made.calls]
            told.append((calls, [(each.at, each.status, each.answered) for each in made.heard]))
    assert told[0] == told[1]


def test_a_receiver_that_is_gone_for_good_is_given_up_after_days(
    databases: Databases, tmp_path: Path, clock: VirtualClock
) -> None:  # C-7
    with simulated("sqlite", databases, tmp_path, clock, 1) as made:
        made.outage = clock.ms + 365 * DAY_MS
        while not made.heard:
            made.step()
            made.outage = clock.ms + 365 * DAY_MS
        made.moments.share = 0.0
        made.deliver_all()
        times = made.attempts[made.heard[0].id]
    assert len(times) == len(RETRY_SECONDS) + 1
    for (earlier, later), wait in zip(pairwise(times), RETRY_SECONDS, strict=True):
        assert wait * 1000 <= later - earlier < wait * 1000 * (1 + JITTER) + 60_000
