"""That eyes of a picture blink, and that nothing else changes."""

import cv2
import numpy as np
import pytest
from skimage import data

from kirin.domain.motion import Span
from kirin.engines.animatic.cinemagraph.body.blinking import closed_lids
from support.bodies import COUNT, FPS, MODELS, Living, blink


@pytest.fixture(scope="module")
def blinking(portrait):
    return Living(portrait[0], blink())


def closed_frames(living):
    return np.array(closed_lids(COUNT, FPS, living.seed * 31))


def eye_box(living, frame_size):
    left, top, right, bottom = living.living.acted[0].box
    width, height = frame_size
    return np.s_[
        int(top * height) : int(np.ceil(bottom * height)),
        int(left * width) : int(np.ceil(right * width)),
    ]


def test_eyes_close_and_open_again(blinking):
    closed = closed_frames(blinking)
    shut = int(closed.argmax())
    rest, there = blinking.luma(0), blinking.luma(shut)
    box = eye_box(blinking, (blinking.width, blinking.height))
    # An eye has the darkest and the brightest spots of a face: a lid has neither.
    (face,) = MODELS.face_estimator.find(blinking.rgb)
    for iris in face.irises:
        x, y = iris[0].astype(int)
        spot = np.s_[y - 2 : y + 3, x - 4 : x + 5]
        assert there[spot].mean() > rest[spot].mean() + 25
        white = np.s_[y - 1 : y + 4, x - 12 : x + 13]
        assert np.ptp(there[white]) < 0.75 * np.ptp(rest[white])
    assert np.abs(there - rest)[box].mean() > 8


def test_only_eyes_change_and_only_while_they_blink(blinking):
    closed = closed_frames(blinking)
    rest = blinking.frame(0)
    still = [int(i) for i in np.flatnonzero(closed == 0)[::9]]
    for number in still:
        np.testing.assert_array_equal(blinking.frame(number), rest)
    shut = blinking.luma(int(closed.argmax()))
    changed = np.abs(shut - blinking.luma(0)) > 0
    rows, columns = np.flatnonzero(changed.any(1)), np.flatnonzero(changed.any(0))
    left, top, right, bottom = blinking.living.acted[0].box
    margin = 0.05
    assert rows[0] / blinking.height > top - margin
    assert rows[-1] / blinking.height < bottom + margin
    assert columns[0] / blinking.width > left - margin
    assert columns[-1] / blinking.width < right + margin


def test_a_blink_has_the_length_of_a_blink():
    for seed in range(30):
        closed = np.array(closed_lids(COUNT, FPS, seed))
        moving = np.flatnonzero(np.diff((closed > 0).astype(int)))
        starts, ends = moving[::2], moving[1::2]
        assert 1 <= len(starts) <= 3
        assert closed.max() > 0.99
        assert closed[0] == closed[-1] == 0
        for start, end in zip(starts, ends, strict=True):
            assert 0.25 <= (end - start) / FPS <= 0.45
            one = closed[start : end + 1]
            falls = int(one.argmax())
            assert falls < len(one) - 1 - int(one[::-1].argmax()) + 1 < len(one) - falls + 3
    pauses = {tuple(np.flatnonzero(np.array(closed_lids(COUNT, FPS, s)) > 0.99)) for s in range(9)}
    assert len(pauses) > 6  # at other moments for other seeds


def test_a_short_shot_has_a_blink_and_a_span_keeps_it_inside():
    assert max(closed_lids(36, FPS, 3)) > 0.99
    late = np.array(closed_lids(COUNT, FPS, 3, Span(0.5, 1.0)))
    assert late[: COUNT // 2].max() == 0
    assert late.max() > 0.99


def test_frames_come_in_any_order(blinking):
    shut = int(closed_frames(blinking).argmax())
    first = blinking.frame(shut)
    blinking.frame(0)
    np.testing.assert_array_equal(blinking.frame(shut), first)


def test_eyes_that_cannot_be_seen_to_close_are_missing(portrait):
    rgb, _ = portrait
    (face,) = MODELS.face_estimator.find(rgb)
    covered = rgb.copy()
    for iris in face.irises:
        x, y = iris[0].astype(int)
        cv2.ellipse(covered, (int(x), int(y) + 4), (34, 24), 0, 0, 360, (18, 18, 20), -1)
    assert Living(covered, blink()).missing == ["woman blinks"]
    tiny = cv2.resize(rgb, (210, 200), interpolation=cv2.INTER_AREA)
    assert Living(tiny, blink()).missing == ["woman blinks"]
    assert Living(data.chelsea(), blink("cat")).missing == ["cat blinks"]
    assert Living(rgb, blink("cat")).missing == ["cat blinks"]


def test_lids_of_a_cut_out_person_close_too(portrait):
    rgb, alpha = portrait
    living = Living(rgb, blink(), alpha=alpha)
    shut = int(closed_frames(living).argmax())
    assert len(living.living.subject) == 2
    box = eye_box(living, (living.width, living.height))
    assert np.abs(living.luma(shut) - living.luma(0))[box].mean() > 8
