"""Conversions between images, PIL and tensors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from PIL import Image

from kirin.vision.planes import Rgb


def pil(picture: Rgb) -> Image.Image:
    """An image as pipelines take it."""
    return Image.fromarray(picture)


def to_frames(video: Any) -> Iterator[Rgb]:
    """The frames of a decoded video.

    Args:
        video: tensor of shape ``(1, 3, frames, height, width)``, -1 to 1.

    Yields:
        ``uint8`` images of shape ``(height, width, 3)``.
    """
    for number in range(video.shape[2]):
        picture = video[0, :, number].to(torch.float32).permute(1, 2, 0)
        scaled = (picture * 127.5 + 127.5).round().clamp(0, 255).to(torch.uint8)
        yield np.ascontiguousarray(scaled.cpu().numpy())
