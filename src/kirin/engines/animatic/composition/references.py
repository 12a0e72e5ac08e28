"""The reference pictures of a composition, each cut out where that is possible."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kirin.media.images import load_rgb
from kirin.vision.matting.cutout import Cutout, cut_out, find_subject
from kirin.vision.matting.segmenter import Segmenter
from kirin.vision.planes import Rgb

LOADED = 2560
"""Larger pictures are reduced to this many pixels on loading: what one subject can show."""


@dataclass(frozen=True, slots=True, eq=False)
class ReferencePicture:
    """A loaded reference.

    Attributes:
        name: of the subject; may be empty.
        rgb: the whole picture; a placeholder where there is a cutout.
        cutout: its subject, or ``None`` if the picture must be used as a whole.
    """

    name: str
    rgb: Rgb
    cutout: Cutout | None

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
        whole: Rgb | None = None
        for view in views:
            rgb = load_rgb(view, LOADED)
            cutout = cut_out(*find_subject(rgb, segmenter), largest)
            if cutout:
                return cls(name, rgb[:1, :1], cutout)  # the picture is not needed any more
            whole = rgb if whole is None else whole
        if whole is None:
            raise ValueError("the reference has no pictures")
        return cls(name, whole, None)
