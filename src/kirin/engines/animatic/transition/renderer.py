"""The shot renderer for a first and a last picture."""

from __future__ import annotations

from typing import Any

from kirin.domain.assets import Asset
from kirin.domain.frame import Frame
from kirin.engines.animatic.pictures import LARGEST_SIDE, center_crop
from kirin.engines.animatic.shot import ShotContext
from kirin.engines.animatic.transition.dissolve import Dissolve
from kirin.engines.animatic.transition.morph import Morph
from kirin.media.images import load_rgb
from kirin.vision.easing import ease, frame_times
from kirin.vision.flow.alignment import Alignment
from kirin.vision.flow.flow import Flow
from kirin.vision.flow.rife import Rife
from kirin.vision.planes import Rgb, resize

_DENSITY = 1.5  # pixels of the loaded pictures per pixel of the video


class TransitionShotRenderer:
    """From the first picture to the last: a morph if they show the same, else a dissolve."""

    def __init__(self, context: ShotContext) -> None:
        if context.shot.first is None or context.shot.last is None:
            raise ValueError("the shot has no two pictures")
        width, height = context.size
        first, last = (_load(asset, context) for asset in (context.shot.first, context.shot.last))
        context.check()
        alignment = Alignment.find(first, last)
        context.check()
        self._drawn: Morph | Dissolve
        self._times = frame_times(len(context.poses))
        if alignment.related:
            flow = Flow.find(first, last, alignment, Rife(), context.check)
            self._drawn = Morph(first, last, width, height, flow)
            self._times = ease(self._times)
        else:
            segmenter = context.models.segmenter
            self._drawn = Dissolve.prepare(first, last, width, height, segmenter, context.check)
        if len(context.poses) == 1:
            self._times[:] = 1.0  # a single frame shows the last picture
        self.notes: dict[str, Any] = {
            "method": "morph" if alignment.related else "transition",
            "agreement": round(alignment.agreement, 2),
            "camera": "led by the two pictures",
        }
        direction = context.intent.camera
        if direction.steps and not direction.default:
            self.notes["not_followed"] = list(direction.understood)

    def frame(self, index: int) -> Frame:
        """Draw a frame."""
        return self._drawn.frame(float(self._times[index]))


def _load(asset: Asset, context: ShotContext) -> Rgb:
    """A picture, cropped to the video's aspect, at :data:`_DENSITY`."""
    width, height = context.size
    picture = center_crop(load_rgb(context.read(asset), LARGEST_SIDE), width, height)
    return resize(picture, round(width * _DENSITY), round(height * _DENSITY))
