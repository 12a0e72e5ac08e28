"""The nemesis: breaks things by a seed, for a while each, and mends them."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import psycopg
from sqlalchemy import make_url

from histories.history import Fault, Recorder
from histories.receivers import MOODS, WELL, MoodyReceiver
from histories.world import World, children
from support.waiting import until

Mend = Callable[[], object]

KILLED = ("serve", "api", "worker-1", "worker-2", "supervised")


@dataclass(frozen=True)
class Strike:
    """A kind of fault.

    Attributes:
        weight: how often beside the others.
        seconds: how long it lasts, the shortest and the longest.
        needs: what it needs: a kind of database, ``disk`` or ``bucket``.
    """

    do: Callable[[Nemesis, random.Random], tuple[str, Mend]]
    weight: int
    seconds: tuple[float, float] = (0.0, 0.5)
    needs: str = ""


@dataclass
class Nemesis:
    """Strikes one after the other, and sometimes two at a time."""

    world: World
    receiver: MoodyReceiver
    recorder: Recorder
    now: Callable[[], int]
    seed: str
    done: Counter[str] = field(default_factory=Counter)

    def run(self, stop: threading.Event) -> None:
        """Break things until told to stop; all is mended when this returns."""
        luck = random.Random(f"{self.seed} nemesis")  # noqa: S311  nothing secret
        strikes = [strike for strike in STRIKES if self._possible(strike)]
        weights = [strike.weight for strike in strikes]
        while not stop.wait(luck.uniform(0.1, 1.2)):
            chosen = luck.choices(strikes, weights)
            if luck.random() < 0.5:  # and another one, that breaks something else
                others = [s for s in strikes if s is not chosen[0] and s.needs != chosen[0].needs]
                chosen += luck.sample(others, k=min(1, len(others)))
            mends = [self._strike(strike, luck) for strike in chosen]
            longest = max(luck.uniform(*strike.seconds) for strike in chosen)
            stop.wait(longest)
            for name, began, mend in mends:
                mend()
                self.recorder.faults.append(Fault(began, self.now(), name))

    def _strike(self, strike: Strike, luck: random.Random) -> tuple[str, int, Mend]:
        began = self.now()
        name, mend = strike.do(self, luck)
        self.done[strike.do.__name__.replace("_", " ")] += 1
        return name, began, mend

    def _possible(self, strike: Strike) -> bool:
        has = {"": True, "disk": self.world.disk, "bucket": self.world.bucket is not None}
        return has.get(strike.needs, strike.needs == self.world.kind)

    # What needs PostgreSQL.

    def admin(self) -> psycopg.Connection[tuple[object, ...]]:
        """A connection beside all others."""
        url = self.world.databases.postgres.url("postgres")
        return psycopg.connect(url, autocommit=True, connect_timeout=5)

    def database_name(self) -> str:
        """Which database is ours."""
        return str(make_url(self.world.ships.settings["KIRIN_DATABASE_URL"]).database)

    def backends(self) -> list[int]:
        """Process ids of the sessions of our database."""
        query = "SELECT pid FROM pg_stat_activity WHERE datname = %s ORDER BY backend_start, pid"
        with suppress(psycopg.Error), self.admin() as connection:
            rows = connection.execute(query, [self.database_name()]).fetchall()
            return [int(str(pid)) for (pid,) in rows]
        return []


def kill(nemesis: Nemesis, luck: random.Random) -> tuple[str, Mend]:
    name = luck.choice(KILLED)
    nemesis.world.signal(name, signal.SIGKILL)
    return f"SIGKILL of {name}", lambda: None


def ask_to_go(nemesis: Nemesis, luck: random.Random) -> tuple[str, Mend]:
    name = luck.choice(KILLED)
    nemesis.world.signal(name, signal.SIGTERM)
    return f"SIGTERM of {name}", lambda: None


def freeze(nemesis: Nemesis, luck: random.Random) -> tuple[str, Mend]:
    name = luck.choice(KILLED)
    pids = nemesis.world.pids(name)

    def send(number: int) -> None:
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    send(signal.SIGSTOP)
    return f"SIGSTOP of {name}", lambda: send(signal.SIGCONT)


def jump(nemesis: Nemesis, luck: random.Random) -> tuple[str, Mend]:
    number, seconds = luck.randrange(5), luck.choice([-90, -20, -3, 3, 20, 90])
    nemesis.world.clocks.shift(1000 * seconds, number)
    whose = f"clock {number}" if number else "all clocks"
    return f"{whose} by {seconds} s", lambda: None


def moody(nemesis: Nemesis, luck: random.Random) -> tuple[str, Mend]:
    nemesis.receiver.mood = luck.choice(MOODS)

    def well() -> None:
        nemesis.receiver.mood = WELL

    return f"the receiver {nemesis.receiver.mood}", well


def kill_database(nemesis: Nemesis, _: random.Random) -> tuple[str, Mend]:
    postgres = nemesis.world.databases.postgres
    postgres.kill()
    return "PostgreSQL is gone", postgres.start


def kill_session(nemesis: Nemesis, luck: random.Random) -> tuple[str, Mend]:
    # PostgreSQL then ends all sessions, and recovers.
    if pids := nemesis.backends():
        with suppress(ProcessLookupError, PermissionError):
            os.kill(luck.choice(pids), signal.SIGKILL)
    return "SIGKILL of a session of PostgreSQL", lambda: None


def freeze_database(nemesis: Nemesis, _: random.Random) -> tuple[str, Mend]:
    main = nemesis.world.databases.postgres.pid
    pids = [main, *children(main)]

    def send(number: int) -> None:
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    send(signal.SIGSTOP)
    return "SIGSTOP of PostgreSQL", lambda: send(signal.SIGCONT)


def drop_sessions(nemesis: Nemesis, _: random.Random) -> tuple[str, Mend]:
    query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
    with suppress(psycopg.Error), nemesis.admin() as connection:
        connection.execute(query, [nemesis.database_name()])
    return "all sessions of the database dropped", lambda: None


def fill_disk(nemesis: Nemesis, _: random.Random) -> tuple[str, Mend]:
    ballast = nemesis.world.data / "ballast"
    with suppress(OSError), ballast.open("ab", buffering=0) as file:
        for size in (2**20, 4096):
            with suppress(OSError):
                while True:
                    file.write(bytes(size))
    return "the disk is full", lambda: ballast.unlink(missing_ok=True)


def read_only(nemesis: Nemesis, _: random.Random) -> tuple[str, Mend]:
    storage = nemesis.world.data / "storage"
    storage.mkdir(exist_ok=True)
    subprocess.run(["mount", "--bind", storage, storage], check=True)  # noqa: S603, S607
    # The kernel refuses it while somebody writes there by the new mount, which is soon over.
    lock = ["mount", "-o", "remount,bind,ro", storage]
    until(lambda: not subprocess.run(lock, check=False, capture_output=True).returncode)  # noqa: S603
    return "storage is read-only", lambda: unmount(storage)


def shut_bucket(nemesis: Nemesis, _: random.Random) -> tuple[str, Mend]:
    bucket = nemesis.world.bucket
    assert bucket
    bucket.shut()
    return "the bucket is away", bucket.open


def unmount(folder: Path) -> None:
    subprocess.run(["umount", "--lazy", folder], check=True)  # noqa: S603, S607


STRIKES: Final = (
    Strike(kill, 6),
    Strike(ask_to_go, 2),
    Strike(freeze, 4, (0.5, 3.0)),
    Strike(jump, 2),
    Strike(moody, 6, (1.0, 5.0)),
    Strike(kill_database, 2, (0.2, 2.0), "postgresql"),
    Strike(kill_session, 1, needs="postgresql"),
    Strike(freeze_database, 2, (0.5, 4.0), "postgresql"),
    Strike(drop_sessions, 3, needs="postgresql"),
    Strike(fill_disk, 2, (0.5, 3.0), "disk"),
    Strike(read_only, 2, (0.5, 3.0), "disk"),
    Strike(shut_bucket, 3, (0.5, 4.0), "bucket"),
)
"""All faults."""
