"""Synthesised ambience: its character, its stereo image, its determinism, its cross-fades."""

import numpy as np
import pytest

from kirin.audio.bed import CROSSFADE, BedSection, mix_bed
from kirin.audio.loudness import integrated_loudness
from kirin.domain.intent import Ambience, SoundLayer
from kirin.domain.soundtrack import RATE
from support.sound import centroid

pytestmark = pytest.mark.slow


def layer(kind, seconds=6, intensity=0.5, seed=1):
    return mix_bed([BedSection([SoundLayer(kind, intensity)], 0, round(seconds * RATE), seed)])


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
    assert np.isfinite(layer(kind, 0.05, 1.0)).all()


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


def onsets(sound):
    """Seconds at which it gets louder by 12 dB or more within 20 ms."""
    level = np.abs(sound).max(0)
    level = level[: len(level) // 480 * 480].reshape(-1, 480).max(1)
    loud = level > 0.1 * level.max()
    rises = loud[2:] & (level[2:] > 4 * np.minimum(level[1:-1], level[:-2]))
    found = np.flatnonzero(rises & ~np.r_[False, rises[:-1]]) + 2
    return found / 100


def band_share(sound, low, high):
    """Which share of the power lies between two frequencies."""
    power = np.abs(np.fft.rfft(sound.mean(0))) ** 2
    hertz = np.fft.rfftfreq(sound.shape[1], 1 / RATE)
    return power[(hertz >= low) & (hertz < high)].sum() / power.sum()


@pytest.mark.parametrize(
    "kind",
    [Ambience.EXPLOSION, Ambience.FIREWORKS, Ambience.GLASS, Ambience.SPLASH, Ambience.DOG],
)
def test_an_event_comes_half_a_second_after_the_start(kind):
    assert onsets(layer(kind))[0] == pytest.approx(0.5, abs=0.03)


def test_an_explosion_dies_away_and_darkens():
    sound = layer(Ambience.EXPLOSION, 4)

    def part(start, end):
        return sound[:, int(start * RATE) : int(end * RATE)]

    levels = [float(np.std(part(at, at + 0.4))) for at in (0.5, 1.3, 2.1)]
    assert levels[0] > 2 * levels[1] > 4 * levels[2]
    assert band_share(part(0.5, 0.7), 1000, 9000) > 1.4 * band_share(part(1.5, 1.9), 1000, 9000)


def test_a_clock_ticks_twice_a_second_and_a_heart_beats_in_pairs():
    assert np.diff(onsets(layer(Ambience.CLOCK))) == pytest.approx(0.5, abs=0.02)
    pauses = np.diff(onsets(layer(Ambience.HEARTBEAT, 9)))
    assert np.allclose(pauses[::2], np.median(pauses[::2]), atol=0.05)
    assert np.median(pauses[1::2]) > 1.5 * np.median(pauses[::2])


@pytest.mark.parametrize("kind", [Ambience.PIANO, Ambience.GUITAR, Ambience.MUSIC_BOX])
def test_instruments_play_notes(kind):
    """Their spectrum has lines, where noise of the same colour would have none."""
    tone, noise = layer(kind), layer(Ambience.STREAM)

    def peaky(sound):
        power = np.abs(np.fft.rfft(sound.mean(0)[RATE : 3 * RATE])) ** 2
        power = power[400:8000]  # 200 Hz to 4 kHz
        return power.max() / power.mean()

    assert peaky(tone) > 2 * peaky(noise)


@pytest.mark.parametrize(
    ("kind", "low", "high"),
    [
        (Ambience.GLASS, 2000, 12_000),
        (Ambience.DOG, 300, 3000),
        (Ambience.CAT, 400, 4000),
        (Ambience.SIREN, 500, 3000),
        (Ambience.WHOOSH, 200, 4000),
        (Ambience.HEARTBEAT, 20, 300),
    ],
)
def test_most_power_lies_in_the_band_of_its_source(kind, low, high):
    assert band_share(layer(kind), low, high) > 0.85


RAIN, SPACE, CITY = (
    SoundLayer(kind, 0.5) for kind in (Ambience.RAIN, Ambience.DRONE, Ambience.CITY)
)


def joined(*shots, seconds=3.0):
    """The bed of shots of the same length."""
    step = round(seconds * RATE)
    return mix_bed(
        [
            BedSection(layers, number * step, (number + 1) * step, 5 + number)
            for number, layers in enumerate(shots)
        ]
    )


def hiss(sound):
    """The level above 4 kHz, where it rains and space is silent, 20 times a second."""
    pieces = sound.mean(0)[: sound.shape[1] // 2400 * 2400].reshape(-1, 2400)
    power = np.abs(np.fft.rfft(pieces * np.hanning(2400))) ** 2
    return np.convolve(np.sqrt(power[:, 200:].mean(1)), np.full(3, 1 / 3), "same")


@pytest.mark.parametrize("shots", [([RAIN], [SPACE]), ([SPACE], [RAIN])])
def test_neighbouring_shots_fade_into_each_other(shots):
    levels = hiss(joined(*shots))
    levels = levels if shots[0][0] is RAIN else levels[::-1]
    full = levels[20:50].mean()
    between = (levels[40:80] > 0.1 * full) & (levels[40:80] < 0.9 * full)
    assert pytest.approx(0.8 * RATE) == CROSSFADE
    assert 0.35 <= between.sum() / 20 <= 0.9
    assert np.abs(np.diff(levels[40:80])).max() < 0.35 * full  # it steps nowhere


def test_a_sound_that_goes_on_is_not_cut():
    alone, on = joined([RAIN], [RAIN]), joined([RAIN, CITY], [RAIN], [RAIN, SPACE])
    whole = mix_bed([BedSection([RAIN], 0, 6 * RATE, 5)])
    # The very same rain, at the level of each shot.
    assert np.corrcoef(alone[0], whole[0])[0, 1] > 0.9999
    rain = mix_bed([BedSection([RAIN], 0, 9 * RATE, 5)])
    middle = slice(4 * RATE, 5 * RATE)
    assert np.corrcoef(on[0, middle], rain[0, middle])[0, 1] > 0.9999
    levels = hiss(on)
    assert levels[50:70].std() < 0.25 * levels[50:70].mean()


def test_shots_shorter_than_a_fade_are_whole():
    sound = joined([RAIN], [SPACE], [RAIN], [SPACE], seconds=0.3)
    assert np.isfinite(sound).all()
    assert sound.shape == (2, round(1.2 * RATE))
    pieces = np.sqrt((sound[:, : 24 * 2400].reshape(2, 24, 2400) ** 2).mean((0, 2)))
    assert pieces.min() > 0.15 * pieces.max()  # no hole
