"""That one person is followed through a video, and that videos which cannot be are refused."""

from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest

from kirin.media.decode import frames
from kirin.vision.pose.detection_pass import detect_person
from kirin.vision.pose.errors import NoPerson, PersonSeldomSeen, VideoIsCut
from kirin.vision.pose.estimator import PoseEstimator
from kirin.vision.pose.frame_source import FramesAtHand, VideoFile
from kirin.vision.pose.landmarks import Joint
from kirin.vision.pose.shot_boundary import ShotBoundaryDetector
from kirin.vision.pose.smoothing import interpolate_gaps, smooth_landmarks
from kirin.vision.pose.track import track_person, track_source

pytestmark = pytest.mark.slow

WALKING = Path(__file__).parents[2] / "media" / "walking.mp4"
FPS = Fraction(30)


@pytest.fixture(scope="module")
def estimator():
    return PoseEstimator()


@pytest.fixture(scope="module")
def walk():
    return list(frames(WALKING))


@pytest.fixture(scope="module")
def place(walk):
    """The place without her: at each pixel, what is there most of the time."""
    return np.median(walk[::9], axis=0).astype(np.uint8)


def timed(pictures, fps=FPS):
    """Frames with the seconds at which each is shown."""
    return ((float(number / fps), rgb) for number, rgb in enumerate(pictures))


def first_cut(pictures):
    finder = ShotBoundaryDetector()
    for rgb in pictures:
        finder.add(rgb)
    return finder.first()


def test_a_walk_is_followed_from_end_to_end(estimator, walk):
    track = track_person(lambda: timed(walk[::2], FPS / 2), FPS / 2, estimator)
    assert (track.fps, track.size) == (15, (1080, 560))
    assert track.seen == (True,) * 45
    hips = np.array(
        [one.points[[Joint.LEFT_HIP, Joint.RIGHT_HIP]].mean(axis=0) for one in track.people]
    )
    # She crosses the picture at a steady pace, and no frame jumps off.
    assert hips[0, 0] == pytest.approx(982, abs=15)
    assert hips[-1, 0] == pytest.approx(100, abs=25)
    assert np.diff(hips[:, 0]).max() < 0
    assert np.abs(np.diff(hips, n=2, axis=0)).max() < 20


def test_where_frames_come_seldom_the_motion_keeps_its_time(estimator, walk):
    """A clip that drops to a fifth of its frames at 1.5 s: what counts is when they are shown."""
    kept = [*range(45), *range(45, 90, 5), 89]
    film = [(number / 30, walk[number]) for number in kept]
    track = track_person(lambda: iter(film), FPS, estimator)
    whole = track_person(lambda: timed(walk), FPS, estimator)
    hips = [
        np.array([one.points[[Joint.LEFT_HIP, Joint.RIGHT_HIP], 0].mean() for one in each.people])
        for each in (track, whole)
    ]
    assert len(hips[0]) == len(hips[1]) == 90
    pace = np.abs(np.diff(hips[1])).mean()  # she walks steadily, so places tell times
    assert np.abs(hips[0] - hips[1]).max() < pace


def test_a_gap_is_bridged_and_said(estimator, walk, place):
    film = [place if 12 <= i < 20 else rgb for i, rgb in enumerate(walk[10:46])]
    whole = track_person(lambda: timed(walk[10:46]), FPS, estimator)
    track = track_person(lambda: timed(film), FPS, estimator)
    assert not any(track.seen[12:20])
    assert all(track.seen[:12])
    assert all(track.seen[22:])
    assert track.people[15].presence == 0
    for i in (14, 16, 18):
        hips = [Joint.LEFT_HIP, Joint.RIGHT_HIP]
        away = track.people[i].points[hips] - whole.people[i].points[hips]
        assert np.abs(away).max() < 15


def test_the_larger_person_is_followed_and_never_swapped(estimator, walk):
    # The other walks the other way below her, smaller and in other colours.
    def film():
        for rgb in walk[:60]:
            small = rgb[60:, ::-1, [2, 0, 1]]
            height, width = round(500 * 0.7), round(1080 * 0.7)
            small = cv2.resize(np.ascontiguousarray(small), (width, height))
            canvas = np.full((920, 1080, 3), 128, np.uint8)
            canvas[:560] = rgb
            canvas[570 : 570 + height, :width] = small
            yield canvas

    track = track_person(lambda: timed(film()), FPS, estimator)
    assert max(one.points[Joint.NOSE, 1] for one in track.people) < 300
    assert sum(track.seen) >= 58


def test_who_takes_her_place_is_not_taken_for_her_between_two_looks_at_colours(estimator, walk):
    """From one frame to the next somebody else, in other colours, stands where she stood."""
    other = [255 - rgb for rgb in walk[:40]]
    for start in (15, 16, 17, 18):
        film = [other[i] if start <= i < start + 8 else walk[i] for i in range(40)]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("kirin.vision.pose.track.detect_person", _of_the_first_frames(walk[:12]))
            track = track_person(lambda film=film: timed(film), FPS, estimator)
        assert not any(track.seen[start : start + 8])
        assert all(track.seen[:12])


def _of_the_first_frames(frames):
    def detect(video, fps, estimator, looked):
        return detect_person(FramesAtHand(lambda: timed(frames)), fps, estimator, looked)

    return detect


def test_a_video_of_nobody_is_refused(estimator, place):
    with pytest.raises(NoPerson):
        track_person(lambda: timed([place] * 30), FPS, estimator)


def test_a_video_with_too_little_of_the_person_is_refused_with_figures(estimator, walk, place):
    film = [rgb if i < 20 else place for i, rgb in enumerate(walk[:60])]
    with pytest.raises(PersonSeldomSeen, match="of the video's 60 frames") as refusal:
        track_person(lambda: timed(film), FPS, estimator)
    assert refusal.value.missing == 40
    assert refusal.value.seconds == pytest.approx(20 / 30, abs=0.05)


def test_a_cut_is_refused_with_its_second(estimator, walk):
    film = [*(rgb[:, 500:] for rgb in walk[:15]), *(rgb[:, :580] for rgb in walk[75:])]
    with pytest.raises(VideoIsCut, match=r"0\.50 s"):
        track_person(lambda: timed(film), FPS, estimator)


def test_that_it_is_cut_is_said_before_that_nobody_is_there(estimator, place):
    film = [place] * 15 + [255 - place] * 15
    with pytest.raises(VideoIsCut, match=r"0\.50 s"):
        track_person(lambda: timed(film), FPS, estimator)


def test_a_file_is_tracked_as_its_frames_are(estimator, walk):
    told = list[float]()
    of_file = track_source(VideoFile(WALKING, lambda: None), FPS, estimator, told.append, 3.0)
    of_frames = track_person(lambda: timed(walk), FPS, estimator)
    assert of_file.size == of_frames.size
    assert of_file.seen == of_frames.seen
    apart, heights = [], []
    for one, two in zip(of_file.people, of_frames.people, strict=True):
        plain = (one.visibility > 0.5) & (two.visibility > 0.5)
        apart.append(np.linalg.norm(one.points - two.points, axis=1)[plain])
        heights.append(np.ptp(two.points[:, 1]))
    # Reduced to what the network needs: less than its own noise.
    assert np.sqrt(np.mean(np.concatenate(apart) ** 2)) < 0.01 * np.median(heights)
    assert told == sorted(told)
    assert told[0] < 0.05
    assert told[-1] == pytest.approx(1, abs=0.02)


def test_quick_motion_shaking_and_flashes_are_no_cuts(walk):
    whip = [walk[0][:, 28 * i : 28 * i + 400] for i in range(24)]
    jumps = np.random.default_rng(2).integers(0, 60, (30, 2))
    shaking = [rgb[y : y + 480, x : x + 960] for rgb, (y, x) in zip(walk, jumps, strict=False)]
    flash = [
        np.minimum(rgb.astype(int) + 120 * (i in {9, 10}), 255).astype(np.uint8)
        for i, rgb in enumerate(walk[:20])
    ]
    for film in (whip, shaking, flash, walk[::10]):
        assert first_cut(film) is None


def test_smoothing_rests_what_rests_and_does_not_lag_behind_what_moves():
    rng = np.random.default_rng(0)
    times = np.arange(120) / 30
    swing = 60 * np.sin(2 * np.pi * 1.0 * times)
    true = np.zeros((120, 2, 2))
    true[:, 1, 0] = swing
    noisy = true + rng.normal(0, 2, true.shape)
    noisy[50, 0] += 80  # a mistake
    smooth = smooth_landmarks(noisy, np.ones((120, 2)), 30, 400)
    assert (smooth[:, 0] - true[:, 0])[5:-5].std() < 0.9
    inside = slice(10, -10)
    moving = smooth[inside, 1, 0]
    assert np.abs(moving - swing[inside]).max() < 6
    lags = [np.corrcoef(moving[3:-3], np.roll(swing[inside], k)[3:-3])[0, 1] for k in (-1, 0, 1)]
    assert np.argmax(lags) == 1


def test_gaps_are_bridged_by_straight_lines():
    values = np.array([[9.0], [0.0], [9.0], [9.0], [6.0], [9.0]])
    seen = np.array([False, True, False, False, True, False])
    times = np.arange(6.0)
    np.testing.assert_allclose(
        interpolate_gaps(values, seen, times, times)[:, 0], [0, 0, 2, 4, 6, 6]
    )
    between = np.array([1.5, 2.5])
    np.testing.assert_allclose(interpolate_gaps(values, seen, times, between)[:, 0], [1, 3])
