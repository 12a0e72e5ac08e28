"""Interpolated frames, the layout of frames, and the audio timeline."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import cv2
import numpy as np
import pytest

from kirin.domain.soundtrack import RATE
from kirin.engines.diffusion.audio import AudioTimeline, stereo
from kirin.engines.diffusion.frame_layout import FrameLayout
from kirin.engines.diffusion.interpolation import FrameInterpolator, resample_frames
from kirin.engines.diffusion.request import GeneratedAudio
from kirin.vision.planes import Planes, Rgb


def grey(value: int) -> Rgb:
    return np.full((4, 4, 3), value, np.uint8)


def mixed(first: Rgb, last: Rgb, time: float) -> Rgb:
    return np.rint(first * (1 - time) + last * time).astype(np.uint8)


def values(places: list[Fraction], count: int = 5) -> list[int]:
    frames = (grey(10 * number) for number in range(count))
    return [int(frame[0, 0, 0]) for frame in resample_frames(frames, places, mixed)]


def test_retiming_repeats_skips_and_mixes() -> None:
    half = Fraction(1, 2)
    assert values([Fraction(0), half, Fraction(1), Fraction(1), Fraction(3), 3 + half]) == [
        0,
        5,
        10,
        10,
        30,
        35,
    ]


def test_retiming_asks_for_no_more_than_it_needs() -> None:
    asked = []

    def frames() -> Iterator[Rgb]:
        for number in range(9):
            asked.append(number)
            yield grey(number)

    assert len(list(resample_frames(frames(), [Fraction(0), Fraction(2)], mixed))) == 2
    assert asked == [0, 1, 2]


@pytest.mark.parametrize("place", [Fraction(5), Fraction(9, 2)])
def test_retiming_tells_when_frames_are_missing(place: Fraction) -> None:
    with pytest.raises(ValueError, match="no frame at"):
        values([place])


def test_motion_lies_between() -> None:
    noise = np.random.default_rng(0).uniform(0, 255, (96, 240, 3)).astype(np.float32)
    texture = cv2.normalize(cv2.GaussianBlur(noise, (0, 0), 3), None, 0, 255, cv2.NORM_MINMAX)

    def frame(shift: int) -> Rgb:
        return np.ascontiguousarray(texture[:, shift : shift + 224]).astype(np.uint8)

    between = FrameInterpolator()(frame(0), frame(8), 0.5).astype(int)
    errors = [np.abs(between - frame(shift)).mean() for shift in (0, 4, 8)]
    assert errors[1] < errors[0] / 4
    assert errors[1] < errors[2] / 4


class TestFrameLayout:
    def test_a_picture_comes_back_as_it_went(self) -> None:
        picture = np.random.default_rng(0).integers(0, 255, (18, 32, 3), np.uint8)
        layout = FrameLayout(32, 18, 32, 18, 48, 32)
        placed = layout.place(picture)
        assert placed.shape == (32, 48, 3)
        assert np.array_equal(placed[7:25, 8:40], picture)
        assert (placed[:7, 8:40] == picture[:1]).all()
        expected = Planes.from_rgb(picture)
        found = Planes.of_frame(layout.cut(placed))
        assert np.array_equal(found.y, expected.y)
        assert np.array_equal(found.u, expected.u)

    def test_a_picture_of_another_shape_fills_it_from_its_middle(self) -> None:
        picture = np.zeros((40, 120, 3), np.uint8)
        picture[:, 40:80] = 255
        assert FrameLayout(20, 20, 20, 20, 20, 20).place(picture).min() > 230

    def test_a_smaller_one_is_enlarged(self) -> None:
        picture = np.zeros((36, 64, 3), np.uint8)
        picture[:, 32:] = 200
        layout = FrameLayout(64, 36, 32, 18, 32, 32)
        placed = layout.place(picture)
        assert placed.shape == (32, 32, 3)
        shown = Planes.of_frame(layout.cut(placed))
        assert np.abs(shown.y.astype(int) - Planes.from_rgb(picture).y)[:, :28].max() < 6
        assert layout.points(np.array([[64.0, 36.0]]), 64, 36).tolist() == [[32, 25]]


class TestSound:
    def test_lies_where_its_generation_is_heard(self) -> None:
        timeline = AudioTimeline()
        timeline.insert(
            Fraction(1, 10), Fraction(1, 10), GeneratedAudio(np.ones((2, 9000), np.float32), 48_000)
        )
        timeline.insert(
            Fraction(3, 20),
            Fraction(1, 10),
            GeneratedAudio(-np.ones((1, 24_000), np.float32), 48_000),
        )
        blocks = timeline.blocks()
        sound = np.concatenate([next(blocks) for _ in range(5)], 1)[0]
        tenth = RATE // 10
        assert np.abs(sound[:tenth]).max() == 0
        assert (sound[tenth : 2 * tenth] == 1).all()
        assert (sound[2 * tenth : 2 * tenth + tenth // 2] == -1).all()
        assert np.abs(sound[2 * tenth + tenth // 2 :]).max() == 0

    def test_never_ends_by_itself(self) -> None:
        blocks = AudioTimeline().blocks()
        assert next(blocks).shape[0] == 2
        assert next(blocks).max() == 0

    def test_is_brought_to_the_rate_of_the_file(self) -> None:
        time = np.arange(24_000) / 24_000
        tone = np.sin(2 * np.pi * 440 * time).astype(np.float32)
        found = stereo(GeneratedAudio(tone[None], 24_000))
        assert found.shape == (2, 48_000)
        expected = np.sin(2 * np.pi * 440 * np.arange(48_000) / 48_000)
        assert np.abs(found[0, 500:-500] - expected[500:-500]).max() < 0.01
