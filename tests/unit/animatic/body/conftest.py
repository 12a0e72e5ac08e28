"""Pictures with subjects that blink, breathe and leave."""

import cv2
import numpy as np
import pytest
from skimage import data


@pytest.fixture(autouse=True, scope="module")
def _two_layers():
    """Subject and background, as where no depth layers are found."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kirin.engines.animatic.photo.sheet.split_layers", lambda *_: ())
        yield


@pytest.fixture(scope="module")
def portrait():
    """A head and shoulders, and the mask of the person, told by eye."""
    rgb = cv2.resize(data.astronaut()[:400, :420], (630, 600), interpolation=cv2.INTER_CUBIC)
    alpha = np.zeros(rgb.shape[:2], np.uint8)
    cv2.ellipse(alpha, (339, 165), (96, 152), 0, 0, 360, 255, -1)
    body = np.array(
        [[110, 600], [75, 450], [150, 330], [280, 260], [400, 260], [520, 330], [530, 600]]
    )
    cv2.fillPoly(alpha, [body], 255)
    return rgb, cv2.GaussianBlur(alpha, (0, 0), 1.5)


@pytest.fixture(scope="module")
def animal():
    """A bright lying body on a dark ground with texture, and its mask."""
    noise = np.random.default_rng(2).integers(0, 30, (100, 150), np.uint8)
    ground = cv2.resize(noise, (600, 400), interpolation=cv2.INTER_CUBIC)[..., None]
    alpha = np.zeros((400, 600), np.uint8)
    cv2.ellipse(alpha, (300, 220), (170, 90), 0, 0, 360, 255, -1)
    alpha = cv2.GaussianBlur(alpha, (0, 0), 1.2)
    share = alpha[..., None] / 255
    rgb = ground * (1 - share) + np.array([200, 170, 140]) * share
    return np.round(rgb).astype(np.uint8), alpha


@pytest.fixture(scope="module")
def scene():
    """A red thing on a lawn that has texture, with a shadow at its foot, and its mask."""
    noise = np.random.default_rng(4).integers(-14, 14, (54, 96, 1))
    lawn = cv2.resize((noise + 110).astype(np.float32), (480, 270), interpolation=cv2.INTER_CUBIC)
    rgb = np.stack([lawn * 0.7, lawn * 1.1, lawn * 0.6], axis=2)
    cv2.ellipse(rgb, (262, 197), (52, 11), 0, 0, 360, (25, 38, 22), -1)
    alpha = np.zeros((270, 480), np.uint8)
    cv2.ellipse(alpha, (240, 150), (38, 50), 0, 0, 360, 255, -1)
    alpha = cv2.GaussianBlur(alpha, (0, 0), 1.0)
    share = alpha[..., None] / 255
    rgb = rgb * (1 - share) + np.array([210, 40, 40]) * share
    return np.clip(np.round(rgb), 0, 255).astype(np.uint8), alpha
