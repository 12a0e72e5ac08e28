"""Drawing planes through positions on a coarse grid."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from kirin.vision.flow.warping import PackedPlanes, WarpGrid
from kirin.vision.planes import Planes, new_frame

WIDTH, HEIGHT = 1060, 60
GRID = WarpGrid(WIDTH, HEIGHT, 100)


def smooth(width: int, height: int, seed: int) -> np.ndarray:
    noise = np.random.default_rng(seed).integers(0, 256, (height, width), np.uint8)
    return cv2.normalize(cv2.GaussianBlur(noise, (0, 0), 2), None, 0, 255, cv2.NORM_MINMAX)


@pytest.fixture
def planes() -> Planes:
    """A picture a half larger than the view, whose chroma is as large as the view's."""
    return Planes(
        smooth(WIDTH * 3 // 2, HEIGHT * 3 // 2, 0),
        smooth(WIDTH // 2, HEIGHT // 2, 1),
        smooth(WIDTH // 2, HEIGHT // 2, 2),
    )


@pytest.fixture
def target() -> Planes:
    frame = new_frame(WIDTH, HEIGHT)
    frame[:] = 77
    return Planes.of_frame(frame)


def turned() -> np.ndarray:
    """Places that turn a little and go beyond the border."""
    places = GRID.centres()
    x, y = places[..., 0] - 0.5, places[..., 1] - 0.5
    return np.dstack([1.02 * x + 0.01 * y + 0.5, 1.05 * y + 0.02 * x + 0.53]).astype(np.float32)


def sampled(plane: np.ndarray, places: np.ndarray, cell: int, left: float) -> np.ndarray:
    """What OpenCV finds there; a plane of the view, of that many samples a cell."""
    height, width = plane.shape
    at = places * np.float32([width, height]) - np.float32([left, 0.5])
    full = cv2.resize(at, (at.shape[1] * cell, at.shape[0] * cell))
    rows, columns = HEIGHT * cell // GRID.cell, WIDTH * cell // GRID.cell
    inner = full[cell : cell + rows, cell : cell + columns]
    return cv2.remap(plane, inner, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def stray(a: np.ndarray, b: np.ndarray) -> int:
    return int(np.abs(a.astype(int) - b).max())


def test_planes_are_sampled_bilinearly(planes, target) -> None:
    places = turned()
    GRID.draw(PackedPlanes.of(planes), places, target)
    assert stray(target.y, sampled(planes.y, places, GRID.cell, 0.5)) <= 3
    for plane, out in (planes.u, target.u), (planes.v, target.v):
        assert stray(out, sampled(plane, places, GRID.cell // 2, 0.5)) <= 3


def test_where_the_share_is_zero_nothing_is_drawn(planes, target) -> None:
    places, packed = turned(), PackedPlanes.of(planes)
    whole = Planes.of_frame(new_frame(WIDTH, HEIGHT))
    GRID.draw(packed, places, whole)
    share = np.zeros((GRID.rows, GRID.columns), np.uint8)
    share[:, GRID.columns // 2 :] = 255
    GRID.draw(packed, places, target, share)
    edge = (GRID.columns // 2 - 1) * GRID.cell
    left, right = slice(0, edge - GRID.cell), slice(edge + GRID.cell, None)
    assert (target.y[:, left] == 77).all()
    assert (target.y[:, right] == whole.y[:, right]).all()
    assert (target.u[:, left.start : left.stop // 2] == 77).all()


def test_a_share_between_mixes_both(planes, target) -> None:
    places, packed = turned(), PackedPlanes.of(planes)
    whole = Planes.of_frame(new_frame(WIDTH, HEIGHT))
    GRID.draw(packed, places, whole)
    GRID.draw(packed, places, target, np.full((GRID.rows, GRID.columns), 51, np.uint8))
    for plane, mixed in zip((whole.y, whole.v), (target.y, target.v), strict=True):
        assert stray(mixed, np.round(77 + (plane.astype(float) - 77) * 0.2)) <= 1


@pytest.mark.parametrize("nowhere", [np.inf, -np.inf, np.nan, 1e30])
def test_places_that_are_nowhere_stay_within_the_picture(planes, target, nowhere) -> None:
    places = turned()
    places[2, 3:40] = nowhere
    GRID.draw(PackedPlanes.of(planes), places, target)
    assert target.y.max() <= planes.y.max()
    assert target.y.min() >= planes.y.min()


def test_a_picture_that_changed_is_packed_anew(planes, target) -> None:
    packed = PackedPlanes.of(planes)
    planes.y[:] = 100
    packed.renew(planes)
    GRID.draw(packed, turned(), target)
    assert (target.y == 100).all()
