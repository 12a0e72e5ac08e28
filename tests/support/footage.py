"""Source videos for tests: a camera over a textured wall, with or without sound."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from kirin.domain.assets import Asset, AssetKind
from kirin.domain.footage import Footage, FootageUse
from kirin.domain.frame import Frame
from kirin.domain.soundtrack import RATE, Samples, Soundtrack
from kirin.domain.storyboard import Shot, Storyboard
from kirin.engines.animatic.engine import AnimaticEngine
from kirin.engines.base import Clip
from kirin.media.decode import facts
from kirin.media.encode import encode
from kirin.vision.planes import Rgb, picture_to_frame

SIZE = (320, 180)
FPS = Fraction(24)

Path_ = Callable[[float], tuple[float, float, float, float]]
"""From a share of the time to right and down in widths, magnification and clockwise degrees."""


def wall(seed: int = 5, light: int = 120) -> Rgb:
    """A wide picture full of detail at several sizes, shape ``(720, 1280, 3)``."""
    rng = np.random.default_rng(seed)
    layers = [
        cv2.resize(
            rng.normal(0, 26, (9 * k, 16 * k, 3)), (1280, 720), interpolation=cv2.INTER_CUBIC
        )
        for k in (1, 3, 8, 20)
    ]
    return np.clip(light + sum(layers), 0, 255).astype(np.uint8)


def seen(picture: Rgb, at: tuple[float, float, float, float]) -> Rgb:
    """What a camera shows of the middle of a picture."""
    right, down, zoom, degrees = at
    width, height = SIZE
    middle = (640 + right * width, 360 + down * width)
    matrix = cv2.getRotationMatrix2D(middle, degrees, zoom)
    matrix[:, 2] += np.array([width / 2 - middle[0], height / 2 - middle[1]])
    shown = cv2.warpAffine(picture, matrix, SIZE, flags=cv2.INTER_LINEAR)
    return np.asarray(shown, np.uint8)


def film(
    path: Path,
    way: Path_,
    *,
    seconds: float = 3,
    sound: bool = False,
    cut: float | None = None,
    light: int = 120,
) -> Path:
    """Film a wall along a way; after a cut another wall, from the way's start on."""
    count = round(seconds * FPS)
    walls = wall(5, light), wall(9, light)

    def frames() -> Any:
        for number in range(count):
            share = number / (count - 1)
            after = cut is not None and share >= cut
            at = way(share - cut if after and cut is not None else share)
            yield picture_to_frame(seen(walls[after], at), *SIZE)

    tone = np.sin(np.arange(round(seconds * RATE)) * 0.05).astype(np.float32)[None].repeat(2, 0)
    audio: Soundtrack | None = Samples(iter([tone * 0.3])) if sound else None
    encode(frames(), path, width=SIZE[0], height=SIZE[1], fps=FPS, audio=audio)
    return path


def asset(path: Path) -> Asset:
    """What the ingest knows of a video."""
    found = facts(path)
    return Asset(
        str(path),
        AssetKind.VIDEO,
        "video/mp4",
        path.stat().st_size,
        found.width,
        found.height,
        seconds=found.seconds,
        fps=found.fps,
        has_audio=found.has_audio,
    )


def board(path: Path, prompt: str, use: FootageUse, **changes: Any) -> Storyboard:
    """A storyboard of one shot with a video."""
    video = asset(path)
    given = {"prompt": prompt, "seconds": video.seconds, **changes}
    keep = given.pop("keep_sound", False)
    shots = given.pop("shots", None) or (Shot(**given),)
    return Storyboard(
        "kirin_v3_omni_video",
        *SIZE,
        FPS,
        shots,
        seed=1,
        footage=Footage(video, use, keep),
    )


def clip(asked: Storyboard) -> Clip:
    """A render, with nothing drawn yet; an asset's digest is its path."""
    engine = AnimaticEngine()
    return engine.render(asked, lambda a: Path(a.sha256), lambda _: None, lambda: False)


def drawn(asked: Storyboard) -> tuple[list[Frame], dict[str, Any]]:
    """All frames, and the notes."""
    made = clip(asked)
    return list(made.frames), dict(made.notes)


def luma(frame: Frame) -> np.ndarray:
    """The luma of a frame as floats."""
    return frame[: frame.shape[0] * 2 // 3].astype(np.float64)
