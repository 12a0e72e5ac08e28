"""That a subject is found where there is one, cut along its edge, and painted out behind."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from kirin.media.decode import timed_frames
from kirin.vision.inpainting.background import inpaint_background
from kirin.vision.matting.foreground import estimate_foreground
from kirin.vision.matting.segmenter import Segmenter, SubjectMask

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def segmenter():
    return Segmenter()


def ball(height=240, width=320, radius=60, centre=(170, 120)):
    """A shaded orange ball before a soft blue-green ground; and its true mask."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    ground = np.dstack([40 + 20 * np.sin(x / 40), 110 + 30 * np.sin(y / 50), 120 + x / 8])
    distance = np.hypot(x - centre[0], y - centre[1])
    light = np.clip(1.2 - np.hypot(x - centre[0] + 20, y - centre[1] + 20) / (2 * radius), 0, 1)
    own = np.dstack([240 * light, 140 * light, 40 * light])
    alpha = np.clip(radius - distance + 0.5, 0, 1)[..., None]
    rgb = np.clip(own * alpha + ground * (1 - alpha), 0, 255).astype(np.uint8)
    return rgb, alpha[..., 0], ground.astype(np.uint8)


def test_a_clear_subject_is_found_and_cut_along_its_edge(segmenter):
    rgb, truth, _ = ball()
    mask = segmenter.find(rgb)
    assert mask.separable
    alpha = cv2.resize(mask.alpha, truth.shape[::-1], interpolation=cv2.INTER_AREA) / 255
    assert np.minimum(alpha, truth).sum() / np.maximum(alpha, truth).sum() > 0.96
    away = cv2.erode(np.abs(alpha - truth), np.ones((5, 5)))  # survives if 5 pixels wide
    assert away.max() < 0.2


def test_the_box_surrounds_the_subject(segmenter):
    mask = segmenter.find(ball()[0])
    np.testing.assert_allclose(mask.box, (110 / 320, 60 / 240, 230 / 320, 180 / 240), atol=0.02)


def test_a_person_is_the_subject_whole_though_other_things_stand_out_more(segmenter):
    clip = Path(__file__).parents[2] / "media" / "walking.mp4"
    ((_, rgb),) = timed_frames(clip, only={20})
    mask = segmenter.find(rgb)
    assert mask.separable
    alpha = cv2.resize(mask.alpha, (1080, 560), interpolation=cv2.INTER_AREA)
    for x, y in [(769, 131), (886, 292), (697, 264), (743, 385), (716, 468), (873, 462)]:
        assert alpha[y - 4 : y + 5, x - 4 : x + 5].max() > 200  # head, hands, knee, feet
    assert alpha[:, :600].max() < 10  # the house, which U-2-Net alone takes for the subject


def test_texture_without_a_subject_is_not_separable(segmenter):
    noise = np.random.default_rng(3).integers(0, 255, (200, 300, 3), np.uint8)
    assert not segmenter.find(cv2.GaussianBlur(noise, (0, 0), 2)).separable


@pytest.mark.parametrize(("share", "uncertainty"), [(0.01, 0.0), (0.9, 0.0), (0.3, 0.5)])
def test_small_huge_and_doubtful_subjects_stay_where_they_are(share, uncertainty):
    assert not SubjectMask(np.zeros((4, 4), np.uint8), share, uncertainty).separable


def test_what_is_behind_looks_like_the_surroundings():
    rgb, alpha, ground = ball()
    behind = inpaint_background(rgb, (alpha * 255).astype(np.uint8))
    wrong = np.abs(behind.astype(int) - ground).mean(axis=2)
    assert wrong[alpha > 0].mean() < 20
    untouched = cv2.dilate((alpha > 0).astype(np.uint8), np.ones((25, 25))) == 0
    np.testing.assert_array_equal(behind[untouched], rgb[untouched])


def test_the_subjects_edge_keeps_no_colour_of_the_background():
    y, x = np.mgrid[0:120, 0:160].astype(np.float32)
    alpha = np.clip((40 - np.hypot(x - 80, y - 60)) / 8 + 0.5, 0, 1)[..., None]
    red, green = np.array([220, 40, 40]), np.array([20, 200, 60])
    rgb = np.round(red * alpha + green * (1 - alpha)).astype(np.uint8)
    own = estimate_foreground(rgb, np.round(alpha[..., 0] * 255).astype(np.uint8)).astype(int)
    edge = (alpha[..., 0] > 0.15) & (alpha[..., 0] < 1)
    assert np.abs(rgb[edge].astype(int) - red).mean() > 50
    assert np.abs(own[edge] - red).mean() < 8
