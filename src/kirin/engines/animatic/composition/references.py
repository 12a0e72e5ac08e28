"""The reference pictures of a composition, each cut out where that is possible."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kirin.media.images import load_rgb
from kirin.vision.matting.cutout import Cutout, cut_out, find_subject
from kirin.vision.matting.segmenter import Segmenter, SubjectMask
from kirin.vision.planes import Rgb

LOADED = 2560
"""Larger pictures are reduced to this many pixels on loading: what one subject can show."""


_FILLED = 0.5
"""Share of a picture from which the box of its subject fills it."""

_SIDES = 0.02
"""Share of the width: what begins within it at both sides goes through the whole picture."""

_RIDGE = 0.55
"""Of the greatest height of a mask: what is as high at both sides is a ridge, no shoulders."""


@dataclass(frozen=True, slots=True, eq=False)
class ReferencePicture:
    """A loaded reference.

    Attributes:
        name: of the subject; may be empty.
        rgb: the whole picture; a placeholder where there is a cutout.
        cutout: its subject, or ``None`` if the picture must be used as a whole.
        filled: whether a subject that cannot be cut out fills it: then it shows no place.
    """

    name: str
    rgb: Rgb
    cutout: Cutout | None
    filled: bool = False

    @classmethod
    def load(
        cls, name: str, views: Iterable[Path], segmenter: Segmenter, largest: int
    ) -> ReferencePicture:
        """Load the first view whose subject can be cut out, or else the first one as a whole.

        Args:
            name: of the subject.
            views: files of its views, the most telling first.
            segmenter: finds subjects.
            largest: limit of a cutout's longer side, in pixels.

        Raises:
            ValueError: there are no views.
        """
        whole: ReferencePicture | None = None
        for view in views:
            rgb = load_rgb(view, LOADED)
            part, mask = find_subject(rgb, segmenter)
            scenery = part is rgb and _is_scenery(mask)
            cutout = None if scenery else cut_out(part, mask, largest)
            if cutout:
                return cls(name, rgb[:1, :1], cutout)  # the picture is not needed any more
            left, top, right, bottom = mask.box
            large = mask.share > _FILLED / 3 and (right - left) * (bottom - top) > _FILLED
            filled = part is rgb and large and not scenery
            whole = whole or cls(name, rgb, None, filled)
        if whole is None:
            raise ValueError("the reference has no pictures")
        return whole


def _is_scenery(mask: SubjectMask) -> bool:
    """Whether what stands out is a part of the place, such as mountains or a row of houses.

    It goes through the picture from side to side and is high at both of them; the shoulders of a
    bust are low there, and go down to the picture's foot.
    """
    left, _, right, _ = mask.box
    if not mask.share or left > _SIDES or right < 1 - _SIDES:
        return False
    heights = (mask.alpha > 127).mean(0)
    edge = max(1, round(_SIDES * len(heights)))
    sides = min(heights[:edge].max(), heights[-edge:].max())
    cut = bool((mask.alpha[-1] > 127).any())
    return bool(sides > _RIDGE * np.max(heights)) or not cut
