"""That sound files are read from and up to a time, whatever their format, and others refused."""

import wave
from fractions import Fraction

import av
import numpy as np
import pytest

from kirin.domain.soundtrack import RATE
from kirin.errors import InputsRefused
from kirin.media.sounds import read_sound, sound_format
from support.videos import write_video

CLICKS = (0.5, 1.25)


def clicking(path, codec, kind, rate=44_100, channels=1):
    """Two seconds of sound with a click at each of two moments."""
    samples = np.zeros((1, 2 * rate * channels), np.int16)
    for moment in CLICKS:
        first = round(moment * rate) * channels
        samples[0, first : first + 20 * channels] = 30_000
    layout = "mono" if channels == 1 else "stereo"
    with av.open(str(path), "w", format=kind) as container:
        stream = container.add_stream(codec, rate=rate)
        stream.layout = layout
        frame = av.AudioFrame.from_ndarray(samples, "s16", layout)
        frame.sample_rate, frame.time_base, frame.pts = rate, Fraction(1, rate), 0
        resampler = av.AudioResampler(format=stream.format, layout=layout, rate=rate)
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(piece))
        container.mux(stream.encode(None))
    return path


FORMATS = {
    "wav": ("pcm_s16le", "wav", "wav"),
    "mp3": ("libmp3lame", "mp3", "mp3"),
    "m4a": ("aac", "ipod", "mp4"),
}


@pytest.fixture(params=FORMATS)
def sound(request, tmp_path):
    codec, kind, _ = FORMATS[request.param]
    channels = 2 if request.param == "mp3" else 1
    return clicking(tmp_path / "sound", codec, kind, channels=channels)


def test_formats_are_told_by_content(sound, request, tmp_path):
    assert sound_format(sound) in {known for _, _, known in FORMATS.values()}
    other = tmp_path / "other"
    other.write_bytes(b"OggS" + bytes(60))
    assert sound_format(other) is None


def test_a_sound_is_read_in_time(sound):
    whole = read_sound(sound)
    assert whole.dtype == np.float32
    assert whole.shape[0] == 2
    assert whole.shape[1] / RATE == pytest.approx(2, abs=0.06)
    loud = np.abs(whole).min(0)
    for moment in CLICKS:
        first = round((moment - 0.1) * RATE)
        at = first + int(loud[first : first + RATE // 5].argmax())
        assert at / RATE == pytest.approx(moment, abs=0.003)
    assert loud[: RATE // 4].max() < 0.05


def test_a_stretch_is_the_same_samples(sound):
    whole = read_sound(sound)
    part = read_sound(sound, 0.4, 1.3)
    assert part.shape == (2, round(0.9 * RATE))
    assert np.array_equal(part, whole[:, round(0.4 * RATE) : round(1.3 * RATE)])


def test_what_ends_early_is_shorter_and_what_begins_later_refused(sound):
    assert read_sound(sound, 1.5, 9).shape[1] / RATE == pytest.approx(0.5, abs=0.06)
    with pytest.raises(InputsRefused, match="ends before 3 s"):
        read_sound(sound, 3, 5)


def test_other_files_are_refused(tmp_path):
    path = tmp_path / "sound"
    path.write_bytes(b"#EXTM3U\nhttp://example.com/a.ts\n")
    with pytest.raises(InputsRefused, match="MP3, WAV nor M4A"):
        read_sound(path)
    path.write_bytes(b"ID3" + bytes(500))
    with pytest.raises(InputsRefused, match="cannot be read"):
        read_sound(path)
    write_video(path, seconds=1)
    with pytest.raises(InputsRefused, match="no sound"):
        read_sound(path)


def test_a_damaged_wav_header_is_refused(tmp_path):
    path = tmp_path / "sound"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(16_000))
    path.write_bytes(path.read_bytes()[:20] + b"\x99\x99" + path.read_bytes()[22:])
    with pytest.raises(InputsRefused):
        read_sound(path)
