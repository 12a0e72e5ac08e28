"""What the inner loops must keep: brightness, position, and no aliasing."""

import numpy as np
import pytest

from kirin.vision import kernels


def resampled(source, positions, ratio=1.0):
    first, weights = kernels.resample_weights(np.asarray(positions, float), ratio, len(source))
    out = np.empty((len(positions), source.shape[1]), np.uint8)
    kernels.resample_rows(source, first, weights, 0, out)
    return out


def wave(rows, columns, period=23.0):
    """Smooth rows whose true value is known between samples."""
    return (
        np.round(128 + 100 * np.sin(np.arange(rows) * 2 * np.pi / period))[:, None]
        .repeat(columns, 1)
        .astype(np.uint8)
    )


@pytest.mark.parametrize("ratio", [0.5, 1.0, 1.3, 2.2])
def test_weights_of_a_row_add_up_to_one_even_beyond_the_border(ratio):
    first, weights = kernels.resample_weights(np.linspace(-7, 47, 301), ratio, 40)
    np.testing.assert_allclose(weights.sum(axis=1), 1, atol=1e-6)
    assert first.min() >= 0
    assert (first + weights.shape[1]).max() <= 40


@pytest.mark.parametrize("ratio", [1.0, 1.5])
def test_combining_rows_hits_positions_between_samples(ratio):
    positions = np.linspace(20, 70, 77)
    truth = 128 + 100 * np.sin(positions * 2 * np.pi / 23)
    # Widening the kernel costs a little contrast of a wave this short, and no position.
    assert np.abs(resampled(wave(100, 5), positions, ratio)[:, 2] - truth).max() < 1.5 * ratio**3


def test_minifying_turns_stripes_that_cannot_be_shown_into_grey():
    stripes = np.zeros((200, 3), np.uint8)
    stripes[::2] = 240
    assert np.ptp(resampled(stripes, np.arange(20, 180, 2.03), 2.03).astype(int)) <= 4


def test_beyond_the_border_its_rows_go_on():
    source = np.array([[10], [20], [30], [200]], np.uint8).repeat(3, 1)
    out = resampled(source, [-9.0, 12.0])
    assert out[0, 0] == 10
    assert out[1, 0] == 200


@pytest.mark.parametrize("slope", [0.0, 0.01, 0.15, 0.9])
def test_drifting_columns_hit_positions_of_their_own(slope):
    columns = 150
    start = (20.3 + slope * np.arange(columns)).astype(np.float32)
    step = np.full(columns, 1.1, np.float32)
    out = np.empty((90, columns), np.uint8)
    kernels.shear_rows(wave(300, columns), start, step, 0, out)
    truth = 128 + 100 * np.sin((start + np.arange(90)[:, None] * 1.1) * 2 * np.pi / 23)
    assert np.abs(out - truth).max() < 1.5


def test_drifting_beyond_the_border_its_rows_go_on():
    source = np.array([[10], [20], [30], [200]], np.uint8).repeat(40, 1)
    out = np.empty((2, 40), np.uint8)
    kernels.shear_rows(source, np.full(40, -9, np.float32), np.full(40, 21, np.float32), 0, out)
    assert (out[0] == 10).all()
    assert (out[1] == 200).all()


def test_drifting_starts_at_the_column_asked_for():
    source = np.arange(100, dtype=np.uint8)[None].repeat(6, 0)
    out = np.empty((1, 20), np.uint8)
    kernels.shear_rows(source, np.full(20, 2.5, np.float32), np.ones(20, np.float32), 70, out)
    np.testing.assert_array_equal(out[0], np.arange(70, 90))


def test_blending_rounds_right_for_every_mix():
    above, alpha = np.meshgrid(np.arange(256), np.arange(256))
    for level in (0, 1, 100, 254, 255):
        below = np.full((256, 256), level, np.uint8)
        kernels.blend(below, above.astype(np.uint8), alpha.astype(np.uint8), 0, 0)
        exact = (above * alpha + level * (255 - alpha)) / 255
        assert np.abs(below - exact).max() <= 0.502


def test_blending_touches_its_window_only():
    below = np.zeros((8, 8), np.uint8)
    kernels.blend(below, np.full((2, 3), 9, np.uint8), np.full((2, 3), 255, np.uint8), 4, 1)
    expected = np.zeros((8, 8), np.uint8)
    expected[1:3, 4:7] = 9
    np.testing.assert_array_equal(below, expected)


def test_halving_puts_samples_on_even_columns_and_between_rows():
    across = np.arange(0, 200, 2, dtype=np.uint8)[None].repeat(4, 0)
    down = np.ascontiguousarray(across.T)
    out = np.empty((2, 50), np.uint8)
    kernels.downsample_chroma(across, out)
    np.testing.assert_array_equal(out[0, 1:], across[0, 2::2])
    out = np.empty((50, 2), np.uint8)
    kernels.downsample_chroma(down, out)
    np.testing.assert_array_equal(out[:, 0], down[::2, 0] + 1)


def test_taking_out_the_background_leaves_the_own_colour():
    alpha = np.array([[0, 64, 128, 200, 255]], np.uint8)
    front = np.tile(np.array([200, 100, 30], np.uint8), (1, 5))
    behind = np.tile(np.array([20, 220, 120], np.uint8), (1, 5))
    share = np.repeat(alpha / 255, 3, axis=1)
    mixed = np.round(front * share + behind * (1 - share)).astype(np.uint8)
    kernels.remove_background(mixed, front, behind, alpha)
    assert np.abs(mixed.astype(int) - front).max() <= 1
