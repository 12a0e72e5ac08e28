"""Tensors and pictures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from PIL import Image

from kirin.vision.planes import Rgb


def pil(picture: Rgb) -> Image.Image:
    """A picture as pipelines take it."""
    return Image.fromarray(picture)


def pictures(video: Any) -> Iterator[Rgb]:
    """The pictures of a decoded video.

    Args:
        video: tensor of shape ``(1, 3, frames, height, width)``, -1 to 1.
    """
    for number in range(video.shape[2]):
        picture = video[0, :, number].to(torch.float32).permute(1, 2, 0)
        scaled = (picture * 127.5 + 127.5).round().clamp(0, 255).to(torch.uint8)
        yield np.ascontiguousarray(scaled.cpu().numpy())
