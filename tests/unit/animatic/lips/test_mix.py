"""That a voice is mixed into a video's sound where and as loud as asked, without clipping."""

import numpy as np
import pytest

from kirin.domain.soundtrack import RATE
from kirin.engines.animatic.lips.sound import Voice, mixed
from kirin.media.audio_source import AudioSource
from support.sound import clicking
from support.videos import write_video
from support.voices import vowel

SECONDS = 6
EDGE = RATE // 50


@pytest.fixture(scope="module")
def silent(tmp_path_factory):
    return write_video(tmp_path_factory.mktemp("silent") / "video.mp4", seconds=SECONDS)


@pytest.fixture(scope="module")
def clicked(tmp_path_factory):
    path = tmp_path_factory.mktemp("clicked") / "video.mov"
    return clicking(path, "pcm_s16le", at=(0.5, 2.5, 4.5), seconds=SECONDS, rate=RATE)


def voice(first, volume=1.0, original=1.0, seconds=2.0):
    mono = vowel("a", seconds).astype(np.float32)
    return Voice(np.repeat(mono[None], 2, 0), round(first * RATE), volume, original)


def whole(video, *voices):
    blocks = list(mixed(video, voices, SECONDS * RATE, lambda: None))
    assert all(block.dtype == np.float32 and block.shape[0] == 2 for block in blocks)
    sound = np.concatenate(blocks, 1)
    assert sound.shape[1] == SECONDS * RATE
    return sound


@pytest.mark.parametrize("volume", [0.0, 0.5, 1.0])
def test_a_voice_is_as_loud_as_asked_where_it_is_inserted(silent, volume):
    said = voice(1.7, volume)
    sound = whole(silent, said)
    assert not sound[:, : said.first].any()
    assert not sound[:, said.last :].any()
    inner = slice(said.first + EDGE, said.last - EDGE)
    expected = volume * said.sound[:, EDGE:-EDGE]
    assert np.abs(sound[:, inner] - expected).max() < 1e-4


def test_the_videos_own_sound_stays_as_it_is_outside_of_the_voice(clicked):
    source = AudioSource(clicked)
    own = np.concatenate(list(source.blocks()), 1)
    source.close()
    said = voice(2.0, original=0.0)
    sound = whole(clicked, said)
    for part in (slice(0, said.first), slice(said.last, own.shape[1])):
        assert np.array_equal(sound[:, part], own[:, part])
    assert np.abs(own[:, said.first : said.last]).max() > 0.5
    inner = slice(said.first + EDGE, said.last - EDGE)
    assert np.abs(sound[:, inner] - said.sound[:, EDGE:-EDGE]).max() < 1e-4


@pytest.mark.parametrize("original", [0.5, 1.0])
def test_both_are_heard_together(clicked, original):
    said = voice(2.0, 0.0, original)
    source = AudioSource(clicked)
    own = np.concatenate(list(source.blocks()), 1)
    source.close()
    at = round(2.5 * RATE)
    near = slice(at - 50, at + 50)
    assert np.abs(own[:, near]).max() > 0.5
    found = np.abs(whole(clicked, said)[:, near]).max() / np.abs(own[:, near]).max()
    assert found == pytest.approx(original, rel=0.05) or (original == 1.0 and found > 0.7)


def test_loud_voices_do_not_clip_and_do_not_click(silent):
    said = Voice(voice(1.0).sound * 8, RATE, 2.0, 1.0)
    sound = whole(silent, said)
    assert np.abs(said.sound).max() * 2 > 3
    assert np.abs(sound).max() <= 10 ** (-2.5 / 20) + 1e-3
    # Turned down, not cut off: no run of samples at the top.
    top = np.abs(sound[0]) > 0.999 * np.abs(sound).max()
    assert top.sum() < 0.002 * said.sound.shape[1]
    # The block border at 2 s lies within the voice, and is not heard.
    border = np.abs(np.diff(sound[0, 2 * RATE - 50 : 2 * RATE + 50])).max()
    assert border <= np.abs(np.diff(sound[0])).max()


def test_volume_2_is_twice_as_loud(silent):
    once, twice = (whole(silent, voice(1.0, volume)) for volume in (0.4, 0.8))
    assert np.abs(twice - 2 * once).max() < 1e-4
