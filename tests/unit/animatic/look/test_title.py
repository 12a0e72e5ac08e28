"""Title cards and signs: the words are there, legible, and within the safe area."""

from __future__ import annotations

import hashlib
from importlib import resources

import numpy as np
import pytest
from numpy.typing import NDArray

from kirin.engines.animatic.camera.path import path
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.look.lettering import Typeface
from kirin.engines.animatic.look.title import Sign, TitleStage, sign_board
from kirin.engines.animatic.scene.canvas import SceneCanvas
from kirin.engines.animatic.scene.colour import pigment
from kirin.engines.animatic.scene.lens import Lens
from kirin.prompt.direction import read_direction
from kirin.vision.planes import Planes

COUNT = 24
LONG = "The quarterly numbers exceed all expectations, and nobody knows exactly why"
CHINESE = "一种难以名状的、关于责任与自由的情绪，在沉默中慢慢生长"
SIZES = [(320, 180), (180, 320), (240, 240)]


def luma(
    words: str, size: tuple[int, int], camera: str = "static", number: int = 0
) -> NDArray[np.float64]:
    poses = path(read_direction(camera), COUNT, 24)
    frame = TitleStage(words, 3, *size, 24, poses).frame(number)
    return Planes.of_frame(frame).y.astype(float)


def lettered(words: str, size: tuple[int, int], camera: str, number: int) -> NDArray[np.bool_]:
    """Where the letters are: where the stage differs from one with a letter that is no more."""
    bare = luma(".", size, camera, number)
    return np.abs(luma(words, size, camera, number) - bare) > 40


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("words", ["Synergy", LONG, CHINESE])
@pytest.mark.parametrize("camera", ["static", "fast pan right, zoom in", "crane up, pull out"])
def test_words_are_in_the_safe_area(size: tuple[int, int], words: str, camera: str) -> None:
    for number in (0, COUNT - 1):
        rows, columns = np.nonzero(lettered(words, size, camera, number))
        assert len(rows) > 0.008 * size[0] * size[1]
        # Action-safe: 93% of the frame (SMPTE ST 2046-1).
        assert rows.min() > 0.035 * size[1]
        assert rows.max() < 0.965 * size[1]
        assert columns.min() > 0.035 * size[0]
        assert columns.max() < 0.965 * size[0]


def test_the_title_pushes_in_slowly() -> None:
    first, last = (lettered("Synergy", (320, 180), "static", number) for number in (0, COUNT - 1))
    wide = [np.ptp(np.nonzero(mask)[1]) for mask in (first, last)]
    assert 1.02 < wide[1] / wide[0] < 1.12


def test_stages_differ_by_variety_and_say_what_they_are() -> None:
    poses = (Pose(),) * 2
    stages = [TitleStage("Synergy", variety, 160, 90, 24, poses) for variety in range(8)]
    tones = {int(Planes.of_frame(stage.frame(0)).y[:20].mean()) // 8 for stage in stages}
    assert len(tones) >= 3
    assert stages[0].describe() == {"kind": "title card", "title": ["Synergy"]}
    with pytest.raises(IndexError):
        stages[0].frame(2)


def test_lines_break_between_words_and_not_before_punctuation() -> None:
    face = Typeface()
    lines = face.set_words(LONG, 300, 200, 40).lines
    assert " ".join(lines) == LONG
    assert len(lines) > 1
    lines = face.set_words(CHINESE, 200, 200, 40).lines
    assert "".join(lines) == CHINESE
    assert not any(line[0] in "，、。的" for line in lines)


def test_what_does_not_fit_ends_in_an_ellipsis() -> None:
    found = Typeface().set_words(LONG * 9, 200, 100, 30, 14)
    assert found.lines[-1].endswith("…")
    assert found.size == 14
    assert found.alpha.shape == (100, 200)


def test_letters_that_the_typeface_lacks_are_not_left_out() -> None:
    assert Typeface().shown("Łódź Čeština ♞ 鲸鲨") == "□odz Cestina □ 鲸鲨".replace(
        "□odz", Typeface().shown("Łódź")
    )
    assert "□" in Typeface().shown("♞")


@pytest.mark.parametrize("words", ["OPEN", "长城饭店", "Fresh bread daily"])
def test_a_sign_stands_on_its_foot_with_its_words(words: str) -> None:
    lens = Lens(640, 360, (Pose(),))
    white = pigment("#ffffff")
    sign = sign_board(Sign(words, 40, 100, 160, 0.7), lens, white, 2)
    canvas = SceneCanvas(*lens.canvas())
    for plane, value in ((canvas.y, 100), (canvas.u, 128), (canvas.v, 128)):
        plane.fill(value)
    first, _, end = sign.span(lens, Pose(), canvas)
    sign.draw(canvas, lens, Pose(), 0.0, (first, end))
    rows, columns = np.nonzero(np.abs(canvas.y - 100) > 10)
    middle = canvas.y.shape[1] / 2, canvas.y.shape[0] / 2
    assert abs(rows.max() - (middle[1] + 100)) < 4
    assert abs(rows.min() - (middle[1] - 60)) < 8
    assert abs((columns.min() + columns.max()) / 2 - (middle[0] + 40)) < 4
    board = canvas.y[rows.min() + 12 : rows.min() + 70, columns.min() + 12 : columns.max() - 12]
    assert np.percentile(board, 98) - np.percentile(board, 2) > 60


def test_the_notice_says_what_font_this_is() -> None:
    folder = resources.files("kirin.engines.animatic.look") / "font"
    notice = (folder / "NOTICE.md").read_text("utf-8")
    fonts = [each for each in folder.iterdir() if each.name.endswith(".otf")]
    assert fonts
    for font in fonts:
        data = font.read_bytes()
        assert font.name in notice
        assert hashlib.sha256(data).hexdigest() in notice
        assert f"{len(data):,} bytes" in notice
        assert len(data) < 3_000_000
    assert "SIL OPEN FONT LICENSE Version 1.1" in notice
