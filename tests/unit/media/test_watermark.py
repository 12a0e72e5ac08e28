"""The mark: legible on any ground, near the lower right, at any size."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from kirin.media.watermark import Watermark


def ground(width: int, height: int, luma: int, chroma: int = 128) -> NDArray[np.uint8]:
    frame = np.full((height * 3 // 2, width), chroma, np.uint8)
    frame[:height] = luma
    return frame


@pytest.mark.parametrize("luma", [16, 60, 128, 180, 235])
def test_legible_on_any_ground(luma: int) -> None:  # W-5
    frame = ground(1280, 720, luma)
    marked = Watermark(1280, 720).stamp(frame)
    assert (frame[:720] == luma).all()  # the frame itself is only read
    mark = marked[660:720, 800:1280].astype(int)
    assert np.ptp(mark) > 50
    assert mark.min() >= 15
    assert mark.max() <= 235
    changed = np.argwhere(marked[:720] != luma)
    assert changed.min(0)[0] > 720 * 0.9
    assert changed.min(0)[1] > 1280 / 2


def test_colours_fade_to_grey_under_it_and_nowhere_else() -> None:
    marked = Watermark(320, 180).stamp(ground(320, 180, 100, 200))
    planes = marked.reshape(-1)[320 * 180 :].reshape(2, 90, 160)
    assert planes.max() == 200
    assert planes[:, 75:, 90:].min() < 180
    assert (planes[:, :70] == 200).all()
    assert (planes[0] == planes[1]).all()


@pytest.mark.parametrize(
    ("width", "height"), [(2, 2), (64, 36), (36, 64), (322, 426), (40, 1000), (3840, 2160)]
)
def test_any_size(width: int, height: int) -> None:
    frame = ground(width, height, 100)
    marked = Watermark(width, height).stamp(frame)
    assert marked.shape == frame.shape
    assert marked.flags.c_contiguous
    if width > 2:
        assert (marked != frame).any()
