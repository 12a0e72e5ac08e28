"""Requests to a whole server with open models, followed in the background from the first test on:
the server has a core of its own meanwhile.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from kirin.client import Kirin
from kirin.domain.soundtrack import Copied
from kirin.engines.diffusion.registry import built_in
from kirin.engines.diffusion.weight_store import WeightStore
from kirin.media.decode import frames
from kirin.media.encode import encode
from kirin.vision.planes import picture_to_frame
from kirin_client import Task
from support import tiny
from support.loopback import FileHost
from support.pictures import base64
from support.servers import local_server
from support.small import served
from support.sound import clicking
from support.studio import WALKING

T2V, I2V, MULTI, V3 = "kirin_v1_6_t2v", "kirin_v1_i2v", "kirin_v1_6_multi_i2v", "kirin_v3_i2v"
MOTION = "kirin_v3_motion_control"

WALK = "walk.mp4"
"""Name of the film that a request follows; the host of it is not known before."""

TESTS = Path(__file__).parents[1]
PATIENCE = 240


def picture(red: int, blue: int) -> str:
    """A picture in base64, its upper half white."""
    pixels = np.full((300, 400, 3), 255, np.uint8)
    pixels[150:] = (red, 30, blue)
    return base64(pixels)


def mask(left: int, right: int) -> str:
    """A mask of the pictures, white between two columns."""
    pixels = np.zeros((300, 400, 3), np.uint8)
    pixels[:, left:right] = 255
    return base64(pixels)


FIRST, LAST = picture(200, 30), picture(30, 200)
BRUSH = {"mask": mask(0, 150), "trajectories": [{"x": 60, "y": 150}, {"x": 200, "y": 180}]}


@dataclass(frozen=True)
class Case:
    """A request, and what must come of it."""

    open_model: str
    kind: str
    params: dict[str, Any]
    size: tuple[int, int] = (1108, 832)
    seconds: int = 5
    fps: int = 30
    sound: bool = False


CASES = [
    Case(
        "wan2.2-t2v-a14b",
        T2V,
        {"prompt": "a lake", "negative_prompt": "fog"},
        size=(1280, 720),
        fps=24,
    ),
    Case("wan2.2-i2v-a14b", I2V, {"image": FIRST}),
    Case(
        "wan2.1-flf2v-14b",
        V3,
        {"prompt": "a lake", "image": FIRST, "image_tail": LAST, "duration": "3"},
        seconds=3,
        fps=24,
    ),
    Case("wan-move-14b", I2V, {"image": FIRST, "dynamic_masks": [BRUSH]}),
    Case(
        "wan2.1-vace-14b",
        MULTI,
        {"prompt": "a cat and a hat", "image_list": [{"image": FIRST}, {"image": LAST}]},
        size=(1280, 720),
        fps=24,
    ),
    Case(
        "ltx-2-19b",
        V3,
        {"prompt": "a lake", "image": FIRST, "sound": "on", "duration": "3"},
        seconds=3,
        fps=24,
        sound=True,
    ),
    Case(
        "wan2.2-animate-14b",
        MOTION,
        {
            "image_url": FIRST,
            "video_url": WALK,
            "character_orientation": "image",
            "mode": "std",
        },
        seconds=3,
        sound=True,
    ),
]


def walking(folder: Path) -> bytes:
    """Three seconds of somebody who walks, with sound, as large as requests have it."""
    sound = clicking(folder / "clicks.mp4", "aac", at=(0.5, 2.0), seconds=3)
    path, width, height = folder / WALK, 720, 374
    planes = (picture_to_frame(rgb, width, height) for rgb in frames(WALKING))
    encode(planes, path, width=width, height=height, fps=Fraction(30), audio=Copied(sound))
    return path.read_bytes()


@dataclass
class Made:
    """What came of a request.

    Attributes:
        task: as the server shows it at last.
        path: the file.
        told: the progress at each look.
    """

    task: Task
    path: Path
    told: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Premiere:
    """A server, and the requests that it works on.

    Attributes:
        kirin: a client of the server.
        films: by open model, what comes of its request.
    """

    kirin: Kirin
    films: dict[str, Future[Made]]


@contextmanager
def premiere(hub: Path, folder: Path) -> Iterator[Premiere]:
    """A server on the processor that offers every open model, each with tiny weights.

    Args:
        hub: the cache that has the weights; what is missing is put there.
        folder: for the server's data and the films.
    """
    store = WeightStore(hub, is_default=False)
    for model in map(served, built_in()):
        if store.find(model) is None:
            tiny.put(store, model, tiny.PIPELINES[model.id]())
    settings = {
        "KIRIN_ENGINES": "diffusion",
        "KIRIN_DEVICE": "cpu",
        "KIRIN_WEIGHTS_DIR": str(hub),
        "KIRIN_DIFFUSION_ACCEPT": "ltx-2-19b",
        "KIRIN_LOG_LEVEL": "WARNING",
        "PYTHONPATH": ":".join([str(TESTS / "support" / "tinied"), str(TESTS), *sys.path]),
        "OMP_NUM_THREADS": "1",
        "KIRIN_POLL_SECONDS": "0.2",
    }
    with (
        local_server(folder, **settings) as server,
        server.client() as kirin,
        FileHost() as host,
        ThreadPoolExecutor(1) as follower,
    ):
        host.add(WALK, walking(folder))

        def follow(case: Case) -> Made:
            params = {k: host.url(WALK) if v == WALK else v for k, v in case.params.items()}
            progress: list[float] = []
            task = kirin.wait(
                kirin.create(case.kind, params)["id"],
                on_change=lambda task: progress.append(task["progress"]),
                timeout=PATIENCE,
                interval=0.5,  # a look costs as much as a step
            )
            path = folder / f"{case.open_model}.mp4"
            kirin.download(task, path)
            return Made(task, path, progress)

        films = {case.open_model: follower.submit(follow, case) for case in CASES}
        try:
            yield Premiere(kirin, films)
        finally:
            follower.shutdown(cancel_futures=True)
