"""Point tracks: where painted parts of a picture are in each frame, for Wan-Move."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kirin.domain.assets import Asset
from kirin.domain.callbacks import ReadAsset
from kirin.domain.storyboard import Shot
from kirin.engines.diffusion.frame_layout import FrameLayout
from kirin.errors import InputsRefused, attributed_to
from kirin.media.images import load_mask
from kirin.vision.easing import Floats
from kirin.vision.trajectory import Trajectory

CELL: Final = 8
"""Spatial compression of the Wan 2.1 VAE: pixels per latent cell, and the spacing of points."""

_MASK_SIDE: Final = 2048  # longest side to which masks are decoded
_PAINTED: Final = 127  # brightness above which a mask counts as painted


def point_tracks(shot: Shot, layout: FrameLayout, read: ReadAsset, frames: int) -> Floats | None:
    """Tracks of points in the painted parts of a shot.

    A painted part moves as a whole along its path, at a constant speed with an eased start and
    end. The static mask does not move, and is on top.

    Args:
        shot: the shot.
        layout: maps its first frame to the model's frames.
        read: returns a local path with a mask's bytes.
        frames: how many frames the tracks have.

    Returns:
        Shape ``(points, frames, 2)``, x and y in the model's pixels; ``None`` without any mask.

    Raises:
        InputsRefused: a mask is empty where the video shows it.
    """
    if shot.first is None or not (shot.strokes or shot.still):
        return None
    size = shot.first.width, shot.first.height
    tracks = []
    for stroke in shot.strokes:
        with attributed_to("shots.strokes"):
            starts = _painted(stroke.mask, size, layout, read)
        points = np.array([(point.x, point.y) for point in stroke.path])
        offsets = Trajectory(layout.points(points, *size)).offsets(frames)
        tracks.append(starts[:, None] + offsets[None])
    if shot.still:
        with attributed_to("shots.still"):
            starts = _painted(shot.still, size, layout, read)
        tracks.append(np.repeat(starts[:, None], frames, 1))
    return np.concatenate(tracks)


def _painted(mask: Asset, size: tuple[int, int], layout: FrameLayout, read: ReadAsset) -> Floats:
    """The centres of the cells that a mask covers, shape ``(points, 2)``."""
    scale = min(_MASK_SIDE / max(size), 1)
    grey = load_mask(read(mask), *(max(round(side * scale), 1) for side in size))
    placed = layout.place(np.repeat(grey[..., None], 3, 2))[..., 0]
    half = CELL // 2
    rows, columns = np.nonzero(placed[half::CELL, half::CELL] > _PAINTED)
    if not len(rows):
        ys, xs = np.nonzero(placed > _PAINTED)
        if not len(ys):
            raise InputsRefused("the mask is empty: paint the part that it selects white")
        return np.array([[xs.mean(), ys.mean()]])
    centres: Floats = np.stack([columns, rows], 1).astype(np.float64) * CELL + half
    return centres


@dataclass(frozen=True, slots=True)
class LatentCopies:
    """Which cells of the first latent frame are copied to which cells of later ones.

    Attributes:
        frame, row, column: of the target cells, without duplicates.
        source_row, source_column: of the cell in the first latent frame that each gets.
    """

    frame: NDArray[np.int64]
    row: NDArray[np.int64]
    column: NDArray[np.int64]
    source_row: NDArray[np.int64]
    source_column: NDArray[np.int64]


def latent_copies(tracks: Floats, step: int, rows: int, columns: int) -> LatentCopies:
    """Point tracks as latent cells (latent trajectory guidance; Chu et al., arXiv:2512.08765).

    Args:
        tracks: see :func:`point_tracks`.
        step: frames per latent frame after the first; the last of them decides.
        rows, columns: size of the latent frames. A point outside is not copied to; one that starts
            outside is dropped.
    """
    cells = np.floor(tracks[:, ::step] / CELL).astype(np.int64)
    last: dict[tuple[int, int, int], tuple[int, int]] = {}
    for track in cells:
        (first_column, first_row), *later = track.tolist()
        if not (0 <= first_row < rows and 0 <= first_column < columns):
            continue
        for frame, (column, row) in enumerate(later, 1):
            if 0 <= row < rows and 0 <= column < columns:
                last[frame, row, column] = first_row, first_column
    found = np.array([(*target, *source) for target, source in last.items()], np.int64).reshape(
        -1, 5
    )
    return LatentCopies(*found.T)
