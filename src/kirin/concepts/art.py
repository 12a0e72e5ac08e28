"""The art of concepts: vector drawings in one archive, drawn at the size that is asked for."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from zipfile import ZipFile

import numpy as np
import pyvips
from numpy.typing import NDArray

from kirin.concepts.library import library

SIDE = 32
"""Side of the square art, in the units of its drawings."""


def draw(concept_id: str, height: int) -> NDArray[np.uint8]:
    """Draw a concept, cropped to its box.

    Args:
        concept_id: id of the concept.
        height: of the drawing in pixels; the width follows from the concept's aspect.

    Returns:
        RGBA with straight alpha, (height, width, 4). Colours are zero where alpha is zero.

    Raises:
        KeyError: no such concept.
    """
    concept = library().get(concept_id)
    left, top, right, bottom = (share * SIDE for share in concept.box)
    width = max(1, round(height * concept.aspect))
    header = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left:g} {top:g} {right - left:g}'
        f' {bottom - top:g}" width="{width}" height="{height}" preserveAspectRatio="none">'
    )
    document = header + body(concept_id) + "</svg>"
    image = pyvips.Image.svgload_buffer(document.encode(), unlimited=True)
    pixels: NDArray[np.uint8] = np.asarray(image.numpy())
    return np.ascontiguousarray(pixels)


def body(concept_id: str) -> str:
    """What is inside the SVG element of a concept's art, on a square of 32 by 32 units."""
    with _archive().open(concept_id) as file:
        return file.read().decode()


@lru_cache(maxsize=1)
def _archive() -> ZipFile:
    """The archive in memory: reading from a file would need a lock among threads."""
    return ZipFile(BytesIO((files("kirin.concepts") / "data" / "art.zip").read_bytes()))
