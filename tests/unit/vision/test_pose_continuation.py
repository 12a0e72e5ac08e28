"""That whoever walks out of the picture walks on, and whoever stands stays."""

import numpy as np
import pytest

from kirin.vision.pose.continuation import continue_outside
from kirin.vision.pose.skeleton import Node, Skeleton

FPS, WIDTH, CYCLE = 15.0, 600, 15
LEGS = [Node.LEFT_KNEE, Node.LEFT_ANKLE, Node.RIGHT_KNEE, Node.RIGHT_ANKLE]


def posture(x, phase):
    points = np.zeros((19, 2))
    points[Node.NECK] = (0, -100)
    for side, (knee, ankle) in zip((1, -1), (LEGS[:2], LEGS[2:]), strict=True):
        swing = 0.5 * side * np.sin(phase)
        points[knee] = (90 * np.sin(swing), 90 * np.cos(swing))
        points[ankle] = (180 * np.sin(swing), 180 * np.cos(swing) - 20 * max(0, np.cos(phase)))
    return Skeleton(points + np.array([x, 300]), np.zeros(19), np.ones(19), np.zeros(2), -1.0)


def walk(start, step, count=60):
    return [posture(start + step * k, 2 * np.pi * k / CYCLE) for k in range(count)]


def crumpled(walk):
    """As the network sees it: what is cut off is drawn in at the border."""
    seen = []
    for each in walk:
        points = each.points.copy()
        points[:, 0] = np.clip(points[:, 0], 0, WIDTH)
        seen.append(Skeleton(points, each.depth, each.seen, each.gaze, each.forward))
    return seen


@pytest.mark.parametrize("coming", [False, True])
def test_steps_go_on_beyond_the_border(coming):
    true = walk(560, -9.5) if not coming else walk(560, -9.5)[::-1]
    true = [each for each in true if each.points[:, 0].max() < WIDTH]
    made, share = continue_outside(crumpled(true), WIDTH, FPS)
    assert len(made) == len(true)
    assert 0 < share < 0.4
    for one, two in zip(made, true, strict=True):
        np.testing.assert_allclose(one.points, two.points, atol=3.0)


def test_who_stays_inside_is_left_alone():
    inside = walk(300, 0.0)
    made, share = continue_outside(inside, WIDTH, FPS)
    assert share == 0
    assert made == inside


def test_without_steps_the_last_posture_is_held():
    slide = [posture(250 - 8 * k, 0.4) for k in range(40)]
    made, share = continue_outside(crumpled(slide), WIDTH, FPS)
    assert share > 0
    shapes = [each.points - each.points[Node.PELVIS] for each in made]
    for shape in shapes:
        np.testing.assert_allclose(shape, shapes[0])


def test_a_video_without_legs_is_left_alone():
    seen = np.ones(19)
    seen[LEGS] = 0.1
    hidden = [
        Skeleton(each.points, each.depth, seen, each.gaze, each.forward) for each in walk(560, -9.5)
    ]
    made, share = continue_outside(hidden, WIDTH, FPS)
    assert made == hidden
    assert share == 0


def test_who_is_cut_off_throughout_is_left_alone():
    cut = walk(15, 0.0)
    made, share = continue_outside(crumpled(cut), WIDTH, FPS)
    assert share == 0
    assert len(made) == len(cut)


def test_what_is_placed_inside_after_it_has_left_is_not_believed():
    true = walk(560, -9.5)
    true = [each for each in true if each.points[:, 0].max() < WIDTH]
    seen = crumpled(true)
    seen[-4].points[LEGS] = (100, 320)  # invented, well inside of the picture
    made, _ = continue_outside(seen, WIDTH, FPS)
    np.testing.assert_allclose(made[-4].points, true[-4].points, atol=3.0)
