"""That a filled hole has the grain of what is around it."""

import cv2
import numpy as np

from kirin.vision.inpainting.background import inpaint_background
from kirin.vision.planes import resize


def fine(rgb):
    """Deviation of the finest detail."""
    return cv2.Laplacian(rgb[..., 1], cv2.CV_32F).std()


def test_fine_texture_goes_on_in_a_filled_hole():
    rng = np.random.default_rng(4)
    grain = cv2.GaussianBlur(rng.normal(0, 60, (720, 1080)).astype(np.float32), (0, 0), 1.0)
    rgb = np.clip(128 + grain[..., None] * np.array([1.0, 0.9, 0.7]), 0, 255).astype(np.uint8)
    alpha = np.zeros((720, 1080), np.uint8)
    cv2.ellipse(alpha, (540, 360), (150, 110), 0, 0, 360, 255, -1)
    filled = inpaint_background(np.where(alpha[..., None] > 0, 250, rgb).astype(np.uint8), alpha)
    within = np.s_[300:420, 450:630]
    # A reduced picture, as it was filled in before, keeps a third of this grain.
    blurred = resize(resize(rgb, 320, 214), 1080, 720)
    assert fine(filled[within]) > 0.6 * fine(rgb[within])
    assert fine(blurred[within]) < 0.4 * fine(rgb[within])
    assert abs(filled[within].mean() - rgb[within].mean()) < 6


def test_the_same_picture_is_filled_in_the_same_way():
    rgb = np.random.default_rng(9).integers(0, 255, (400, 600, 3), np.uint8)
    alpha = np.zeros((400, 600), np.uint8)
    alpha[150:250, 250:350] = 255
    np.testing.assert_array_equal(inpaint_background(rgb, alpha), inpaint_background(rgb, alpha))
