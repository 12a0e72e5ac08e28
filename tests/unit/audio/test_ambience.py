"""Synthesised ambience: its character, its stereo image, its determinism."""

import numpy as np
import pytest

from kirin.audio.ambience import mix_ambience
from kirin.audio.loudness import integrated_loudness
from kirin.domain.intent import Ambience, SoundLayer
from kirin.domain.soundtrack import RATE
from support.sound import centroid

pytestmark = pytest.mark.slow


def layer(kind, seconds=6, intensity=0.5, seed=1):
    return mix_ambience([SoundLayer(kind, intensity)], seconds * RATE, seed)


def swing(sound, seconds=0.5):
    """By how many dB the loudness of stretches varies."""
    step = int(seconds * RATE)
    whole = sound[:, : sound.shape[1] // step * step].reshape(2, -1, step)
    return float(np.std(10 * np.log10((whole**2).mean((0, 2)) + 1e-12)))


@pytest.mark.parametrize("kind", Ambience)
def test_each_kind_is_sound_in_stereo_and_the_same_for_the_same_seed(kind):
    sound = layer(kind, 3)
    assert sound.shape == (2, 3 * RATE)
    assert sound.dtype == np.float32
    assert np.isfinite(sound).all()
    assert integrated_loudness(sound) > -40
    assert not np.array_equal(sound[0], sound[1])
    assert np.corrcoef(sound)[0, 1] > -0.2  # it does not vanish in mono
    assert np.array_equal(sound, layer(kind, 3))
    assert not np.array_equal(sound, layer(kind, 3, seed=2))


@pytest.mark.parametrize("kind", Ambience)
def test_the_shortest_shot_has_sound(kind):
    assert np.isfinite(mix_ambience([SoundLayer(kind, 1.0)], RATE // 20, 1)).all()


def test_sounds_have_their_characters():
    pairs = (
        ("thunder", "waves"),
        ("waves", "rain"),
        ("air", "snow"),
        ("drone", "stream"),
        ("crowd", "birds"),
        ("room", "leaves"),
        ("engine", "applause"),
    )
    compared = {Ambience(name) for pair in pairs for name in pair} | {Ambience.CRICKETS}
    centroids = {kind: centroid(layer(kind)) for kind in compared}
    for low, high in pairs:
        assert centroids[Ambience(low)] * 1.2 < centroids[Ambience(high)], (low, high)
    far_apart = (Ambience.WAVES, Ambience.RAIN, Ambience.THUNDER, Ambience.WATERFALL)
    swings = {kind: swing(layer(kind, 12)) for kind in far_apart}
    assert swings[Ambience.WAVES] > 3 * swings[Ambience.RAIN]
    assert swings[Ambience.THUNDER] > 3 * swings[Ambience.WATERFALL]
    assert 4000 < centroids[Ambience.CRICKETS] < 5200


def test_steps_keep_time():
    sound = np.abs(layer(Ambience.FOOTSTEPS, 12)).max(0)
    envelope = sound.reshape(-1, 480).max(1)  # 100 a second
    envelope = envelope - envelope.mean()
    echo = np.correlate(envelope, envelope, "full")[len(envelope) :]
    assert 0.50 < (30 + echo[30:90].argmax() + 1) / 100 < 0.62


def test_intensity_is_heard():
    assert centroid(layer(Ambience.WIND, intensity=1.0)) > centroid(
        layer(Ambience.WIND, intensity=0.2)
    )
    weak, strong = (
        integrated_loudness(layer(Ambience.RAIN, intensity=intensity)) for intensity in (0.2, 1.0)
    )
    assert strong > weak + 3
