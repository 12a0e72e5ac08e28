"""Presentation times decide, not frame numbers: rates, pictures at times, conforming."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from kirin.domain.limits import VideoLimits, grace
from kirin.media import conform, decode
from kirin.media.conform import Target
from kirin.media.timing import STANDARD_RATES, timing
from kirin.media.videos import probe
from support.videos import DROPPING, TICKS, timed_video, told_seconds

ANY = VideoLimits(min_side=1, min_seconds=0)


def rate(steps: Sequence[int], ticks: int = TICKS) -> Fraction:
    times = np.cumsum([0, *steps]).tolist()
    found = timing([(time, 0) for time in times], Fraction(1, ticks), None)
    assert found
    return found.nominal_rate


@pytest.mark.parametrize(
    ("steps", "ticks", "wanted"),
    [
        ([20] * 89, 600, 30),
        ([25] * 50, 600, 24),
        ([1001] * 50, 30_000, Fraction(30_000, 1001)),
        ([1001] * 50, 24_000, Fraction(24_000, 1001)),
        ([33, 33, 34] * 30, 1000, 30),  # rounded to milliseconds
        ([33, 34, 33, 33, 34, 33, 33] * 12, 1000, 30),
        ([1] * 30, 12, 12),
        ([1] * 30, 31, 31),
        ([20] * 60 + [40] + [20] * 60, 600, 30),  # one frame dropped: 29.76 on average
        ([20, 20, 21, 20, 19, 20, 41, 20] * 9, 600, 30),
        ([20] * 44 + [100] * 9, 600, 30),
        ([20] * 44 + [100] * 60, 600, 30),
        ([10, 30] * 20, 600, 60),
    ],
    ids=str,
)
def test_the_rate_is_a_standard_one_and_no_average(
    steps: list[int], ticks: int, wanted: Fraction
) -> None:  # MC-9
    assert rate(steps, ticks) == wanted
    assert wanted in STANDARD_RATES or wanted == 31


def test_the_times_of_a_track() -> None:
    found = timing([(40, 10), (0, 20), (20, 20)], Fraction(1, 100), None)
    assert found
    assert (found.count, found.start, found.last, found.end) == (
        3,
        0,
        Fraction(2, 5),
        Fraction(1, 2),
    )
    assert (found.constant, found.rate) == (True, 5)
    assert timing([], Fraction(1), None) is None
    one = timing([(7, 0)], Fraction(1, 10), Fraction(25))
    assert one
    assert (one.rate, one.seconds) == (25, Fraction(1, 25))


def test_a_varying_rate(tmp_path: Path) -> None:  # MC-9
    path = timed_video(tmp_path / "v.mp4", DROPPING)
    measured, facts = probe(path, ANY), decode.facts(path)
    assert measured.fps == facts.fps == 30
    assert not facts.constant
    assert facts.frame_count == len(DROPPING)
    assert facts.last == pytest.approx(DROPPING[-1] / TICKS)


def test_pictures_at_times_are_those_shown_then(tmp_path: Path) -> None:
    path = timed_video(tmp_path / "v.mp4", DROPPING)
    times = [0.0, 0.7, 1.4, 2.2, 2.21, 2.9, 9.0]
    found = list(decode.frames_at(path, times))
    exact = np.array(DROPPING) / TICKS
    for time, (shown, picture) in zip(times, found, strict=True):
        assert shown == pytest.approx(exact[np.abs(exact - time).argmin()], abs=0.001)
        assert told_seconds(picture) == pytest.approx(shown, abs=0.03)
    assert found[3][1] is found[4][1]  # converted once


def test_a_varying_file_is_conformed_by_its_times(tmp_path: Path) -> None:
    path = timed_video(tmp_path / "v.mp4", DROPPING)
    facts = decode.facts(path)
    target = Target(64, 64, Fraction(30), 90, ends=False, sound=False)
    assert "resampled" in conform.steps(facts, target)
    frames = list(conform.frames(path, facts, target))
    assert len(frames) == 90
    for index, frame in enumerate(frames):
        # Nearest in time: half of an interval off at most.
        shown = (float(frame[:64].mean()) - 16) / 219 * 3
        assert abs(shown - min(index / 30, facts.last)) < (0.03 if index < 45 else 0.11)


def test_a_file_that_begins_late_counts_from_its_first_picture(tmp_path: Path) -> None:
    path = timed_video(tmp_path / "v.mp4", [300 + time for time in range(0, 1200, 20)])
    assert next(decode.timed_frames(path))[0] == 0
    ((time, _),) = decode.frames_at(path, [1.0])
    assert time == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("count", "fps", "code"),
    [
        (89, 30, None),
        (88, 30, None),
        (87, 30, "too_short"),
        (301, 30, None),
        (302, 30, None),
        (303, 30, "too_long"),
        (70, 24, None),
        (69, 24, "too_short"),
        (101, 10, "too_long"),
        (29, 10, "too_short"),
    ],
)
def test_a_frame_or_two_of_grace(
    tmp_path: Path, count: int, fps: int, code: str | None
) -> None:  # MC-3
    path = timed_video(tmp_path / "v.mp4", [n * TICKS // fps for n in range(count)])
    limits = VideoLimits(min_side=1, min_seconds=3, max_seconds=10)
    if code is None:
        probe(path, limits)
        return
    with pytest.raises(decode.MediaRefused) as caught:
        probe(path, limits)
    assert caught.value.code == code


def test_grace_is_two_frames_and_never_much() -> None:
    assert grace(Fraction(60)) == pytest.approx(1 / 30, abs=1e-5)
    assert grace(Fraction(1)) == grace(None) == pytest.approx(1 / 12, abs=1e-5)
