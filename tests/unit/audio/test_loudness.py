"""Loudness, true peak and the limiter."""

import numpy as np
import pyloudnorm
import pytest

from kirin.audio.loudness import ABSOLUTE_GATE, integrated_loudness, true_peaks
from kirin.audio.mastering import TRUE_PEAK_CEILING, limit, master
from kirin.domain.soundtrack import RATE

pytestmark = pytest.mark.slow

METER = pyloudnorm.Meter(RATE)


def test_loudness_agrees_with_another_implementation():
    rng = np.random.default_rng(0)
    for _ in range(5):
        sound = rng.normal(0, rng.uniform(0.01, 0.3), (2, 4 * RATE)).astype(np.float32)
        sound[:, RATE : 3 * RATE] *= rng.random() ** 3  # something for the gates
        assert integrated_loudness(sound) == pytest.approx(
            METER.integrated_loudness(sound.T), abs=0.1
        )
    tone = np.sin(2 * np.pi * 997 * np.arange(5 * RATE) / RATE, dtype=np.float32)
    one_side = np.stack([tone, np.zeros_like(tone)])
    assert integrated_loudness(one_side) == pytest.approx(-3.01, abs=0.05)  # BS.1770's own example
    assert integrated_loudness(np.zeros((2, RATE), np.float32)) == ABSOLUTE_GATE


def test_peaks_between_samples_are_seen():
    turns = np.arange(RATE) / 4 + 1 / 8  # a quarter of the rate, sampled beside its crests
    sound = np.stack([np.sin(2 * np.pi * turns)] * 2).astype(np.float32)
    assert np.abs(sound).max() < 0.72
    assert true_peaks(sound)[100:-100].max() == pytest.approx(1, abs=0.01)


def test_the_limiter_holds_the_ceiling_and_leaves_the_rest_alone():
    sound = np.full((2, RATE), 0.1, np.float32)
    sound[:, RATE // 2] = 3
    held = limit(sound)
    assert 20 * np.log10(true_peaks(held).max()) <= TRUE_PEAK_CEILING + 0.05
    assert np.array_equal(held[:, : RATE // 3], sound[:, : RATE // 3])
    assert np.array_equal(master(np.zeros((2, RATE), np.float32)), np.zeros((2, RATE)))
