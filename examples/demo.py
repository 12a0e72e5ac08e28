"""Two videos from nothing: one from a prompt, one from a photograph.

Starts a private server, makes the videos through its HTTP API like any client would, and
leaves them with a contact sheet each in ``demo-output/``.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from kirin.cli.progress import watch_task
from kirin.client import Kirin, LocalServer
from kirin.media.contact_sheet import contact_sheet
from kirin_client import picture

HERE = Path(__file__).parent
OUTPUT = HERE.parent / "demo-output"

REQUESTS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    (
        "from-a-prompt",
        "kirin_v1_6_t2v",
        {"prompt": "A fox runs through a snowy forest at dawn, the camera follows"},
    ),
    (
        "from-a-photo",
        "kirin_v1_i2v",
        {
            "image": picture(HERE / "photos" / "china.jpg"),
            "prompt": "The camera pushes in slowly while panning right",
        },
    ),
)


def make(kirin: Kirin, name: str, model: str, params: dict[str, Any]) -> None:
    """Make one video and say where it is."""
    started = time.monotonic()
    task = watch_task(kirin, kirin.create(model, params)["id"], label=model)
    video = kirin.download(task, OUTPUT / f"{name}.mp4")
    seconds = time.monotonic() - started
    sheet = OUTPUT / f"{name}.png"
    contact_sheet(video, sheet)
    facts = task["metadata"]
    print(f"{model}: {seconds:.1f} s")
    print(f"  video  {video}")
    print(f"  sheet  {sheet}")
    print(
        f"  {facts['width']}x{facts['height']}, {facts['fps']} fps, {facts['frames']} frames, "
        f"{facts['duration']:g} s, price {task['usage']['cost']} USD"
    )


def main() -> None:
    """Make all of them."""
    OUTPUT.mkdir(exist_ok=True)
    print("starting a private server ...")
    with LocalServer(settings={"KIRIN_LOG_LEVEL": "WARNING"}) as server, server.client() as kirin:
        for name, model, params in REQUESTS:
            make(kirin, name, model, params)


if __name__ == "__main__":
    main()
