"""Writing an MP4 file: H.264, BT.709, with or without audio, index in front (fast start)."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Final

import av
import numpy as np
from av.codec.context import Flags
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc
from numpy.typing import NDArray

from kirin.domain.soundtrack import Block
from kirin.domain.storyboard import Quality
from kirin.media.audio_tracks import AacTrack, CopiedTrack

THREADS: Final = 6
"""x264's frame threads. Fixed and not the machine's: x264's output depends on their number,
and the same frames must give the same file everywhere."""

KEYFRAME_SECONDS: Final = 2
"""Longest keyframe interval, which bounds how long a player takes to seek."""

_EFFORT: Final = {
    Quality.STANDARD: {"preset": "veryfast", "crf": "20"},
    Quality.HIGH: {"preset": "faster", "crf": "17"},
}

_FINEST_TICK: Final = 10_000
"""At least so many ticks a second, where the frame rate leaves the choice."""


def container_options(fps: Fraction) -> dict[str, str]:
    """How the muxer writes a file of constant frame rate: index in front, exact times.

    Both clocks of the file count in fractions of a frame: then the duration that players read is
    exactly frames / fps, where the muxer's default clock rounds to milliseconds.
    """
    clock = str(fps.numerator * -(-_FINEST_TICK // fps.numerator))
    return {
        "movflags": "+faststart",
        "movie_timescale": clock,
        "video_track_timescale": clock,
        "fflags": "+bitexact",
    }


def _apart(parameter_set: int) -> str:
    """Options of x264 for a track that may follow one with other parameter sets."""
    return f":sps-id={parameter_set}:bframes=0" if parameter_set else ""


class Mp4Writer:
    """Writes I420 frames into one file, which is complete after :meth:`finish` and not before.

    The same frames give the same bytes. Not safe for use by two threads at a time.

    Args:
        path: the file to write; what is there is overwritten.
        width, height: pixels, both even.
        fps: frames a second, exact in the file.
        quality: encoding effort and detail.
        sound: whether the file gets an AAC track, of the samples given to :meth:`write`.
        parameter_set: id of the track's parameter sets. With another one than 0 pictures are also
            stored in the order in which they are shown, so that they may follow any others.
        copied: another file, whose audio track is copied without re-encoding; MP4 must be able to
            hold it.

    Raises:
        OSError: the file cannot be made, or the one to copy from is not there.
        kirin.errors.InputsRefused: the file to copy from cannot be read.
        ValueError: a side is odd or not positive, or the frame rate is not positive.
    """

    def __init__(
        self,
        path: Path,
        *,
        width: int,
        height: int,
        fps: Fraction,
        quality: Quality,
        sound: bool = False,
        copied: Path | None = None,
        parameter_set: int = 0,
    ) -> None:
        if width <= 0 or height <= 0 or width % 2 or height % 2:
            raise ValueError(f"both sides must be even and positive, not {width}x{height}")
        if fps <= 0:
            raise ValueError(f"the frame rate must be positive, not {fps}")
        self.path = path
        self.count = 0
        self._shape = (height * 3 // 2, width)
        self._tick = 1 / fps
        self._container = av.open(
            # "file:" keeps FFmpeg from reading a protocol out of a name with a colon.
            f"file:{path}",
            "w",
            format="mp4",
            options=container_options(fps),
        )
        self._stream = self._container.add_stream(
            "libx264",
            rate=fps,
            options={
                **_EFFORT[quality],
                "g": str(max(1, round(fps * KEYFRAME_SECONDS))),
                "threads": str(THREADS),
                "thread_type": "frame",
                # The same bytes whichever vector instructions the processor has.
                "x264-params": "deterministic=1:cpu-independent=1" + _apart(parameter_set),
                "chroma_sample_location": "left",
            },
        )
        context = self._stream.codec_context
        context.thread_type = "FRAME"  # PyAV's own default would slice, at a cost in quality
        context.width, context.height, context.pix_fmt = width, height, "yuv420p"
        context.sample_aspect_ratio = Fraction(1)
        context.time_base = self._tick
        context.flags |= Flags.bitexact | Flags.frame_duration
        context.color_range = ColorRange.MPEG
        context.color_primaries = ColorPrimaries.BT709
        context.color_trc = ColorTrc.BT709
        context.colorspace = Colorspace.ITU709
        try:
            self._aac = AacTrack(self._container) if sound else None
            self._copy = CopiedTrack(self._container, copied) if copied else None
        except BaseException:
            self._aac = self._copy = None
            self.discard()
            raise

    def write(self, frame: NDArray[np.uint8], sound: Block | None = None) -> None:
        """Append one frame, and the sound that goes with it.

        Args:
            frame: a contiguous uint8 I420 picture.
            sound: only for a file with an AAC track. How much comes with which frame is free;
                together they should be as long as the picture.

        Raises:
            ValueError: the frame is of another kind or size.
            OSError: the file cannot be written.
        """
        if frame.shape != self._shape or frame.dtype != np.uint8 or not frame.flags.c_contiguous:
            raise ValueError(
                f"a frame must be contiguous uint8 of shape {self._shape}, "
                f"not {frame.dtype} of shape {frame.shape}"
            )
        # from_numpy_buffer copies nothing, but takes the height down to a multiple of 4.
        make = av.VideoFrame.from_ndarray if self._shape[0] % 6 else av.VideoFrame.from_numpy_buffer
        picture = make(frame, format="yuv420p")
        picture.pts, picture.duration, picture.time_base = self.count, 1, self._tick
        self._container.mux(self._stream.encode(picture))
        self.count += 1
        if self._aac and sound is not None:
            self._aac.write(sound)
        if self._copy:
            self._copy.write(self.count * self._tick)

    def finish(self) -> None:
        """Write what the encoder still holds and the index, and close the file.

        Raises:
            ValueError: no frame was written.
            OSError: the file cannot be written.
        """
        if not self.count:
            raise ValueError("a video needs at least one frame")
        self._container.mux(self._stream.encode(None))
        if self._aac:
            self._aac.finish()
        if self._copy:
            self._copy.finish(self.count * self._tick)
            self._copy.close()
        self._container.close()

    def discard(self) -> None:
        """Close and remove the file. Safe at any time, and more than once."""
        try:
            if self._copy:
                self._copy.close()
            self._container.close()
        except av.FFmpegError:
            pass  # The index of a file that is thrown away need not be complete.
        finally:
            self.path.unlink(missing_ok=True)
