"""The port that every engine implements: what it cannot do, and the doing of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from kirin.domain.assets import Asset
from kirin.domain.storyboard import Storyboard
from kirin.media.soundtrack import Soundtrack

Frame = NDArray[np.uint8]
"""One picture of a clip: planar I420, shape ``(height * 3 // 2, width)``, C-contiguous uint8.

Colour is BT.709, limited range, chroma sited left (the default of H.264). The consumer may
keep a frame for as long as it likes: an engine never writes into one it has handed over.
"""

ReadAsset = Callable[[Asset], Path]
"""Gives a readable local path for an asset's bytes."""

Progress = Callable[[float], None]
"""Told a number from 0 to 1, as often as the engine likes."""

Cancelled = Callable[[], bool]
"""Asked before each frame or denoising step; once true, the engine raises ``errors.Stopped``."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an engine cannot make a video.

    Attributes:
        field: the storyboard's field it stumbles over, such as ``shots.last`` or ``sound``;
            the card translates it to the parameter that the user knows.
        message: a clause that follows "the engine", such as "has no model for sound".
    """

    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Clip:
    """A video on its way out of an engine: facts, and frames that come when asked for.

    Attributes:
        width, height: pixels, both even; those of the storyboard.
        fps: frames a second; that of the storyboard.
        frame_count: how many frames ``frames`` will give.
        frames: made while it is consumed, never all in memory. Closing it frees what the
            engine holds.
        audio: the sound, or ``None`` for a file without a sound track.
        notes: how the video was made, for the task's metadata; JSON values only.
    """

    width: int
    height: int
    fps: Fraction
    frame_count: int
    frames: Iterator[Frame]
    audio: Soundtrack | None = None
    notes: Mapping[str, Any] = field(default_factory=dict)


class Engine(Protocol):
    """Turns storyboards into clips."""

    name: str
    """What ``metadata.engine`` and the settings call it."""

    def unsupported(self, storyboard: Storyboard) -> list[Reason]:
        """Everything in the storyboard that this engine cannot honour; empty if it can.

        Fast, without I/O; assets may be announced only (``Asset.fetched`` false).
        """
        ...

    def render(
        self, storyboard: Storyboard, read: ReadAsset, progress: Progress, cancelled: Cancelled
    ) -> Clip:
        """Make the video.

        Args:
            storyboard: one for which :meth:`unsupported` gives nothing.
            read: gives a local path for each asset's bytes.
            progress: told how far the whole is, preparation included.
            cancelled: asked often; once true, :class:`~kirin.errors.Stopped` is raised, here
                or from ``Clip.frames``.

        Raises:
            kirin.errors.TaskError: the video cannot be made; the message is for the user.
        """
        ...
