"""Tracks: where painted parts of a picture are in each frame, for models that follow points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kirin.domain.assets import Asset
from kirin.domain.callbacks import ReadAsset
from kirin.domain.storyboard import Shot
from kirin.engines.diffusion.canvas import Canvas
from kirin.errors import InputsRefused, blame
from kirin.media.images import load_mask
from kirin.vision.easing import Floats
from kirin.vision.trajectory import Trajectory

CELL: Final = 8
"""Pixels of a side that Wan's first autoencoder makes one; points are that far apart."""

_SIDE: Final = 2048  # longest side at which masks are looked at
_INSIDE: Final = 127  # brightness above which a mask counts as painted


def paths(shot: Shot, canvas: Canvas, read: ReadAsset, frames: int) -> Floats | None:
    """Where points of the painted parts are, shape ``(points, frames, 2)``, in the model's pixels.

    A part moves as a whole, along its path, at a steady pace with a gentle start and end; what is
    painted to hold still stays, and lies on top.

    Returns:
        ``None`` where nothing is painted.

    Raises:
        InputsRefused: a mask shows nothing that can be seen in the video.
    """
    if shot.first is None or not (shot.strokes or shot.still):
        return None
    size = shot.first.width, shot.first.height
    found = []
    for stroke in shot.strokes:
        with blame("shots.strokes"):
            starts = _painted(stroke.mask, size, canvas, read)
        points = np.array([(point.x, point.y) for point in stroke.path])
        offsets = Trajectory(canvas.points(points, *size)).offsets(frames)
        found.append(starts[:, None] + offsets[None])
    if shot.still:
        with blame("shots.still"):
            starts = _painted(shot.still, size, canvas, read)
        found.append(np.repeat(starts[:, None], frames, 1))
    return np.concatenate(found)


def _painted(mask: Asset, size: tuple[int, int], canvas: Canvas, read: ReadAsset) -> Floats:
    """The middles of the cells that a mask covers, shape ``(points, 2)``."""
    scale = min(_SIDE / max(size), 1)
    grey = load_mask(read(mask), *(max(round(side * scale), 1) for side in size))
    placed = canvas.place(np.repeat(grey[..., None], 3, 2))[..., 0]
    half = CELL // 2
    rows, columns = np.nonzero(placed[half::CELL, half::CELL] > _INSIDE)
    if not len(rows):
        ys, xs = np.nonzero(placed > _INSIDE)
        if not len(ys):
            raise InputsRefused("a mask shows nothing: paint what it is about white")
        return np.array([[xs.mean(), ys.mean()]])
    middles: Floats = np.stack([columns, rows], 1).astype(np.float64) * CELL + half
    return middles


@dataclass(frozen=True, slots=True)
class Carried:
    """Which cells of the first latent frame are seen again in later ones, and where.

    Attributes:
        frame, row, column: of the later cells, each one once.
        first_row, first_column: of the cells that are seen there.
    """

    frame: NDArray[np.int64]
    row: NDArray[np.int64]
    column: NDArray[np.int64]
    first_row: NDArray[np.int64]
    first_column: NDArray[np.int64]


def carried(tracks: Floats, step: int, rows: int, columns: int) -> Carried:
    """Tracks as cells, as Wan-Move was trained (Chu et al. 2025, latent trajectory guidance).

    Args:
        tracks: see :func:`paths`.
        step: frames of the video for each latent frame after the first, of which the last counts.
        rows, columns: of cells; a point outside is not seen, and one that begins there never.
    """
    cells = np.floor(tracks[:, ::step] / CELL).astype(np.int64)
    last: dict[tuple[int, int, int], tuple[int, int]] = {}
    for way in cells:
        (first_column, first_row), *later = way.tolist()
        if not (0 <= first_row < rows and 0 <= first_column < columns):
            continue
        for frame, (column, row) in enumerate(later, 1):
            if 0 <= row < rows and 0 <= column < columns:
                last[frame, row, column] = first_row, first_column
    found = np.array([(*to, *since) for to, since in last.items()], np.int64).reshape(-1, 5)
    return Carried(*found.T)
