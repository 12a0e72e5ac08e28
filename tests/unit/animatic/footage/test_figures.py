"""Drawn figures laid over a given video: where they are told to be, fixed to its ground."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kirin.domain.footage import FootageUse
from kirin.domain.frame import Frame
from kirin.engines.animatic.engine import AnimaticEngine
from support.footage import FPS, SIZE, board, clip, drawn, film, luma

PAN = 0.2
SECONDS = 2

Told = dict[str, Any]


@pytest.fixture(scope="module")
def pan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of a pan to the right."""
    path = tmp_path_factory.mktemp("pan") / "pan.mp4"
    return film(path, lambda t: (PAN * (t - 0.5), 0, 1, 0), seconds=SECONDS)


@pytest.fixture(scope="module")
def bare(pan: Path) -> list[Frame]:
    """The video edited without anybody in it: its light alone."""
    frames, _ = drawn(board(pan, "warmer light", FootageUse.BASE))
    return frames


def edited(path: Path, prompt: str) -> tuple[list[Frame], Told]:
    frames, notes = drawn(board(path, f"{prompt}, warmer light", FootageUse.BASE))
    return frames, notes


def changed(frame: Frame, other: Frame) -> np.ndarray:
    """Where two frames differ visibly."""
    return np.asarray(np.abs(luma(frame) - luma(other)) > 8)


def extent(mask: np.ndarray) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a mask, in shares of the frame."""
    rows, columns = np.nonzero(mask.any(axis=1))[0], np.nonzero(mask.any(axis=0))[0]
    return (
        columns[0] / SIZE[0],
        rows[0] / SIZE[1],
        (columns[-1] + 1) / SIZE[0],
        (rows[-1] + 1) / SIZE[1],
    )


def cast(notes: Told) -> Told:
    told: list[Told] = [each for each in notes["motion"]["understood"] if each["kind"] == "cast"]
    assert len(told) == 1
    return told[0]


def box_at(told: Told, number: int, count: int) -> list[float] | None:
    """The box that is told for the moment nearest to a frame."""
    at: Told = min(told["boxes"], key=lambda each: abs(each["at"] * count - number))
    box: list[float] | None = at["box"]
    return box


def test_a_dog_stands_where_it_is_told_to_stand(pan: Path, bare: list[Frame]) -> None:  # OMN-11
    frames, notes = edited(pan, "Add a dog")
    told = cast(notes)
    assert (told["word"], told["what"], told["motion"]) == ("dog", "dog", "stay")
    assert (told["entrance"], told["count"], told["from"], told["to"]) == ("present", 1, 0.0, 1.0)
    assert notes["footage"]["missing"] == []
    for number in (0, len(frames) // 2, len(frames) - 1):
        left, top, right, bottom = box_at(told, number, len(frames)) or (0, 0, 0, 0)
        seen = extent(changed(frames[number], bare[number])[: round(bottom * SIZE[1]) - 4])
        assert seen[1] == pytest.approx(top, abs=0.04)
        assert left - 0.03 <= seen[0] < right
        assert left < seen[2] <= right + 0.03


def test_all_but_the_figure_and_its_shadow_is_the_same_to_the_bit(
    pan: Path, bare: list[Frame]
) -> None:
    frames, notes = edited(pan, "Add a dog")
    for number in (0, len(frames) - 1):
        left, top, right, bottom = box_at(cast(notes), number, len(frames)) or (0, 0, 0, 0)
        tall, wide = bottom - top, right - left
        x0, x1 = ((left - wide) * SIZE[0], (right + wide) * SIZE[0])
        y0, y1 = ((top - 0.4 * tall) * SIZE[1], (bottom + 0.6 * tall) * SIZE[1])
        outside = np.ones(SIZE[::-1], bool)
        outside[max(int(y0), 0) : int(y1) + 1, max(int(x0), 0) : int(x1) + 1] = False
        same = luma(frames[number]) == luma(bare[number])
        assert same[outside].all()
        assert not same.all()


def test_a_figure_on_the_ground_does_not_slide_under_a_pan(pan: Path) -> None:
    """Within 2 % of the width, it moves against the camera by as much as the ground does."""
    frames, notes = edited(pan, "Add a dog")
    boxes = [each["box"] for each in cast(notes)["boxes"]]
    middles = [(box[0] + box[2]) / 2 for box in boxes]
    assert middles[0] - middles[-1] == pytest.approx(PAN, abs=0.02)
    # The same in the pixels: the dog of the first frame is found where the ground has gone.
    own, _ = drawn(board(pan, "warmer light", FootageUse.BASE))
    seen = [changed(frames[n], own[n]) for n in (0, len(frames) - 1)]
    columns = [np.average(np.arange(SIZE[0]), weights=each.sum(axis=0)) / SIZE[0] for each in seen]
    assert columns[0] - columns[1] == pytest.approx(PAN, abs=0.02)


def test_a_bird_flies_across_from_side_to_side(pan: Path, bare: list[Frame]) -> None:
    frames, notes = edited(pan, "a bird flies across from left to right")
    told = cast(notes)
    assert (told["motion"], told["entrance"]) == ("fly", "across")
    assert told["boxes"][0]["box"] is None
    assert not changed(frames[0], bare[0]).any()
    inside = [each["box"] for each in told["boxes"] if each["box"]]
    middles = [(box[0] + box[2]) / 2 for box in inside]
    assert len(middles) >= 4
    assert middles == sorted(middles)
    number = len(frames) // 2
    seen = extent(changed(frames[number], bare[number]))
    box = box_at(told, number, len(frames)) or [0, 0, 0, 0]
    assert seen[0] == pytest.approx(box[0], abs=0.04)
    assert seen[2] == pytest.approx(box[2], abs=0.04)


def test_whoever_walks_in_comes_from_the_side_that_is_said(pan: Path) -> None:
    frames, notes = edited(pan, "a woman walks in from the right")
    told = cast(notes)
    assert told["entrance"] == "in"
    boxes = [each["box"] for each in told["boxes"]]
    assert boxes[0] is None or boxes[0][2] == 1.0
    assert boxes[-1] is not None
    first = next(box for box in boxes if box)
    assert first[0] > boxes[-1][0]
    assert len(frames) == SECONDS * FPS


def test_who_is_in_the_video_is_not_drawn_a_second_time(pan: Path) -> None:  # OMN-11
    frames, notes = edited(pan, "the dog runs across")
    assert all(each["kind"] != "cast" for each in notes["motion"]["understood"])
    own, _ = drawn(board(pan, "warmer light", FootageUse.BASE))
    assert np.array_equal(frames[-1], own[-1])


def test_what_needs_a_sky_or_water_is_missing_without_it(pan: Path) -> None:  # OMN-11
    made = clip(board(pan, "add a sailing boat, add a cat", FootageUse.BASE))
    next(iter(made.frames))
    assert [each["word"] for each in made.notes["footage"]["missing"]] == ["sailing boat"]


def test_where_it_cannot_be_put_is_told(pan: Path) -> None:
    made = clip(board(pan, "put a cat on the table", FootageUse.BASE))
    next(iter(made.frames))
    assert made.notes["footage"]["missing"] == [{"word": "on the table", "kind": "place"}]


def test_a_cut_ends_a_figure(tmp_path: Path) -> None:
    path = film(tmp_path / "cut.mp4", lambda _: (0, 0, 1, 0), seconds=1.5, cut=0.7)
    frames, notes = edited(path, "Add a dog")
    own, _ = drawn(board(path, "warmer light", FootageUse.BASE))
    assert cast(notes)["to"] == pytest.approx(0.7, abs=0.05)
    assert changed(frames[0], own[0]).any()
    assert np.array_equal(frames[-1], own[-1])


def test_a_quote_says_who_is_added(pan: Path) -> None:
    told = AnimaticEngine().preview(board(pan, "加上一只狗", FootageUse.BASE))
    (dog,) = told["motion"]["understood"]
    assert (dog["word"], dog["kind"], dog["what"], dog["motion"]) == ("狗", "cast", "dog", "stay")
    assert told["motion"]["found"] == "when rendered"
    assert told["motion"]["missing"] == []


def test_the_same_seed_gives_the_same_figures(pan: Path) -> None:
    one, two = (clip(board(pan, "add two rabbits", FootageUse.BASE)) for _ in range(2))
    for _ in range(2):
        assert np.array_equal(next(iter(one.frames)), next(iter(two.frames)))
