"""Drawn pictures with something in their air, and what it changes in them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage import data

from kirin.domain.frame import Frame
from kirin.domain.motion import (
    AirRequest,
    Particle,
    PictureMotion,
)
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cinemagraph.air.contribution import add_air
from kirin.engines.animatic.cinemagraph.part import Cinemagraph, Still
from kirin.vision.models import VisionModels
from kirin.vision.planes import Planes, Rgb, picture_to_frame

WIDTH, HEIGHT, FPS, COUNT = 640, 360, 24, 72

FILLING = [
    Particle.SNOW,
    Particle.RAIN,
    Particle.FOG,
    Particle.LEAVES,
    Particle.PETALS,
    Particle.DUST,
    Particle.EMBERS,
    Particle.SPARKS,
    Particle.BUBBLES,
    Particle.CONFETTI,
    Particle.FIREFLIES,
    Particle.SMOKE,
]
"""What any picture can have in its air."""


def flat(level: int) -> Rgb:
    """A grey picture."""
    return np.full((HEIGHT, WIDTH, 3), level, np.uint8)


def landscape(sky: tuple[int, int, int] = (150, 190, 235)) -> Rgb:
    """A sky over rough land; the same at each call."""
    rng = np.random.default_rng(3)
    rgb = np.empty((HEIGHT, WIDTH, 3), np.uint8)
    rgb[:200] = sky
    rgb[200:] = np.clip(rng.normal((70, 80, 45), 22, (HEIGHT - 200, WIDTH, 3)), 0, 255)
    return rgb


def sunset() -> Rgb:
    """A low sun with its glow over dark land."""
    rgb = landscape((120, 90, 80))
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    away = np.hypot(x - 420, y - 150)
    glow = np.clip(1 - away / 130, 0, 1) ** 2 * 150 + 255.0 * (away < 16)
    glow[200:] = 0
    return np.asarray(np.clip(rgb + glow[..., None], 0, 255), np.uint8)


def coffee() -> Rgb:
    """A cup of coffee, photographed from above (scikit-image)."""
    rgb: Rgb = data.coffee()  # type: ignore[no-untyped-call]
    small = cv2.resize(rgb[:337], (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)


def still_of(rgb: Rgb, poses: Sequence[Pose] = (), seed: int = 5) -> Still:
    """A picture at rest, all of it in the view."""
    return Still(
        picture=rgb,
        subject=None,
        own=None,
        own_box=None,
        mask=None,
        centre=(WIDTH / 2, HEIGHT / 2),
        scale=1.0,
        view=(WIDTH, HEIGHT),
        fps=Fraction(FPS),
        count=COUNT,
        seed=seed,
        poses=tuple(poses) or (Pose(),) * COUNT,
        models=VisionModels(),
    )


def made_of(still: Still, *requests: AirRequest) -> Cinemagraph:
    """What a picture has in its air."""
    made = Cinemagraph()
    add_air(PictureMotion(air=requests), still, made)
    return made


def drawn(made: Cinemagraph, rgb: Rgb, number: int, pose: Pose | None = None) -> Frame:
    """A frame: the picture at rest, and the air over it."""
    frame = picture_to_frame(rgb, WIDTH, HEIGHT)
    for part in sorted(made.air, key=lambda each: each.disparity):
        part.draw(Planes.of_frame(frame), pose or Pose(), number)
    return frame


def luma(frame: Frame) -> NDArray[np.float32]:
    """Luma as numbers that may be subtracted."""
    return frame[:HEIGHT].astype(np.float32)


def changed(made: Cinemagraph, rgb: Rgb, number: int) -> NDArray[np.float32]:
    """How much the air changes each pixel of a frame."""
    bed = luma(picture_to_frame(rgb, WIDTH, HEIGHT))
    return np.asarray(np.abs(luma(drawn(made, rgb, number)) - bed), np.float32)


def drift(made: Cinemagraph, rgb: Rgb, first: int = 40) -> tuple[float, float]:
    """Pixels right and down per frame that what is in the air moves: the peak of correlation."""
    found = []
    for number in range(first, first + 8):
        a, b = (luma(drawn(made, rgb, number + k)) for k in (0, 1))
        bed = luma(picture_to_frame(rgb, WIDTH, HEIGHT))
        window = np.outer(np.hanning(HEIGHT), np.hanning(WIDTH))
        spectra = [np.fft.fft2((plane - bed) * window) for plane in (a, b)]
        match = np.fft.ifft2(np.conj(spectra[0]) * spectra[1]).real
        near = np.roll(match, (30, 30), (0, 1))[:61, :61]
        y, x = np.unravel_index(int(near.argmax()), near.shape)
        found.append((float(x) - 30, float(y) - 30))
    right, down = np.median(np.array(found), axis=0)
    return float(right), float(down)
