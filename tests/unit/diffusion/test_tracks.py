"""Painted parts become points that go their way."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kirin.domain.assets import Asset, AssetKind
from kirin.domain.storyboard import Point, Shot, Stroke
from kirin.engines.diffusion.frame_layout import FrameLayout
from kirin.engines.diffusion.tracks import LatentCopies, latent_copies, point_tracks
from kirin.errors import InputsRefused

PICTURE = Asset("picture", AssetKind.IMAGE, "image/png", 1, 128, 64)
LAYOUT = FrameLayout(64, 32, 64, 32, 64, 48)
"""A picture of twice its size is shown in its middle, eight pixels down."""


@pytest.fixture
def mask(tmp_path: Path):
    def make(name: str, left: int, top: int, right: int, bottom: int) -> Asset:
        pixels = np.zeros((64, 128), np.uint8)
        pixels[top:bottom, left:right] = 255
        Image.fromarray(pixels).save(tmp_path / name, format="PNG")
        return Asset(name, AssetKind.IMAGE, "image/png", 1, 128, 64)

    make.read = lambda asset: tmp_path / asset.sha256
    return make


def test_points_of_a_part_go_along_its_path(mask) -> None:
    part = mask("part", 0, 0, 32, 32)
    shot = Shot("", 5, first=PICTURE, strokes=(Stroke(part, (Point(0, 0), Point(64, 32))),))
    found = point_tracks(shot, LAYOUT, mask.read, 9)
    assert found is not None
    # A quarter of the picture: two by two cells of eight pixels, and what lies above it.
    inside = found[found[:, 0, 1] > 8]
    assert inside[:, 0].tolist() == [[4, 12], [12, 12], [4, 20], [12, 20]]
    assert np.allclose(inside[:, -1] - inside[:, 0], [32, 16])
    steps = np.diff(inside[0], axis=0)
    assert (steps >= 0).all()


def test_what_holds_still_lies_on_top(mask) -> None:
    whole, held = mask("whole", 0, 0, 128, 64), mask("held", 64, 0, 128, 64)
    stroke = Stroke(whole, (Point(0, 0), Point(16, 0)))
    found = point_tracks(
        Shot("", 5, first=PICTURE, strokes=(stroke,), still=held), LAYOUT, mask.read, 5
    )
    assert found is not None
    copies = latent_copies(found, 4, 6, 8)
    at = {
        (int(row), int(column)): (int(source_row), int(source_column))
        for row, column, source_row, source_column in zip(
            copies.row, copies.column, copies.source_row, copies.source_column, strict=True
        )
    }
    assert at[2, 2] == (2, 1)  # moved by a cell
    assert at[2, 6] == (2, 6)  # held


def test_a_small_part_is_a_point(mask) -> None:
    dot = mask("dot", 10, 10, 13, 13)
    shot = Shot("", 5, first=PICTURE, strokes=(Stroke(dot, (Point(0, 0), Point(9, 9))),))
    found = point_tracks(shot, LAYOUT, mask.read, 5)
    assert found is not None
    assert found.shape == (1, 5, 2)
    assert np.abs(found[0, 0] - [5.5, 13.5]).max() < 1


def test_an_empty_mask_is_refused(mask) -> None:
    empty = mask("empty", 0, 0, 0, 0)
    shot = Shot("", 5, first=PICTURE, strokes=(Stroke(empty, (Point(0, 0), Point(9, 9))),))
    with pytest.raises(InputsRefused, match="the mask is empty") as caught:
        point_tracks(shot, LAYOUT, mask.read, 5)
    assert caught.value.field == "shots.strokes"


def test_without_a_brush_there_are_no_tracks(mask) -> None:
    assert point_tracks(Shot("", 5, first=PICTURE), LAYOUT, mask.read, 5) is None


def test_each_cell_is_copied_to_once_and_the_later_track_wins() -> None:
    still = np.repeat([[[4.0, 4.0]]], 5, 1)
    into = np.array([[[20.0, 4.0], *[[4.0, 4.0]] * 4]])
    away = np.array([[[20.0, 20.0], *[[-4.0, 4.0]] * 4]])
    outside = np.array([[[-4.0, 4.0], *[[4.0, 4.0]] * 4]])
    found = latent_copies(np.concatenate([still, into, away, outside]), 4, 4, 4)
    assert [array.tolist() for array in (found.frame, found.row, found.column)] == [[1], [0], [0]]
    assert (found.source_row.tolist(), found.source_column.tolist()) == ([0], [2])
    nothing: LatentCopies = latent_copies(away, 4, 4, 4)
    assert nothing.frame.shape == (0,)
