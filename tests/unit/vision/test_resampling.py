"""That pictures are scaled as Pillow scales them, to a rounding."""

import numpy as np
import pytest
from PIL import Image

from kirin.vision.resampling import CUBIC, LANCZOS, rescale

KERNELS = {LANCZOS: Image.Resampling.LANCZOS, CUBIC: Image.Resampling.BICUBIC}


def noise(height, width):
    blocks = np.random.default_rng(1).integers(64, 192, (height // 4, width // 4, 3), np.uint8)
    return blocks.repeat(4, axis=0).repeat(4, axis=1)


@pytest.mark.parametrize("support", KERNELS)
@pytest.mark.parametrize(
    ("width", "height", "box"),
    [
        (60, 40, (0, 0, 120, 80)),
        (300, 200, (0, 0, 120, 80)),
        (120, 30, (0, 0, 120, 80)),
        (50, 80, (0, 0, 120, 80)),
        (64, 36, (10.3, 4.7, 113.9, 63.1)),
        (200, 20, (0, 0, 120, 80)),
        (3, 2, (0, 0, 120, 80)),
    ],
)
def test_is_what_pillow_makes_of_it(support, width, height, box):
    rgb = noise(80, 120)
    theirs = np.asarray(Image.fromarray(rgb).resize((width, height), KERNELS[support], box=box))
    ours = rescale(rgb, width, height, box, support)
    assert ours.shape == theirs.shape
    # Either axis may come first, and each pass rounds: by 2 as measured, on other processors
    # perhaps elsewhere.
    assert np.abs(ours.astype(int) - theirs).max() <= 3


@pytest.mark.parametrize("support", KERNELS)
def test_what_is_even_stays_even(support):
    plane = np.full((9, 13), 201, np.uint8)
    for size in ((5, 4), (40, 31), (13, 9)):
        assert (rescale(plane, *size, (0, 0, 13, 9), support) == 201).all()


def test_the_same_size_is_a_copy():
    rgb = noise(8, 12)
    same = rescale(rgb, 12, 8, (0, 0, 12, 8))
    np.testing.assert_array_equal(same, rgb)
    same[:] = 0
    assert rgb.any()


def test_a_single_pixel_fills_any_size():
    pixel = np.array([[[10, 200, 30]]], np.uint8)
    assert (rescale(pixel, 7, 5, (0, 0, 1, 1)) == pixel).all()
