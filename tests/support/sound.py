"""Sound in tests: what a player hears of a file, and videos with sound to start from."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import numpy as np
from numpy.typing import NDArray

from kirin.domain.soundtrack import RATE


def heard(path: Path) -> tuple[int, NDArray[np.float32]]:
    """The sound of a file as a player plays it: its rate, and channels by samples from time 0.

    It ends where the track says that it ends, though the last packet may decode to more.
    """
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        assert stream.duration is not None
        assert stream.time_base is not None
        seconds = stream.duration * stream.time_base
        frames = list(container.decode(stream))
        rate = frames[0].sample_rate
        resampler = av.AudioResampler(format="fltp", layout=frames[0].layout.name, rate=rate)
        pts, unit = frames[0].pts, frames[0].time_base
        assert pts is not None
        assert unit is not None
        first = round(float(pts * unit) * rate)
        parts = [piece.to_ndarray() for frame in frames for piece in resampler.resample(frame)]
    sound = np.concatenate(parts, 1).astype(np.float32)
    if first > 0:
        sound = np.pad(sound, ((0, 0), (first, 0)))
    return rate, sound[:, max(0, -first) : round(seconds * rate)]


def centroid(sound: NDArray[np.float32]) -> float:
    """The spectral centroid of sound at the rate of synthesis, in hertz."""
    power = np.abs(np.fft.rfft(sound.mean(0))) ** 2
    return float((power * np.fft.rfftfreq(sound.shape[1], 1 / RATE)).sum() / power.sum())


def clicks(path: Path) -> list[float]:
    """The seconds at which a file's first channel is loudest, in order, at least 0.1 s apart."""
    rate, sound = heard(path)
    loud = np.abs(sound[0])
    found: list[float] = []
    limit = loud.max() * 0.5
    while loud.max() > limit:
        at = int(loud.argmax())
        found.append(at / rate)
        loud[max(0, at - rate // 10) : at + rate // 10] = 0
    return sorted(found)


def clicking(
    path: Path,
    codec: str,
    *,
    at: tuple[float, ...],
    seconds: float = 2,
    rate: int = 44_100,
    layout: str = "stereo",
    late: float = 0.0,
    picture_late: int = 0,
) -> Path:
    """A grey video of 25 frames a second with clicks in its sound.

    Args:
        at: seconds of the clicks, from the beginning of the sound.
        late: seconds by which the sound begins after time 0.
        picture_late: frames by which the picture does.
    """
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=25)
        video.width, video.height, video.pix_fmt = 64, 36, "yuv420p"
        audio = cast(av.AudioStream, container.add_stream(codec, rate=rate))
        audio.layout = layout
        for number in range(round(seconds * 25)):
            picture = av.VideoFrame.from_ndarray(np.full((54, 64), 128, np.uint8), "yuv420p")
            picture.pts = number + picture_late
            container.mux(video.encode(picture))
        container.mux(video.encode(None))
        channels = 2 if layout == "stereo" else 1
        samples = np.zeros((1, round(seconds * rate) * channels), np.int16)
        for moment in at:
            first = round(moment * rate) * channels
            samples[0, first : first + channels] = 30_000
        frame = av.AudioFrame.from_ndarray(samples, "s16", layout)
        frame.sample_rate, frame.time_base = rate, Fraction(1, rate)
        frame.pts = round(late * rate)
        container.mux(audio.encode(frame))
        container.mux(audio.encode(None))
    return path


KINDS = {"mp3": ("mp3", "libmp3lame"), "wav": ("wav", "pcm_s16le"), "m4a": ("ipod", "aac")}
"""FFmpeg's container and encoder of each kind of sound file."""


def write_sound(path: Path, kind: str, seconds: float, *, rate: int = 24_000) -> Path:
    """A hum of so many seconds as a sound file of a kind."""
    container_format, codec = KINDS[kind]
    count = round(seconds * rate)
    hum = 0.3 * np.sin(2 * np.pi * 140 * np.arange(count) / rate)
    with av.open(str(path), "w", format=container_format) as container:
        stream = cast(av.AudioStream, container.add_stream(codec, rate=rate))
        stream.codec_context.layout = "mono"
        frame = av.AudioFrame.from_ndarray(
            (hum * 32767).astype(np.int16)[None], format="s16", layout="mono"
        )
        frame.sample_rate, frame.pts = rate, 0
        resampler = av.AudioResampler(
            format=stream.codec_context.format, layout="mono", rate=rate, frame_size=1024
        )
        for part in (*resampler.resample(frame), *resampler.resample(None)):
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    return path
