"""Small storyboards to try engines with, and the pictures that they need."""

from __future__ import annotations

import hashlib
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np

from kirin.domain.assets import Asset, AssetKind
from kirin.domain.storyboard import Shot, Storyboard

SIZE: Final = (160, 96)
"""Width and height of the videos: a frame costs next to nothing."""

FPS: Final = 12
SECONDS: Final = 1.0


def storyboard(*shots: Shot, **facts: Any) -> Storyboard:
    """A small one, of one shot from words where nothing else is said.

    Args:
        facts: fields of the storyboard, in place of the small ones.
    """
    usual: dict[str, Any] = {
        "model": "kirin_v1_t2v",
        "width": SIZE[0],
        "height": SIZE[1],
        "fps": Fraction(FPS),
        "shots": shots or (Shot("a boat on a calm sea", SECONDS),),
        "seed": 7,
    }
    return Storyboard(**{**usual, **facts})


def picture(folder: Path) -> tuple[Asset, Path]:
    """A picture with something in it, and the file that it is in."""
    across = np.linspace(40, 220, 2 * SIZE[0]).astype(np.uint8)
    pixels = np.repeat(np.tile(across, (2 * SIZE[1], 1))[..., None], 3, 2)
    cv2.circle(pixels, SIZE, SIZE[1] // 2, (40, 90, 200), -1)
    file = folder / "picture.png"
    cv2.imwrite(str(file), pixels)
    data = file.read_bytes()
    facts = (hashlib.sha256(data).hexdigest(), AssetKind.IMAGE, "image/png", len(data))
    return Asset(*facts, width=2 * SIZE[0], height=2 * SIZE[1]), file
