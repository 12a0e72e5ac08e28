"""The same storyboard and seed: the same file, to the bit, from another process."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

RENDER = """
import sys
from fractions import Fraction
from pathlib import Path
import numpy as np
from PIL import Image
from skimage import data
from kirin.domain.assets import Asset, AssetKind
from kirin.domain.storyboard import *
from kirin.engines.animatic.engine import AnimaticEngine
from kirin.media.encode import encode

folder = Path(sys.argv[1])

def asset(name, pixels):
    Image.fromarray(pixels).save(folder / name)
    height, width = pixels.shape[:2]
    return Asset(name, AssetKind.IMAGE, "image/png", 1, width, height)

portrait, coffee = asset("portrait.png", data.astronaut()), asset("coffee.png", data.coffee())
mask = np.zeros((512, 512), np.uint8)
mask[100:300, 150:300] = 255
stroke = Stroke(asset("mask.png", mask), (Point(200, 200), Point(260, 240)))
shots = {
    "scene": Shot("a stormy sea at night, handheld", 1),
    "photo": Shot("orbit left", 1, first=portrait),
    "brush": Shot("", 1, first=portrait, strokes=(stroke,)),
    "between": Shot("", 1, first=portrait, last=coffee),
    "subjects": Shot("on a beach", 1, references=(Reference("", (portrait,)),
                                                  Reference("", (coffee,)))),
}
engine, size = AnimaticEngine(), {"width": 320, "height": 320}
for kind, shot in shots.items():
    board = Storyboard("any", 320, 320, Fraction(24), (shot,), sound=True, seed=11)
    clip = engine.render(board, lambda a: folder / a.sha256, lambda _: None, lambda: False)
    encode(clip.frames, folder / f"{kind}.mp4", fps=board.fps, audio=clip.audio, **size)
"""


def rendered(folder: Path, hash_seed: str) -> dict[str, str]:
    """The hash of each kind's video, made in a process of their own."""
    folder.mkdir()
    command = [sys.executable, "-c", RENDER, str(folder)]
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    subprocess.run(command, check=True, env=environment, timeout=280)  # noqa: S603  # our own
    videos = folder.glob("*.mp4")
    return {path.stem: hashlib.sha256(path.read_bytes()).hexdigest() for path in videos}


@pytest.mark.timeout(600)
def test_another_process_makes_the_same_files(tmp_path: Path) -> None:
    first = rendered(tmp_path / "first", "1")
    assert len(set(first.values())) == 5
    assert rendered(tmp_path / "again", "2") == first
