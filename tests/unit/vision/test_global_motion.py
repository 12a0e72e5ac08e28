"""The motion of a camera, told from pictures of a wall that it films."""

from __future__ import annotations

import numpy as np
import pytest

from kirin.vision.global_motion import GlobalMotion, parameters, similarity
from support.footage import Path_, seen, wall

COUNT = 24


def read(way: Path_) -> GlobalMotion:
    picture = wall()
    shown = (seen(picture, way(number / (COUNT - 1))) for number in range(COUNT))
    return GlobalMotion.read(shown, lambda: None)


@pytest.mark.parametrize(
    ("way", "axis", "expected"),
    [
        (lambda t: (0.4 * t, 0, 1, 0), 0, -0.4),
        (lambda t: (-0.4 * t, 0, 1, 0), 0, 0.4),
        (lambda t: (0, 0.25 * t, 1, 0), 1, -0.25),
        (lambda t: (0, 0, 1 + 0.4 * t, 0), 2, np.log(1.4)),
        (lambda t: (0, 0, 1.4 - 0.4 * t, 0), 2, -np.log(1.4)),
        # OpenCV turns counter-clockwise by positive degrees.
        (lambda t: (0, 0, 1, 10 * t), 3, -np.radians(10)),
    ],
)
def test_each_axis_is_told_in_sign_and_size(way: Path_, axis: int, expected: float) -> None:
    motion = read(way)
    whole = parameters(motion.chained())[-1]
    assert motion.trust == 1.0
    assert whole[axis] == pytest.approx(expected, rel=0.06)
    others = np.delete(whole, axis)
    assert np.abs(others).max() < 0.02


def test_a_camera_at_rest_does_not_move() -> None:
    assert np.abs(parameters(read(lambda _: (0, 0, 1, 0)).chained())).max() < 1e-3


def test_most_of_the_picture_counts_and_not_what_walks_through_it() -> None:
    picture = wall()
    walker = np.random.default_rng(3).integers(0, 255, (80, 50, 3), np.uint8)

    def shown() -> object:
        for number in range(COUNT):
            rgb = seen(picture, (0.3 * number / (COUNT - 1), 0, 1, 0)).copy()
            left = 20 + 10 * number
            rgb[60:140, left : left + 50] = walker[:, : max(0, 320 - left)]
            yield rgb

    motion = GlobalMotion.read(shown(), lambda: None)  # type: ignore[arg-type]
    assert parameters(motion.chained())[-1][0] == pytest.approx(-0.3, rel=0.08)


def test_a_cut_begins_anew() -> None:
    walls = wall(5), wall(9)
    shown = (seen(walls[n >= 12], (0.02 * (n % 12), 0, 1, 0)) for n in range(24))
    motion = GlobalMotion.read(shown, lambda: None)
    assert motion.cuts == (12,)
    ways = parameters(motion.chained())[:, 0]
    assert ways[11] == pytest.approx(-0.22, rel=0.08)
    assert ways[12] == 0.0
    assert ways[23] == pytest.approx(-0.22, rel=0.08)


def test_what_has_no_features_is_not_told() -> None:
    grey = np.full((180, 320, 3), 128, np.uint8)
    motion = GlobalMotion.read([grey] * 5, lambda: None)
    assert motion.trust == 0.0
    assert np.array_equal(motion.chained()[-1], np.eye(3))


def test_parameters_and_back() -> None:
    assert parameters(similarity(0.1, -0.2, 0.3, -0.4)[None])[0] == pytest.approx(
        [0.1, -0.2, 0.3, -0.4]
    )
