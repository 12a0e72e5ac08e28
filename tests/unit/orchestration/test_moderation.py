"""How pictures and videos are shown to a classifier."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from kirin.domain.assets import Asset, AssetKind
from kirin.errors import ContentRefused, FailureKind, InputsRefused, Stopped
from kirin.orchestration.moderation import LEAST_FRAMES, MOST_FRAMES, Moderation, frames_of
from kirin.vision.open_nsfw import OpenNsfw, installed
from support.videos import TICKS, timed_video, told_seconds, write_video

RGB = NDArray[np.uint8]


class Fixed:
    """Gives every picture the same score."""

    name = "fixed"

    def __init__(self, score: float) -> None:
        self._score = score

    def scores(self, pictures: Sequence[RGB]) -> list[float]:
        return [self._score] * len(pictures)


def never() -> bool:
    return False


def test_frames_of_a_video_are_evenly_spaced(tmp_path: Path) -> None:
    path = timed_video(tmp_path / "a.mp4", range(0, 3 * TICKS, TICKS // 30))
    times = [told_seconds(picture) for picture in frames_of(path)]
    assert len(times) == LEAST_FRAMES
    assert times == pytest.approx([0, 1, 2, 3], abs=0.1)


@pytest.mark.parametrize(("seconds", "count"), [(1, 4), (12, 6), (60, MOST_FRAMES)])
def test_long_videos_get_more_frames_up_to_a_limit(
    tmp_path: Path, seconds: int, count: int
) -> None:
    path = write_video(tmp_path / "a.mp4", seconds=seconds, fps=5, size=(64, 64))
    assert len(list(frames_of(path))) == count


def test_a_video_of_two_frames_is_enough(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", seconds=0.2, fps=10, size=(64, 64))
    assert len(list(frames_of(path))) == 2


@pytest.mark.parametrize(("score", "refused"), [(0.79, False), (0.8, True), (0.81, True)])
def test_both_sides_of_the_threshold(tmp_path: Path, score: float, refused: bool) -> None:
    path = write_video(tmp_path / "a.mp4", seconds=1, size=(64, 64))
    review = Moderation(Fixed(score), 0.8).review(True, never)
    if refused:
        with pytest.raises(ContentRefused, match=r"fixed scores it 0\.8") as error:
            review.result(path)
        assert (error.value.kind, error.value.code) == (FailureKind.INPUTS, "content_refused")
    else:
        review.result(path)
        assert review.told()["moderation"] == {
            "requested": True,
            "available": True,
            "classifier": "fixed",
            "pictures": LEAST_FRAMES,
            "score": score,
            "threshold": 0.8,
        }


def test_without_a_classifier_it_is_told() -> None:
    review = Moderation(None, 0.8).review(True, never)
    review.result(Path("nothing"))
    assert review.told() == {"moderation": {"requested": True, "available": False}}
    assert Moderation(None, 0.8).review(False, never).told() == {}
    assert Moderation(None, 0.8).announced(False) == {}


def test_a_video_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"no video")
    asset = Asset.announced(AssetKind.VIDEO)
    review = Moderation(Fixed(0), 0.8).review(True, never)
    with pytest.raises(InputsRefused, match="video_url: "):
        review.inputs([("video_url", asset, path)])


def test_it_stops_with_the_attempt(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", seconds=1, size=(64, 64))
    with pytest.raises(Stopped):
        Moderation(Fixed(0), 0.8).review(True, lambda: True).result(path)


@pytest.mark.skipif(not installed(), reason="needs the moderation extra")
def test_the_network_scores_pictures() -> None:
    network = OpenNsfw()
    lake = np.zeros((300, 500, 3), np.uint8)
    lake[:150] = (120, 170, 230)
    lake[150:] = (30, 70, 90)
    first, second = network.scores([lake, lake])
    assert first == second == network.scores([lake])[0]
    assert 0 <= first < 0.1
