"""A generation request: one run of a model, in terms that every pipeline family understands."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kirin.engines.diffusion.driving.guide import GuideFrames
from kirin.engines.diffusion.model_spec import ModelSpec
from kirin.engines.diffusion.plan import Generation, ShotPlan
from kirin.vision.easing import Floats
from kirin.vision.planes import Rgb


@dataclass(frozen=True, slots=True)
class GenerationRequest:
    """One generation, with its images loaded.

    Attributes:
        model: the model.
        shot_plan, generation: what to generate.
        negative_prompt: may be empty.
        first, last: the frames that it starts and ends with, if given; of the plan's size.
        references: images of subjects, of any size.
        tracks: point tracks of the motion brush, shape ``(points, frames, 2)``, x and y in pixels
            of the plan's size; later tracks are on top.
        character: the shot's first frame, of the plan's size, if it follows a driving video.
        guide: what each frame follows.
    """

    model: ModelSpec
    shot_plan: ShotPlan
    generation: Generation
    negative_prompt: str = ""
    first: Rgb | None = None
    last: Rgb | None = None
    references: tuple[Rgb, ...] = ()
    tracks: Floats | None = None
    character: Rgb | None = None
    guide: GuideFrames | None = None


@dataclass(frozen=True, slots=True)
class GeneratedAudio:
    """The sound of a generation.

    Attributes:
        samples: shape ``(channels, samples)``, full scale at -1 and 1.
        rate: samples per second.
    """

    samples: NDArray[np.float32]
    rate: int
