"""The end: all is mended, time flies until nothing waits any more, and a look at what is there."""

from __future__ import annotations

import hashlib
import signal
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import av
import httpx
from pydantic import SecretStr
from sqlalchemy import Connection, select

from histories.checks import FINAL
from histories.client import Client, Luck, Shared, Wish
from histories.history import End, Kind, Row
from histories.receivers import WELL, MoodyReceiver
from histories.world import World
from kirin.accounts import ledger, store, verification
from kirin.accounts.ledger import TransactionKind
from kirin.accounts.store import DEFAULT_ACCOUNT
from kirin.clock import now_ms
from kirin.composition.resources import open_storage
from kirin.database.account_tables import ledger_entries, ledger_transactions, usage
from kirin.database.tables import events, tasks, webhooks
from kirin.domain.money import to_micro
from kirin.orchestration.garbage_collection import GRACE_MS, GarbageCollector, RetentionPeriods
from kirin.settings import Settings
from kirin.storage.keys import input_key
from kirin.tasks import retention
from kirin.tasks.runs import Runs
from support.waiting import until

SETTLED = 240.0
"""Seconds within which all has ended afterwards."""

JUMP_MS = 400_000
"""How far all clocks go on at a time, as long as only time is waited for."""

YEAR_MS = 365 * 86_400_000
FOR_EVER = RetentionPeriods(None, None, YEAR_MS, YEAR_MS)


def settle(world: World, shared: Shared, clients: list[Client], receiver: MoodyReceiver) -> None:
    """Wait until nothing is left to do, and ask once more for all that was not answered."""
    receiver.mood = WELL
    world.clocks.agree()
    with httpx.Client(timeout=60) as http:
        luck = Luck(http, 0.0, 0, 0)
        for place in world.apis:
            until(lambda place=place: world.answers(place), seconds=SETTLED)

        def answered() -> bool:
            for client in clients:
                for wish in client.wishes:
                    if not wish.sure and wish.repeatable:
                        client.create(luck, wish)
                for reference in list(client.payments):
                    client.pay(luck, reference)
            left = [w for c in clients for w in c.wishes if not w.sure and w.repeatable]
            return not left and not any(client.payments for client in clients)

        waited(answered)
        waited(lambda: not _busy(world))
        # Runs whose end could not be written down go with their worker, or within two minutes.
        for name in ("supervised", "worker-1", "worker-2"):
            world.signal(name, signal.SIGTERM)
        _send(world)
        # Who was told a lie asks for what is not there.
        # The last in number: one before it may have come again after it.
        taken = sorted((m for m in shared.heard if m.taken), key=lambda message: message.number)
        last = {message.task: message for message in taken}
        ends = {m.task for m in shared.heard if m.taken and not m.lied and m.status in FINAL}
        for task, message in last.items():
            if task not in ends:
                clients[0].redeliver(luck, message.id)
        _send(world)
        waited(lambda: not unfinished_runs(world))


def waited(look: Callable[[], object]) -> None:
    """Wait until all is well, and no longer than it may take: the checks say what is not."""
    with suppress(AssertionError):
        until(look, seconds=SETTLED, every=0.4)


def unfinished_runs(world: World) -> list[str]:
    """Ids of the runs that have not ended."""
    runs = Runs(settings_of(world).runs_url)
    found = list(runs.unfinished())
    runs.close()
    return found


def _busy(world: World) -> list[str]:
    with _look(world) as connection:
        query = select(tasks.c.id).where(
            tasks.c.finished_at.is_(None)
            | tasks.c.worker.is_not(None)
            | tasks.c.queued_at.is_not(None)
        )
        return list(connection.execute(query).scalars())


def _send(world: World) -> None:
    """Let time fly until every webhook is sent."""

    def sent() -> bool:
        waiting = _unsent(world)
        now = now_ms() + world.clocks.shared
        if waiting and all(next_at > now for next_at in waiting.values()):
            world.clocks.shift(min(JUMP_MS, min(waiting.values()) - now + 1000))
        return not waiting

    waited(sent)


def _unsent(world: World) -> dict[str, int]:
    query = select(webhooks.c.id, webhooks.c.next_at).where(webhooks.c.next_at.is_not(None))
    with _look(world) as connection:
        return {row.id: row.next_at for row in connection.execute(query)}


@contextmanager
def _look(world: World) -> Iterator[Connection]:
    """A connection behind the server."""
    database = world.ships.database()
    with database.read() as connection:
        yield connection
    database.close()


def settings_of(world: World) -> Settings:
    """The settings of the processes, as far as they say where things are."""
    given = world.ships.settings
    url = given.get("KIRIN_DATABASE_URL")
    return Settings(
        data_dir=world.data,
        database_url=SecretStr(url) if url else None,
        storage_url=given.get("KIRIN_STORAGE_URL"),
    )


def read_all(clients: list[Client], shared: Shared, rows: list[Row], world: World) -> None:
    """Ask for every task once more at each API: what was final must be so still."""
    asker = Client("the end", shared, "")
    with httpx.Client(timeout=60) as http:
        wishes = {wish.name: wish for client in clients for wish in client.wishes}
        by_id = {wish.id: wish for wish in wishes.values() if wish.id}
        for row in rows:
            wish = wishes.get(row.subject) or by_id.get(row.id)
            name = wish.name if wish else row.subject
            found = Wish(name, b"", {}, id=row.id)
            for api in range(len(world.apis)):
                asker.about(Kind.READ, Luck(http, 0.0, api, 0), found)


def end_of(world: World, clients: list[Client], shared: Shared) -> tuple[End, int]:
    """What is there.

    Returns:
        The end, and how many files garbage collection had to remove.
    """
    settings = settings_of(world)
    database = world.ships.database()
    storage = open_storage(settings)
    before = len(list(storage.keys()))
    for hours in (0, 2):
        later = lambda hours=hours: now_ms() + world.clocks.shared + hours * GRACE_MS  # noqa: E731
        GarbageCollector(database, storage, FOR_EVER, later, lambda *_: 0).collect()
    keys = list(storage.keys())
    with database.read() as connection:
        rows = rows_of(connection)
    read_all(clients, shared, rows, world)
    with database.snapshot() as connection:
        account = store.ensure_account(connection, DEFAULT_ACCOUNT, 0)
        tables = tables_of(connection, account)
    # After the transaction: to decode the videos of an hour takes longer than one may idle.
    end = replace(
        tables,
        files=keys,
        broken=dict(_broken(rows, storage)),
        readable=list(_readable(clients)),
        runs=unfinished_runs(world),
        bugs=world.ships.events("by a bug"),
    )
    database.close()
    return end, before - len(keys)


def tables_of(connection: Connection, account: str) -> End:
    """What the tables tell of the end.

    Args:
        connection: one with a consistent snapshot.
    """
    rows = rows_of(connection)
    balance = ledger.balance(connection, account)
    proof = verification.verify(connection)
    inputs = {input_key(digest) for digest in retention.needed_inputs(connection, None)}
    unsent = select(webhooks.c.id).where(webhooks.c.next_at.is_not(None))
    return End(
        rows=rows,
        ledger=proof.problems,
        total=proof.total,
        available=balance.available,
        held=balance.held,
        payments=payments_of(connection),
        needed=sorted(inputs | {key for row in rows for key in row.results}),
        unsent=list(connection.execute(unsent).scalars()),
        numbers=numbers_of(connection, account),
    )


def rows_of(connection: Connection) -> list[Row]:
    """Every task, with what follows from it."""
    told: dict[str, list[str]] = defaultdict(list)
    for task, status in connection.execute(
        select(events.c.task, events.c.status).order_by(events.c.account, events.c.number)
    ):
        told[task].append(
            {"pending": "in_progress", "processing": "in_progress"}.get(status, status)
        )
    used: dict[str, list[int]] = defaultdict(list)
    for task, cost in connection.execute(select(usage.c.task, usage.c.cost)):
        used[task].append(cost)
    settled: dict[str, int] = defaultdict(int)
    query = select(ledger_transactions.c.task).where(ledger_transactions.c.phase == ledger.SETTLE)
    for task in connection.execute(query).scalars():
        settled[str(task)] += 1
    called = set(connection.execute(select(webhooks.c.task)).scalars())
    return [
        Row(
            id=row.id,
            subject=str(row.params.get("prompt", "")).rpartition(" ")[2],
            status=row.status,
            model=row.model,
            external_id=row.external_id,
            failure=row.failure_code,
            message=row.failure_message or "",
            callback=bool(row.callback_url) or row.id in called,
            attempt=row.attempt,
            cost=to_micro(Decimal(row.cost)) if row.status == "completed" else 0,
            held=row.worker is not None or row.queued_at is not None,
            results=[r["key"] for r in row.results if r.get("key") and row.expired_at is None],
            events=told[row.id],
            settled=settled[row.id],
            used=used[row.id],
            removed=row.removed_at is not None or row.expired_at is not None,
        )
        for row in connection.execute(select(tasks))
    ]


def payments_of(connection: Connection) -> dict[str, list[int]]:
    """What was paid in, by its reference."""
    entries, headers = ledger_entries, ledger_transactions
    query = (
        select(headers.c.id, headers.c.reference, entries.c.amount)
        .join(entries, entries.c.transaction == headers.c.id)
        .where(headers.c.kind == TransactionKind.TOP_UP, entries.c.book == ledger.Book.AVAILABLE)
    )
    found: dict[str, list[int]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.reference or f"without a reference: {row.id}"].append(int(row.amount))
    return dict(found)


def numbers_of(connection: Connection, account: str) -> list[int]:
    """The numbers of the events of an account."""
    query = select(events.c.number).where(events.c.account == account).order_by(events.c.number)
    return list(connection.execute(query).scalars())


def _broken(rows: list[Row], storage: Any) -> Iterator[tuple[str, str]]:
    for row in rows:
        for key in row.results if row.status == "completed" else ():
            try:
                path: Path = storage.path(key)
                frames, wanted = frames_of(path)
                if frames != wanted:
                    yield key, f"{frames} frames of {wanted}"
            except (OSError, av.FFmpegError) as error:
                yield key, str(error)


def frames_of(path: Path) -> tuple[int, int]:
    """How many frames of a file decode, and how many five seconds have."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        rate = stream.average_rate
        assert rate
        return sum(1 for _ in container.decode(stream)), round(5 * rate)


def _readable(clients: list[Client]) -> Iterator[str]:
    with httpx.Client(timeout=60) as http:
        for client in clients:
            for name, (content, url) in client.files.items():
                got = http.get(url)
                digest = hashlib.sha256(got.content).digest()
                if got.status_code == 200 and digest == hashlib.sha256(content).digest():
                    yield name
