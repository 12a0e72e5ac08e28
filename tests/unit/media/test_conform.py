"""Conforming: what another machine made becomes what was asked for, or is told to be unusable."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from kirin.errors import ResultUnusable
from kirin.media import conform
from kirin.media.conform import Target
from kirin.media.decode import VideoFacts, facts
from kirin.media.encode import encode

TARGET = Target(64, 36, Fraction(24), 24, ends=False, sound=False)


def film(
    folder: Path, count: int = 24, fps: int = 24, size: tuple[int, int] = (64, 36)
) -> tuple[Path, VideoFacts]:
    """A video that grows brighter from 16 to 235, and what it is."""
    width, height = size

    def frames() -> Iterator[NDArray[np.uint8]]:
        for luma in np.linspace(16, 235, count):
            frame = np.full((height * 3 // 2, width), 128, np.uint8)
            frame[:height] = round(luma)
            yield frame

    path = folder / f"{width}x{height}-{count}-{fps}.mp4"
    encode(frames(), path, width=width, height=height, fps=Fraction(fps))
    return path, facts(path)


def lumas(path: Path, found: VideoFacts, target: Target) -> list[float]:
    """How bright each conformed frame is."""
    frames = list(conform.frames(path, found, target))
    assert {frame.shape for frame in frames} == {(target.height * 3 // 2, target.width)}
    return [float(frame[: target.height].mean()) for frame in frames]


def test_what_fits_is_left_alone(tmp_path: Path) -> None:
    path, found = film(tmp_path)
    assert conform.steps(found, TARGET) == ()
    assert lumas(path, found, TARGET) == pytest.approx(np.linspace(16, 235, 24), abs=3)


def test_another_size_of_the_same_shape_is_scaled(tmp_path: Path) -> None:
    path, found = film(tmp_path, size=(128, 72))
    assert conform.steps(found, TARGET) == ("scaled",)
    assert lumas(path, found, TARGET)[-1] == pytest.approx(235, abs=3)


def test_another_shape_is_cropped_around_its_middle(tmp_path: Path) -> None:
    _, found = film(tmp_path, size=(64, 64))
    assert conform.steps(found, TARGET) == ("cropped", "scaled")
    picture = np.zeros((64, 64, 3), np.uint8)
    picture[14:50] = 255  # what is above and below must not be seen
    assert conform._planes(picture, TARGET)[2:34].min() >= 230


def test_another_rate_repeats_and_leaves_out_frames(tmp_path: Path) -> None:
    path, found = film(tmp_path, count=16, fps=16)
    assert conform.steps(found, TARGET) == ("resampled",)
    seen = lumas(path, found, TARGET)
    assert len(seen) == 24
    assert seen == sorted(seen)
    steps = np.linspace(16, 235, 16)
    expected = [steps[min(15, round(n / 24 * 16 - 1e-9))] for n in range(24)]
    assert seen == pytest.approx(expected, abs=3)


def test_an_end_too_much_is_cut_off(tmp_path: Path) -> None:
    path, found = film(tmp_path, count=33)
    assert conform.steps(found, TARGET) == ("trimmed",)
    assert lumas(path, found, TARGET)[-1] == pytest.approx(np.linspace(16, 235, 33)[23], abs=3)


def test_where_the_end_matters_it_is_sped_up_instead(tmp_path: Path) -> None:
    path, found = film(tmp_path, count=26)
    target = replace(TARGET, ends=True)
    assert conform.steps(found, target) == ("retimed",)
    assert lumas(path, found, target)[-1] == pytest.approx(235, abs=3)


def test_a_little_too_short_is_slowed_down_to_the_end(tmp_path: Path) -> None:
    path, found = film(tmp_path, count=22)
    assert conform.steps(found, TARGET) == ("retimed",)
    seen = lumas(path, found, TARGET)
    assert (len(seen), seen[0]) == (24, pytest.approx(16, abs=3))
    assert seen[-1] == pytest.approx(235, abs=3)


@pytest.mark.parametrize("count", [12, 60], ids=["short", "long"])
def test_another_length_altogether_is_another_video(tmp_path: Path, count: int) -> None:
    _, found = film(tmp_path, count=count)
    with pytest.raises(ResultUnusable, match=r"instead of 1 s"):
        conform.steps(found, TARGET)


def test_sound_bears_less_stretching_than_silence(tmp_path: Path) -> None:
    _, found = film(tmp_path, count=22)
    with pytest.raises(ResultUnusable):
        conform.steps(found, replace(TARGET, sound=True))


@pytest.mark.parametrize(
    ("fact", "told"),
    [
        ({"codec": "hevc"}, ("transcoded",)),
        ({"pixel_format": "yuv444p"}, ("transcoded",)),
        ({"faststart": False}, ("transcoded",)),
        ({"has_audio": True}, ("silenced",)),
    ],
    ids=str,
)
def test_what_not_every_player_takes_is_transcoded(
    tmp_path: Path, fact: dict[str, object], told: tuple[str, ...]
) -> None:
    _, found = film(tmp_path)
    assert conform.steps(replace(found, **fact), TARGET) == told
