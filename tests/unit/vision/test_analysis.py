"""That each thing in a picture is looked for once, also in two threads."""

import threading

import numpy as np
import pytest

from kirin.vision import analysis
from kirin.vision.analysis import PictureAnalysis
from kirin.vision.beside import beside, each
from kirin.vision.sky.sky import find_sky


def test_sky_and_subjects_are_looked_for_once_and_side_by_side(monkeypatch):
    calls, both = [], threading.Barrier(2, timeout=60)

    def look(name, answer):
        calls.append(name)
        both.wait()  # neither ends before the other one has begun
        return answer

    monkeypatch.setattr(analysis, "find_sky", lambda _: look("sky", None))
    monkeypatch.setattr(analysis, "find_subjects", lambda *_: look("subjects", ()))
    picture = PictureAnalysis(np.zeros((48, 64, 3), np.uint8), None)
    for _ in range(2):
        assert picture.subjects == ()
        assert picture.sky is None
    assert sorted(calls) == ["sky", "subjects"]


def test_what_goes_wrong_beside_is_raised_here():
    def fail():
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"), beside(fail) as result:
        result()


def test_results_come_in_order():
    assert each(lambda n: n * n, range(6)) == [0, 1, 4, 9, 16, 25]


def test_a_part_of_the_picture_has_its_part_of_the_sky():
    y = np.mgrid[0:240, 0:320][0]
    rgb = np.zeros((240, 320, 3), np.uint8)
    rgb[:] = np.where(y[..., None] < 120, (120, 170, 230), (60, 80, 30))
    sky = find_sky(rgb)
    assert sky is not None

    part = sky.cropped(rgb[60:], lambda plane: np.repeat(plane, 1, 0)[len(plane) // 4 :])
    assert part is not None
    assert part.mask.shape == part.small.shape[:2]
    assert part.area == pytest.approx(1 / 3, abs=0.03)
    assert sky.cropped(rgb[130:], lambda plane: plane[len(plane) * 130 // 240 :]) is None
