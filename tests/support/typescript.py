"""What the client in TypeScript does, in Node.js and in a browser, and what must come of it."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kirin.client import LocalServer
from kirin.media.decode import facts
from support.cards import I2V, T2V
from support.flaky import Flaky, busy, cut, drop, lose
from support.pictures import flat_png


@contextmanager
def bad_connections(server: LocalServer) -> Iterator[tuple[dict[str, Any], Flaky]]:
    """What ``tests/clients/kirin_acts.mjs`` is given: a server, and two bad ways to it."""
    with Flaky(server.base_url) as flaky, Flaky(server.base_url) as cutting:
        flaky.mishaps = [drop, busy, lose, cut]
        cutting.mishaps = [cut, drop, cut]
        given = {
            "base_url": server.base_url,
            "api_key": server.api_key,
            "flaky": flaky.url("")[:-1],
            "cutting": cutting.url("")[:-1],
            "picture": b64encode(flat_png(400, 300)).decode(),
            "model": T2V,
            "from_picture": I2V,
        }
        yield given, flaky
        flaky.http.close()
        cutting.http.close()


def check(told: Mapping[str, Any], flaky: Flaky, folder: Path) -> None:
    """Every act came to its right end."""
    assert told["health"] == "ok"
    assert T2V in told["models"]
    assert float(told["quote"]) > 0
    assert told["upload"] == ["image", 400, 300]
    assert (told["upload_of_a_stream"], told["form"]) == (400, 400)
    assert told["events"][-1] == ["done", True, True]
    assert told["done"] == ["completed", {"order": 7}]
    assert told["seen"] == ["completed"]
    video = folder / "video.mp4"
    video.write_bytes(b64decode(told["video"]))
    assert facts(video).frame_count == 150
    assert told["streamed"]
    assert told["poster"] == "WEBP"
    assert told["listed"] == [True, True]
    assert told["raw"] == [200, True, True]
    assert told["refused"] == [True, "BadRequest", "invalid_parameters", ["mode", "prompt"], True]
    assert told["stranger"] == [True, 401]
    assert told["failed"] == [True, "002004095"]
    assert told["late"]
    assert told["news"]
    assert told["closed"] == "AbortError"
    assert told["single"]
    keys = [key for method, key in flaky.passed if method == "POST"]
    assert len(keys) == 3  # lost, cut, and the one that came back
    assert len(set(keys)) == 1
    assert told["resumed"]
    assert told["removed"]
    assert told["leaks"] == []
    assert told["logged"]
