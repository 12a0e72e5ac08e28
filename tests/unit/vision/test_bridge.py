"""That a line which a hole cuts goes on in it, and nothing else does."""

import cv2
import numpy as np
import pytest

from kirin.vision.inpainting.bridge import bridge_lines

HEIGHT, WIDTH = 120, 200


def hole():
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    cv2.ellipse(mask, (100, 60), (24, 30), 0, 0, 360, 1, -1)
    return mask


@pytest.mark.parametrize("degrees", [0, 20, 60, 90])
def test_a_stem_goes_on_through_the_hole(degrees):
    along = np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))]) * 200
    rgb = np.full((HEIGHT, WIDTH, 3), (90, 120, 200), np.uint8)
    ends = [tuple(int(v) for v in np.array([100, 60]) + way * along) for way in (-1, 1)]
    cv2.line(rgb, *ends, (20, 60, 20), 7)
    mask = hole()
    cut = np.where(mask[..., None] > 0, np.uint8(128), rgb)
    filled, lines = bridge_lines(cut, mask, 1 - mask)
    assert np.abs(filled[60, 100].astype(int) - (20, 60, 20)).max() < 12
    assert lines[60, 100] == 1
    assert not lines[mask == 0].any()
    np.testing.assert_array_equal(filled[mask == 0], cut[mask == 0])


def test_an_even_picture_has_no_lines():
    rgb = np.full((HEIGHT, WIDTH, 3), (90, 120, 200), np.uint8)
    filled, lines = bridge_lines(rgb, hole(), 1 - hole())
    assert not lines.any()
    np.testing.assert_array_equal(filled, rgb)


def test_a_hole_that_reaches_the_border_has_no_two_sides():
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    mask[:, 2:] = 1
    rgb = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    _, lines = bridge_lines(rgb, mask, 1 - mask)
    assert not lines.any()
