"""Matter, air and light under painted masks: what is held stays, the rest moves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image

from kirin.domain.assets import Asset, AssetKind
from kirin.domain.storyboard import Point, Shot, Storyboard, Stroke
from kirin.engines.animatic.engine import AnimaticEngine
from kirin.media.decode import frames
from kirin.media.encode import encode
from kirin.vision.planes import Planes, Rgb

pytestmark = pytest.mark.slow

HEIGHT, WIDTH, FPS = 270, 480, Fraction(12)
SHORE = 150
HELD = np.s_[:, :200]

Film = Callable[..., tuple[list[Rgb], dict[str, Any]]]


def noise(scale: float, seed: int, stretch: float = 1.0) -> np.ndarray:
    values = np.random.default_rng(seed).standard_normal((HEIGHT, WIDTH)).astype(np.float32)
    smooth = cv2.GaussianBlur(values, (0, 0), scale * stretch, sigmaY=scale)
    return smooth / smooth.std()


def lake() -> Rgb:
    """A cloudy sky that a lake mirrors."""
    picture = np.zeros((HEIGHT, WIDTH, 3), np.float32)
    glow = np.clip(np.arange(HEIGHT, dtype=np.float32)[:, None] / SHORE, 0, 1)[..., None]
    sky = np.array([90, 140, 205]) * (1 - glow) + np.array([190, 210, 230]) * glow
    clouds = np.clip(noise(12, 1, 2.5) - 0.3, 0, 1)[..., None]
    picture[:] = sky * (1 - 0.7 * clouds) + 0.7 * clouds * 245
    mirrored = np.ascontiguousarray(np.flipud(picture[:SHORE]))
    water = cv2.resize(mirrored, (WIDTH, HEIGHT - SHORE)) * 0.75
    picture[SHORE:] = cv2.GaussianBlur(water, (0, 0), 6, sigmaY=1)
    picture[SHORE:] += 5 * noise(1.2, 2, 8)[SHORE:, :, None]
    picture[SHORE - 16 : SHORE] = np.array([38, 52, 40]) + 12 * noise(1, 3)[:16, :, None]
    return np.clip(picture, 0, 255).astype(np.uint8)


def bricks() -> Rgb:
    """A wall: nothing in it looks like water."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    grey = np.where((y % 24 < 3) | ((x + 20 * (y // 24 % 2)) % 48 < 3), 190, 120)
    picture = grey[..., None] * np.array([1.0, 0.62, 0.5]) + 6 * noise(1, 4)[..., None]
    return np.clip(picture, 0, 255).astype(np.uint8)


def part(where: tuple[slice, slice]) -> np.ndarray:
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    mask[where] = 255
    return mask


@pytest.fixture
def film(tmp_path: Path) -> Film:
    """Renders, encodes and decodes a shot."""

    def keep(name: str, pixels: np.ndarray) -> Asset:
        Image.fromarray(pixels).save(tmp_path / name)
        return Asset(name, AssetKind.IMAGE, "image/png", 1, WIDTH, HEIGHT)

    def make(
        rgb: Rgb,
        prompt: str,
        still: np.ndarray | None = None,
        strokes: Sequence[tuple[np.ndarray, tuple[Point, ...]]] = (),
    ) -> tuple[list[Rgb], dict[str, Any]]:
        shot = Shot(
            prompt,
            2.0,
            keep("first.png", rgb),
            still=None if still is None else keep("still.png", still),
            strokes=tuple(
                Stroke(keep(f"mask{number}.png", mask), path)
                for number, (mask, path) in enumerate(strokes)
            ),
        )
        board = Storyboard("m", WIDTH, HEIGHT, FPS, (shot,), seed=3)
        clip = AnimaticEngine().render(
            board, lambda asset: tmp_path / asset.sha256, lambda _: None, lambda: False
        )
        video = tmp_path / "video.mp4"
        encode(clip.frames, video, width=WIDTH, height=HEIGHT, fps=FPS)
        return list(frames(video)), dict(clip.notes)

    return make


def likeness(one: Rgb, two: Rgb, where: tuple[slice, slice]) -> float:
    """PSNR in dB of a part of two frames."""
    error = float(np.mean((one[where].astype(float) - two[where]) ** 2))
    return float(10 * np.log10(255**2 / max(error, 1e-6)))


def luma(rgb: Rgb) -> np.ndarray:
    return Planes.from_rgb(rgb).y.astype(float)


def test_found_matter_moves_but_for_what_is_held(film: Film) -> None:
    shown, notes = film(lake(), "the water ripples", part(HELD))
    assert notes["camera"] == "fixed"  # nothing but matter is asked to move
    (water,) = notes["motion"]["understood"]
    assert water["what"] == "water"
    assert water["box"][0] > 0.41
    assert water["box"][1] > 0.5
    assert notes["motion"]["missing"] == []
    assert likeness(shown[-1], shown[0], np.s_[:, :196]) >= 45
    assert likeness(shown[-1], shown[0], np.s_[: SHORE - 20, 210:]) >= 45
    moved = np.abs(luma(shown[-1]) - luma(shown[0]))
    assert moved[SHORE + 20 :, 230:].mean() > 4 * moved[HELD].mean() + 0.5


def test_the_rest_is_the_matter_where_no_colour_tells_it(film: Film) -> None:
    shown, notes = film(bricks(), "the water flows", part(np.s_[: HEIGHT // 2, :]))
    (water,) = notes["motion"]["understood"]
    assert water["region"] == "what is not held"
    assert water["box"][1] == pytest.approx(0.5, abs=0.03)
    assert likeness(shown[-1], shown[0], np.s_[: HEIGHT // 2 - 4, :]) >= 45
    moved = np.abs(luma(shown[-1]) - luma(shown[0]))
    assert moved[HEIGHT // 2 + 20 :].mean() > 2


def test_two_matters_are_not_told_apart_by_a_mask(film: Film) -> None:
    shown, notes = film(bricks(), "the water flows, clouds drift", part(HELD))
    assert notes["motion"]["understood"] == []
    assert [each["word"] for each in notes["motion"]["missing"]] == ["water", "clouds"]
    assert likeness(shown[-1], shown[0], np.s_[:, :]) >= 45


def test_matter_that_is_all_held_is_missing(film: Film) -> None:
    shown, notes = film(lake(), "the water flows", part(np.s_[SHORE - 20 :, :]))
    assert [each["word"] for each in notes["motion"]["missing"]] == ["water"]
    assert likeness(shown[-1], shown[0], np.s_[:, :]) >= 45


def test_camera_and_air_leave_it_alone_and_light_does_not(film: Film) -> None:
    prompt = "the water ripples, it snows, the camera pushes in"
    shown, notes = film(lake(), prompt, part(HELD))
    assert notes["direction"]["understood"] == ["pushes in"]
    assert [each["what"] for each in notes["motion"]["understood"]] == ["water", "snow"]
    assert likeness(shown[-1], shown[0], np.s_[:, :196]) >= 45
    assert likeness(shown[-1], shown[0], np.s_[:, 300:]) < 30
    dark, notes = film(lake(), "day turns to night", part(HELD))
    assert notes["motion"]["missing"] == []
    assert luma(dark[-1])[HELD].mean() < 0.8 * luma(dark[0])[HELD].mean()


def test_matter_moves_behind_a_brushed_part(film: Film) -> None:
    picture = lake()
    boat = np.s_[180:210, 260:320]
    picture[boat] = (200, 30, 30)
    strokes = [(part(np.s_[176:214, 256:324]), (Point(290, 195), Point(400, 195)))]
    shown, notes = film(picture, "the water ripples", part(HELD), strokes)
    assert notes["regions"] == 1
    assert [each["what"] for each in notes["motion"]["understood"]] == ["water"]
    assert likeness(shown[-1], shown[0], np.s_[:, :196]) >= 45
    assert shown[-1][195, 400].argmax() == 0  # the boat
    assert shown[-1][195, 290].argmax() != 0  # water where it was
    moved = np.abs(luma(shown[-1]) - luma(shown[0]))
    assert moved[225:, 220:].mean() > 0.5
    assert likeness(shown[-1], shown[0], np.s_[: SHORE - 20, 210:]) >= 45


def test_a_part_of_the_matter_gives_it_its_way(film: Film) -> None:
    where = np.s_[190:240, 260:420]
    path = (Point(400, 215), Point(280, 215))
    shown, notes = film(lake(), "the water flows", part(HELD), [(part(where), path)])
    assert (notes["regions"], notes["ways_of_matter"]) == (0, 1)
    flow = cv2.calcOpticalFlowFarneback(
        luma(shown[12]).astype(np.uint8), luma(shown[13]).astype(np.uint8),
        np.zeros((HEIGHT, WIDTH, 2), np.float32), 0.5, 3, 15, 5, 5, 1.2, 0,
    )  # fmt: skip
    assert float(np.median(flow[200:230, 280:400, 0])) < 0
    assert likeness(shown[-1], shown[0], np.s_[:, :196]) >= 45
