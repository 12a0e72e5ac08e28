"""How the server carries load: many clients, many followers, and memory over thousands of requests.

Runs private servers with the scripted engine, on SQLite and, where its programs are found, on a
private PostgreSQL. Each part prints a figure beside its floor or its goal. Shares of time are
compared within one run, in turns where that is possible; the load average is printed with them.

    python bench/load.py [crowd] [past] [followers] [creates] [renders] [--creates 3000] ...
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import cv2
import httpx
import numpy as np

from api import drain, resident_mib
from kirin.client import Kirin, KirinApiError, LocalServer
from scale import (
    FAILED_AT_ONCE,
    GENERATION,
    GREY,
    MODEL,
    PAST,
    Place,
    children,
    ended,
    fill,
    p,
    places,
    serving,
)

CLIENTS = 200
POLL_PAUSE = 1.0
FOLLOWERS = 500
ACCOUNT_STREAMS = "1000"
LATE_MS = 1000.0
Fresh = Callable[[], Iterator[Place]]


async def poller(url: str, key: str, path: str, until: float, times: list[float]) -> None:
    """Ask again and again over one connection, as a light client does."""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    request = f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n\r\n".encode()
    await asyncio.sleep(POLL_PAUSE * (id(writer) % 997) / 997)
    while time.monotonic() < until:
        started = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line.split(b":")[1])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length")
        )
        await reader.readexactly(length)
        times.append((time.perf_counter() - started) * 1000)
        await asyncio.sleep(POLL_PAUSE)
    writer.close()


async def polled(server: LocalServer, ids: list[str], clients: int, seconds: float) -> list[float]:
    """Wall milliseconds of the polls of so many clients, each once a second."""
    times: list[float] = []
    until = time.monotonic() + seconds
    paths = [f"{GENERATION}/task/{ids[n % len(ids)]}" for n in range(clients)]
    asked = (poller(server.base_url, server.api_key, path, until, times) for path in paths)
    await asyncio.gather(*asked)
    return times


def crowd(fresh: Fresh, options: argparse.Namespace) -> None:
    """p99 of polls by many clients, without work and while two workers render."""
    for place in fresh():
        with serving(place, 2) as server, server.client() as kirin:
            done = [kirin.create(MODEL, {"prompt": FAILED_AT_ONCE})["id"] for _ in range(60)]
            for id in done:
                ended(kirin, id)
            idle = asyncio.run(polled(server, done, CLIENTS, options.seconds))
            ids = [kirin.create(MODEL, {"prompt": GREY})["id"] for _ in range(options.tasks)]
            busy = asyncio.run(polled(server, ids, CLIENTS, options.seconds))
            completed = [kirin.task(id)["status"] for id in ids].count("completed")
            drain(kirin)
        print(
            f"crowd       {place.name:<11} {CLIENTS} clients: p99 {p(idle, 99):.1f} ms idle, "
            f"{p(busy, 99):.1f} ms while {completed} of {len(ids)} videos were made: "
            f"{p(busy, 99) / p(idle, 99):.1f} x  goal 10 x"
        )


def acts(server: LocalServer) -> dict[str, Callable[[], object]]:
    """Polls a task of this server once, or creates one."""
    headers = {"Authorization": f"Bearer {server.api_key}"}
    client = httpx.Client(base_url=server.base_url, headers=headers, timeout=60)
    body = {"model": MODEL, "input": [{"params": {"prompt": FAILED_AT_ONCE}}]}

    def create() -> httpx.Response:
        return client.post(GENERATION, json=body).raise_for_status()

    id = create().json()["id"]
    return {
        "poll": lambda: client.get(f"{GENERATION}/task/{id}").raise_for_status(),
        "create": create,
    }


def past(fresh: Fresh, options: argparse.Namespace) -> None:
    """p99 of polls and creates with 100,000 ended tasks against none: two servers at once, each
    asked in turn. Thus what else the machine does meets both, and a p99 is not that of a luckier
    second."""
    for empty, full in zip(fresh(), fresh(), strict=True):
        with serving(full):
            pass
        fill(full)
        with serving(empty) as first, serving(full) as second:
            both = (acts(first), acts(second))
            for name, rounds in (("poll", options.rounds * 400), ("create", options.rounds * 80)):
                found: tuple[list[float], list[float]] = ([], [])
                for _ in range(rounds):
                    for act, times in zip(both, found, strict=True):
                        started = time.perf_counter()
                        act[name]()
                        times.append((time.perf_counter() - started) * 1000)
                none, many = (p(times, 99) for times in found)
                print(
                    f"past        {empty.name:<11} {name} p99 {none:.2f} ms without a past, "
                    f"{many:.2f} ms with {PAST:,} ended tasks: {many / none:.2f} x  goal 1.2 x"
                )


async def follow(
    server: LocalServer, id: str, told: list[tuple[str, float]], ready: asyncio.Event
) -> None:
    """Follow a task's events, and note when its end came."""
    parts = urlsplit(server.base_url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    head = (
        f"GET {GENERATION}/task/{id}/stream HTTP/1.1\r\nHost: x\r\n"
        f"Authorization: Bearer {server.api_key}\r\nAccept: text/event-stream\r\n\r\n"
    )
    writer.write(head.encode())
    with suppress(asyncio.IncompleteReadError, ConnectionError):
        while line := await reader.readline():
            if line.startswith(b"data:"):
                ready.set()
                task = json.loads(line[5:])
                if isinstance(task, dict) and task.get("status") in ("completed", "failed"):
                    told.append((id, time.monotonic()))
                    break
    writer.close()


def followers(fresh: Fresh, _: argparse.Namespace) -> None:
    """How late the followers of many tasks on one API process learn of their ends."""
    for place in fresh():
        settings = {"KIRIN_STREAMS": ACCOUNT_STREAMS, "KIRIN_CONNECTIONS": "2000"}
        with serving(place, 1, **settings) as server, server.client() as kirin:

            async def watch(server: LocalServer = server, kirin: Kirin = kirin) -> list[float]:
                told: list[tuple[str, float]] = []
                over: dict[str, float] = {}
                ids = [kirin.create(MODEL, {"prompt": GREY})["id"] for _ in range(25)]
                seen = [asyncio.Event() for _ in range(FOLLOWERS)]
                tasks = [
                    asyncio.create_task(follow(server, ids[n % len(ids)], told, seen[n]))
                    for n in range(FOLLOWERS)
                ]
                await asyncio.gather(*(each.wait() for each in seen))

                def cancel() -> None:
                    for id in ids:
                        with suppress(KirinApiError):  # it has ended by itself
                            kirin.cancel(id)
                            over[id] = time.monotonic()

                await asyncio.to_thread(cancel)
                await asyncio.wait_for(asyncio.gather(*tasks), 120)
                return [(at - over[id]) * 1000 for id, at in told if id in over]

            told = asyncio.run(watch())
        late = sum(each > LATE_MS for each in told)
        print(
            f"followers   {place.name:<11} of {FOLLOWERS}, {len(told)} of tasks that were "
            f"cancelled; told p50 {statistics.median(told):.0f}, last {max(told):.0f} ms after the "
            f"answer to that; {late} later than {LATE_MS:.0f} ms  goal 0"
        )


def pictures(count: int) -> Iterator[str]:
    """Different pictures of about 100 kB, as base64."""
    chance = np.random.default_rng(1)
    for _ in range(count):
        noise = chance.integers(0, 255, (330, 330, 3), np.uint8)
        yield b64encode(cv2.imencode(".jpg", noise)[1].tobytes()).decode()


def growth(name: str, place: Place, seen: list[tuple[int, float]], most: float) -> None:
    """Print how memory went, and by how much it grew over the second half."""
    middle, last = seen[len(seen) // 2][1], seen[-1][1]
    run = "  ".join(f"{count}: {mib:.0f}" for count, mib in seen)
    print(
        f"{name:<11} {place.name:<11} MiB resident after {run}; "
        f"{last - middle:+.1f} MiB over the second half  goal {most:.0f}"
    )


def creates(fresh: Fresh, options: argparse.Namespace) -> None:
    """Memory of the API process over many creates with a picture."""
    for place in fresh():
        with serving(place) as server, server.client() as kirin:
            headers = {"Authorization": f"Bearer {server.api_key}"}
            seen = []
            pid = server.process.pid
            with httpx.Client(base_url=server.base_url, headers=headers, timeout=60) as client:
                for n, picture in enumerate(pictures(options.creates), 1):
                    body = {"model": "kirin_v1_i2v", "image": picture}
                    client.post(GENERATION, json=body).raise_for_status()
                    if n % (options.creates // 10) == 0:
                        drain(kirin)
                        time.sleep(1.5)  # until freed memory was given back
                        seen.append((n, resident_mib(pid)))
        growth("creates", place, seen, 5)


def renders(fresh: Fresh, options: argparse.Namespace) -> None:
    """Memory of the worker over many renders by the animatic engine."""
    for place in fresh():
        settings = {"KIRIN_ENGINES": "animatic", "KIRIN_SLOTS": "1"}
        with serving(place, 1, **settings) as server, server.client() as kirin:
            (worker,) = children(server.process.pid)
            seen = []
            for n in range(1, options.renders + 1):
                ended(kirin, kirin.create(MODEL, {"prompt": f"a lake at dawn, {n}"})["id"])
                if n % (options.renders // 10) == 0:
                    seen.append((n, resident_mib(worker)))
        growth("renders", place, seen, 20)


PARTS = {
    "crowd": crowd,
    "past": past,
    "followers": followers,
    "creates": creates,
    "renders": renders,
}


def main() -> None:
    """Run what is asked for, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], default=list(PARTS))
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--tasks", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--creates", type=int, default=3000)
    parser.add_argument("--renders", type=int, default=50)
    options = parser.parse_args()
    print(f"{os.cpu_count()} cores, load average before: {os.getloadavg()[0]:.1f}")
    with places() as fresh:
        for name in options.parts:
            PARTS[name](fresh, options)


if __name__ == "__main__":
    main()
