"""Videos from outside: kind, size, sides, length and soundness."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest

from kirin.domain.limits import VideoLimits
from kirin.media.decode import facts, frames
from kirin.media.refusal import MediaRefused
from kirin.media.videos import VideoMeasure, probe
from support.pictures import ramp, saved
from support.videos import sound_alone, write_video

LIMITS = VideoLimits()


def refused(path: Path, limits: VideoLimits = LIMITS) -> MediaRefused:
    with pytest.raises(MediaRefused) as caught:
        probe(path, limits)
    assert caught.value.rules
    return caught.value


def test_facts(tmp_path: Path) -> None:  # MC-2
    video = write_video(tmp_path / "not.png", sound=True)
    assert probe(video, LIMITS) == VideoMeasure(
        "video/mp4", video.stat().st_size, 360, 340, 3.0, Fraction(10), has_audio=True
    )


def test_mov(tmp_path: Path) -> None:  # MC-2
    video = write_video(tmp_path / "v", kind="mov")
    assert probe(video, LIMITS).mime == "video/quicktime"
    data = video.read_bytes()
    old = data[int.from_bytes(data[:4]) :]  # one from before ftyp was invented
    assert old[4:8] == b"wide"


@pytest.mark.parametrize("codec", ["mpeg4", "libx265", "libvpx-vp9"])
def test_other_codecs(tmp_path: Path, codec: str) -> None:  # MC-2
    assert probe(write_video(tmp_path / "v", codec=codec), LIMITS).seconds == 3


def test_fragmented(tmp_path: Path) -> None:  # MC-2
    video = write_video(tmp_path / "v", options={"movflags": "frag_keyframe+empty_moov"})
    found = probe(video, LIMITS)
    assert found.seconds == pytest.approx(3, abs=0.15)
    assert found.fps == pytest.approx(10, rel=0.05)


@pytest.mark.parametrize("rotation", [90, -90, 180])
def test_rotation_is_applied(tmp_path: Path, rotation: int) -> None:  # MC-2
    found = probe(write_video(tmp_path / "v", rotation=rotation), LIMITS)
    assert (found.width, found.height) == ((340, 360) if rotation % 180 else (360, 340))


def test_a_varying_rate_is_that_of_its_shorter_intervals(tmp_path: Path) -> None:  # MC-2 MC-9
    found = probe(write_video(tmp_path / "v", uneven=True, seconds=4), LIMITS)
    assert found.fps == 10
    assert found.seconds == pytest.approx(4, abs=0.3)


def renamed(path: Path, **entries: str) -> Path:
    """A video whose sample entries have other names, as of codecs that nobody knows."""
    data = path.read_bytes()
    at = data.index(b"moov")
    index = data[at:]
    settings = {"avc1": {"avcC": "xvcC"}, "mp4a": {"esds": "xsds"}}
    for entry in list(entries):
        entries |= settings[entry]
    for old, new in entries.items():
        index = index.replace(old.encode(), new.encode())
    path.write_bytes(data[:at] + index)
    return path


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("vvc1", r"^H\.266 \(vvc1\) cannot be read here; send H\.264, HEVC"),
        ("evc1", r"^MPEG-5 EVC \(evc1\) cannot be read here; send H\.264, HEVC"),
        ("zz91", r"^The codec 'zz91' cannot be read here; send H\.264, HEVC"),
        ("encv", r"^encrypted video \(encv\) cannot be read here"),
    ],
)
def test_an_unknown_codec_is_named(tmp_path: Path, entry: str, words: str) -> None:  # MC-2
    video = renamed(write_video(tmp_path / "v"), avc1=entry)
    error = refused(video)
    assert error.code == "unsupported_codec"
    assert re.search(words, error.message)
    assert "broken" not in error.message
    for read in (facts, lambda path: next(frames(path))):
        with pytest.raises(MediaRefused, match=words):
            read(video)


def test_an_unknown_sound_track_is_no_sound(tmp_path: Path) -> None:  # MC-6
    video = renamed(write_video(tmp_path / "v", sound=True), mp4a="zz4a")
    assert not probe(video, LIMITS).has_audio
    assert not facts(video).has_audio


@pytest.mark.parametrize(
    ("size", "code"),
    [
        ((340, 340), None),
        ((338, 340), "too_small"),
        ((340, 338), "too_small"),
        ((3850, 340), None),
        ((340, 3850), None),
        ((3852, 340), "too_large"),
        ((340, 3852), "too_large"),
    ],
)
def test_sides(tmp_path: Path, size: tuple[int, int], code: str | None) -> None:  # MC-2
    video = write_video(tmp_path / "v", size=size, fps=1)
    if code:
        assert refused(video).code == code
    else:
        assert probe(video, LIMITS).width == size[0]


@pytest.mark.parametrize(
    ("seconds", "most", "code"),
    [
        (3, 10, None),
        (2.9, 10, "too_short"),
        (10, 10, None),
        (10.1, 10, "too_long"),
        (30, 30, None),
        (30.1, 30, "too_long"),
    ],
)
def test_length(tmp_path: Path, seconds: float, most: float, code: str | None) -> None:  # MC-3
    video = write_video(tmp_path / "v", seconds=seconds)
    limits = VideoLimits(max_seconds=most)
    if code:
        error = refused(video, limits)
        assert (error.code, error.rules) == (code, ("MC-3",))
        assert f"{seconds:g} s" in error.message
    else:
        assert probe(video, limits).seconds == seconds


def test_limits_of_video_subjects(tmp_path: Path) -> None:  # EL-2
    limits = VideoLimits(min_seconds=3, max_seconds=8, seconds_rules=("EL-2",))
    assert refused(write_video(tmp_path / "v", seconds=8.1), limits).rules == ("EL-2",)


def test_all_that_is_wrong_is_said(tmp_path: Path) -> None:  # W-9
    error = refused(write_video(tmp_path / "v", size=(200, 4000), seconds=1))
    assert error.code == "too_small"
    assert error.rules == ("MC-2", "MC-3")
    for hint in ("at least 340", "at most 3850", "at least 3 s"):
        assert hint in error.message


def test_bytes(tmp_path: Path) -> None:  # MC-2
    video = write_video(tmp_path / "v")
    size = video.stat().st_size
    assert probe(video, VideoLimits(max_bytes=size)).size == size
    assert refused(video, VideoLimits(max_bytes=size - 1)).code == "too_many_bytes"
    huge = tmp_path / "huge"
    with huge.open("wb") as file:
        file.truncate(100 * 1024 * 1024 + 1)
    assert refused(huge).code == "too_many_bytes"


@pytest.mark.parametrize(
    "content",
    [
        b"no video at all",
        saved(ramp()),
        saved(ramp(), "GIF"),
        b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
        b"\x1aE\xdf\xa3 matroska",
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    ],
)
def test_other_kinds(tmp_path: Path, content: bytes) -> None:  # MC-2
    (tmp_path / "v.mp4").write_bytes(content)
    assert refused(tmp_path / "v.mp4").code == "not_a_video"


def test_empty(tmp_path: Path) -> None:  # MC-2
    (tmp_path / "v.mp4").touch()
    assert refused(tmp_path / "v.mp4").code == "empty"


def test_sound_alone_is_no_video(tmp_path: Path) -> None:  # MC-2
    (tmp_path / "v.mp4").write_bytes(sound_alone())
    assert refused(tmp_path / "v.mp4").code == "not_a_video"


@pytest.mark.parametrize("fast", [False, True])
def test_truncated(tmp_path: Path, fast: bool) -> None:  # MC-2
    video = write_video(tmp_path / "v", options={"movflags": "+faststart"} if fast else {})
    data = video.read_bytes()
    for cut in range(40, len(data), max(1, len(data) // 40)):
        video.write_bytes(data[:cut])
        assert refused(video).code == "broken_video"


def test_damaged_pictures(tmp_path: Path) -> None:  # MC-2
    video = write_video(tmp_path / "v")
    data = bytearray(video.read_bytes())
    start = data.index(b"mdat") + 4
    data[start : start + 2000] = b"\xff" * 2000
    video.write_bytes(data)
    assert refused(video).code == "broken_video"


def test_missing_file_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        probe(tmp_path / "none", LIMITS)
