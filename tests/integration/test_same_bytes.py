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

kind, folder = sys.argv[1], Path(sys.argv[2])

def asset(name, pixels):
    Image.fromarray(pixels).save(folder / name)
    height, width = pixels.shape[:2]
    return Asset(name, AssetKind.IMAGE, "image/png", 1, width, height)

portrait, coffee = asset("portrait.png", data.astronaut()), asset("coffee.png", data.coffee())
mask = np.zeros((512, 512), np.uint8)
mask[100:300, 150:300] = 255
stroke = Stroke(asset("mask.png", mask), (Point(200, 200), Point(260, 240)))
shot = {
    "scene": Shot("a stormy sea at night, handheld", 1),
    "photo": Shot("orbit left", 1, first=portrait),
    "brush": Shot("", 1, first=portrait, strokes=(stroke,)),
    "between": Shot("", 1, first=portrait, last=coffee),
    "subjects": Shot("on a beach", 1, references=(Reference("", (portrait,)),
                                                  Reference("", (coffee,)))),
}[kind]
board = Storyboard("any", 320, 320, Fraction(24), (shot,), sound=True, seed=11)
clip = AnimaticEngine().render(board, lambda a: folder / a.sha256, lambda _: None, lambda: False)
encode(clip.frames, folder / "video.mp4", width=320, height=320, fps=board.fps, audio=clip.audio)
"""


def rendered(kind: str, folder: Path, hash_seed: str) -> str:
    folder.mkdir()
    command = [sys.executable, "-c", RENDER, kind, str(folder)]
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    subprocess.run(command, check=True, env=environment, timeout=120)  # noqa: S603  # our own
    return hashlib.sha256((folder / "video.mp4").read_bytes()).hexdigest()


@pytest.mark.parametrize("kind", ["scene", "photo", "brush", "between", "subjects"])
def test_another_process_makes_the_same_file(kind: str, tmp_path: Path) -> None:
    first = rendered(kind, tmp_path / "first", "1")
    assert rendered(kind, tmp_path / "again", "2") == first
