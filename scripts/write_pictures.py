"""Render the pictures of the documentation: frames of the animatic engine, from prompts.

    python scripts/write_pictures.py

Takes a few minutes; run it when drawn shots look better than the pictures that show them.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from kirin.domain.assets import Asset
from kirin.domain.storyboard import Shot, Storyboard
from kirin.engines.animatic.engine import AnimaticEngine
from kirin.vision.planes import Rgb

IMAGES: Final = Path(__file__).parents[1] / "docs" / "images"
STRIP: Final = "A fox runs through a snowy forest at dawn, the camera follows"
TWELVE: Final = (
    "A woman with an umbrella walks down a neon street in the rain at night",
    "A chef cooks in the kitchen",
    "Three dogs chase a cat in the park",
    "Film noir: a detective walks down an alley in the rain",
    "A racing car drives on a race track, the camera follows",
    "A shark swims over a coral reef",
    "A wizard reads a book in a library at night",
    "Watercolour of a rabbit in a garden",
    "Two astronauts walk on the moon",
    "Pixel art of a knight fighting a dragon",
    "Kids build a snowman while it snows",
    "两只企鹅在雪地上跳舞",
)
CELL: Final = (400, 226)  # width and height of a frame in a picture, both even
SECONDS, FPS = 3.0, Fraction(24)


def main() -> None:
    """Write all pictures."""
    strip = frames(STRIP, [9 * n for n in range(8)])
    write("from-a-prompt.jpg", [strip[:4], strip[4:]])
    cells = [frames(prompt, [40])[0] for prompt in TWELVE]
    write("twelve-shots.jpg", [cells[start : start + 3] for start in range(0, len(cells), 3)])


def frames(prompt: str, numbers: Sequence[int]) -> list[Rgb]:
    """Frames of a prompt's video at 720p, reduced to cells."""
    board = Storyboard(
        model="kirin_v1_6_t2v",
        width=1280,
        height=720,
        fps=FPS,
        shots=(Shot(prompt=prompt, seconds=SECONDS),),
        seed=7,
    )
    clip = AnimaticEngine().render(board, _no_asset, lambda _: None, lambda: False)
    found = []
    for number, frame in enumerate(clip.frames):
        if number in numbers:
            rgb = cv2.cvtColor(frame, cv2.COLOR_YUV2RGB_I420)
            small = cv2.resize(rgb, CELL, interpolation=cv2.INTER_AREA)
            found.append(np.asarray(small, np.uint8))
        if number == max(numbers):
            break
    return found


def write(name: str, rows: Sequence[Sequence[Rgb]]) -> None:
    """Write rows of cells as a JPEG picture."""
    picture = np.vstack([np.hstack(row) for row in rows])
    bgr = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    cv2.imwrite(str(IMAGES / name), bgr, [cv2.IMWRITE_JPEG_QUALITY, 86])


def _no_asset(asset: Asset) -> Path:
    raise FileNotFoundError(asset)


if __name__ == "__main__":
    main()
