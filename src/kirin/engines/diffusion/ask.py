"""What a generation is asked for, in terms that every family of pipelines understands."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kirin.engines.diffusion.driving.guide import Steps
from kirin.engines.diffusion.facts import OpenModel
from kirin.engines.diffusion.plan import Generation, Take
from kirin.vision.easing import Floats
from kirin.vision.planes import Rgb


@dataclass(frozen=True, slots=True)
class Ask:
    """One generation, with its pictures loaded.

    Attributes:
        model: which.
        take, generation: what to make.
        negative_prompt: what must not be seen; may be empty.
        first, last: frames of the take's size that it starts and ends with, where given.
        references: pictures of subjects, of any size.
        tracks: where painted points are in each frame, shape ``(points, frames, 2)``, x and y in
            pixels of the take; later ones lie on top.
        character: the shot's first picture, of the take's size, where it follows a driver.
        guide: what it follows.
    """

    model: OpenModel
    take: Take
    generation: Generation
    negative_prompt: str = ""
    first: Rgb | None = None
    last: Rgb | None = None
    references: tuple[Rgb, ...] = ()
    tracks: Floats | None = None
    character: Rgb | None = None
    guide: Steps | None = None


@dataclass(frozen=True, slots=True)
class Voice:
    """The sound of a generation.

    Attributes:
        samples: shape ``(channels, samples)``, full scale at -1 and 1.
        rate: samples a second.
    """

    samples: NDArray[np.float32]
    rate: int
