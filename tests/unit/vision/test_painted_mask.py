"""That what was painted roughly is cut at the edge of what was meant."""

import cv2
import numpy as np
import pytest

from kirin.vision.matting import painted_mask
from kirin.vision.matting.painted_mask import refine_painted_mask


def ellipse(width, height, centre, radii):
    mask = np.zeros((height, width), np.uint8)
    return cv2.ellipse(mask, centre, radii, 0, 0, 360, 255, -1)


@pytest.mark.parametrize("scale", [1, 3])
def test_a_thing_is_cut_at_its_edge_whatever_the_pictures_size(scale):
    width, height = 640 * scale, 360 * scale
    rng = np.random.default_rng(3)
    grain = rng.normal(0, 6, (360, 640, 3)).repeat(scale, axis=0).repeat(scale, axis=1)
    centre = 300 * scale, 180 * scale
    thing = ellipse(width, height, centre, (70 * scale, 100 * scale))
    picture = np.where(thing[..., None] > 0, (190, 120, 50), (70, 90, 80)) + grain
    painted = ellipse(width, height, centre, (95 * scale, 125 * scale))
    found = refine_painted_mask(np.clip(picture, 0, 255).astype(np.uint8), painted)
    meant, cut = thing > 127, found > 127
    assert (meant & cut).sum() / (meant | cut).sum() > 0.97
    assert found.max() == 255
    assert found[painted == 0].max() < 20


def test_a_wide_blur_of_a_reduced_copy_is_that_of_the_mask():
    mask = ellipse(1001, 700, (480, 300), (300, 220))
    mask[:120, :200] = 255
    mask[500:505] = 255
    for sigma in (3.5, 7.0, 17.3, 25.0):
        exact = cv2.GaussianBlur(mask, (0, 0), sigma).astype(int)
        # 3 as measured; OpenCV rounds otherwise on another processor.
        assert np.abs(painted_mask._blurred(mask, sigma) - exact).max() <= 4
