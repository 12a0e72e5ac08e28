"""Where water, sky, fire and smoke are found, and where not."""

import cv2
import numpy as np
import pytest
from skimage import data

from kirin.domain.motion import Substance
from kirin.vision.planes import Rgb
from kirin.vision.regions.find import find_region
from kirin.vision.regions.region import SubstanceRegion

HEIGHT, WIDTH = 360, 540


def noise(scale: float, seed: int, stretch: float = 1.0) -> np.ndarray:
    values = np.random.default_rng(seed).standard_normal((HEIGHT, WIDTH)).astype(np.float32)
    smooth = cv2.GaussianBlur(values, (0, 0), scale * stretch, sigmaY=scale)
    return smooth / smooth.std()


def lake(horizon: int = 170) -> Rgb:
    """A cloudy sky over hills, a lake that mirrors it, and grass at the shore."""
    picture = np.zeros((HEIGHT, WIDTH, 3), np.float32)
    rows = np.arange(HEIGHT, dtype=np.float32)[:, None]
    glow = np.clip(rows / horizon, 0, 1)[..., None]
    sky = np.array([90, 140, 205]) * (1 - glow) + np.array([190, 210, 230]) * glow
    clouds = np.clip(noise(16, 1, 2.5) - 0.3, 0, 1)[..., None]
    sky = sky * (1 - 0.7 * clouds) + 0.7 * clouds * 245
    picture[:] = sky
    water = np.flipud(picture[:horizon])
    water = cv2.resize(np.ascontiguousarray(water), (WIDTH, HEIGHT - horizon)) * 0.75
    picture[horizon:] = cv2.GaussianBlur(water, (0, 0), 6, sigmaY=1)
    picture[horizon:] += 3 * noise(1.2, 2, 8)[horizon:, :, None]
    hill = horizon - 14 - 8 * np.sin(np.arange(WIDTH) / 60)
    hills = (rows > hill) & (rows < horizon)
    picture[hills] = np.array([38, 52, 40]) + 12 * noise(1, 3)[hills][:, None]
    shore = np.broadcast_to(rows > HEIGHT - 70, (HEIGHT, WIDTH))
    picture[shore] = np.array([70, 105, 40]) + 28 * noise(0.9, 4)[shore][:, None]
    return np.clip(picture, 0, 255).astype(np.uint8)


def campfire() -> Rgb:
    """A flame of the colours of a black body, before the night."""
    picture = np.full((HEIGHT, WIDTH, 3), (24, 20, 20), np.float32) + 2 * noise(1, 5)[..., None]
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    up = np.clip((290 - y) / 180, 0, 1)
    heat = 1.25 - np.abs(x - 270 + 9 * noise(9, 6) * up) / np.maximum(60 * (1 - up) ** 0.7, 1)
    heat = np.clip(heat - 0.35 * up, 0, 1) * ((y < 290) & (up < 1))
    heat = cv2.GaussianBlur(heat.astype(np.float32), (0, 0), 2)
    flame = [np.clip(heat * 3, 0, 1), np.clip(heat * 2.2 - 0.45, 0, 1), heat * 2.2 - 1.25]
    picture = np.maximum(picture, np.clip(np.stack(flame, axis=-1), 0, 1) * 255)
    return np.clip(picture, 0, 255).astype(np.uint8)


def chimney_smoke() -> Rgb:
    """A soft grey column before a dark wood."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    picture = np.full((HEIGHT, WIDTH, 3), (34, 52, 42), np.float32) + 2 * noise(1, 7)[..., None]
    up = np.clip((300 - y) / 260, 0, 1)
    veil = np.clip(1 - ((x - 260 - 36 * up) / (18 + 66 * up)) ** 2 + 0.6 * noise(12, 8), 0, 1)
    veil = veil * np.clip((300 - y) / 36, 0, 1) * np.clip((y - 30) / 70, 0, 1)
    veil = 0.8 * cv2.GaussianBlur(veil, (0, 0), 7)[..., None]
    return np.clip(picture * (1 - veil) + 198 * veil, 0, 255).astype(np.uint8)


def overlap(region: SubstanceRegion | None, truth: np.ndarray) -> float:
    """Intersection over union."""
    assert region is not None
    found = region.alpha > 127
    return float((found & truth).sum() / (found | truth).sum())


def test_sky_and_water_part_at_the_horizon() -> None:
    rows = np.broadcast_to(np.arange(HEIGHT)[:, None], (HEIGHT, WIDTH))
    hill = 170 - 14 - 8 * np.sin(np.arange(WIDTH) / 60)
    assert overlap(find_region(lake(), Substance.CLOUDS), rows < hill) > 0.9
    water = (rows >= 170) & (rows <= HEIGHT - 70)
    assert overlap(find_region(lake(), Substance.WATER), water) > 0.7


def test_water_found_is_water() -> None:
    region = find_region(lake(), Substance.WATER)
    assert region is not None
    assert region.alpha[:160].max() == 0  # sky and hills
    assert (region.alpha[HEIGHT - 60 :] > 127).mean() < 0.01  # grass


def test_clear_sky_has_no_clouds() -> None:
    picture = np.zeros((HEIGHT, WIDTH, 3), np.float32)
    picture[:] = np.linspace(110, 210, HEIGHT)[:, None, None] * np.array([0.6, 0.8, 1.0])
    picture[250:] = 60 + 20 * noise(1, 1)[250:, :, None]
    clear = np.clip(picture, 0, 255).astype(np.uint8)
    assert find_region(clear, Substance.CLOUDS) is None


def test_fire_and_smoke() -> None:
    fire = campfire()
    truth = fire[..., 0] > 120
    assert overlap(find_region(fire, Substance.FIRE), truth) > 0.5
    assert find_region(fire, Substance.WATER) is None
    smoke = chimney_smoke()
    region = find_region(smoke, Substance.SMOKE)
    assert region is not None
    found = region.alpha > 127
    assert smoke[found].mean() > smoke[~found].mean() + 50


def test_subject_is_no_part_of_a_region() -> None:
    subject = np.zeros((HEIGHT, WIDTH), np.uint8)
    cv2.circle(subject, (260, 200), 60, 255, -1)
    for substance in (Substance.CLOUDS, Substance.WATER):
        region = find_region(lake(), substance, subject)
        assert region is not None
        assert region.alpha[subject > 0].max() == 0


@pytest.mark.parametrize("name", ["coffee", "chelsea", "motorcycle", "astronaut"])
@pytest.mark.parametrize("substance", [Substance.WATER, Substance.FIRE, Substance.STEAM])
def test_nothing_is_found_where_there_is_nothing(name: str, substance: Substance) -> None:
    assert find_region(photograph(name), substance) is None


@pytest.mark.parametrize("name", ["coffee", "chelsea"])
def test_no_sky_indoors(name: str) -> None:
    assert find_region(photograph(name), Substance.CLOUDS) is None


def photograph(name: str) -> Rgb:
    if name == "motorcycle":
        return np.ascontiguousarray(data.stereo_motorcycle()[0])
    return np.ascontiguousarray(getattr(data, name)())


def test_substances_without_a_finder_are_not_found() -> None:
    assert find_region(lake(), Substance.FLAG) is None
