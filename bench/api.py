"""What the API process costs: CPU milliseconds a request, and start-to-finish latency.

Runs a private server with the scripted engine, sends requests from several threads, and reads
the server's own CPU time before and after. The figures are CPU time, so another program on the
machine disturbs them little; the floor is a route that does nothing (/healthz) in the same run.

    python bench/api.py [--requests 2000] [--threads 8] [--only mcp]

``--only mcp`` compares polls of a task natively and by the Model Context Protocol, in turns.
"""

from __future__ import annotations

import argparse
import asyncio
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
import httpx2
import numpy as np
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from kirin.client import Kirin, KirinApiError, LocalServer

PLUGINS = str(Path(__file__).parents[1] / "tests" / "plugins")  # the engine scripted is there
TICKS = os.sysconf("SC_CLK_TCK")

OLDER, MODERN = "2025-11-25", "2026-07-28"
"""Revisions of the Model Context Protocol: with a handshake, and without."""

LOOK = {"poster": False}
"""A poll of a task that has ended would make a picture of its result, which is no poll's work."""

ROUNDS = 8
"""In which what is compared takes turns."""


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


def tool_call(task: str, version: str) -> tuple[dict[str, object], dict[str, str]]:
    """A poll of a task as a message of the Model Context Protocol, and its headers."""
    params: dict[str, object] = {"name": "get_task", "arguments": {"task_id": task, **LOOK}}
    headers = {
        "Accept": "application/json, text/event-stream",
        "MCP-Protocol-Version": version,
    }
    if version == MODERN:
        prefix = "io.modelcontextprotocol"
        params["_meta"] = {
            f"{prefix}/protocolVersion": version,
            f"{prefix}/clientInfo": {"name": "bench", "version": "1"},
            f"{prefix}/clientCapabilities": {},
        }
        headers |= {"Mcp-Method": "tools/call", "Mcp-Name": "get_task"}
    return {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}, headers


def official_client(server: LocalServer, task: str, mode: str, count: int) -> float:
    """CPU milliseconds of the server for a call by the protocol's own client."""

    async def work() -> float:
        keys = {"Authorization": f"Bearer {server.api_key}"}
        async with httpx2.AsyncClient(headers=keys, timeout=60) as http:
            transport = streamable_http_client(f"{server.base_url}/mcp", http_client=http)
            async with Client(transport, mode=mode) as client:
                await client.call_tool("get_task", {"task_id": task, **LOOK})
                before = cpu_seconds(server.process.pid)
                for _ in range(count):
                    await client.call_tool("get_task", {"task_id": task, **LOOK})
                return (cpu_seconds(server.process.pid) - before) * 1000 / count

    return asyncio.run(work())


def compare_polls(server: LocalServer, task: str, requests: int) -> None:
    """Print what a poll costs natively and by the Model Context Protocol."""
    path = f"/model/v1/generation/task/{task}"
    acts: dict[str, Callable[[int], float]] = {
        "native": lambda count: measure(server, count, 1, lambda c: c.get(path))[0]
    }
    for version in (OLDER, MODERN):
        message, headers = tool_call(task, version)
        acts[f"mcp {version}"] = lambda count, message=message, headers=headers: measure(  # type: ignore[misc]
            server, count, 1, lambda c: c.post("/mcp", json=message, headers=headers)
        )[0]
    for mode in ("legacy", MODERN):
        acts[f"mcp client, {mode}"] = lambda count, mode=mode: official_client(  # type: ignore[misc]
            server, task, mode, count
        )
    spent: dict[str, list[float]] = {name: [] for name in acts}
    for act in acts.values():
        act(20)  # what the first messages load
    for _ in range(ROUNDS):
        for name, act in acts.items():
            spent[name].append(act(requests // ROUNDS))
    native = statistics.median(spent["native"])
    for name, each in spent.items():
        middle = statistics.median(each)
        print(f"poll, {name:<24} {middle:6.2f} ms CPU  {middle / native:5.2f} x native  goal 1.3")


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
    parser.add_argument("--only", choices=["mcp"])
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
        if options.only == "mcp":
            compare_polls(server, task, options.requests)
            return
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
        report("poll", cpu, walls, floor, "goal 2.0 x")
        clients = (
            (options.threads, "create", "goal 6 x"),
            (1, "create, one client", "shares no transaction"),
        )
        for threads, name, goal in clients:
            few = (server, options.requests // 10, threads)
            cpu, walls = measure(*few, lambda c: c.post("/model/v1/generation", json=body))
            report(name, cpu, walls, floor, goal)
            drain(kirin)
        image = {"model": "kirin_v1_i2v", "image": large_picture()}
        big = len(image["image"]) / 2**20
        peak, after = memory_of(server, lambda c: c.post("/model/v1/generation", json=image))
        print(
            f"memory of one body of {big:.1f} MiB: peak +{peak:.0f} MiB, {after:+.0f} MiB after it"
        )
        cpu, walls = measure(server, 20, 1, lambda c: c.post("/model/v1/generation", json=image))
        report("create, 10 MB picture", cpu, walls, floor, "goal 45 x")
        print(f"create to completed, 120 grey frames: p50 {statistics.median(latencies):.0f} ms")


if __name__ == "__main__":
    main()
