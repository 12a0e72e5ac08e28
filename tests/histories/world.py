"""The world: two API processes, one of them with a supervisor, three workers, and what they need.

Whatever ends is started again, as a service manager would.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from histories.clock import Clocks
from support.databases import Databases
from support.fleet import Fleet, fleet
from support.forked import ForkedCommand
from support.gate import Gate
from support.objects import CREDENTIALS, ObjectServer
from support.ports import reserved_port
from support.waiting import until

DISK = "128m"
SETTINGS = {
    "KIRIN_BILLING": "prepaid",
    "KIRIN_MAX_ATTEMPTS": "100",
    "KIRIN_NICENESS": "0",
    # Time flies at the end, for webhooks: what else goes by the clock must stay.
    "KIRIN_LINK_SECONDS": "100000000",
    "KIRIN_IDEMPOTENCY_HOURS": "8760",
    "KIRIN_EVENT_HOURS": "8760",
    "KIRIN_RESULT_DAYS": "0",
    "KIRIN_INPUT_DAYS": "0",
}
PAUSE = 0.3
"""Seconds between two looks at what has ended."""

START = 180.0


def children(pid: int) -> list[int]:
    """Process ids of the children of a process, of all its threads."""
    found: list[int] = []
    with suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            with suppress(OSError):
                found += [int(child) for child in (thread / "children").read_text().split()]
    return found


@dataclass
class Place:
    """A process that is to run, whichever it is at the moment."""

    name: str
    words: tuple[str, ...]
    clock: int
    process: ForkedCommand | None = None
    port: int = 0

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"


@dataclass
class World:
    """All processes, and what may be broken.

    Attributes:
        places: the processes, by name.
        disk: whether the data folder lies on a small disk of its own.
        bucket: the gate before the bucket, where there is one.
    """

    kind: str
    ships: Fleet
    databases: Databases
    clocks: Clocks
    places: dict[str, Place]
    disk: bool
    bucket: Gate | None = None
    _stop: threading.Event = field(default_factory=threading.Event)

    @property
    def apis(self) -> list[Place]:
        """The places that answer."""
        return [place for place in self.places.values() if place.port]

    @property
    def data(self) -> Path:
        """The data folder that all share."""
        assert self.ships.shared
        return self.ships.shared

    def start(self) -> None:
        """Start all of it, and wait until all APIs answer."""
        for place in self.places.values():
            self._start(place)
        for place in self.apis:
            until(lambda place=place: self.answers(place), seconds=START)
        self._keeper = threading.Thread(target=self._keep, name="keeper")
        self._keeper.start()

    def stop(self) -> None:
        """Start nothing any more."""
        self._stop.set()
        self._keeper.join()

    def answers(self, place: Place) -> bool:
        """Whether an API answers."""
        with suppress(httpx.HTTPError):
            return httpx.get(f"{place.url}/healthz", timeout=30).status_code == httpx.codes.OK
        return False

    def pids(self, name: str) -> list[int]:
        """The process of a place; for ``supervised``, the worker beside the API."""
        if name == "supervised":
            serve = self.places["serve"].process
            return children(serve.pid) if serve else []
        process = self.places[name].process
        return [process.pid] if process and process.poll() is None else []

    def signal(self, name: str, number: int) -> None:
        """Send a signal to what runs at a place, if it does."""
        for pid in self.pids(name):
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def _start(self, place: Place) -> None:
        settings = {}
        if place.name == "serve":  # its worker has the clock of number 1
            paths = [str(self.clocks.folder), os.environ["PYTHONPATH"]]
            settings["PYTHONPATH"] = os.pathsep.join(paths)
        if place.process is not None:
            place.process.close()
            self.ships.processes.remove(place.process)
        patch = self.clocks.patch(place.clock)
        place.process = self.ships.command(*place.words, patch=patch, **settings)

    def _keep(self) -> None:
        while not self._stop.wait(PAUSE):
            for place in self.places.values():
                if place.process is not None and place.process.poll() is not None:
                    self._start(place)


@contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """Make a folder a small disk of its own, where that is allowed."""
    folder.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "kirin-histories", str(folder)]
    if os.geteuid() or subprocess.run(mount, check=False, capture_output=True).returncode:  # noqa: S603
        yield False
        return
    try:
        yield True
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)  # noqa: S603, S607


@contextmanager
def a_world(
    kind: str, databases: Databases, folder: Path, objects: Callable[[], ObjectServer] | None
) -> Iterator[World]:
    """A world on an empty database.

    Args:
        kind: of database.
        objects: starts a server of buckets; ``None`` keeps files in the data folder.
    """
    places = [
        Place("serve", ("serve",), 1, port=reserved_port()),
        Place("api", ("api",), 2, port=reserved_port()),
        Place("worker-1", ("worker",), 3),
        Place("worker-2", ("worker",), 4),
    ]
    for place in places:
        if place.port:
            place.words = (*place.words, "--port", str(place.port))
    folder.mkdir(exist_ok=True)
    with ExitStack() as stack:
        settings, gate = dict(SETTINGS), None
        settings["KIRIN_PUBLIC_URL"] = places[1].url
        if objects is not None:
            bucket = objects().bucket()
            port = urlsplit(bucket.partition("endpoint=")[2]).port
            assert port
            gate = stack.enter_context(closing(Gate(port)))
            settings["KIRIN_STORAGE_URL"] = bucket.replace(f":{port}", f":{gate.port}")
            settings |= CREDENTIALS
        disk = stack.enter_context(small_disk(folder / "data"))
        clocks = stack.enter_context(closing(Clocks(folder / "clocks")))
        ships = stack.enter_context(fleet(kind, databases, folder, **settings))
        world = World(kind, ships, databases, clocks, {p.name: p for p in places}, disk, gate)
        world.start()
        try:
            yield world
        finally:
            world.stop()
            for name in ("supervised", *world.places):
                world.signal(name, signal.SIGCONT)


class Stopwatch:
    """Milliseconds since it was made."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def __call__(self) -> int:
        return round((time.monotonic() - self._began) * 1000)
