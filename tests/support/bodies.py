"""Pictures whose subjects blink, breathe and leave, rendered frame by frame."""

from fractions import Fraction

import numpy as np

from kirin.domain.motion import BodyMotion, BodyRequest, PictureMotion
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cinemagraph.body.contribution import add_body
from kirin.engines.animatic.cinemagraph.part import Cinemagraph, Still
from kirin.engines.animatic.photo.photo import Photo, PhotoOptions
from kirin.vision.matting.segmenter import SubjectMask
from kirin.vision.models import VisionModels
from kirin.vision.planes import Planes

FPS, COUNT = 24.0, 120
MODELS = VisionModels()


class Segmentation:
    """Stands in for the segmenter: a mask that is given."""

    def __init__(self, alpha):
        self.alpha = alpha

    def find(self, rgb):
        return SubjectMask(self.alpha, float((self.alpha > 127).mean()), 0.05)


class Living:
    """A picture that moves under a camera at rest, rendered frame by frame."""

    def __init__(self, rgb, *requests, alpha=None, size=None, pose=None, seed=1):
        self.width, self.height = size or (rgb.shape[1] // 2 * 2, rgb.shape[0] // 2 * 2)
        self.rgb = rgb
        self.poses = [pose or Pose()] * COUNT
        self.motion = PictureMotion(body=requests)
        self.seed = seed
        finder = Segmentation(alpha) if alpha is not None else None
        options = PhotoOptions(animate=self._animate, separate=True)
        self.photo = Photo.prepare(rgb, self.width, self.height, self.poses, finder, options)

    def _animate(self, texture):
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
        )
        add_body(self.motion, still, made)
        return made

    @property
    def living(self):
        return self.photo.living

    def frame(self, number):
        return self.photo.frame(self.poses[number], number)

    def luma(self, number):
        return self.frame(number)[: self.height].astype(float)

    @property
    def missing(self):
        return [each.word for each in self.living.missing]


def blink(word="woman"):
    return BodyRequest(word, "blinks", BodyMotion.BLINK)


def psnr(a, b):
    error = ((a.astype(float) - b) ** 2).mean()
    return 99.0 if error == 0 else float(10 * np.log10(255**2 / error))


def redness(living, number):
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


def request(motion, word="rocket", heading=None, **options):
    return BodyRequest(word, motion.value, motion, heading, **options)
