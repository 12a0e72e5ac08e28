"""Sheets: what a picture is split into, before the layers are cut out of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from kirin.engines.animatic.camera.framing import Focus, Framing, Relief
from kirin.engines.animatic.camera.path import PIVOT
from kirin.vision.analysis import PictureAnalysis
from kirin.vision.depth.layers import DepthLayer, LayerKind, split_layers
from kirin.vision.kernels import Plane
from kirin.vision.matting.segmenter import Segmenter, SubjectMask
from kirin.vision.networks.depth_network import DepthNetwork
from kirin.vision.planes import Rgb

# Disparities. Camera moves are scaled for scenes from 0 to 1; in a photograph little can be
# shown behind the subject, so its layers keep to the middle of the range.
BEHIND: Final = 0.25
"""At the top of the picture, or all over behind a subject without feet."""
_BELOW: Final = 0.65  # at the bottom of a picture without a subject

_SHORTEST: Final = 0.02
"""Length of a ramp, in rest-view heights: rows must stay in order when the camera travels."""

_TRAVELLING: Final = frozenset({LayerKind.UPRIGHT, LayerKind.SHADOW})
"""Layers that are only for a camera that travels."""

SUBJECT: Final = Relief.flat_at(PIVOT)
"""A subject's disparity: that of what an orbit keeps centred."""


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """One layer of a picture.

    Attributes:
        kind: what it shows.
        alpha: opacity, uint8, of the picture's aspect; ``None`` is opaque.
        relief: its disparity in the rest view.
        order: disparity of its farthest part: air that is nearer is drawn over it.
    """

    kind: LayerKind
    alpha: Plane | None
    relief: Relief
    order: float


class Split:
    """A picture's depth layers, back to front, and its main subject.

    Args:
        layers: from :func:`~kirin.vision.depth.layers.split_layers`; with none, the mask's subject
            stands before a ground.
        mask: of the subject, if it can be cut out.
        size: width and height of the picture.
        picture: what was found in it, where it was looked at.
    """

    def __init__(
        self,
        layers: Sequence[DepthLayer],
        mask: SubjectMask | None,
        size: tuple[int, int],
        picture: PictureAnalysis | None = None,
    ) -> None:
        self._layers = tuple(layers)
        self._size = size
        self.picture = picture
        subjects = [each.alpha for each in layers if each.kind is LayerKind.SUBJECT]
        if not layers and mask:
            subjects = [mask.alpha]
        self.subjects = _union(subjects)
        self.subject = max(subjects, key=lambda alpha: int(alpha.sum(dtype=np.int64)), default=None)

    @classmethod
    def find(
        cls, rgb: Rgb, segmenter: Segmenter | None, depth: DepthNetwork | None = None
    ) -> Split:
        """Split a picture; without a segmenter it stays whole.

        Args:
            rgb: the picture.
            segmenter: finds its subjects.
            depth: tells how far away everything is, where its weights are installed.
        """
        size = rgb.shape[1], rgb.shape[0]
        if segmenter is None:
            return cls((), None, size)
        picture = PictureAnalysis(rgb, segmenter)
        layers = split_layers(picture, depth.find(rgb) if depth else None)
        mask = None if layers else segmenter.find(rgb)
        return cls(layers, mask if mask and mask.separable else None, size, picture)

    @property
    def focus(self) -> Focus | None:
        """The subject's box, in pixels of the picture."""
        if self.subject is None:
            return None
        left, top, right, bottom = SubjectMask(self.subject, 0, 0).box
        width, height = self._size
        return Focus(left * width, top * height, right * width, bottom * height)

    def sheets(self, framing: Framing, *, deep: bool, cut: bool) -> tuple[Sheet, ...]:
        """The sheets that a shot needs, back to front; the first is opaque.

        Args:
            framing: of the rest view.
            deep: whether the camera travels, so that depth is seen.
            cut: whether the layers are needed apart.
        """
        if not cut:
            relief = self._ground(framing) if deep else Relief.flat_at(BEHIND)
            return (Sheet(LayerKind.GROUND, None, relief, 0.0),)
        if self._layers:
            # What goes with its owner, or stands, need not be apart before a camera that stays.
            shown = [each for each in self._layers if deep or each.kind not in _TRAVELLING]
            return tuple(
                Sheet(
                    each.kind,
                    each.alpha if number else None,
                    self._relief(each, framing, deep),
                    each.far if number else 0.0,
                )
                for number, each in enumerate(shown)
            )
        behind = self._ground(framing) if deep else Relief.flat_at(BEHIND)
        sheets = [Sheet(LayerKind.GROUND, None, behind, 0.0)]
        if self.subject is not None:
            sheets.append(Sheet(LayerKind.SUBJECT, self.subject, SUBJECT, SUBJECT.near))
        return tuple(sheets)

    def _relief(self, layer: DepthLayer, framing: Framing, deep: bool) -> Relief:
        """A layer's disparity, whose ramp is given by rows of the picture, in the rest view."""
        if not deep or layer.far == layer.near:
            return Relief.flat_at(layer.near if deep else layer.far)
        rows = np.array([layer.head, 1.0 if layer.foot is None else layer.foot])
        head, foot = ((rows * self._size[1] - framing.y) / framing.height).tolist()
        return Relief(layer.far, layer.near, max(foot, head + _SHORTEST), head)

    def _ground(self, framing: Framing) -> Relief:
        """The background's relief: under the subject's feet, it has the subject's disparity.

        So feet do not slide, and no gap opens below them. A subject cut off by the picture has no
        feet, and the background may be at any distance behind it.
        """
        focus = self.focus
        if focus is None or self.subject is None:
            return Relief(BEHIND, _BELOW)
        foot = (focus.bottom - framing.y) / framing.height
        if bool((self.subject[-1] > 64).any()) or not 0.0 < foot < 1.0:
            return Relief.flat_at(BEHIND)
        return Relief(BEHIND, SUBJECT.near, foot)


def _union(alphas: Sequence[Plane]) -> Plane | None:
    """Where any of some alphas is opaque."""
    union: Plane | None = None
    for alpha in alphas:
        union = alpha if union is None else np.maximum(union, alpha)
    return union
