"""Numerical methods of our own give what scipy's do: the program itself does without it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import interpolate, ndimage, spatial, special

from kirin.engines.animatic.cinemagraph.body.eyelid import _softened
from kirin.engines.animatic.look.frame_style import _monotone
from kirin.engines.animatic.look.low_poly import _delaunay
from kirin.prompt.embeddings import erf

RNG_SEEDS = range(5)


@pytest.mark.parametrize("seed", RNG_SEEDS)
@pytest.mark.parametrize("count", [2, 3, 6])
def test_a_monotone_cubic(count: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    x = np.sort(rng.choice(np.arange(1, 99), count, replace=False)) / 100
    at = np.linspace(x[0], x[-1], 256)
    for y in (rng.uniform(0, 1, count), np.sort(rng.uniform(0, 1, count)), np.ones(count)):
        expected = interpolate.PchipInterpolator(x, y)(at)
        np.testing.assert_allclose(_monotone(x, y, at), expected, atol=1e-12)


def test_a_gaussian_filter() -> None:
    values = np.maximum(np.random.default_rng(1).normal(0, 1, 201), 0)
    expected = ndimage.gaussian_filter1d(values, 7.0)
    np.testing.assert_allclose(_softened(values, 7.0), expected, atol=1e-12)


def test_the_error_function() -> None:
    x = np.linspace(-8, 8, 4001).astype(np.float32)
    np.testing.assert_allclose(erf(x), special.erf(x), atol=1e-6)


@pytest.mark.parametrize(
    ("columns", "rows", "width", "height"), [(24, 14, 640, 360), (3, 3, 64, 64)]
)
def test_a_triangulation(columns: int, rows: int, width: int, height: int) -> None:
    rng = np.random.default_rng(3)
    x, y = np.meshgrid(np.arange(columns + 1.0), np.arange(rows + 1.0))
    points = np.stack([x, y], axis=-1)
    points[1:-1, 1:-1] += rng.uniform(-0.26, 0.26, points[1:-1, 1:-1].shape)
    places = (points.reshape(-1, 2) * [width / columns, height / rows]).astype(np.float32)
    expected = {tuple(sorted(each)) for each in spatial.Delaunay(places).simplices.tolist()}
    assert {tuple(sorted(each)) for each in _delaunay(places).tolist()} == expected
