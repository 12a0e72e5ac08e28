"""Films of people for lip sync: NASA's portrait of Eileen Collins, and hers mirrored and tinted."""

from __future__ import annotations

import wave
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from skimage import data

from kirin.domain.frame import Frame
from kirin.domain.soundtrack import RATE, Block, Samples
from kirin.media.encode import encode
from kirin.vision.planes import Rgb, picture_to_frame

Placed = tuple[Rgb, tuple[float, float]]
"""A head, and where its corner is in a frame."""

Scene = Callable[[float], list[Placed]]
"""Who is where at a time."""


def heads(side: int) -> tuple[Rgb, Rgb]:
    """Two people's heads, square."""
    portrait: Rgb = data.astronaut()[10:230, 115:335]  # type: ignore[no-untyped-call]
    one = np.asarray(cv2.resize(portrait, (side, side), interpolation=cv2.INTER_CUBIC), np.uint8)
    tinted = one[:, ::-1] * np.array([0.8, 0.75, 0.45])
    return one, np.ascontiguousarray(tinted.astype(np.uint8))


def film(
    path: Path,
    scene: Scene,
    *,
    seconds: float,
    size: tuple[int, int] = (640, 360),
    fps: int = 25,
    sound: Block | None = None,
) -> Path:
    """A film of heads before a still background."""
    width, height = size
    coffee: Rgb = data.coffee()  # type: ignore[no-untyped-call]
    ground = np.asarray(cv2.resize(coffee, size, interpolation=cv2.INTER_AREA), np.uint8)

    def frames() -> Iterator[Frame]:
        for number in range(round(seconds * fps)):
            picture = ground.copy()
            for head, (x, y) in scene(number / fps):
                move = np.array([[1.0, 0.0, x], [0.0, 1.0, y]])
                cv2.warpAffine(head, move, size, picture, cv2.INTER_LINEAR, cv2.BORDER_TRANSPARENT)
            yield picture_to_frame(picture, width, height)

    audio = None if sound is None else Samples(iter([sound]))
    encode(frames(), path, width=width, height=height, fps=Fraction(fps), audio=audio)
    return path


def write_wav(path: Path, sound: Block) -> Path:
    """A sound as a file of 16 bits."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((sound.T * 32767).clip(-32768, 32767).astype("<i2").tobytes())
    return path
