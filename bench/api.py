"""What the API process costs: CPU milliseconds a request, and start-to-finish latency.

Runs a private server with the scripted engine, sends requests from several threads, and reads
the server's own CPU time before and after. The figures are CPU time, so another program on the
machine disturbs them little; the floor is a route that does nothing (/healthz) in the same run.

    python bench/api.py [--requests 2000] [--threads 8]
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import cv2
import httpx
import numpy as np

from kirin.client import Kirin, KirinApiError, LocalServer

PLUGINS = str(Path(__file__).parents[1] / "tests" / "plugins")  # the engine scripted is there
TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def resident_mib(pid: int, name: str = "VmRSS") -> float:
    """Memory of a process in MiB; ``VmHWM`` is the most it ever had."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024


def measure(
    server: LocalServer, requests: int, threads: int, act: Callable[[httpx.Client], httpx.Response]
) -> tuple[float, list[float]]:
    """CPU milliseconds a request of the server, and each request's wall milliseconds."""
    headers = {"Authorization": f"Bearer {server.api_key}"}

    def work(count: int) -> list[float]:
        times = []
        with httpx.Client(base_url=server.base_url, headers=headers, timeout=60) as client:
            for _ in range(count):
                started = time.perf_counter()
                act(client).raise_for_status()
                times.append((time.perf_counter() - started) * 1000)
        return times

    with ThreadPoolExecutor(threads) as pool:
        before = cpu_seconds(server.process.pid)
        walls = list(pool.map(work, [requests // threads] * threads))
        spent = cpu_seconds(server.process.pid) - before
    all_walls = [wall for part in walls for wall in part]
    return spent * 1000 / len(all_walls), all_walls


def report(name: str, cpu: float, walls: list[float], floor: float, goal: str) -> None:
    """Print a line of the table."""
    p99 = sorted(walls)[int(len(walls) * 0.99)]
    print(
        f"{name:<22} {cpu:6.2f} ms CPU  {cpu / floor:5.1f} x floor  "
        f"wall p50 {statistics.median(walls):6.1f} p99 {p99:6.1f} ms  {goal}"
    )


def memory_of(
    server: LocalServer, act: Callable[[httpx.Client], httpx.Response]
) -> tuple[float, float]:
    """MiB that one request adds at its peak, and two seconds after its answer."""
    pid = server.process.pid
    Path(f"/proc/{pid}/clear_refs").write_text("5")  # forget the peak so far
    before = resident_mib(pid)
    measure(server, 1, 1, act)
    peak = resident_mib(pid, "VmHWM")
    time.sleep(2)
    return peak - before, resident_mib(pid) - before


def large_picture() -> str:
    """A JPEG of just under 10 MiB as base64."""
    noise = np.random.default_rng(1).integers(0, 255, (3000, 3400, 3), np.uint8)
    for quality in range(95, 30, -3):
        encoded = cv2.imencode(".jpg", noise, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()
        if len(encoded) <= 10 * 1024 * 1024:
            return b64encode(encoded).decode()
    raise RuntimeError("no quality is small enough")


def drain(kirin: Kirin) -> None:
    """Cancel what is still queued, so that the worker does not disturb what comes next."""
    while waiting := kirin.tasks(limit=100, stage="queued")["tasks"]:
        for task in waiting:
            with suppress(KirinApiError):  # it has ended meanwhile
                kirin.cancel(task["id"])


def main() -> None:
    """Run all and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=2000)
    parser.add_argument("--threads", type=int, default=8)
    options = parser.parse_args()
    settings = {
        "KIRIN_ENGINES": "scripted",
        "KIRIN_LOG_LEVEL": "WARNING",
        "PYTHONPATH": os.pathsep.join(filter(None, (PLUGINS, os.environ.get("PYTHONPATH")))),
    }
    body = {"model": "kirin_v1_6_t2v", "input": [{"params": {"prompt": "a quiet lake"}}]}
    with LocalServer(settings=settings) as server, server.client() as kirin:
        task = kirin.create("kirin_v1_6_t2v", {"prompt": "warm up"})["id"]
        kirin.wait(task, timeout=60)
        latencies = []
        for _ in range(5):
            started = time.perf_counter()
            kirin.wait(kirin.create("kirin_v1_6_t2v", {"prompt": "tiny"})["id"], interval=0.01)
            latencies.append((time.perf_counter() - started) * 1000)
        path = f"/model/v1/generation/task/{task}"
        run = (server, options.requests, options.threads)
        floor, walls = measure(*run, lambda c: c.get("/healthz"))
        report("floor (/healthz)", floor, walls, floor, "")
        cpu, walls = measure(*run, lambda c: c.get(path))
        report("poll", cpu, walls, floor, "goal 0.7")
        few = (server, options.requests // 10, options.threads)
        cpu, walls = measure(*few, lambda c: c.post("/model/v1/generation", json=body))
        report("create", cpu, walls, floor, "goal 3")
        image = {"model": "kirin_v1_i2v", "image": large_picture()}
        drain(kirin)
        big = len(image["image"]) / 2**20
        peak, after = memory_of(server, lambda c: c.post("/model/v1/generation", json=image))
        print(
            f"memory of one body of {big:.1f} MiB: peak +{peak:.0f} MiB, {after:+.0f} MiB after it"
        )
        cpu, walls = measure(server, 20, 1, lambda c: c.post("/model/v1/generation", json=image))
        report("create, 10 MB picture", cpu, walls, floor, "goal 40")
        print(f"create to completed, 120 grey frames: p50 {statistics.median(latencies):.0f} ms")


if __name__ == "__main__":
    main()
