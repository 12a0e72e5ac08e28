"""Encoding: exactly the frames, the rate, the colours and the length that were asked for."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from kirin.domain.storyboard import Quality
from kirin.media import decode
from kirin.media.encode import QUEUE, encode

PATCHES = np.array(
    [
        [(255, 255, 255), (0, 0, 0), (128, 128, 128), (255, 0, 0)],
        [(0, 255, 0), (0, 0, 255), (255, 200, 160), (20, 90, 160)],
    ],
    np.float64,
)


def bt709(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """RGB 0-255 as limited-range Y, Cb, Cr (ITU-R BT.709)."""
    red, green, blue = np.moveaxis(rgb / 255, -1, 0)
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return np.stack(
        [16 + 219 * luma, 128 + 224 * (blue - luma) / 1.8556, 128 + 224 * (red - luma) / 1.5748],
        -1,
    )


def chart(width: int, height: int) -> NDArray[np.uint8]:
    """The patches as an I420 picture."""
    yuv = np.round(bt709(PATCHES)).astype(np.uint8)
    rows, columns = PATCHES.shape[:2]
    down = np.arange(height) * rows // height
    across = np.arange(width) * columns // width
    full = yuv[down][:, across]
    parts = [full[..., 0].ravel(), full[::2, ::2, 1].ravel(), full[::2, ::2, 2].ravel()]
    return np.concatenate(parts).reshape(height * 3 // 2, width)


def moving(width: int, height: int, count: int) -> Iterator[NDArray[np.uint8]]:
    """A ramp that slides."""
    for number in range(count):
        frame = np.full((height * 3 // 2, width), 128, np.uint8)
        frame[:height] = (np.arange(width) + 7 * number) % 200 + 20
        yield frame


@pytest.mark.parametrize(
    ("width", "height", "fps", "count"),
    [
        (1280, 720, Fraction(24), 12),  # T2V-5
        (320, 180, Fraction(30), 150),  # I2V-8
        (322, 426, Fraction(30000, 1001), 31),  # MC-9: any rate of the reference; height 4n + 2
        (64, 36, Fraction(25), 1),
        (90, 50, Fraction(359, 12), 40),
    ],
)
def test_file_is_exactly_what_was_asked_for(
    tmp_path: Path, width: int, height: int, fps: Fraction, count: int
) -> None:
    video = tmp_path / "a:b.mp4"  # a name that FFmpeg would read as a protocol
    written = encode(moving(width, height, count), video, width=width, height=height, fps=fps)
    facts = decode.facts(video)
    assert written == count
    assert (facts.width, facts.height) == (width, height)
    assert facts.fps == fps
    assert facts.frame_count == count
    assert facts.seconds == float(count / fps)
    assert (facts.codec, facts.pixel_format) == ("h264", "yuv420p")
    assert facts.color == decode.ColorTags("bt709", "bt709", "bt709", limited=True)
    assert facts.faststart
    assert not facts.has_audio
    assert sum(1 for _ in decode.frames(video)) == count


@pytest.mark.parametrize("quality", Quality)
def test_colours_survive(tmp_path: Path, quality: Quality) -> None:
    width, height = 320, 164
    video = tmp_path / "chart.mp4"
    frames = (chart(width, height) for _ in range(5))
    encode(frames, video, width=width, height=height, fps=Fraction(24), quality=quality)
    for picture in decode.frames(video):
        assert picture.shape == (height, width, 3)
        for row in range(2):
            for column in range(4):
                y, x = height * (2 * row + 1) // 4, width * (2 * column + 1) // 8
                patch = picture[y - 8 : y + 8, x - 8 : x + 8].reshape(-1, 3).mean(0)
                assert np.abs(patch - PATCHES[row, column]).max() < 3


def test_same_frames_give_the_same_bytes(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("1.mp4", "2.mp4", "1w.mp4", "2w.mp4")]
    for file, marked in zip(files[:2], files[2:], strict=True):
        frames = moving(320, 180, 30)
        encode(frames, file, width=320, height=180, fps=Fraction(24), watermarked=marked)
    one, two, one_marked, two_marked = (file.read_bytes() for file in files)
    assert one == two
    assert one_marked == two_marked
    assert one != one_marked


def test_mark_is_in_every_frame_of_the_second_file_only(tmp_path: Path) -> None:
    plain, marked = tmp_path / "plain.mp4", tmp_path / "marked.mp4"  # W-5
    grey = np.full((180 * 3 // 2, 320), 128, np.uint8)
    encode(
        (grey for _ in range(6)),
        plain,
        width=320,
        height=180,
        fps=Fraction(24),
        watermarked=marked,
    )
    assert decode.facts(marked).frame_count == 6
    for clean, stamped in zip(decode.frames(plain), decode.frames(marked), strict=True):
        assert np.ptp(clean) <= 2
        different = np.abs(stamped.astype(int) - clean).max(2) > 20
        assert different[120:, 160:].sum() > 100  # lower right
        assert different[:120].sum() == different[:, :160].sum() == 0
    assert grey.min() == grey.max() == 128  # the engine's frame is only read


def test_keyframe_at_least_every_two_seconds(tmp_path: Path) -> None:
    video = tmp_path / "keys.mp4"
    frames = (chart(64, 36) for _ in range(100))
    encode(frames, video, width=64, height=36, fps=Fraction(10))
    with av.open(str(video)) as container:
        keys = [p.pts * p.time_base for p in container.demux(video=0) if p.is_keyframe and p.size]
    assert keys == [0, 2, 4, 6, 8]


def test_memory_is_bounded_by_the_queue(tmp_path: Path) -> None:
    made: list[int] = []
    alive: set[int] = set()
    most = 0

    class Counted(np.ndarray):
        def __del__(self) -> None:
            alive.discard(id(self))

    def frames() -> Iterator[NDArray[np.uint8]]:
        nonlocal most
        for number in range(60):
            frame = chart(640, 360).view(Counted)
            alive.add(id(frame))
            most = max(most, len(alive))
            made.append(number)
            yield frame

    encode(frames(), tmp_path / "v.mp4", width=640, height=360, fps=Fraction(24))
    assert len(made) == 60
    assert most <= QUEUE + 4  # waiting, being pulled, encoded and dropped


class TroubleError(Exception):
    """What a test throws."""


def workers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "kirin-encode"]


@pytest.mark.parametrize("after", [0, 1, 20])
def test_engine_error_reaches_the_caller_and_leaves_nothing(tmp_path: Path, after: int) -> None:
    closed = []

    def frames() -> Iterator[NDArray[np.uint8]]:
        try:
            yield from moving(64, 36, after)
            raise TroubleError
        finally:
            closed.append(threading.current_thread())

    files = [tmp_path / "v.mp4", tmp_path / "w.mp4"]
    with pytest.raises(TroubleError):
        encode(frames(), files[0], width=64, height=36, fps=Fraction(24), watermarked=files[1])
    assert closed == [threading.current_thread()]
    assert not any(file.exists() for file in files)
    assert not workers()


def test_stop_from_the_callback_closes_the_engine(tmp_path: Path) -> None:
    closed = []

    def frames() -> Iterator[NDArray[np.uint8]]:
        try:
            yield from moving(64, 36, 100)
        finally:
            closed.append(True)

    def stop(count: int) -> None:
        if count == 5:
            raise TroubleError

    with pytest.raises(TroubleError):
        encode(frames(), tmp_path / "v.mp4", width=64, height=36, fps=Fraction(24), on_frame=stop)
    assert closed
    assert not list(tmp_path.iterdir())
    assert not workers()


def test_encoder_error_stops_the_engine(tmp_path: Path) -> None:
    pulled = []

    def frames() -> Iterator[NDArray[np.uint8]]:
        for number, frame in enumerate(moving(64, 36, 1000)):
            pulled.append(number)
            yield frame if number != 3 else frame[:, :32]

    with pytest.raises(ValueError, match="shape"):
        encode(frames(), tmp_path / "v.mp4", width=64, height=36, fps=Fraction(24))
    assert len(pulled) < 1000
    assert not list(tmp_path.iterdir())
    assert not workers()


def test_no_frames_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least one frame"):
        encode(iter(()), tmp_path / "v.mp4", width=64, height=36, fps=Fraction(24))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("width", "height"), [(63, 36), (64, 35), (0, 36), (-2, 36)])
def test_odd_sides_are_refused(tmp_path: Path, width: int, height: int) -> None:
    with pytest.raises(ValueError, match="even"):
        encode(moving(64, 36, 2), tmp_path / "v.mp4", width=width, height=height, fps=Fraction(24))


def test_missing_directory_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        encode(moving(64, 36, 2), tmp_path / "no" / "v.mp4", width=64, height=36, fps=Fraction(24))
    assert not workers()


def test_callback_counts_frames(tmp_path: Path) -> None:
    counts: list[int] = []
    encode(
        moving(64, 36, 5),
        tmp_path / "v.mp4",
        width=64,
        height=36,
        fps=Fraction(24),
        on_frame=counts.append,
    )
    assert counts == [1, 2, 3, 4, 5]
