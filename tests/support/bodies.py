"""Pictures whose subjects blink, breathe and leave, rendered frame by frame."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from kirin.domain.cast import Heading
from kirin.domain.frame import Frame
from kirin.domain.motion import BodyMotion, BodyRequest, PictureMotion
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cinemagraph.body.contribution import add_body
from kirin.engines.animatic.cinemagraph.part import Cinemagraph, Still
from kirin.engines.animatic.cinemagraph.still import PictureTexture
from kirin.engines.animatic.photo.photo import Photo, PhotoOptions
from kirin.vision.kernels import Plane
from kirin.vision.matting.segmenter import Segmenter, SubjectMask
from kirin.vision.models import VisionModels
from kirin.vision.planes import Planes, Rgb

FPS, COUNT = 24.0, 120
MODELS = VisionModels()


class Segmentation:
    """Stands in for the segmenter: a mask that is given."""

    def __init__(self, alpha: Plane) -> None:
        self.alpha = alpha

    def find(self, _: Rgb) -> SubjectMask:
        return SubjectMask(self.alpha, float((self.alpha > 127).mean()), 0.05)


class Living:
    """A picture that moves under a camera at rest, rendered frame by frame."""

    def __init__(
        self,
        rgb: Rgb,
        *requests: BodyRequest,
        alpha: Plane | None = None,
        size: tuple[int, int] | None = None,
        pose: Pose | None = None,
        seed: int = 1,
    ) -> None:
        self.size: tuple[int, int] = size or (rgb.shape[1] // 2 * 2, rgb.shape[0] // 2 * 2)
        self.width, self.height = self.size
        self.rgb = rgb
        self.poses = [pose or Pose()] * COUNT
        self.motion = PictureMotion(body=requests)
        self.seed = seed
        finder = None if alpha is None else cast(Segmenter, Segmentation(alpha))
        options = PhotoOptions(animate=self._animate, separate=True)
        self.photo = Photo.prepare(rgb, self.width, self.height, self.poses, finder, options)

    def _animate(self, texture: PictureTexture) -> Cinemagraph:
        made = Cinemagraph()
        still = Still(
            picture=texture.picture,
            subject=texture.subject,
            own=texture.own,
            own_box=texture.own_box,
            mask=None,
            centre=texture.centre,
            scale=texture.scale,
            view=(self.width, self.height),
            fps=Fraction(24),
            count=COUNT,
            seed=self.seed,
            poses=self.poses,
            models=MODELS,
            whole=texture.whole,
            near=texture.near,
        )
        add_body(self.motion, still, made)
        return made

    @property
    def living(self) -> Cinemagraph:
        return self.photo.living

    def frame(self, number: int) -> Frame:
        return self.photo.frame(self.poses[number], number)

    def luma(self, number: int) -> NDArray[np.float64]:
        return self.frame(number)[: self.height].astype(float)

    @property
    def missing(self) -> list[str]:
        return [each.word for each in self.living.missing]


def blink(word: str = "woman") -> BodyRequest:
    return BodyRequest(word, "blinks", BodyMotion.BLINK)


def psnr(a: NDArray[Any], b: NDArray[Any]) -> float:
    error = ((a.astype(float) - b) ** 2).mean()
    return 99.0 if error == 0 else float(10 * np.log10(255**2 / error))


def redness(living: Living, number: int) -> tuple[float, float, float] | None:
    """Centre and area of what is red in a frame."""
    v = Planes.of_frame(living.frame(number)).v.astype(float)
    weight = np.clip(v - 150, 0, None)
    if weight.sum() < 100:
        return None
    y, x = np.mgrid[0 : v.shape[0], 0 : v.shape[1]]
    return (
        2 * (x * weight).sum() / weight.sum(),
        2 * (y * weight).sum() / weight.sum(),
        weight.sum(),
    )


def request(
    motion: BodyMotion, word: str = "rocket", heading: Heading | None = None, **options: Any
) -> BodyRequest:
    return BodyRequest(word, motion.value, motion, heading, **options)
