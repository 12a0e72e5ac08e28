"""Where a sky is found, where none is, and what is known of it."""

import cv2
import numpy as np
import pytest
from skimage import data

from kirin.vision.planes import Rgb
from kirin.vision.sky.sky import find_sky

HEIGHT, WIDTH = 320, 480


def clouds(seed: int = 1) -> np.ndarray:
    """Share of cloud, 0 to 1."""
    values = np.random.default_rng(seed).standard_normal((HEIGHT, WIDTH)).astype(np.float32)
    smooth = cv2.GaussianBlur(values, (0, 0), 24, sigmaY=12)
    return np.clip(smooth / smooth.std() - 0.6, 0, 1)[..., None]


def blue() -> np.ndarray:
    rows = np.linspace(0, 1, HEIGHT, dtype=np.float32)[:, None, None]
    return np.broadcast_to(np.array([30, 90, 185]) + rows * 40, (HEIGHT, WIDTH, 3)).copy()


def rough(colour: tuple[int, int, int], seed: int = 2) -> np.ndarray:
    values = np.random.default_rng(seed).standard_normal((HEIGHT, WIDTH)).astype(np.float32)
    return np.array(colour) + 30 * cv2.GaussianBlur(values, (0, 0), 1.0)[..., None] * 3


def as_rgb(picture: np.ndarray) -> Rgb:
    return np.ascontiguousarray(np.clip(picture, 0, 255).astype(np.uint8))


def test_a_sky_may_be_all_of_a_picture_but_for_a_kite() -> None:
    picture = blue() * (1 - 0.8 * clouds()) + 0.8 * clouds() * 240
    picture[150:170, 300:320] = (220, 30, 40)
    sky = find_sky(as_rgb(picture))
    assert sky is not None
    assert sky.area > 0.97
    assert sky.cloudy
    kite = sky.mask[int(155 * 256 / 480) : int(165 * 256 / 480), 163:168]
    assert not kite.any()


@pytest.mark.parametrize("colour", [(120, 20, 170), (0, 200, 220), (20, 10, 30)])
def test_an_even_picture_of_another_colour_is_no_sky(colour: tuple[int, int, int]) -> None:
    picture = np.broadcast_to(np.array(colour, np.float32), (HEIGHT, WIDTH, 3)).copy()
    picture[120:220, 180:300] = rough((220, 60, 120))[120:220, 180:300]
    assert find_sky(as_rgb(picture)) is None


def test_a_sky_ends_at_the_horizon_of_a_sea_of_its_colours() -> None:
    picture = blue()
    sea = np.linspace(1, 0, HEIGHT, dtype=np.float32)[:, None, None]
    picture[190:] = (np.array([40, 105, 190]) - (1 - sea) * 60)[190:]
    picture[280:] = rough((150, 120, 70))[280:]
    sky = find_sky(as_rgb(picture))
    assert sky is not None
    assert sky.horizon == pytest.approx(190 / HEIGHT, abs=0.03)


def test_clouds_are_told_from_a_clear_sky_and_from_wires() -> None:
    clear = blue()
    clear[220:] = rough((70, 90, 40))[220:]
    cloudy = clear.copy()
    for x in (120, 240, 360):
        cv2.line(clear, (x, 0), (x + 60, 219), (20, 20, 20), 2)
    cloudy[:220] = (blue() * (1 - 0.5 * clouds()) + 0.5 * clouds() * 240)[:220]
    skies = [find_sky(as_rgb(each)) for each in (clear, cloudy)]
    assert skies[0] is not None
    assert skies[1] is not None
    assert not skies[0].cloudy
    assert skies[1].cloudy
    assert skies[0].clear > 0.9
    assert skies[1].clear < 0.5


def test_what_is_long_and_thin_is_not_open() -> None:
    picture = blue()
    picture[250:] = rough((70, 90, 40))[250:]
    cv2.line(picture, (200, 20), (230, 249), (25, 25, 25), 3)
    sky = find_sky(as_rgb(picture))
    assert sky is not None
    wire = [(int(y * 256 / 480), int((200 + 30 * (y - 20) / 229) * 256 / 480)) for y in (90, 160)]
    assert not any(sky.open[at] for at in wire)
    assert sky.open[60:100, 20:80].all()


@pytest.mark.parametrize("name", ["astronaut", "chelsea", "coffee"])
def test_no_sky_is_seen_indoors(name: str) -> None:
    assert find_sky(np.ascontiguousarray(getattr(data, name)())) is None


def test_the_sky_behind_a_rocket_is_clear() -> None:
    sky = find_sky(np.ascontiguousarray(data.rocket()))
    assert sky is not None
    assert 0.5 < sky.area < 0.9
    assert not sky.cloudy
