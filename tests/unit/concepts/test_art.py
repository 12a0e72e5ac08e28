"""Every concept can be drawn, sharp, alone and tight in its box."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from kirin.concepts.art import draw
from kirin.concepts.concept import Concept
from kirin.concepts.library import library

SAMPLE = list(library())[::19]
KNOWN = [
    "dog",
    "racing-car",
    "red-apple",
    "woman-running",
    "castle",
    "rhinoceros",
    "robot-standing",
]


@pytest.mark.parametrize("concept", SAMPLE, ids=lambda concept: concept.id)
def test_it_is_drawn_at_the_height_that_is_asked_for_and_fills_its_box(concept: Concept) -> None:
    picture = draw(concept.id, 64)
    assert picture.dtype == np.uint8
    assert picture.shape == (64, max(1, round(64 * concept.aspect)), 4)
    seen = picture[..., 3] > 8
    columns, rows = np.flatnonzero(seen.any(0)), np.flatnonzero(seen.any(1))
    assert columns[0] <= 1
    assert rows[0] <= 1
    assert columns[-1] >= picture.shape[1] - 2
    assert rows[-1] >= 62


@pytest.mark.parametrize("concept_id", KNOWN)
def test_it_stands_free_in_colour(concept_id: str) -> None:
    picture = draw(concept_id, 96)
    alpha = picture[..., 3]
    assert 0.1 < (alpha > 128).mean() < 0.97
    solid = picture[alpha > 250][:, :3]
    assert solid.std() > 10


def test_colours_of_thin_edges_are_not_darkened() -> None:
    """Straight alpha: the rim of a red apple is as red as its inside."""
    picture = draw("red-apple", 128).astype(np.float64)
    rim = (picture[..., 3] > 60) & (picture[..., 3] < 200)
    inside = picture[..., 3] > 250
    assert picture[rim][:, 0].mean() > 0.75 * picture[inside][:, 0].mean()


def test_the_same_drawing_is_the_same_pixels() -> None:
    assert np.array_equal(draw("fox-standing", 80), draw("fox-standing", 80))


@pytest.mark.parametrize(
    "boat", ["sailboat", "speedboat", "motor-boat", "canoe", "ferry", "ship", "passenger-ship"]
)
def test_boats_come_without_water(boat: str) -> None:
    """The last rows are hull: the drawn sea was as wide as the art."""
    picture = draw(boat, 64)
    bottom = picture[-2:, :, 3] > 128
    assert bottom.mean() < 0.97


def test_fireworks_come_without_a_tile() -> None:
    corners = draw("fireworks", 64)[[2, 2, -3, -3], [2, -3, 2, -3], 3]
    assert corners.max() < 30


def test_an_unknown_concept_is_an_error() -> None:
    with pytest.raises(KeyError):
        draw("no-such-thing", 64)


@pytest.mark.parametrize("animal", ["panda", "koala", "hamster"])
def test_a_figure_shows_its_own_head_alone(animal: str) -> None:
    """The body is another animal's, whose head and ears were seen around the new ones."""
    figure, head = draw(f"{animal}-standing", 240), draw(animal, 240)
    widest = np.flatnonzero((figure[:80, :, 3] > 128).any(axis=0))
    width = int(widest[-1] - widest[0] + 1)
    tall = round(width * head.shape[0] / head.shape[1])
    placed = np.asarray(cv2.resize(head, (width, tall), interpolation=cv2.INTER_AREA))
    rows = round(0.6 * tall)
    shown = figure[:rows, widest[0] : widest[-1] + 1]
    solid = (shown[..., 3] > 128) | (placed[:rows, :, 3] > 128)
    differs = np.abs(shown.astype(int) - placed[:rows])[solid].max(axis=1)
    assert (differs > 60).mean() < 0.05


def test_a_panda_is_black_and_white() -> None:
    picture = draw("panda-standing", 240)
    luma = picture[..., :3].mean(axis=2)
    tall, wide = luma.shape
    arms = luma[int(0.58 * tall), [int(0.12 * wide), int(0.88 * wide)]]
    assert luma[int(0.7 * tall), wide // 2] > 200
    assert arms.max() < 130
