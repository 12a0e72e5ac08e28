"""How the queue keeps up: latency, tasks a second, an idle worker, and takeover from a dead one.

Runs private servers with the scripted engine, on SQLite and, where its programs are found, on a
private PostgreSQL. Figures are wall times: run it on a machine that does nothing else; the load
average is printed with them. "Refused at once" is a task whose engine fails as soon as it is asked,
which leaves the queue, the rows and the processes; "grey" draws and encodes 120 frames of 720p.

    python bench/scale.py [latency] [throughput] [idle] [takeover]
"""

from __future__ import annotations

import argparse
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from sqlalchemy import insert, select, text

from kirin.client import Kirin, LocalServer
from kirin.database.engine import Database, open_engine
from kirin.database.tables import events, tasks
from kirin.settings import Settings
from kirin.tasks.worker_ids import process_of
from kirin_client import Task

MODEL = "kirin_v1_6_t2v"
GENERATION = "/model/v1/generation"
FAILED_AT_ONCE, GREY, CRAWL = "fail", "a lake", "crawl"
PAST = 100_000
PLUGINS = str(Path(__file__).parents[1] / "tests" / "plugins")  # the engine scripted is there
SETTINGS = {
    "KIRIN_ENGINES": "scripted",
    "KIRIN_LOG_LEVEL": "ERROR",
    "PYTHONPATH": os.pathsep.join(filter(None, (PLUGINS, os.environ.get("PYTHONPATH")))),
}


@dataclass(frozen=True)
class Place:
    """Where servers keep their rows.

    Attributes:
        name: of the database.
        settings: what leads there.
        tables_url, queue_url: for a look behind the server.
    """

    name: str
    settings: dict[str, str]
    data: Path
    tables_url: str
    queue_url: str


@contextmanager
def places() -> Iterator[Callable[[], Iterator[Place]]]:
    """Gives fresh databases, of each kind in turn, whenever it is called."""
    sys.path.append(str(Path(__file__).parent.parent / "tests"))
    support = import_module("support.postgres")
    found = support.programs()
    postgres = None
    if found is None:
        print(support.MISSING)
    else:
        postgres = support.Postgres(found)
        postgres.start()
    with tempfile.TemporaryDirectory(prefix="kirin-bench-") as folder:

        def fresh() -> Iterator[Place]:
            data = Path(tempfile.mkdtemp(dir=folder))
            own = Settings.model_validate({"data_dir": data})
            yield Place("SQLite", dict(SETTINGS), data, own.tables_url, own.runs_url)
            if postgres is not None:
                url = postgres.url(postgres.create())
                shared = {**SETTINGS, "KIRIN_DATABASE_URL": url}
                yield Place("PostgreSQL", shared, Path(tempfile.mkdtemp(dir=folder)), url, url)

        try:
            yield fresh
        finally:
            if postgres is not None:
                postgres.remove()


@contextmanager
def serving(place: Place, workers: int = 1, **settings: str) -> Iterator[LocalServer]:
    """An API and so many workers."""
    given = {**place.settings, **settings}
    with LocalServer(place.data, given) as server:
        command = [sys.executable, "-m", "kirin", "worker", "--data", str(place.data)]
        environment = {**os.environ, **given, "KIRIN_PUBLIC_URL": server.base_url}
        others = [subprocess.Popen(command, env=environment) for _ in range(workers - 1)]
        try:
            with server.client() as kirin:  # until the workers are warm
                for _ in range(2 * workers):
                    ended(kirin, kirin.create(MODEL, {"prompt": GREY})["id"])
            yield server
        finally:
            for other in others:
                other.terminate()
            for other in others:
                other.wait()


def children(pid: int) -> list[int]:
    """Process ids of the children of a process, of all its threads."""
    threads = Path(f"/proc/{pid}/task").iterdir()
    return [int(child) for each in threads for child in (each / "children").read_text().split()]


def ended(kirin: Kirin, id: str) -> Task:
    """The task once it has ended, however that is; asked often, since that is what is measured."""
    while (task := kirin.task(id))["status"] == "in_progress":
        time.sleep(0.005)
    return task


def p(values: list[float], percent: int) -> float:
    """A percentile."""
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)]


def latency(fresh: Callable[[], Iterator[Place]]) -> None:
    """From create to the end, with nothing else to do."""
    for place in fresh():
        with serving(place) as server, server.client() as kirin:
            for name, prompt in (("refused at once", FAILED_AT_ONCE), ("grey", GREY)):
                times = []
                for _ in range(20):
                    started = time.perf_counter()
                    ended(kirin, kirin.create(MODEL, {"prompt": prompt})["id"])
                    times.append((time.perf_counter() - started) * 1000)
                    time.sleep(0.05)
                middle, late = statistics.median(times), p(times, 90)
                print(
                    f"latency     {place.name:<11} {name:<16} p50 {middle:5.0f}  p90 {late:5.0f} ms"
                )


def throughput(fresh: Callable[[], Iterator[Place]], count: int = 400) -> None:
    """Tasks a second through two workers, from the first that begins to the last that ends."""
    for place in fresh():
        settings = {"KIRIN_SLOTS": "8", "KIRIN_POLL_SECONDS": "0.05"}
        with serving(place, 2, **settings) as server, server.client() as kirin:

            def create(_: int, kirin: Kirin = kirin) -> str:
                id: str = kirin.create(MODEL, {"prompt": FAILED_AT_ONCE})["id"]
                return id

            with ThreadPoolExecutor(8) as pool:
                ids = list(pool.map(create, range(count)))
                for id in reversed(ids):
                    ended(kirin, id)
            database = Database(place.tables_url)
            with database.read() as connection:
                rows = connection.execute(
                    select(tasks.c.started_at, tasks.c.finished_at).where(tasks.c.id.in_(ids))
                ).all()
            database.close()
        seconds = (max(r.finished_at for r in rows) - min(r.started_at for r in rows)) / 1000
        print(f"throughput  {place.name:<11} {count / seconds:5.1f} tasks/s, creates included")


def takeover(fresh: Callable[[], Iterator[Place]], count: int = 5) -> None:
    """From the moment at which one of two workers is killed, or stopped, until the other has its
    task."""
    for place in fresh():
        for sent in (signal.SIGKILL, signal.SIGSTOP):
            times = []
            for _ in range(count):
                with serving(place, 2) as server, server.client() as kirin:
                    times.append(seconds_to_takeover(place, kirin, sent))
            middle, most = statistics.median(times), max(times)
            print(
                f"takeover    {place.name:<11} {sent.name}  p50 {middle:.1f}  longest {most:.1f} s"
            )


def seconds_to_takeover(place: Place, kirin: Kirin, sent: signal.Signals) -> float:
    """Send a signal to the worker that has begun a task, and look until another has it."""
    database = Database(place.tables_url)
    id = kirin.create(MODEL, {"prompt": CRAWL})["id"]
    query = select(tasks.c.worker).where(tasks.c.id == id)

    def awaited(former: str | None) -> str:
        while True:
            with database.read() as connection:
                holder: str | None = connection.execute(query).scalar_one()
            if holder not in (former, None):
                return str(holder)
            time.sleep(0.005)

    first = awaited(None)
    _, pid = process_of(first)
    os.kill(pid, sent)
    struck = time.perf_counter()
    awaited(first)
    took = time.perf_counter() - struck
    if sent is signal.SIGSTOP:
        os.kill(pid, signal.SIGCONT)
    kirin.cancel(id)
    database.close()
    return took


def fill(place: Place) -> None:
    """Give the account a past: copies of its one ended task, in all tables."""
    database = Database(place.tables_url)
    with database.write() as connection:
        row = dict(connection.execute(select(tasks).limit(1)).mappings().one())
        number = select(events.c.number).order_by(events.c.number.desc()).limit(1)
        last = connection.execute(number).scalar_one()
        for start in range(0, PAST, 5000):
            part = range(start, start + 5000)
            rows = [{**row, "id": f"{n:032x}", "created_at": row["created_at"] - n} for n in part]
            connection.execute(insert(tasks), rows)
            said = {"account": row["account"], "status": "completed", "created_at": 1, "body": None}
            told = [{**said, "number": last + 1 + n, "task": f"{n:032x}"} for n in part]
            connection.execute(insert(events), told)
        connection.execute(
            text("UPDATE accounts SET last_event = :number"), {"number": last + PAST}
        )
    database.close()
    engine = open_engine(place.queue_url)
    table = "dbos.workflow_status" if engine.dialect.name == "postgresql" else "workflow_status"
    with engine.begin() as connection:
        found = connection.execute(text(f"SELECT * FROM {table} LIMIT 1"))  # noqa: S608  our own
        flow = dict(found.mappings().one())
        columns = ", ".join(flow)
        values = ", ".join(f":{name}" for name in flow)
        query = text(f"INSERT INTO {table} ({columns}) VALUES ({values})")  # noqa: S608  the same
        for start in range(0, PAST, 5000):
            part = range(start, start + 5000)
            connection.execute(query, [{**flow, "workflow_uuid": f"{n:032x}"} for n in part])
    engine.dispose()


def idle(fresh: Callable[[], Iterator[Place]], seconds: float = 60) -> None:
    """The share of a core that a worker without tasks takes, looking ten times a second."""
    for place in fresh():
        settings = {**place.settings, "KIRIN_POLL_SECONDS": "0.1"}
        with LocalServer(place.data, settings) as server:
            command = [sys.executable, "-m", "kirin", "worker", "--data", str(place.data)]
            given = {**os.environ, **settings, "KIRIN_PUBLIC_URL": server.base_url}
            worker = subprocess.Popen(command, env=given)
            try:
                time.sleep(15)  # until it has started
                before = processor_seconds(worker.pid)
                time.sleep(seconds)
                share = (processor_seconds(worker.pid) - before) / seconds
            finally:
                worker.terminate()
                worker.wait()
        print(f"idle        {place.name:<11} {100 * share:5.2f} % of a core")


def processor_seconds(pid: int) -> float:
    """User and system time of a process, from /proc (see proc_pid_stat(5))."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


PARTS = {
    "latency": latency,
    "throughput": throughput,
    "idle": idle,
    "takeover": takeover,
}


def main() -> None:
    """Run what is asked for, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], default=list(PARTS))
    chosen = parser.parse_args().parts
    print(f"{os.cpu_count()} cores, load average before: {os.getloadavg()[0]:.1f}")
    with places() as fresh:
        for name in chosen:
            PARTS[name](fresh)


if __name__ == "__main__":
    main()
