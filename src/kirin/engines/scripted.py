"""An engine for tests: it does what the prompt says, at once, and draws next to nothing.

The shot's prompt may hold words that direct it: ``refuse`` (it cannot do that), ``fail`` (an
error for the user), ``crash`` (a bug), ``slow`` (0.03 s a frame), ``die`` (the process is killed).
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import numpy as np

from kirin.domain.callbacks import Cancelled, Progress, ReadAsset
from kirin.domain.frame import Frame
from kirin.domain.storyboard import Storyboard
from kirin.engines.base import Clip, Reason
from kirin.errors import Stopped, TaskError

SLOW_SECONDS = 0.03


class ScriptedEngine:
    """Renders grey frames that grow brighter, as the prompt commands."""

    name = "scripted"

    def unsupported(self, storyboard: Storyboard) -> list[Reason]:
        """Refuses prompts with the word ``refuse``."""
        if "refuse" in _script(storyboard):
            return [Reason("shots.prompt", "the scripted engine was told to refuse")]
        return []

    def render(
        self, storyboard: Storyboard, read: ReadAsset, progress: Progress, cancelled: Cancelled
    ) -> Clip:
        """Reads every asset, then draws."""
        script = _script(storyboard)
        for asset in storyboard.assets():
            read(asset).stat()
        if "fail" in script:
            raise TaskError("the scripted engine was told to fail")
        if "crash" in script:
            raise ZeroDivisionError("the scripted engine was told to crash")
        if "die" in script:
            os.kill(os.getpid(), signal.SIGKILL)
        pause = SLOW_SECONDS if "slow" in script else 0.0
        return Clip(
            width=storyboard.width,
            height=storyboard.height,
            fps=storyboard.fps,
            frame_count=storyboard.frame_count,
            frames=_frames(storyboard, pause, progress, cancelled),
            notes={"method": "scripted"},
        )


def _script(storyboard: Storyboard) -> set[str]:
    return {word for shot in storyboard.shots for word in shot.prompt.split()}


def _frames(
    storyboard: Storyboard, pause: float, progress: Progress, cancelled: Cancelled
) -> Iterator[Frame]:
    count = storyboard.frame_count
    for index in range(count):
        if cancelled():
            raise Stopped
        time.sleep(pause)
        frame = np.full((storyboard.height * 3 // 2, storyboard.width), 128, np.uint8)
        frame[: storyboard.height] = 16 + round(200 * index / count)
        progress(index / count)
        yield frame
