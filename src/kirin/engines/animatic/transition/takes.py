"""Takes between two photographs: one turns into the other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kirin.domain.frame import Frame
from kirin.domain.intent import Direction
from kirin.domain.storyboard import Storyboard
from kirin.engines.animatic.takes import LARGEST_SIDE, Check, cropped
from kirin.engines.animatic.transition.dissolve import Transition
from kirin.engines.animatic.transition.morph import Morph
from kirin.media.images import load_rgb
from kirin.vision.easing import ease, even
from kirin.vision.flow.alignment import Alignment
from kirin.vision.flow.flow import Flow
from kirin.vision.flow.rife import Rife
from kirin.vision.matting.segmenter import Segmenter
from kirin.vision.planes import resize


class BetweenTake:
    """The first picture turns into the last, by a morph if they show the same."""

    def __init__(
        self,
        storyboard: Storyboard,
        pictures: tuple[Path, Path],
        count: int,
        direction: Direction,
        segmenter: Segmenter,
        check: Check,
    ) -> None:
        width, height = storyboard.width, storyboard.height
        loaded = (cropped(load_rgb(path, LARGEST_SIDE), width, height) for path in pictures)
        first, last = (resize(picture, *_fine(width, height)) for picture in loaded)
        check()
        alignment = Alignment.find(first, last)
        check()
        self._drawn: Morph | Transition
        self._times = even(count)
        if alignment.related:
            flow = Flow.find(first, last, alignment, Rife(), check)
            self._drawn = Morph(first, last, width, height, flow)
            self._times = ease(self._times)
        else:
            self._drawn = Transition.prepare(first, last, width, height, segmenter, check)
        if count == 1:
            self._times[:] = 1.0  # what it leads to
        self.notes: dict[str, Any] = {
            "method": "morph" if alignment.related else "transition",
            "agreement": round(alignment.agreement, 2),
            "camera": "led by the two pictures",
        }
        if direction.steps and not direction.default:
            self.notes["not_followed"] = list(direction.understood)

    def frame(self, index: int) -> Frame:
        """Draw a frame."""
        return self._drawn.frame(float(self._times[index]))


def _fine(width: int, height: int) -> tuple[int, int]:
    """Size at which the pictures are kept: a half finer than the video."""
    return round(width * 1.5), round(height * 1.5)
