"""That mouths are told from voices: how far open, how shaped, and when."""

import numpy as np
import pytest

from kirin.audio.visemes import HOP, Visemes
from kirin.domain.soundtrack import RATE
from support.voices import VOWELS, babble, vowel


def stereo(mono):
    return np.repeat(np.asarray(mono, np.float32)[None], 2, 0)


@pytest.fixture(scope="module")
def held():
    """Mean opening, rounding and spreading in the middle of each vowel."""
    found = {}
    for name in VOWELS:
        told = Visemes.of(stereo(vowel(name, 0.5)))
        found[name] = [
            float(track[10:40].mean()) for track in (told.opening, told.rounding, told.spreading)
        ]
    return found


def test_open_vowels_open_the_mouth_and_close_ones_less(held):
    assert held["a"][0] > 0.9
    assert held["i"][0] < 0.6
    assert held["u"][0] < 0.8
    assert all(held[name][0] > 0.3 for name in VOWELS)


def test_lips_are_rounded_for_back_vowels_and_spread_for_front_ones(held):
    for name in "uo":
        assert held[name][1] > 0.8
        assert held[name][2] < 0.1
    for name in "ie":
        assert held[name][1] < 0.1
        assert held[name][2] > 0.7
    assert max(held["a"][1:]) < 0.2


def test_quieter_is_less_open():
    loud = vowel("a", 0.4)
    told = Visemes.of(stereo(np.concatenate([loud, 0.2 * loud])))
    assert told.opening[10:30].mean() > 1.5 * told.opening[50:70].mean() > 0.2


@pytest.mark.parametrize("level", [0.0, 1e-4])
def test_silence_and_faint_noise_are_a_closed_mouth(level):
    noise = np.random.default_rng(1).normal(0, 1, RATE) * level
    told = Visemes.of(stereo(noise))
    assert not told.opening.any()
    assert told.at(0.5) == (0.0, 0.0, 0.0)


def test_the_mouth_closes_between_syllables_and_after_them():
    sound = babble("aaaa", step=0.3, pause=0.12)
    told = Visemes.of(np.concatenate([sound, np.zeros((2, RATE // 2), np.float32)], 1))
    for number in range(4):
        start = number * 0.3
        assert told.at(start + 0.06)[0] < 0.25
        assert told.at(start + 0.21)[0] > 2 * told.at(start + 0.06)[0]
    assert told.at(1.5)[0] == 0.0


def test_hissing_closes_the_teeth_and_a_murmur_the_lips():
    rng = np.random.default_rng(3)
    hiss = np.diff(rng.normal(0, 0.05, RATE // 2), n=3)
    hum = 0.2 * np.sin(2 * np.pi * 120 * np.arange(RATE // 2) / RATE)
    loud = vowel("a", 0.5)
    told = Visemes.of(stereo(np.concatenate([loud, hiss / hiss.std() * 0.1, loud, hum])))
    assert told.opening[60:90].mean() < 0.5 * told.opening[10:40].mean()
    assert told.opening[160:190].mean() < 0.3 * told.opening[110:140].mean()


def test_a_mouth_opens_when_it_is_heard():
    sound = np.concatenate([np.zeros(RATE), vowel("a", 0.5), np.zeros(RATE)])
    told = Visemes.of(stereo(sound))
    half = np.flatnonzero(told.opening > 0.5 * told.opening.max())
    assert half[0] * HOP == pytest.approx(1.0, abs=0.02)
    assert (half[-1] + 1) * HOP == pytest.approx(1.5, abs=0.02)


def test_times_outside_of_the_sound_are_a_closed_mouth():
    told = Visemes.of(stereo(vowel("a", 0.3)))
    assert told.at(-0.1) == told.at(0.5) == (0.0, 0.0, 0.0)
    assert told.at(0.15)[0] > 0.5


def test_a_sound_shorter_than_a_window_is_told():
    assert len(Visemes.of(stereo(vowel("a", 0.1)[:200])).opening) == 1
