"""Encoding: frames and audio are written to files while they are being rendered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path
from queue import Queue
from threading import Event, Thread
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kirin import tracing
from kirin.domain.soundtrack import RATE, Block, Copied, Samples, Soundtrack
from kirin.domain.storyboard import Quality
from kirin.media.audio_source import AudioSource
from kirin.media.mp4 import Mp4Writer
from kirin.media.watermark import Watermark

I420 = NDArray[np.uint8]
"""One planar picture, shape ``(height * 3 // 2, width)``, BT.709 limited range."""

QUEUE: Final = 3
"""Frames queued for the encoder: enough to absorb jitter on either side, few enough that memory
stays flat."""


def encode(
    frames: Iterator[I420],
    path: Path,
    *,
    width: int,
    height: int,
    fps: Fraction,
    quality: Quality = Quality.STANDARD,
    audio: Soundtrack | None = None,
    watermarked: Path | None = None,
    on_frame: Callable[[int], None] | None = None,
    parameter_set: int = 0,
) -> int:
    """Write a video, and a second, watermarked one in the same pass if asked for.

    The calling thread pulls the frames and the sound, so that an engine's errors, ``Stopped``
    and thread-bound resources stay in the thread that started it; a second thread encodes
    beside it. The iterators are closed in every case. If anything fails, no file is left behind.

    Args:
        frames: contiguous uint8 I420 pictures, shape ``(height * 3 // 2, width)``; BT.709,
            limited range. They are read, never written.
        path: the file to make: MP4, H.264, yuv420p, index in front; exactly ``fps`` and as
            long as there are frames.
        width, height: pixels, both even.
        fps: frames a second.
        quality: effort.
        audio: the sound, which never outlasts the picture; without it the file has no sound
            track.
        watermarked: a second file with a visible mark in every frame, and the same sound.
        on_frame: called after each frame with the number of frames pulled so far, in the calling
            thread.
        parameter_set: as of :class:`~kirin.media.mp4.Mp4Writer`.

    Returns:
        The number of frames written.

    Raises:
        ValueError: a frame or the sound has another shape, or there is no frame.
        OSError: a file cannot be written, or the one to copy from is not there.
        InputsRefused: the sound to copy cannot be read.
        Exception: whatever ``frames``, ``audio`` or ``on_frame`` raises.
    """
    facts = {"kirin.width": width, "kirin.height": height}
    with tracing.span("encode", facts), ExitStack() as cleanup:
        _close_after(cleanup, frames)
        copied, blocks = _source(audio, cleanup)
        unfinished = cleanup.enter_context(ExitStack())

        def start(target: Path) -> Mp4Writer:
            file = Mp4Writer(
                target,
                width=width,
                height=height,
                fps=fps,
                quality=quality,
                sound=blocks is not None,
                copied=copied,
                parameter_set=parameter_set,
            )
            unfinished.callback(file.discard)
            return file

        plain = start(path)
        marked = start(watermarked) if watermarked else None
        mark = Watermark(width, height) if marked else None

        def write(item: _Item) -> None:
            frame, sound = item
            plain.write(frame, sound)
            if marked and mark:
                marked.write(mark.stamp(frame), sound)

        chunks = _Rechunker(blocks) if blocks is not None else None
        with _EncoderThread(write) as encoder:
            for count, frame in enumerate(frames, 1):
                encoder.put((frame, chunks.until(int(count * RATE / fps)) if chunks else None))
                if on_frame:
                    on_frame(count)
        plain.finish()
        if marked:
            marked.finish()
        unfinished.pop_all()  # complete: nothing to discard
        return plain.count


_Item = tuple[I420, Block | None]
"""A frame, and the sound that goes with it."""


def _source(
    audio: Soundtrack | None, cleanup: ExitStack
) -> tuple[Path | None, Iterator[Block] | None]:
    """The file to copy packets from, or the samples to encode, or neither."""
    if isinstance(audio, Samples):
        _close_after(cleanup, audio.blocks)
        return None, audio.blocks
    if isinstance(audio, Copied):
        sound = AudioSource(audio.path)
        cleanup.callback(sound.close)
        if sound.copyable:
            return audio.path, None
        if sound.stream is not None:
            return None, sound.blocks()
    return None, None


def _close_after(cleanup: ExitStack, items: Iterator[object]) -> None:
    # Generators have close(), other iterators hold nothing that it would free.
    if close := getattr(items, "close", None):
        cleanup.callback(close)


class _Rechunker:
    """Regroups blocks of audio into other lengths."""

    def __init__(self, blocks: Iterator[Block]) -> None:
        self._blocks = blocks
        self._rest: Block = np.zeros((2, 0), np.float32)
        self._count = 0

    def until(self, sample: int) -> Block:
        """What follows, up to the given number of samples from the start; less at the end.

        Raises:
            ValueError: a block is not float32 of shape ``(2, samples)``.
        """
        wanted = sample - self._count
        parts, have = [self._rest], self._rest.shape[1]
        while have < wanted and (block := next(self._blocks, None)) is not None:
            if block.ndim != 2 or block.shape[0] != 2 or block.dtype != np.float32:
                raise ValueError(
                    f"sound must be float32 of shape (2, samples), "
                    f"not {block.dtype} of shape {block.shape}"
                )
            parts.append(block)
            have += block.shape[1]
        rechunked = np.concatenate(parts, 1) if len(parts) > 1 else self._rest
        self._rest = rechunked[:, wanted:]
        self._count += min(wanted, have)
        return rechunked[:, :wanted]


class _EncoderThread:
    """Calls a function for each item in a second thread, a few items behind.

    Leaving the block waits for the items put so far, or drops them if the block fails, and
    raises the function's error if it had one. The thread has ended by then.
    """

    def __init__(self, work: Callable[[_Item], None]) -> None:
        self._work = work
        self._items: Queue[_Item | None] = Queue(QUEUE)
        self._drop = Event()
        self._error: BaseException | None = None
        self._thread = Thread(target=self._run, name="kirin-encode")

    def put(self, item: _Item) -> None:
        """Hand an item over; waits while too many wait already. Raises the work's error."""
        if self._error:
            raise self._error
        self._items.put(item)

    def _run(self) -> None:
        # It keeps draining the queue after an error, so that put() never blocks forever.
        while (item := self._items.get()) is not None:
            if self._drop.is_set():
                continue
            try:
                self._work(item)
            except BaseException as error:  # it is raised in the other thread
                self._error = error
                self._drop.set()

    def __enter__(self) -> _EncoderThread:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind:
            self._drop.set()
        self._items.put(None)
        self._thread.join()
        if self._error and not kind:
            raise self._error
