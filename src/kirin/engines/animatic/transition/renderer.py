"""The shot renderer for a first and a last picture."""

from __future__ import annotations

from typing import Any, Final

from kirin.domain.assets import Asset
from kirin.domain.frame import Frame
from kirin.domain.intent import Move
from kirin.engines.animatic.camera.followed import describe_not_followed
from kirin.engines.animatic.pictures import center_crop
from kirin.engines.animatic.shot import ShotContext
from kirin.engines.animatic.transition.dissolve import Dissolve
from kirin.engines.animatic.transition.face_match import FaceMatch
from kirin.engines.animatic.transition.morph import Morph
from kirin.engines.animatic.transition.portrait_morph import PortraitMorph
from kirin.media.images import load_rgb
from kirin.vision.easing import ease, frame_times
from kirin.vision.flow.alignment import Alignment
from kirin.vision.flow.flow import Flow
from kirin.vision.flow.rife import Rife
from kirin.vision.planes import Rgb, resize

_DENSITY = 1.5  # pixels of the loaded pictures per pixel of the video
_ALIGNED: Final = {Morph: "scene", PortraitMorph: "faces", Dissolve: None}
"""By what two pictures are aligned, for the notes; ``None`` for not at all."""


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
        match = None if alignment.related else _match(first, last, context)
        self._times = frame_times(len(context.poses))
        self._drawn: Morph | Dissolve | PortraitMorph
        if alignment.related:
            flow = Flow.find(first, last, alignment, Rife(), context.check)
            self._drawn = Morph(first, last, width, height, flow)
            self._times = ease(self._times)
        elif match:
            self._drawn = PortraitMorph(first, last, width, height, match)
        else:
            segmenter = context.models.segmenter
            self._drawn = Dissolve.prepare(first, last, width, height, segmenter, context.check)
        if len(context.poses) == 1:
            self._times[:] = 1.0  # a single frame shows the last picture
        self.notes: dict[str, Any] = {
            "method": "morph" if alignment.related else "transition",
            "aligned": _ALIGNED[type(self._drawn)],
            "agreement": round(alignment.agreement, 2),
            "camera": "led by the two pictures",
        }
        self.notes |= describe_not_followed(context.intent.camera, frozenset(Move))

    def frame(self, index: int) -> Frame:
        """Draw a frame."""
        return self._drawn.frame(float(self._times[index]))


def _match(first: Rgb, last: Rgb, context: ShotContext) -> FaceMatch | None:
    """Where the largest faces of two pictures meet; ``None`` if one of them has no face."""
    found = []
    for picture in (first, last):
        faces = context.models.face_estimator.find(picture, 1)
        context.check()
        if not faces:
            return None
        found.append(faces[0])
    return FaceMatch.find((found[0], found[1]), (first.shape[1], first.shape[0]))


def _load(asset: Asset, context: ShotContext) -> Rgb:
    """A picture, cropped to the video's aspect, at :data:`_DENSITY`."""
    width, height = context.size
    picture = center_crop(load_rgb(context.read(asset), context.largest), width, height)
    return resize(picture, round(width * _DENSITY), round(height * _DENSITY))
