"""That a thing on a drawn path goes along it, evenly, and nowhere else."""

import numpy as np
import pytest

from kirin.vision.trajectory import TOLERANCE, Trajectory


def line(*points):
    return np.array(points, float)


def circle(count, radius=150.0, wobble=0.0, seed=3):
    angle = np.linspace(0, 5.5, count)
    stray = np.random.default_rng(seed).normal(0, wobble, (count, 2))
    return np.stack([300 + radius * np.cos(angle), 200 + radius * np.sin(angle)], 1) + stray


def off(points, places):
    """How far places lie off the lines between points, at most."""
    start, step = points[:-1], np.diff(points, axis=0)
    away = places[:, None] - start[None]
    along = (away * step).sum(2) / np.maximum((step**2).sum(1), 1e-9)
    nearest = start + np.clip(along, 0, 1)[..., None] * step
    return np.linalg.norm(places[:, None] - nearest, axis=2).min(1).max()


def test_two_points_are_a_straight_line_with_a_gentle_start_and_end():
    moved = Trajectory(line((40, 60), (340, 160))).offsets(121)
    assert moved[0] == pytest.approx([0, 0])
    assert moved[-1] == pytest.approx([300, 100])
    assert np.abs(moved[:, 0] - 3 * moved[:, 1]).max() < 1e-6
    speed = np.hypot(*np.diff(moved, axis=0).T)
    assert speed[0] < 0.05 * speed.max() > speed[-1]
    assert (speed >= 0).all()
    assert np.abs(np.diff(speed)).max() < 0.06 * speed.max()  # nothing jerks


@pytest.mark.parametrize(
    "points",
    [
        line((0, 0), (100, 0), (100, 100), (0, 100)),
        line((0, 0), (200, 10), (0, 20), (200, 30)),
        np.round(circle(77)),
        circle(77, radius=12),
    ],
    ids=["corners", "zigzag", "a drawn circle", "a small one"],
)
def test_the_way_stays_on_the_drawn_path(points):
    trajectory = Trajectory(points)
    places = trajectory.at(np.linspace(0, 1, 400))
    assert off(points, places) <= TOLERANCE
    assert places[0] == pytest.approx(points[0])
    assert places[-1] == pytest.approx(points[-1])


def test_progress_does_not_depend_on_where_the_points_lie_close():
    dense = np.concatenate([np.linspace(0, 100, 60), np.linspace(110, 300, 6)])
    sparse = Trajectory(line((0, 0), (300, 150))).offsets(50)
    assert Trajectory(np.stack([dense, dense / 2], 1)).offsets(50) == pytest.approx(
        sparse, abs=1e-6
    )


def test_a_trembling_hand_is_calmed():
    rough = circle(77, wobble=0.4)
    turns = np.diff(np.unwrap(np.arctan2(*np.diff(rough, axis=0).T[::-1])))
    smooth = Trajectory(rough).at(np.linspace(0, 1, 77))
    calm = np.diff(np.unwrap(np.arctan2(*np.diff(smooth, axis=0).T[::-1])))
    assert calm.std() < 0.5 * turns.std()


@pytest.mark.parametrize("points", [line((7, 9), (7, 9)), line((7, 9), (7, 9), (7, 9))])
def test_a_path_that_goes_nowhere_moves_nothing(points):
    assert (Trajectory(points).offsets(10) == 0).all()


def test_one_frame_is_the_start():
    assert Trajectory(line((0, 0), (50, 50))).offsets(1).tolist() == [[0, 0]]
