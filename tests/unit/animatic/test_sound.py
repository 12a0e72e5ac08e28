"""Sound as it is heard after encoding: loudness, character, cuts, speech, determinism."""

import time
from dataclasses import replace
from fractions import Fraction
from importlib.util import find_spec

import numpy as np
import pyloudnorm
import pytest
from PIL import Image

from kirin.audio.ambience import ambience
from kirin.audio.loudness import SILENCE, loudness, peaks
from kirin.audio.master import CEILING, limited, mastered
from kirin.domain.assets import Asset, AssetKind
from kirin.domain.soundtrack import RATE, Samples
from kirin.domain.storyboard import Shot, Storyboard
from kirin.engines.animatic import soundtrack as mix
from kirin.engines.animatic.engine import AnimaticEngine
from kirin.errors import Stopped
from kirin.media.encode import encode
from kirin.prompt.sounds import Ambience, Layer
from support.sound import heard

METER = pyloudnorm.Meter(RATE)
PROMPTS = [
    "waves crash on a beach, seagulls",
    "heavy rain and thunder over the city",
    "he walks through the snow",
    "a campfire in a forest at night, crickets",
    "a woman reads in a library",
    "footsteps in a corridor",
    "草原上的微风，鸟儿",
    "a nebula in deep space",
]


def board(*shots, **changes):
    return replace(Storyboard("any", 64, 36, Fraction(24), shots, sound=True, seed=7), **changes)


def play(storyboard):
    blocks = list(mix.play(storyboard, mix.listen(storyboard), lambda: None))
    assert max(block.shape[1] for block in blocks) <= mix.BLOCK
    return np.concatenate(blocks, 1)


def decoded(storyboard, path):
    """The storyboard's sound, after AAC."""
    grey = np.full((54, 64), 128, np.uint8)
    audio = Samples(mix.play(storyboard, mix.listen(storyboard), lambda: None))
    frames = (grey for _ in range(storyboard.frame_count))
    encode(frames, path, width=64, height=36, fps=storyboard.fps, audio=audio)
    rate, sound = heard(path)
    assert rate == RATE
    assert sound.shape == (2, storyboard.frame_count * RATE // 24)
    return sound


def layer(kind, seconds=6, force=0.5, seed=1):
    return ambience([Layer(kind, force)], seconds * RATE, seed)


def centroid(sound):
    """The mean frequency of the power, in hertz."""
    power = np.abs(np.fft.rfft(sound.mean(0))) ** 2
    return float((power * np.fft.rfftfreq(sound.shape[1], 1 / RATE)).sum() / power.sum())


def swing(sound, seconds=0.5):
    """By how many dB the loudness of stretches varies."""
    step = int(seconds * RATE)
    whole = sound[:, : sound.shape[1] // step * step].reshape(2, -1, step)
    return float(np.std(10 * np.log10((whole**2).mean((0, 2)) + 1e-12)))


@pytest.mark.parametrize(
    ("prompt", "seconds"), [(prompt, 3) for prompt in PROMPTS] + [(p, 15) for p in PROMPTS[:3]]
)
def test_loudness_and_true_peak_of_what_is_heard(tmp_path, prompt, seconds):
    sound = decoded(board(Shot(prompt, seconds)), tmp_path / "v.mp4")
    assert METER.integrated_loudness(sound.T.astype(float)) == pytest.approx(-16, abs=1)
    fine = np.fft.irfft(np.fft.rfft(sound), sound.shape[1] * 4) * 4
    assert 20 * np.log10(np.abs(fine).max()) <= -1


def test_loudness_agrees_with_another_implementation():
    rng = np.random.default_rng(0)
    for _ in range(5):
        sound = rng.normal(0, rng.uniform(0.01, 0.3), (2, 4 * RATE)).astype(np.float32)
        sound[:, RATE : 3 * RATE] *= rng.random() ** 3  # something for the gates
        assert loudness(sound) == pytest.approx(METER.integrated_loudness(sound.T), abs=0.1)
    tone = np.sin(2 * np.pi * 997 * np.arange(5 * RATE) / RATE, dtype=np.float32)
    one_side = np.stack([tone, np.zeros_like(tone)])
    assert loudness(one_side) == pytest.approx(-3.01, abs=0.05)  # BS.1770's own example
    assert loudness(np.zeros((2, RATE), np.float32)) == SILENCE


def test_peaks_between_samples_are_seen():
    turns = np.arange(RATE) / 4 + 1 / 8  # a quarter of the rate, sampled beside its crests
    sound = np.stack([np.sin(2 * np.pi * turns)] * 2).astype(np.float32)
    assert np.abs(sound).max() < 0.72
    assert peaks(sound)[100:-100].max() == pytest.approx(1, abs=0.01)


def test_the_limiter_holds_the_ceiling_and_leaves_the_rest_alone():
    sound = np.full((2, RATE), 0.1, np.float32)
    sound[:, RATE // 2] = 3
    held = limited(sound)
    assert 20 * np.log10(peaks(held).max()) <= CEILING + 0.05
    assert np.array_equal(held[:, : RATE // 3], sound[:, : RATE // 3])
    assert np.array_equal(mastered(np.zeros((2, RATE), np.float32)), np.zeros((2, RATE)))


@pytest.mark.parametrize("kind", Ambience)
def test_each_kind_is_sound_in_stereo_and_the_same_for_the_same_seed(kind):
    sound = layer(kind, 3)
    assert sound.shape == (2, 3 * RATE)
    assert sound.dtype == np.float32
    assert np.isfinite(sound).all()
    assert loudness(sound) > -40
    assert not np.array_equal(sound[0], sound[1])
    assert np.corrcoef(sound)[0, 1] > -0.2  # it does not vanish in mono
    assert np.array_equal(sound, layer(kind, 3))
    assert not np.array_equal(sound, layer(kind, 3, seed=2))


@pytest.mark.parametrize("kind", Ambience)
def test_the_shortest_shot_has_sound(kind):
    assert np.isfinite(ambience([Layer(kind, 1.0)], RATE // 20, 1)).all()


def test_sounds_have_their_characters():
    centroids = {kind: centroid(layer(kind)) for kind in Ambience}
    for low, high in (
        ("thunder", "waves"),
        ("waves", "rain"),
        ("air", "snow"),
        ("drone", "stream"),
        ("crowd", "birds"),
        ("room", "leaves"),
        ("engine", "applause"),
    ):
        assert centroids[Ambience(low)] * 1.2 < centroids[Ambience(high)], (low, high)
    swings = {kind: swing(layer(kind, 12)) for kind in Ambience}
    assert swings[Ambience.WAVES] > 3 * swings[Ambience.RAIN]
    assert swings[Ambience.THUNDER] > 3 * swings[Ambience.WATERFALL]
    assert 4000 < centroids[Ambience.CRICKETS] < 5200


def test_steps_keep_time():
    sound = np.abs(layer(Ambience.FOOTSTEPS, 12)).max(0)
    envelope = sound.reshape(-1, 480).max(1)  # 100 a second
    envelope = envelope - envelope.mean()
    echo = np.correlate(envelope, envelope, "full")[len(envelope) :]
    assert 0.50 < (30 + echo[30:90].argmax() + 1) / 100 < 0.62


def test_force_is_heard():
    assert centroid(layer(Ambience.WIND, force=1.0)) > centroid(layer(Ambience.WIND, force=0.2))
    weak, strong = (loudness(layer(Ambience.RAIN, force=force)) for force in (0.2, 1.0))
    assert strong > weak + 3


def test_each_shot_has_its_own_sound_and_cuts_are_soft(tmp_path):
    shots = Shot("deep space, a nebula", 3), Shot("heavy rain", 3)
    sound = decoded(board(*shots), tmp_path / "v.mp4")
    space, rain = sound[:, RATE : 2 * RATE], sound[:, 4 * RATE : 5 * RATE]
    assert centroid(rain) > 5 * centroid(space)
    cut = sound[:, 3 * RATE - RATE // 5 : 3 * RATE + RATE // 5]
    pieces = np.sqrt((cut.reshape(2, 20, -1) ** 2).mean((0, 2)))
    assert pieces.min() > 0.25 * pieces.max()  # no hole
    assert np.abs(np.diff(cut)).max() < 2 * np.abs(np.diff(sound)).max()


def test_the_video_fades_in_and_out():
    sound = play(board(Shot("heavy rain", 5)))

    def level(a, b):
        return np.sqrt((sound[:, int(a * RATE) : int(b * RATE)] ** 2).mean())

    assert level(0, 0.02) < 0.2 * level(1, 4)
    assert level(4.98, 5) < 0.2 * level(1, 4)
    assert level(0.4, 0.6) > 0.5 * level(1, 4)


def test_negative_prompt_is_heard(tmp_path):
    shot = Shot("rain on a mountain, wind", 5)
    wet = decoded(board(shot), tmp_path / "wet.mp4")
    dry = decoded(board(shot, negative_prompt="rain"), tmp_path / "dry.mp4")
    assert centroid(dry) < 0.5 * centroid(wet)


def test_same_storyboard_same_sound_another_seed_another():
    storyboard = board(Shot("a storm at sea", 3), Shot("birds in a forest", 2))
    sound = play(storyboard)
    assert np.array_equal(sound, play(storyboard))
    assert not np.array_equal(sound, play(replace(storyboard, seed=8)))


def test_a_shot_shorter_than_a_frame_is_not_heard():
    storyboard = board(Shot("rain", 3), Shot("thunder", 0.001), Shot("birds", 1))
    assert play(storyboard).shape == (2, 4 * RATE)


def test_five_seconds_cost_less_than_a_second_of_processor():
    storyboard = board(Shot("a storm at sea, a crowd, a bell, applause", 5))
    play(storyboard)
    before = time.process_time()
    play(storyboard)
    assert time.process_time() - before < 2  # 0.6 s on an idle machine


def test_cancelling_stops_the_sound():
    def stop():
        raise Stopped

    storyboard = board(Shot("rain", 3))
    with pytest.raises(Stopped):
        next(mix.play(storyboard, mix.listen(storyboard), stop))


@pytest.fixture
def read(tmp_path):
    def make(asset):
        path = tmp_path / asset.sha256
        Image.fromarray(np.full((36, 64, 3), 90, np.uint8)).save(path)
        return path

    return make


def test_the_engine_gives_sound_and_tells_of_it(tmp_path, read):
    picture = Asset("p.png", AssetKind.IMAGE, "image/png", 1, 64, 36)
    shots = Shot("rain", 0.5, first=picture), Shot("a nebula in deep space", 0.5)
    storyboard = board(*shots, width=128, height=72)
    engine = AnimaticEngine()
    assert engine.unsupported(storyboard) == []
    clip = engine.render(storyboard, read, lambda _: None, lambda: False)
    path = tmp_path / "v.mp4"
    encode(clip.frames, path, width=128, height=72, fps=clip.fps, audio=clip.audio)
    assert heard(path)[1].shape == (2, RATE)
    told = [shot["sound"]["ambience"] for shot in clip.notes["shots"]]
    assert told == [["rain"], ["drone"]]
    silent = engine.render(replace(storyboard, sound=False), read, lambda _: None, lambda: False)
    assert silent.audio is None
    assert list(silent.frames)
    assert "sound" not in silent.notes["shots"][0]


@pytest.mark.skipif(not find_spec("hibari"), reason="needs the speech extra")
class TestSpeech:
    """Quoted words, spoken."""

    def test_words_stand_out_from_the_ambience(self, tmp_path):
        shot = Shot('in the rain she says "We should all go home now."', 5)
        spoken = decoded(board(shot), tmp_path / "v.mp4")
        silent = play(board(replace(shot, prompt='in the rain she says "!"')))
        assert METER.integrated_loudness(spoken.T.astype(float)) == pytest.approx(-16, abs=1)

        def voiced(sound):  # what a voice has and rain has not, as a share
            power = np.abs(np.fft.rfft(sound.mean(0)[RATE // 2 : 2 * RATE])) ** 2
            hertz = np.fft.rfftfreq(3 * RATE // 2, 1 / RATE)
            return power[(hertz > 120) & (hertz < 900)].sum() / power.sum()

        assert voiced(spoken) > 1.5 * voiced(silent)

    def test_the_ambience_ducks_and_comes_back(self):
        storyboard = board(Shot('in heavy rain she says "Go home."', 6))
        sound = play(storyboard)
        high = np.fft.rfft(sound.mean(0))
        high[np.fft.rfftfreq(sound.shape[1], 1 / RATE) < 11_000] = 0  # the voice ends at 12 kHz
        hiss = np.fft.irfft(high)
        during, after = hiss[RATE // 2 : RATE], hiss[4 * RATE : 5 * RATE]
        assert np.std(during) < 0.5 * np.std(after)

    def test_the_same_words_sound_the_same(self):
        storyboard = board(Shot('he says "Good evening."', 3))
        assert np.array_equal(play(storyboard), play(storyboard))

    def test_a_shot_too_short_for_its_words_says_so(self):
        storyboard = board(
            Shot('he says "This is a rather long sentence for one second." and "Never."', 1)
        )
        sounds = mix.listen(storyboard)
        list(mix.play(storyboard, sounds, lambda: None))
        first, second = sounds[0].notes["speech"]
        assert first["spoken"]
        assert not second["spoken"]
        assert first["why"] == second["why"] == "the shot ends before the words do"
