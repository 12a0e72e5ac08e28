"""Decoding: facts and colours of files that others made."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from kirin.media import decode
from kirin.media.contact_sheet import contact_sheet
from kirin.media.frame_converter import FrameConverter
from kirin.media.refusal import MediaRefused


def make(
    path: Path,
    *,
    size: tuple[int, int] = (320, 240),
    count: int = 5,
    tags: int | None = None,
    fast: bool = True,
    rotation: int = 0,
    sound: bool = False,
) -> None:
    """A video whose colour says how far it is, red first."""
    options = {"movflags": "+faststart"} if fast else {}
    with av.open(str(path), "w", options=options) as container:
        stream = container.add_stream("libx264", rate=10, options={"crf": "1"})
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        if tags:
            stream.codec_context.colorspace = tags
        if rotation:
            stream.set_display_rotation(rotation)
        if sound:
            track = container.add_stream("aac", rate=48000)
            tone = av.AudioFrame.from_ndarray(
                np.zeros((1, 4800), np.float32), format="fltp", layout="mono"
            )
            tone.rate = 48000
        for number in range(count):
            picture = np.zeros((size[1], size[0], 3), np.uint8)
            picture[:, :, 0], picture[: size[1] // 2, :, 1] = 200, 40 * number
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            matrix = tags or 5
            container.mux(
                stream.encode(
                    frame.reformat(format="yuv420p", src_colorspace=matrix, dst_colorspace=matrix)
                )
            )
        container.mux(stream.encode(None))
        if sound:
            container.mux(track.encode(tone))
            container.mux(track.encode(None))


def test_facts(tmp_path: Path) -> None:
    video = tmp_path / "v.mp4"
    make(video, fast=False, sound=True, rotation=90)
    facts = decode.facts(video)
    assert (facts.width, facts.height) == (240, 320)  # as displayed
    assert facts.fps == Fraction(10)
    assert facts.frame_count == 5
    assert facts.seconds == 0.5
    assert facts.has_audio
    assert not facts.faststart
    assert facts.color.matrix is None


@pytest.mark.parametrize("tags", [1, 5, None])
def test_colours_follow_the_tags(tmp_path: Path, tags: int | None) -> None:
    video = tmp_path / "v.mp4"
    make(video, tags=tags)
    for number, picture in enumerate(decode.frames(video)):
        assert picture.dtype == np.uint8
        assert picture.flags.c_contiguous
        assert np.abs(picture[200, 160].astype(int) - (200, 0, 0)).max() <= 4
        assert np.abs(picture[40, 160].astype(int) - (200, 40 * number, 0)).max() <= 4


@pytest.mark.parametrize(("rotation", "red"), [(90, "right"), (-90, "left"), (180, "top")])
def test_pictures_come_upright(tmp_path: Path, rotation: int, red: str) -> None:
    video = tmp_path / "v.mp4"
    make(video, rotation=rotation)
    picture = list(decode.frames(video))[-1][..., 1]  # green where not red
    assert picture.shape == ((320, 240) if rotation % 180 else (240, 320))
    sides = {
        "top": picture[:20],
        "bottom": picture[-20:],
        "left": picture[:, :20],
        "right": picture[:, -20:],
    }
    opposite = {"top": "bottom", "left": "right", "right": "left"}[red]
    assert sides[red].max() < 20
    assert sides[opposite].min() > 100


def test_only_the_wanted_pictures_with_their_times(tmp_path: Path) -> None:
    video = tmp_path / "v.mp4"
    make(video)
    found = list(decode.timed_frames(video, {1, 4}))
    assert [seconds for seconds, _ in found] == [0.1, 0.4]


def test_a_draft_looks_like_the_picture_and_its_width_is_even(tmp_path: Path) -> None:
    video = tmp_path / "v.mp4"
    make(video)
    exact = list(decode.timed_frames(video, max_side=101))
    drafts = list(decode.timed_frames(video, max_side=101, draft=True))
    assert {rgb.shape for _, rgb in exact} == {(76, 101, 3)}
    assert {rgb.shape for _, rgb in drafts} == {(76, 100, 3)}
    for (moment, shown), (same, draft) in zip(exact, drafts, strict=True):
        assert moment == same
        # All but the line where two colours meet.
        difference = np.abs(shown[:, :100].astype(int) - draft)
        assert max(difference[:34].max(), difference[42:].max()) <= 3


def test_an_overview_has_every_picture_small_and_some_larger(tmp_path: Path) -> None:
    video = tmp_path / "v.mp4"
    make(video, count=7)
    found = list(decode.overview(video, 40, 160, 0.25))
    assert [seconds for seconds, _, _ in found] == pytest.approx([0.1 * k for k in range(7)])
    assert {small.shape for _, small, _ in found} == {(30, 40, 3)}
    large = {number: rgb.shape for number, (_, _, rgb) in enumerate(found) if rgb is not None}
    assert large == dict.fromkeys((0, 3, 6), (120, 160, 3))


def test_a_converter_takes_frames_of_other_sizes_and_tags_as_they_come(tmp_path: Path) -> None:
    pictures = []
    for size, tags in ((320, 240), None), ((160, 120), 1), ((320, 240), None):
        video = tmp_path / f"{len(pictures)}.mp4"
        make(video, size=size, tags=tags, count=1)
        with av.open(str(video)) as container:
            pictures += list(container.decode(video=0))
    alone = [FrameConverter(Fraction(1), 100)(frame) for frame in pictures]
    convert = FrameConverter(Fraction(1), 100)
    for expected, frame in zip(alone, pictures, strict=True):
        assert np.array_equal(convert(frame), expected)


@pytest.mark.parametrize("content", [b"", b"no video", b"\0\0\0\x18ftypmp42" + b"x" * 900])
def test_what_is_no_video_is_refused(tmp_path: Path, content: bytes) -> None:
    video = tmp_path / "v.mp4"
    video.write_bytes(content)
    with pytest.raises(MediaRefused) as caught:
        decode.facts(video)
    assert caught.value.code == "not_a_video"
    with pytest.raises(MediaRefused):
        list(decode.frames(video))


def test_missing_file_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        decode.facts(tmp_path / "none.mp4")


def test_contact_sheet_shows_first_and_last(tmp_path: Path) -> None:
    video, sheet = tmp_path / "v.mp4", tmp_path / "s.png"
    make(video)
    contact_sheet(video, sheet, columns=2, rows=2, width=412)
    with Image.open(sheet) as picture:
        assert picture.width == 412
        assert picture.getpixel((100, 60))[1] < 10  # type: ignore[index]
        assert picture.getpixel((300, 200))[1] > 140  # type: ignore[index]


def test_contact_sheet_of_few_frames(tmp_path: Path) -> None:
    video, sheet = tmp_path / "v.mp4", tmp_path / "s.png"
    make(video, count=3)
    contact_sheet(video, sheet)
    with Image.open(sheet) as picture:
        assert picture.size == (1600, 2 * 4 + 297 - 1)


def test_damaged_pictures_are_refused(tmp_path: Path) -> None:
    video = tmp_path / "v.mp4"
    make(video)
    data = bytearray(video.read_bytes())
    start = data.index(b"mdat") + 4
    data[start:] = b"\xff" * (len(data) - start)
    video.write_bytes(data)
    with pytest.raises(MediaRefused):
        decode.facts(video)
    with pytest.raises(MediaRefused):
        list(decode.frames(video))


def stored(path, size, **color):
    """Four pictures of noise, encoded without loss of more than a step, and what is decoded."""
    rng = np.random.default_rng(5)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=10, options={"crf": "0"})
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        for name, value in color.items():
            setattr(stream.codec_context, name, value)
        for _ in range(4):
            planes = rng.integers(40, 200, (size[1] * 3 // 2, size[0]), np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(planes, "yuv420p")))
        container.mux(stream.encode(None))
    with av.open(str(path)) as container:
        return [frame.to_ndarray() for frame in container.decode(video=0)]


def test_planes_are_the_files_own_where_they_fit(tmp_path):
    expected = stored(tmp_path / "bt709.mp4", (64, 48), colorspace=1)
    times = [0.0, 0.09, 0.1, 0.2, 0.3, 9.0]
    found = list(decode.planes_at(tmp_path / "bt709.mp4", times, 64, 48))
    assert [round(time, 3) for time, _ in found] == [0, 0.1, 0.1, 0.2, 0.3, 0.3]
    for (_, planes), number in zip(found, (0, 1, 1, 2, 3, 3), strict=True):
        assert np.array_equal(planes, expected[number])
    assert found[1][1] is found[2][1]


def test_planes_of_another_size_or_matrix_are_converted(tmp_path):
    expected = stored(tmp_path / "bt601.mp4", (64, 48), colorspace=6)
    (_, planes), *_ = decode.planes_at(tmp_path / "bt601.mp4", [0.0], 64, 48)
    assert planes.shape == expected[0].shape
    assert not np.array_equal(planes, expected[0])
    (_, small), *_ = decode.planes_at(tmp_path / "bt601.mp4", [0.0], 32, 24)
    assert small.shape == (36, 32)
    assert abs(float(small[:24].mean()) - float(planes[:48].mean())) < 3
