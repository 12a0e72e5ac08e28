"""Histories: everything breaks by a seed while clients work, and what they were told must hold.

After Jepsen (Kyle Kingsbury) and TigerBeetle's simulator. KIRIN_CHAOS_SECONDS says for how long on
each database, KIRIN_CHAOS_SEED which history; ``make chaos`` takes an hour. What is done follows
from the seed; when it strikes does not.
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from pathlib import Path

import pytest

from histories.checks import report, violations
from histories.client import Client, Shared
from histories.ending import SETTLED, end_of, settle
from histories.history import Call, Heard, History, Kind, Recorder
from histories.nemesis import Nemesis
from histories.receivers import MoodyReceiver
from histories.world import Stopwatch, World, a_world
from kirin.accounts import store
from kirin.accounts.store import DEFAULT_ACCOUNT
from support.databases import KINDS, Databases
from support.objects import ObjectServer

SECONDS = float(os.environ.get("KIRIN_CHAOS_SECONDS", "20"))
SEED = os.environ.get("KIRIN_CHAOS_SEED", "6")
"""Read here, since tests see no settings of whoever runs them."""

CLIENTS = 3
MONEY = 1000


def shared_by(world: World, receiver: MoodyReceiver, recorder: Recorder, now: Stopwatch) -> Shared:
    """What clients need: keys, and money."""
    ships = world.ships
    made = ships.command("keys", "create", "--scope", "admin")
    operator_key = made.communicate(120).strip().splitlines()[-1]
    words = ("accounts", "top-up", DEFAULT_ACCOUNT, str(MONEY), "--reference", "first")
    ships.command(*words, wait=True)
    asked = {"amount": MONEY * 1_000_000}
    recorder.calls.append(Call(-1, "operator", Kind.TOP_UP, "first", 0, now(), 200, {}, asked))
    database = ships.database()
    with database.read() as connection:
        account = store.ensure_account(connection, DEFAULT_ACCOUNT, 0)
    database.close()
    return Shared(
        urls=[place.url for place in world.apis],
        key=ships.key,
        operator_key=operator_key,
        account=account,
        callback=receiver.url("hook"),
        now=now,
        recorder=recorder,
        heard=receiver.heard,
    )


@pytest.mark.timeout(3 * SECONDS + 6 * SETTLED)
@pytest.mark.parametrize("kind", KINDS)
def test_histories(
    kind: str,
    databases: Databases,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # W-2 W-4 C-7 C-8
    """On PostgreSQL files are in a bucket, as many machines would have them."""

    def objects() -> ObjectServer:
        server: ObjectServer = request.getfixturevalue("objects")
        return server

    again = f"KIRIN_CHAOS_SEED={SEED} KIRIN_CHAOS_SECONDS={SECONDS:g} make chaos"
    with capsys.disabled():
        print(f"\na history on {kind}; again: {again}")  # noqa: T201  whatever happens
    now, heard = Stopwatch(), list[Heard]()
    recorder = Recorder(heard)
    with (
        MoodyReceiver(SEED, now, heard) as receiver,
        a_world(
            kind, databases, tmp_path / "fleet", objects if kind == "postgresql" else None
        ) as world,
    ):
        shared = shared_by(world, receiver, recorder, now)
        nemesis = Nemesis(world, receiver, recorder, now, SEED)
        clients = [Client(f"c{number}", shared, SEED) for number in range(CLIENTS)]
        run(clients, nemesis)
        began = now()
        settle(world, shared, clients, receiver)
        end, swept = end_of(world, clients, shared)
        history = recorder.history(end)
        history.save(tmp_path / "history.json")
        with capsys.disabled():
            print(f"\n{summary(history, nemesis, kind)}")  # noqa: T201  what a person runs it for
            print(  # noqa: T201
                f"settled within {(now() - began) / 1000:.0f} s and "
                f"{world.clocks.shared / 3_600_000:.1f} h of its own clock; {swept} files swept"
            )
    found = violations(history)
    assert not found, "\n" + report(history, found, f"again: {again}\nall: {tmp_path}/history.json")


def run(clients: list[Client], nemesis: Nemesis) -> None:
    """Let the clients work and the nemesis strike, for as long as it is to take."""
    stop = threading.Event()
    hands = [
        threading.Thread(target=client.run, args=(hand, stop), name=f"{client.name}{hand}")
        for client in clients
        for hand in "ab"
    ]
    hands.append(threading.Thread(target=nemesis.run, args=(stop,), name="nemesis"))
    for hand in hands:
        hand.start()
    stop.wait(SECONDS)
    stop.set()
    for hand in hands:
        hand.join()


def summary(history: History, nemesis: Nemesis, kind: str) -> str:
    """A history in a few figures."""
    answered = Counter("none" if c.status is None else str(c.status) for c in history.calls)
    ends = Counter(f"{row.status} {row.failure or ''}".strip() for row in history.end.rows)
    retaken = sum(row.attempt > 1 for row in history.end.rows)
    return (
        f"history on {kind}, seed {SEED}, {SECONDS:g} s: {len(history.calls)} calls, answered "
        f"{dict(sorted(answered.items()))}; {sum(nemesis.done.values())} faults "
        f"{dict(nemesis.done)}; {len(history.end.rows)} tasks, taken over {retaken}, "
        f"{dict(ends)}; {len(history.heard)} webhooks, "
        f"{sum(not message.taken or message.lied for message in history.heard)} of them in vain"
    )
