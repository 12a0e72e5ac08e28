"""The reference engine: the smallest one there is, and the one that tests run.

It draws next to nothing, at once, and obeys words in the prompts: ``refuse`` (the storyboard is
unsupported), ``fail`` (an error for the user), ``crash`` (a bug), ``slow`` (0.03 s per frame),
``crawl`` (1 s per frame), ``hold:FILE`` (it stands still in its middle until that file is there),
``tiny`` (a video of a sixteenth of the size, which costs next to nothing to encode) and ``die``
(the process kills itself). So no server may offer it to users: it is not among the engines that
``KIRIN_ENGINES`` can name, unless a plugin registers it, as that of the tests does.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

from kirin.domain.callbacks import Cancelled, Progress, ReadAsset
from kirin.domain.frame import Frame
from kirin.domain.storyboard import Storyboard
from kirin.engines.base import Clip, UnsupportedFeature
from kirin.errors import Stopped, TaskError

SLOW_SECONDS: Final = {"slow": 0.03, "crawl": 1.0}
"""How long a frame takes, by the word in the prompt."""

HOLD: Final = "hold:"
"""How a word begins that names a file to wait for."""

HELD_SECONDS: Final = 0.03
"""Between two looks for it."""

TINY = 16
"""How many times smaller a video is whose prompt says ``tiny``."""


class ScriptedEngine:
    """Renders grey frames of growing brightness."""

    name = "scripted"

    def unsupported(self, storyboard: Storyboard) -> list[UnsupportedFeature]:
        """Prompts with the word ``refuse``."""
        if "refuse" in _commands(storyboard):
            message = "the scripted engine was told to refuse"
            return [UnsupportedFeature("shots.prompt", message)]
        return []

    def render(
        self, storyboard: Storyboard, read: ReadAsset, progress: Progress, cancelled: Cancelled
    ) -> Clip:
        """Read every asset, then obey the prompts."""
        commands = _commands(storyboard)
        for asset in storyboard.assets():
            read(asset).stat()
        if "fail" in commands:
            raise TaskError("the scripted engine was told to fail")
        if "crash" in commands:
            raise ZeroDivisionError("the scripted engine was told to crash")
        if "die" in commands:
            os.kill(os.getpid(), signal.SIGKILL)
        pause = max(SLOW_SECONDS.get(word, 0.0) for word in ("", *commands))
        signs = [Path(word.removeprefix(HOLD)) for word in commands if word.startswith(HOLD)]
        width, height = storyboard.width, storyboard.height
        if "tiny" in commands:
            width, height = (side // TINY // 2 * 2 for side in (width, height))
        return Clip(
            width=width,
            height=height,
            fps=storyboard.fps,
            frame_count=storyboard.frame_count,
            frames=_frames(
                storyboard.frame_count, (width, height), pause, signs, progress, cancelled
            ),
            notes={"method": "scripted"},
        )


def _commands(storyboard: Storyboard) -> set[str]:
    return {word for shot in storyboard.shots for word in shot.prompt.split()}


def _frames(
    count: int,
    size: tuple[int, int],
    pause: float,
    signs: list[Path],
    progress: Progress,
    cancelled: Cancelled,
) -> Iterator[Frame]:
    width, height = size
    for index in range(count):
        if cancelled():
            raise Stopped
        time.sleep(pause)
        while index == count // 2 and not all(sign.exists() for sign in signs):
            if cancelled():
                raise Stopped
            time.sleep(HELD_SECONDS)
        frame = np.full((height * 3 // 2, width), 128, np.uint8)
        frame[:height] = 16 + round(200 * index / count)
        progress(index / count)
        yield frame
