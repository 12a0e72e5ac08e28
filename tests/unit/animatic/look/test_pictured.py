"""That styles named for a shot of pictures are laid over its frames, and told."""

from fractions import Fraction

import cv2
import numpy as np
import pytest
from PIL import Image

from kirin.domain.assets import Asset, AssetKind
from kirin.domain.cast import Style
from kirin.domain.storyboard import Shot, Storyboard
from kirin.engines.animatic.engine import AnimaticEngine
from kirin.engines.animatic.look.styles import _STYLES
from kirin.vision.planes import Planes

WIDTH, HEIGHT = 192, 128
STILL = "static camera"


@pytest.fixture(scope="module")
def picture(tmp_path_factory):
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    rgb = np.stack([90 + x // 3, 150 - y // 2, 60 + y // 2], axis=-1).astype(np.uint8)
    cv2.rectangle(rgb, (60, 30), (130, 100), (210, 60, 50), -1)
    path = tmp_path_factory.mktemp("pictured") / "picture.png"
    Image.fromarray(rgb).save(path)
    return path


@pytest.fixture(scope="module")
def plain(picture):
    """The frames without a style, and their notes."""
    frames, notes, _ = filmed(picture, STILL)
    return frames, notes


def filmed(path, prompt, *, last=False, seconds=0.25):
    asset = Asset("x", AssetKind.IMAGE, "image/png", 1, WIDTH, HEIGHT)
    ends = {"last": asset} if last else {"first": asset}
    shot = Shot(prompt, seconds, **ends)
    board = Storyboard("kirin_v1_i2v", WIDTH, HEIGHT, Fraction(24), (shot,), seed=3)
    engine = AnimaticEngine()
    clip = engine.render(board, lambda _: path, lambda _: None, lambda: False)
    return list(clip.frames), clip.notes, engine.preview(board)


NAMES = {
    Style.BLACK_AND_WHITE: "black and white",
    Style.SEPIA: "sepia",
    Style.FILM_GRAIN: "film grain",
    Style.VHS: "vhs",
    Style.WATERCOLOUR: "watercolour",
    Style.OIL: "oil painting",
    Style.SKETCH: "pencil sketch",
    Style.PIXEL_ART: "pixel art",
}


@pytest.mark.parametrize("style", NAMES)
def test_a_style_is_seen_and_told_and_the_edges_stay(picture, plain, style):
    bare, notes = plain
    assert "styles" not in notes["scene"]
    frames, notes, told = filmed(picture, f"{STILL}, {NAMES[style]}")
    assert notes["scene"]["styles"] == told["scene"]["styles"] == [style.value]
    for scene in (notes["scene"], told["scene"]):
        assert not [each for each in scene["missing"] if each["kind"] == "style"]
    before, after = (Planes.of_frame(each[0]) for each in (bare, frames))
    assert np.abs(before.y.astype(int) - after.y).mean() > 0.5 or (before.u != after.u).any()
    if style is Style.BLACK_AND_WHITE:
        assert (after.u == 128).all()
        assert (after.v == 128).all()
    edges = [cv2.Sobel(cv2.GaussianBlur(p.y, (0, 0), 2), cv2.CV_32F, 1, 0) for p in (before, after)]
    row = [np.abs(each[44:86]).mean(axis=0) for each in edges]
    border = slice(24, WIDTH - 24)  # watercolour has torn paper there
    assert abs(int(row[0][border].argmax()) - int(row[1][border].argmax())) % 70 <= 4


@pytest.mark.parametrize("last", [False, True])
def test_snow_over_a_picture_is_seen_in_oil(picture, last):
    """In front of a picture with layers, and over the frames of one without."""
    shot = {"seconds": 1.5, "last": last}
    bare, snowy, oil, both = (
        Planes.of_frame(filmed(picture, f"{STILL}{words}", **shot)[0][-2]).y.astype(int)
        for words in ("", ", heavy snow", ", oil painting", ", heavy snow, oil painting")
    )
    flakes = snowy - bare > 40
    assert flakes.sum() > 20
    assert np.median((both - oil)[flakes]) > 25


def test_a_picture_at_the_end_has_the_look_too(picture):
    frames, notes, _ = filmed(picture, "black and white", last=True)
    assert notes["scene"]["styles"] == ["black_and_white"]
    assert (Planes.of_frame(frames[-1]).u == 128).all()


def test_how_a_shot_is_taken_is_no_look_of_its_frames(picture):
    _, notes, _ = filmed(picture, "slow motion, static camera")
    assert "styles" not in notes["scene"]
    assert {"word": "slow_motion", "kind": "style"} in notes["scene"]["missing"]


def test_all_looks_are_honoured():
    pace = {Style.SHALLOW_FOCUS, Style.SLOW_MOTION, Style.TIME_LAPSE}
    assert set(_STYLES) == set(Style) - pace
