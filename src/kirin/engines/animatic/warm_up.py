"""Warming up: what the first video of a process would wait for is done before it is asked for.

The first video of a process imports a hundred modules, reads the dictionary, loads the networks,
and compiles its inner loops, or loads what an earlier process compiled: twice the time of a second
one. A tiny video of each kind does all of that.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from kirin.domain.assets import Asset, AssetKind
from kirin.domain.storyboard import Point, Shot, Storyboard, Stroke
from kirin.engines.animatic.pictures import Pixels
from kirin.engines.base import Clip

_SIZE: Final = 128, 72
_FPS: Final = Fraction(24)
_SECONDS: Final = 0.2

_PROMPTS: Final = (
    "A dog runs through a park, the camera follows it",
    "Rain in a neon street at night, a woman with an umbrella, the camera pushes in",
    "Snow falls on mountains and a lake at sunset, birds fly by, watercolour",
    "A cat sits on a kitchen table",
)
"""Places, weathers and styles that draw by different loops."""

Render = Callable[[Storyboard, Callable[[Asset], Path]], Clip]
"""Renders a storyboard, given what finds the file of an asset."""


def warm_up(render: Render, busy: Callable[[], bool]) -> None:
    """Render a tiny video of each kind, until there is something better to do.

    Args:
        render: the engine.
        busy: whether a task is waiting or running; asked before each video.
    """
    with tempfile.TemporaryDirectory() as folder:
        picture, mask = Path(folder) / "picture.png", Path(folder) / "mask.png"
        Image.fromarray(_picture()).save(picture)
        Image.fromarray(_mask()).save(mask)
        files = {"picture": picture, "mask": mask}
        for board in _boards():
            if busy():
                return
            for _ in render(board, lambda asset: files[asset.sha256]).frames:
                if busy():
                    return


def _boards() -> Iterator[Storyboard]:
    """From what is asked for most to what is asked for least."""
    picture, mask = _asset("picture"), _asset("mask")
    stroke = Stroke(mask, (Point(160, 100), Point(190, 90)))
    shots = [
        Shot(_PROMPTS[0], _SECONDS),
        Shot("The camera pushes in and trucks to the right", _SECONDS, first=picture),
        *(Shot(prompt, _SECONDS) for prompt in _PROMPTS[1:]),
        Shot("", _SECONDS, first=picture, last=picture),
        Shot("", _SECONDS, first=picture, strokes=(stroke,)),
        Shot("Snow falls", _SECONDS, first=picture, still=mask),
    ]
    for shot in shots:
        yield Storyboard("", *_SIZE, _FPS, (shot,))


def _asset(name: str) -> Asset:
    return Asset(name, AssetKind.IMAGE, "image/png", 1, 320, 180)


def _picture() -> Pixels:
    """A bright disc before sky and ground: something to cut out."""
    y, x = np.mgrid[0:180, 0:320]
    rgb = np.where((y < 110)[..., None], (120, 170, 230), (70, 110, 60))
    disc = np.hypot(x - 160, y - 100) < 40
    return np.where(disc[..., None], (220, 60, 40), rgb).astype(np.uint8)


def _mask() -> Pixels:
    y, x = np.mgrid[0:180, 0:320]
    return np.where(np.hypot(x - 160, y - 100) < 40, 255, 0).astype(np.uint8)
