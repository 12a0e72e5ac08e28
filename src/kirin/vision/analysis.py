"""What is found in a picture, for all who look at it: each thing is looked for once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from kirin.vision.beside import beside
from kirin.vision.matting.segmenter import Segmenter, SubjectMask, working_copy
from kirin.vision.matting.subjects import find_subjects
from kirin.vision.planes import Rgb
from kirin.vision.sky.sky import Sky, find_sky


@dataclass(frozen=True, eq=False)
class PictureAnalysis:
    """A picture, and what is found in it when it is first asked for.

    Attributes:
        rgb: the picture, shape ``(h, w, 3)``.
        segmenter: finds its subjects.
    """

    rgb: Rgb
    segmenter: Segmenter

    @cached_property
    def work(self) -> Rgb:
        """The picture at the size at which edges of masks are refined."""
        return working_copy(self.rgb)

    @cached_property
    def sky(self) -> Sky | None:
        """Its sky; ``None`` where there is none to be sure of."""
        return find_sky(self.work)

    @cached_property
    def subjects(self) -> tuple[SubjectMask, ...]:
        """Its subjects that can be cut out, largest first."""
        work = self.work
        with beside(lambda: self.sky):  # who asks for the subjects asks for the sky too
            return find_subjects(work, self.segmenter)
