"""Still textures: paper, vignettes, hatching. Made once, so that they stay where they are."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.engines.animatic.look.frame_format import FrameFormat
from kirin.engines.animatic.look.frame_style import Field, resized, soft
from kirin.vision.kernels import Plane

Texture = NDArray[np.int8]
"""A texture of the frame's shape, about -127 to 127, mean 0."""


def noise(form: FrameFormat, tag: int, sigmas: dict[float, float]) -> Field:
    """Smooth noise of the frame's shape: mean 0, standard deviation 1.

    Args:
        form: of the frames.
        tag: of the random numbers.
        sigmas: weights of its parts by their Gaussian radius in pixels of a 720p frame.
    """
    rng = form.rng(tag)
    total = np.zeros((form.height, form.width), np.float32)
    for sigma, weight in sigmas.items():
        radius = sigma * form.unit
        # Coarse parts are made small and enlarged.
        factor = max(1, int(radius / 2))
        size = form.width // factor + 2, form.height // factor + 2
        part = soft(rng.standard_normal(size[::-1], np.float32), max(radius / factor, 0.3))
        full = resized(part, (form.width, form.height), cv2.INTER_CUBIC)
        total += np.float32(weight) * (full - full.mean()) / full.std()
    return np.asarray(total / total.std(), np.float32)


def texture(field: Field, spread: float = 45.0) -> Texture:
    """Noise of standard deviation 1 as a texture."""
    return np.asarray(np.clip(field * np.float32(spread), -127, 127), np.int8)


def paper(form: FrameFormat, tag: int) -> Texture:
    """The tooth of drawing paper, lit from the upper left."""
    height = noise(form, tag, {1.1: 1.0, 2.6: 1.0, 8.0: 0.3})
    step = max(1, round(form.unit))
    relief = height - np.roll(height, (step, step), (0, 1))
    mixed = relief / relief.std() + np.float32(0.5) * height
    return texture(np.asarray(mixed / mixed.std(), np.float32))


def radial(form: FrameFormat) -> Field:
    """Distance from the centre: 0 there, 1 in the corners."""
    x = (np.arange(form.width, dtype=np.float32) + 0.5) / form.width * 2 - 1
    y = (np.arange(form.height, dtype=np.float32) + 0.5) / form.height * 2 - 1
    return np.asarray(np.sqrt((x * x)[None] + (y * y)[:, None]) / np.sqrt(2.0), np.float32)


def gain(field: Field) -> Plane:
    """Factors of brightness, 0 to 1.99, as :func:`frame_style.weigh` takes them."""
    return np.clip(np.round(field * 128), 0, 255).astype(np.uint8)


def hatching(form: FrameFormat, tag: int, angle: float, pitch: float) -> Plane:
    """Pencil strokes side by side, a little irregular: 0 paper, 255 lead.

    Args:
        form: of the frames.
        tag: of the random numbers.
        angle: of the strokes in radians, clockwise from the horizontal.
        pitch: distance between them in pixels of a 720p frame.
    """
    x = np.arange(form.width, dtype=np.float32)[None]
    y = np.arange(form.height, dtype=np.float32)[:, None]
    wobble = noise(form, tag, {60.0: 1.0, 14.0: 0.35})
    across = y * np.float32(np.cos(angle)) - x * np.float32(np.sin(angle))
    phase = across / np.float32(pitch * form.unit) + np.float32(0.45) * wobble
    stroke = np.abs(phase - np.floor(phase) - np.float32(0.5)) * 2
    # Pressure varies along the strokes, and the tooth of the paper breaks them.
    press = 0.75 + 0.30 * noise(form, tag + 1, {40.0: 1.0, 1.2: 0.8})
    lead = np.clip((0.52 - stroke) / 0.34, 0, 1) * np.clip(press, 0, 1.2)
    return np.asarray(np.clip(lead * 255, 0, 255), np.uint8)
