"""A fleet: an API and workers as processes of their own, as they would run on many machines."""

from __future__ import annotations

import os
import re
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from pydantic import SecretStr
from sqlalchemy import select, text

from kirin.client import Kirin
from kirin.client.local import LISTENING
from kirin.database.engine import Database
from kirin.database.tables import tasks
from kirin.settings import Settings
from kirin.tasks import heartbeats
from kirin.tasks.worker_ids import process_of
from support.databases import Databases
from support.forked import TELL_STACKS, ForkedCommand
from support.servers import SETTINGS
from support.waiting import until

SESSIONS = """
SELECT pid, pg_blocking_pids(pid), application_name, state, wait_event_type, wait_event,
  now() - state_change AS since, query
FROM pg_stat_activity WHERE datname = current_database() ORDER BY state_change
"""


@dataclass
class Fleet:
    """Processes that share a database.

    Attributes:
        folder: where their data folders and logs are.
        settings: environment variables of all of them.
        shared: the data folder that all of them use; ``None`` gives each its own.
    """

    folder: Path
    settings: Mapping[str, str]
    shared: Path | None
    key: str = field(default_factory=lambda: f"fleet-{secrets.token_hex(16)}")
    processes: list[ForkedCommand] = field(default_factory=list)
    url: str = ""

    def command(
        self, *words: str, wait: bool = False, patch: str = "", **settings: str
    ) -> ForkedCommand:
        """Start a command of ``kirin``; its errors go to ``log``.

        Args:
            words: the command.
            wait: until it has ended well.
            patch: Python that runs before, to make something go wrong.
            settings: further environment variables.
        """
        data = self.shared or self.folder / f"machine-{len(self.processes)}"
        process = ForkedCommand(
            [*words, "--data", str(data)],
            {**os.environ, **self.settings, **settings},
            self.folder / "log",
            patch,
        )
        self.processes.append(process)
        if wait:
            assert process.wait(120) == 0, self.log()
        return process

    def api(self, port: int = 0, patch: str = "") -> ForkedCommand:
        """Start an API and wait until it answers; from now on clients speak with it."""
        process = self.command("api", "--port", str(port), patch=patch)
        for line in process.stdout:
            _, found, url = line.partition(LISTENING)
            if found:
                self.url = url.strip()
                httpx.get(f"{self.url}/healthz", timeout=60).raise_for_status()
                return process
        raise AssertionError(self.log())

    def worker(self, *words: str, **settings: str) -> ForkedCommand:
        """Start a worker; it takes tasks a moment later."""
        return self.command("worker", *words, wait=False, patch="", **settings)

    def ready(self, *workers: ForkedCommand) -> None:
        """Wait until workers take tasks."""
        pids = {worker.pid for worker in workers}
        until(lambda: pids <= self.alive(), seconds=120)

    def alive(self) -> set[int]:
        """Process ids of the workers that show themselves in the database."""
        database = self.database()
        try:
            with database.read() as connection:
                return {process_of(id)[1] for id in heartbeats.latest(connection)}
        finally:
            database.close()

    def client(self) -> Kirin:
        """A client of the API."""
        return Kirin(self.url, self.key, max_retries=0)

    def database(self) -> Database:
        """A look behind it."""
        return Database(self._settings().tables_url)

    def holders(self) -> dict[str, int]:
        """Process ids of the workers that hold a lease, by task."""
        database = self.database()
        query = select(tasks.c.id, tasks.c.worker).where(tasks.c.worker.is_not(None))
        with database.read() as connection:
            rows = connection.execute(query).all()
        database.close()
        return {task: process_of(worker)[1] for task, worker in rows if worker}

    def holder(self, task: str) -> int:
        """Process id of the worker that works on a task, as soon as there is one."""
        return until(lambda: self.holders().get(task, 0), seconds=120)

    def _settings(self) -> Settings:
        url = self.settings.get("KIRIN_DATABASE_URL")
        return Settings(
            data_dir=self.shared or self.folder, database_url=SecretStr(url) if url else None
        )

    def log(self) -> str:
        """What the processes have said on standard error."""
        return (self.folder / "log").read_text()

    def events(self, pattern: str) -> list[str]:
        """The log lines in which a pattern is found."""
        return [line for line in self.log().splitlines() if re.search(pattern, line)]

    def standstill(self) -> str:
        """What a test that waited in vain wants to know: the log with the stacks of all processes,
        and what the sessions of PostgreSQL wait for."""
        for process in self.processes:
            process.send_signal(TELL_STACKS)
            time.sleep(0.5)  # one after the other; one that is stopped tells nothing
        if "KIRIN_DATABASE_URL" not in self.settings:
            return self.log()
        database = self.database()
        with database.read() as connection:
            sessions = connection.execute(text(SESSIONS)).all()
        database.close()
        return "\n".join([self.log(), *map(str, sessions)])

    def stop(self) -> None:
        """Kill all that still runs."""
        for process in self.processes:
            process.close()
        self.processes.clear()


@contextmanager
def fleet(kind: str, databases: Databases, folder: Path, **settings: str) -> Iterator[Fleet]:
    """A fleet without processes yet, on a database with empty tables.

    On SQLite all share one data folder, as on one machine. On PostgreSQL they share the results
    only, as machines would.
    """
    folder.mkdir(exist_ok=True)
    with databases.ready(kind, folder / "data") as url:
        environment = {**SETTINGS, **settings}
        if kind == "postgresql":
            environment["KIRIN_DATABASE_URL"] = url
        made = Fleet(folder, environment, folder / "data")
        made.settings = {**environment, "KIRIN_BOOTSTRAP_KEY": made.key}
        try:
            yield made
        finally:
            made.stop()
