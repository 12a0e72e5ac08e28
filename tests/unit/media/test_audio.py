"""Sound in files: there or not, in time with the picture, as long as it, and copied unharmed."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.stream import Disposition
from numpy.typing import NDArray

from kirin.domain.soundtrack import RATE, Block, Copied, Samples, Soundtrack
from kirin.errors import InputsRefused
from kirin.media import decode
from kirin.media.audio_source import unused_audio
from kirin.media.boxes import index_in_front
from kirin.media.encode import encode
from support.sound import clicking, clicks, heard

GREY = np.full((54, 64), 128, np.uint8)


def film(
    path: Path,
    audio: Soundtrack | None,
    frames: int = 48,
    fps: Fraction = Fraction(24),
    watermarked: Path | None = None,
) -> Path:
    pictures = (GREY for _ in range(frames))
    encode(pictures, path, width=64, height=36, fps=fps, audio=audio, watermarked=watermarked)
    return path


def blocks(sound: NDArray[np.float32], length: int) -> Iterator[Block]:
    for first in range(0, sound.shape[1], length):
        yield sound[:, first : first + length]


def impulses(seconds: float, *at: float) -> NDArray[np.float32]:
    sound = np.zeros((2, round(seconds * RATE)), np.float32)
    for moment in at:
        sound[:, round(moment * RATE)] = 0.9
    return sound


def lengths(path: Path) -> tuple[Fraction, Fraction]:
    """Seconds of the picture and of the sound, as the tracks tell them."""
    with av.open(str(path)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert audio.start_time == 0
        return video.duration * video.time_base, audio.duration * audio.time_base


def packets(path: Path) -> list[bytes]:
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(audio=0) if packet.size]


def test_without_sound_there_is_no_track(tmp_path: Path) -> None:
    assert not decode.facts(film(tmp_path / "v.mp4", None)).has_audio


@pytest.mark.parametrize("block", [100, 1024, 5000, 10**6])
def test_samples_become_aac_in_time_with_the_picture(tmp_path: Path, block: int) -> None:
    moments = [0.004, 0.5, 1.2345, 1.9]
    video = film(tmp_path / "v.mp4", Samples(blocks(impulses(2, *moments), block)))
    with av.open(str(video)) as container:
        stream = container.streams.audio[0]
        assert stream.codec_context.codec.canonical_name == "aac"
        assert (stream.rate, stream.channels) == (RATE, 2)
    assert clicks(video) == pytest.approx(moments, abs=0.005)
    assert index_in_front(video)
    assert decode.facts(video).seconds == 2


@pytest.mark.parametrize(
    ("frames", "fps"),
    [(72, Fraction(24)), (1, Fraction(30)), (40, Fraction(359, 12)), (31, Fraction(30000, 1001))],
)
def test_sound_ends_with_the_picture(tmp_path: Path, frames: int, fps: Fraction) -> None:
    asked = []

    def endless() -> Iterator[Block]:
        while True:
            asked.append(1)
            yield np.full((2, 4800), 0.1, np.float32)

    video = film(tmp_path / "v.mp4", Samples(endless()), frames, fps)
    picture, sound = lengths(video)
    assert picture == frames / fps
    assert abs(picture - sound) < Fraction(1, 1000)
    assert len(asked) <= float(picture) * 10 + 1
    assert decode.facts(video).frame_count == frames


def test_sound_that_ends_early_is_no_error(tmp_path: Path) -> None:
    video = film(tmp_path / "v.mp4", Samples(blocks(impulses(0.5, 0.25), 4800)))
    picture, sound = lengths(video)
    assert (picture, sound) == (2, Fraction(1, 2))


def test_both_files_sound_alike_and_the_same_sound_gives_the_same_bytes(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, (2, 2 * RATE)).astype(np.float32)
    files = []
    for number in range(2):
        plain, marked = tmp_path / f"{number}.mp4", tmp_path / f"{number}w.mp4"
        film(plain, Samples(blocks(noise, 4800)), watermarked=marked)
        assert packets(plain) == packets(marked)
        files.append((plain.read_bytes(), marked.read_bytes()))
    assert files[0] == files[1]


@pytest.mark.parametrize(
    "bad", [np.zeros((1, 480), np.float32), np.zeros((2, 480)), np.zeros(480, np.float32)]
)
def test_sound_of_another_kind_is_refused(tmp_path: Path, bad: NDArray[np.floating]) -> None:
    closed = []

    def sound() -> Iterator[NDArray[np.floating]]:
        try:
            while True:
                yield bad
        finally:
            closed.append(True)

    with pytest.raises(ValueError, match="sound must be float32"):
        film(tmp_path / "v.mp4", Samples(sound()))
    assert closed
    assert not list(tmp_path.iterdir())


def test_an_error_in_the_sound_leaves_nothing(tmp_path: Path) -> None:
    def sound() -> Iterator[Block]:
        yield impulses(0.5)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        film(tmp_path / "v.mp4", Samples(sound()), watermarked=tmp_path / "w.mp4")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "codec"),
    [("s.mp4", "aac"), ("s.mp4", "libmp3lame"), ("s.mp4", "ac3"), ("s.mov", "alac")],
)
def test_carried_codecs_are_copied_packet_by_packet(tmp_path: Path, name: str, codec: str) -> None:
    moments = (0.3, 0.9, 1.6)
    source = clicking(tmp_path / name, codec, at=moments)
    video = film(tmp_path / "v.mp4", Copied(source), 25)  # shorter than the source
    copied = packets(video)
    assert copied == packets(source)[: len(copied)]
    assert clicks(video) == pytest.approx(moments[:2], abs=0.005)
    picture, sound = lengths(video)
    assert abs(picture - sound) < Fraction(1, 1000)
    assert index_in_front(video)


@pytest.mark.parametrize(("codec", "layout"), [("pcm_s16le", "stereo"), ("pcm_mulaw", "mono")])
def test_other_codecs_become_aac(tmp_path: Path, codec: str, layout: str) -> None:
    moments = (0.3, 0.9)
    source = clicking(tmp_path / "s.mov", codec, at=moments, layout=layout)
    video = film(tmp_path / "v.mp4", Copied(source))
    with av.open(str(video)) as container:
        assert container.streams.audio[0].codec_context.codec.canonical_name == "aac"
    rate, sound = heard(video)
    assert (rate, sound.shape) == (RATE, (2, 2 * RATE))
    assert clicks(video) == pytest.approx(moments, abs=0.005)


@pytest.mark.parametrize(("name", "codec"), [("s.mp4", "aac"), ("s.mov", "pcm_s16le")])
def test_sound_that_begins_after_the_picture_stays_in_time(
    tmp_path: Path, name: str, codec: str
) -> None:
    source = clicking(tmp_path / name, codec, at=(0.3, 0.9), late=0.4)
    video = film(tmp_path / "v.mp4", Copied(source))
    assert clicks(video) == pytest.approx([0.7, 1.3], abs=0.005)


@pytest.mark.parametrize(("name", "codec"), [("s.mp4", "aac"), ("s.mov", "pcm_s16le")])
def test_time_runs_from_the_first_picture(tmp_path: Path, name: str, codec: str) -> None:
    source = clicking(tmp_path / name, codec, at=(0.1, 0.9), picture_late=10)  # 0.4 s
    video = film(tmp_path / "v.mp4", Copied(source))
    assert clicks(video) == pytest.approx([0.5], abs=0.005)


def test_a_source_without_sound_gives_no_track(tmp_path: Path) -> None:
    source = film(tmp_path / "s.mp4", None)
    assert not decode.facts(film(tmp_path / "v.mp4", Copied(source))).has_audio


def test_a_source_that_is_none_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "s.mp4"
    source.write_bytes(b"nothing" * 1000)
    with pytest.raises(InputsRefused, match="sound of the video cannot be read"):
        film(tmp_path / "v.mp4", Copied(source))
    assert list(tmp_path.iterdir()) == [source]


def test_a_source_that_is_missing_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        film(tmp_path / "v.mp4", Copied(tmp_path / "none.mp4"))
    assert not list(tmp_path.iterdir())


def tracks(path: Path, *codecs: str, default: int = 0) -> Path:
    """A grey video with a sound track for each codec, each a tone: of 300 Hz, 600 Hz, ..."""
    with av.open(str(path), "w", format="mov") as container:
        picture = container.add_stream("libx264", rate=25)
        picture.width, picture.height, picture.pix_fmt = 64, 36, "yuv420p"
        sounds = [container.add_stream(codec, rate=RATE) for codec in codecs]
        for number, sound in enumerate(sounds):
            sound.layout = "stereo"
            sound.disposition = Disposition.default if number == default else 0
        for _ in range(50):
            container.mux(picture.encode(av.VideoFrame.from_ndarray(GREY, format="yuv420p")))
        container.mux(picture.encode(None))
        for number, sound in enumerate(sounds, 1):
            wave = 0.5 * np.sin(2 * np.pi * 300 * number * np.arange(2 * RATE) / RATE)
            samples = np.stack([wave, wave]).astype(np.float32)
            frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout="stereo")
            frame.sample_rate = RATE
            resampler = av.AudioResampler(format=sound.format.name, layout="stereo", rate=RATE)
            for piece in resampler.resample(frame):
                container.mux(sound.encode(piece))
            container.mux(sound.encode(None))
    return path


def unknown(path: Path, entry: bytes, count: int = 1) -> Path:
    """Give the sample entries of some tracks a name that nobody knows."""
    data = path.read_bytes()
    at = data.index(b"moov")
    path.write_bytes(data[:at] + data[at:].replace(entry, b"zz4a", count))
    return path


def pitch(path: Path) -> int:
    """Which of the tones a file holds, from 1; 0 without sound."""
    if not decode.facts(path).has_audio:
        return 0
    rate, sound = heard(path)
    loudest = np.abs(np.fft.rfft(sound[0])).argmax() * rate / sound.shape[1]
    return round(loudest / 300)


@pytest.mark.parametrize(
    ("codecs", "spoilt", "default", "taken"),
    [
        (("pcm_s16le", "aac"), b"", 0, 1),
        (("pcm_s16le", "aac"), b"", 1, 2),
        (("pcm_s16le", "aac"), b"sowt", 0, 2),
        (("aac", "pcm_s16le"), b"sowt", 1, 1),
        (("pcm_s16le",), b"sowt", 0, 0),
    ],
)
def test_the_first_track_that_can_be_used_is_taken(
    tmp_path: Path, codecs: tuple[str, ...], spoilt: bytes, default: int, taken: int
) -> None:  # MC-6
    source = tracks(tmp_path / "s.mov", *codecs, default=default)
    if spoilt:
        unknown(source, spoilt)
    assert pitch(film(tmp_path / "v.mp4", Copied(source))) == taken
    said = unused_audio(source)
    if not spoilt:
        assert said is None
    elif taken:
        assert said is not None
        assert said.startswith(f"sound track {taken} is used: ")
    else:
        assert said == "silent: the video's sound cannot be read (The codec 'zz4a'); send AAC"


def trimmed(source: Path, path: Path, seconds: Fraction) -> Path:
    """A file whose beginning an edit list leaves out, as phones trim: no packet is dropped."""
    with av.open(str(source)) as old, av.open(str(path), "w") as new:
        streams = [new.add_stream_from_template(stream) for stream in old.streams]
        for packet in old.demux():
            if packet.pts is None or packet.dts is None or packet.time_base is None:
                continue
            shift = round(seconds / packet.time_base)
            packet.pts, packet.dts = packet.pts - shift, packet.dts - shift
            packet.stream = streams[packet.stream.index]
            new.mux(packet)
    return path


@pytest.mark.parametrize(("name", "codec"), [("s.mp4", "aac"), ("s.mov", "pcm_s16le")])
def test_what_an_edit_list_leaves_out_is_left_out(tmp_path: Path, name: str, codec: str) -> None:
    whole = clicking(tmp_path / name, codec, at=(0.3, 0.9, 1.6))
    source = trimmed(whole, tmp_path / f"cut-{name}", Fraction(1, 2))
    times = [time for time, _ in decode.timed_frames(source)]
    assert (times[0], len(times), decode.facts(source).frame_count) == (0, 37, 37)
    assert clicks(film(tmp_path / "v.mp4", Copied(source), 36)) == pytest.approx(
        [0.4, 1.1], abs=0.005
    )
