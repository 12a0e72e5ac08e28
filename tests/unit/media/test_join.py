"""That joined videos are what they were, one after the other."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from kirin.domain.soundtrack import RATE, Samples
from kirin.domain.storyboard import Quality
from kirin.media.decode import facts, last_picture, timed_frames
from kirin.media.encode import encode
from kirin.media.join import free_parameter_set, join, joinable
from kirin.media.parameter_sets import ParameterSets

WIDTH, HEIGHT, FPS = 96, 64, Fraction(24)


def film(
    path: Path,
    count: int,
    *,
    seed: int = 1,
    sound: bool = False,
    quality: Quality = Quality.STANDARD,
    parameter_set: int = 0,
) -> Path:
    rng = np.random.default_rng(seed)
    picture = rng.integers(16, 235, (HEIGHT * 3 // 2, WIDTH), np.uint8)
    time = np.arange(round(count * RATE / FPS)) / RATE
    tone = np.stack([0.3 * np.sin(2 * np.pi * 330 * time)] * 2).astype(np.float32)
    encode(
        (np.ascontiguousarray(np.roll(picture, 2 * number, 1)) for number in range(count)),
        path,
        width=WIDTH,
        height=HEIGHT,
        fps=FPS,
        quality=quality,
        audio=Samples(iter([tone])) if sound else None,
        parameter_set=parameter_set,
    )
    return path


def pictures(path: Path) -> list[NDArray[np.uint8]]:
    with av.open(str(path)) as file:
        return [frame.to_ndarray() for frame in file.decode(video=0)]


def samples(path: Path) -> NDArray[np.float32]:
    with av.open(str(path)) as file:
        return np.concatenate([frame.to_ndarray() for frame in file.decode(audio=0)], 1)


def record(path: Path) -> ParameterSets:
    with av.open(str(path)) as file:
        return ParameterSets.read(file.streams.video[0].codec_context.extradata or b"")


def assert_one_track(path: Path, count: int) -> None:
    found = facts(path)
    assert (found.frame_count, found.fps, found.constant) == (count, FPS, True)
    assert found.seconds == pytest.approx(count / FPS)
    assert found.faststart
    with av.open(str(path)) as file:
        assert len(file.streams.video) == 1
        times = [packet.dts for packet in file.demux(video=0) if packet.dts is not None]
        assert times == sorted(set(times))


@pytest.mark.parametrize("counts", [(30, 40), (4, 5), (49, 1)])
def test_pictures_are_the_same_to_the_last_bit(counts: tuple[int, int], tmp_path: Path) -> None:
    one = film(tmp_path / "1.mp4", counts[0])
    two = film(tmp_path / "2.mp4", counts[1], seed=2)
    assert joinable(one, two)
    whole = tmp_path / "whole.mp4"
    joined = join(one, two, whole, lambda: None)
    assert joined.frame_count == sum(counts)
    assert_one_track(whole, sum(counts))
    expected = pictures(one) + pictures(two)
    assert all(np.array_equal(a, b) for a, b in zip(pictures(whole), expected, strict=True))


def test_other_parameter_sets_follow_under_another_id(tmp_path: Path) -> None:
    one = film(tmp_path / "1.mp4", 30)
    other = film(tmp_path / "2.mp4", 20, seed=2, quality=Quality.HIGH)
    assert not joinable(one, other)
    free = free_parameter_set(one)
    assert free == 1
    apart = film(tmp_path / "3.mp4", 20, seed=2, quality=Quality.HIGH, parameter_set=free)
    assert record(apart).ids() == {1}
    whole, longer = tmp_path / "whole.mp4", tmp_path / "longer.mp4"
    join(one, apart, whole, lambda: None)
    assert record(whole).ids() == {0, 1}
    assert free_parameter_set(whole) == 2
    assert_one_track(whole, 50)
    expected = pictures(one) + pictures(apart)
    assert all(np.array_equal(a, b) for a, b in zip(pictures(whole), expected, strict=True))
    again = film(tmp_path / "4.mp4", 25, seed=3, parameter_set=2)
    join(whole, again, longer, lambda: None)
    assert_one_track(longer, 75)
    expected += pictures(again)
    assert all(np.array_equal(a, b) for a, b in zip(pictures(longer), expected, strict=True))


def test_sound_stays_in_time_and_silence_follows(tmp_path: Path) -> None:
    one, two = film(tmp_path / "1.mp4", 30, sound=True), film(tmp_path / "2.mp4", 24, seed=2)
    whole = tmp_path / "whole.mp4"
    join(one, two, whole, lambda: None)
    assert_one_track(whole, 54)
    before, after = samples(one), samples(whole)
    end = 30 * RATE // 24
    exact = end // 1024 * 1024  # the last packet holds what its encoder was given no more of
    assert np.array_equal(after[:, :exact], before[:, :exact])
    assert np.abs(after[:, end + 2048 :]).max() < 1e-4
    assert abs(after.shape[1] - 54 * RATE // 24) < 2048
    with av.open(str(whole)) as file:
        packets = [packet for packet in file.demux(audio=0) if packet.pts is not None]
        assert packets[0].pts == -1024  # priming, which players leave out
        starts = [packet.pts for packet in packets]
        assert np.unique(np.diff(starts)).tolist() == [1024]  # no gap


def test_the_end_of_the_first_is_the_start_of_the_next(tmp_path: Path) -> None:
    path = film(tmp_path / "1.mp4", 60)
    *_, (_, last) = timed_frames(path)
    assert np.array_equal(last_picture(path), last)


def test_the_join_can_be_stopped(tmp_path: Path) -> None:
    one, two = film(tmp_path / "1.mp4", 10), film(tmp_path / "2.mp4", 10)

    def stop() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        join(one, two, tmp_path / "whole.mp4", stop)


@pytest.mark.parametrize(
    "record", [b"", b"\x01", b"\x00" * 20, b"\x01\x64\x00\x15\xff\xe1\x00\x20"]
)
def test_what_is_no_record_is_refused(record: bytes) -> None:
    with pytest.raises((ValueError, LookupError)):
        ParameterSets.read(record)
