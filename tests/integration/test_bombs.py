"""What the largest pictures cost a server: in a process of its own, by the system's count."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from support.cards import I2V, MOTION, MULTI
from support.pictures import claimed_png, flat_png, padded_jpeg, padded_png, text

TESTS = str(Path(__file__).parents[1])
MOST_BYTES = 10 * 1024 * 1024
MOST_MEMORY = 300 * 2**20
MOST_SECONDS = 8.0
"""Of processors: a machine may be slow and do other work beside."""

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/clear_refs").exists(), reason="only Linux tells the peak of memory"
)

SERVER = """
import json, sys, time
from pathlib import Path
from kirin.app import App
from kirin.logs import configure_logs
from kirin.settings import Settings
from support.api import GENERATION, Api, InProcess

def memory(name):
    return int(Path("/proc/self/status").read_text().partition(name + ":")[2].split()[0]) * 1024

configure_logs("ERROR", "json")
app = App.open(Settings(data_dir=Path(sys.argv[2]), engines="scripted"))
transport = InProcess(app.http())
api = Api(app, transport)
api.create("kirin_v1_6_t2v", prompt="a lake")
before = memory("VmRSS")
for path in sorted(Path(sys.argv[1]).iterdir()):
    body = path.read_bytes()
    Path("/proc/self/clear_refs").write_text("5")  # the peak starts anew
    started = time.process_time()
    answer = api.http.post(GENERATION, content=body)
    seconds, more = time.process_time() - started, memory("VmHWM") - before
    print(json.dumps({"seconds": seconds, "memory": more, "status": answer.status_code,
                      "answer": answer.json()}))
transport.end()
app.close()
"""


def followed(image: bytes) -> dict[str, Any]:
    """A request for motion control with this picture."""
    url = "https://example.com/dance.mp4"
    other = {"video_url": url, "character_orientation": "image", "mode": "std"}
    return {"model": MOTION, "image_url": text(image), **other}


BODIES = {
    "65535 a side": {"model": I2V, "image": text(flat_png(65_535, 65_535))},
    "65535 a side, 1 bit": {"model": I2V, "image": text(flat_png(65_535, 65_535, depth=1))},
    "65535 a side, 10 MiB": {
        "model": I2V,
        "image": text(padded_png(MOST_BYTES, flat_png(65_535, 65_535))),
    },
    "65535 a side, interlaced": {
        "model": I2V,
        "image": text(claimed_png(65_535, 65_535, interlaced=True)),
    },
    "26215 x 65536": followed(flat_png(26_215, 65_536)),
    "10 MiB of PNG": {"model": I2V, "image": text(padded_png(MOST_BYTES))},
    "two of 10 MiB": {
        "model": MULTI,
        "prompt": "a",
        "image_list": [
            {"image": text(padded_png(MOST_BYTES))},
            {"image": text(padded_jpeg(MOST_BYTES))},
        ],
    },
}
REFUSED = {name for name in BODIES if name.startswith("65535")}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What a server needed for each body; what it kept of one counts for the next."""
    folder = tmp_path_factory.mktemp("bombs")
    (folder / "bodies").mkdir()
    for number, body in enumerate(BODIES.values()):
        (folder / "bodies" / f"{number}.json").write_text(json.dumps(body))
    done = subprocess.run(  # noqa: S603  our own interpreter
        [sys.executable, "-c", SERVER, folder / "bodies", folder / "data"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join((TESTS, os.environ["PYTHONPATH"]))},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    return dict(zip(BODIES, told, strict=True))


@pytest.mark.parametrize("name", BODIES)
def test_a_create_takes_bounded_memory_and_time(
    name: str, found: dict[str, dict[str, Any]]
) -> None:  # C-2 MC-1
    told = found[name]
    print(f"{name}: {told['memory'] / 2**20:.0f} MiB, {told['seconds']:.3f} s")  # noqa: T201
    if name in REFUSED:
        (problem,) = told["answer"]["errors"]
        assert (problem["param"], problem["code"]) == ("image", "too_many_pixels")
    else:
        assert told["status"] == 200, told["answer"]
    assert told["memory"] < MOST_MEMORY
    assert told["seconds"] < MOST_SECONDS
