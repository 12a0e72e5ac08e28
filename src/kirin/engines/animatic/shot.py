"""What the engine asks of a shot renderer, and what it gives it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from kirin.domain.callbacks import Progress, ReadAsset
from kirin.domain.frame import Frame
from kirin.domain.intent import Intent
from kirin.domain.storyboard import Shot, Storyboard
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.pictures import LARGEST_SIDE
from kirin.vision.models import VisionModels

Check = Callable[[], None]
"""Called between the steps of a preparation; raises ``Stopped`` once the task is cancelled."""


class ShotRenderer(Protocol):
    """A prepared shot. The constructor does the preparation."""

    @property
    def notes(self) -> dict[str, Any]:
        """How the shot is made, as JSON values, for the task's metadata."""
        ...

    def frame(self, index: int) -> Frame:
        """Draw a frame. The engine asks for frames in order, from 0."""
        ...


def _unheard(share: float) -> None:
    """Takes a progress that nobody asked for."""


@dataclass(frozen=True, slots=True)
class ShotContext:
    """All that a shot renderer may need.

    Attributes:
        storyboard: the one that the shot belongs to.
        shot: the shot to render.
        read: finds the file of an asset.
        intent: what its prompt asks for.
        poses: of the camera, one per frame of the shot.
        models: the neural networks, loaded on first use.
        check: to be called between the steps of the preparation.
        share: which share of the first picture's width the shot starts from, above 0 to 1; below
            1 where it goes on with the picture of an earlier shot.
        prepared: told which share of the preparation is done, 0 to 1, where that takes long.
        largest: pictures are reduced to this longest side on loading.
    """

    storyboard: Storyboard
    shot: Shot
    read: ReadAsset
    intent: Intent
    poses: Sequence[Pose]
    models: VisionModels
    check: Check
    share: float = 1.0
    prepared: Progress = _unheard
    largest: int = LARGEST_SIDE

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the video in pixels, both even."""
        return self.storyboard.width, self.storyboard.height
