"""Files that every viewer shows are taken; files that lack bytes are not."""

from __future__ import annotations

import struct
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kirin.domain.limits import ImageLimits, VideoLimits
from kirin.media import images
from kirin.media.decode import facts
from kirin.media.egress import EgressPolicy
from kirin.media.images import load_rgb, measure
from kirin.media.ingest import MediaIngest
from kirin.media.refusal import MediaRefused
from kirin.media.sniff import media_type
from kirin.media.videos import probe
from support.pictures import chunk, ramp, saved
from support.videos import write_video

LIMITS = ImageLimits()
ANY = VideoLimits(min_side=1, min_seconds=0)
PNG = saved(ramp())
JPEG = saved(ramp(), "JPEG", quality=95)
PROGRESSIVE = saved(ramp(), "JPEG", quality=95, progressive=True)


def between_markers(data: bytes, stray: bytes) -> bytes:
    """A JPEG with stray bytes before its first table and before its frame header."""
    for marker in (b"\xff\xdb", b"\xff\xc0" if b"\xff\xc0" in data else b"\xff\xc2"):
        at = data.index(marker)
        data = data[:at] + stray + data[at:]
    return data


def damaged(kind: bytes) -> bytes:
    """A chunk whose checksum is wrong."""
    bad = bytearray(chunk(kind, b"a\0b"))
    bad[-1] ^= 1
    return bytes(bad)


SHOWN = {
    "png, bytes after the end": PNG + b"PK\x03\x04 an archive, too",
    "png, zeros after the end": PNG + bytes(1000),
    "png, a damaged comment": PNG[:33] + damaged(b"tEXt") + PNG[33:],
    "jpeg, bytes after the end": JPEG + b"SEFT and more",
    "jpeg, stray bytes": between_markers(JPEG, b"\0\1abc"),
    "jpeg, no end": JPEG[:-2],
    "jpeg, half an end": JPEG[:-1],
    "progressive, bytes after the end": PROGRESSIVE + bytes(5),
    "progressive, stray bytes": between_markers(PROGRESSIVE, b"\0\0"),
    "progressive, no end": PROGRESSIVE[:-2],
    "jpeg, fill bytes": JPEG[:2] + b"\xff\xff\xff" + JPEG[2:],
}


@pytest.mark.parametrize("name", SHOWN)
def test_what_viewers_show_is_taken(tmp_path: Path, name: str) -> None:  # C-2
    found = measure(SHOWN[name], LIMITS)
    assert (found.width, found.height) == (400, 300)
    (tmp_path / "p").write_bytes(SHOWN[name])
    assert np.abs(load_rgb(tmp_path / "p").astype(int) - np.asarray(ramp())).mean() < 1.5


@pytest.mark.parametrize("data", [JPEG, PROGRESSIVE], ids=["baseline", "progressive"])
def test_a_jpeg_that_lacks_bytes_is_broken(data: bytes) -> None:  # C-2
    for cut in (3, 4, 10, 100, 500, len(data) // 2, len(data) - 200):
        with pytest.raises(MediaRefused) as caught:
            measure(data[:-cut], LIMITS)
        assert caught.value.code == "broken_image"


def test_a_png_that_lacks_bytes_is_broken() -> None:  # C-2
    for cut in (1, 4, 12, 13, 100, len(PNG) // 2):
        with pytest.raises(MediaRefused) as caught:
            measure(PNG[:-cut], LIMITS)
        assert caught.value.code == "broken_image"
    header = bytearray(PNG)
    header[30] ^= 1  # of the checksum of IHDR
    with pytest.raises(MediaRefused):
        measure(bytes(header), LIMITS)


@pytest.mark.parametrize("fast", [False, True])
@pytest.mark.parametrize(
    "rest", [b"\0" * 3, b"\0" * 40, b"trailing bytes of whatever kind", b"\xff" * 100, b"SEFT\1\0"]
)
def test_bytes_after_the_last_box(tmp_path: Path, fast: bool, rest: bytes) -> None:  # MC-2
    video = write_video(tmp_path / "v", options={"movflags": "+faststart"} if fast else {})
    whole = probe(video, ANY)
    video.write_bytes(video.read_bytes() + rest)
    found = probe(video, ANY)
    assert (found.seconds, found.fps) == (whole.seconds, whole.fps)
    assert facts(video).frame_count == 30


@pytest.mark.parametrize("rest", [b"", b"trailing bytes of whatever kind"])
def test_a_video_that_lacks_bytes_is_broken(tmp_path: Path, rest: bytes) -> None:  # MC-2
    video = write_video(tmp_path / "v", options={"movflags": "+faststart"})
    data = video.read_bytes()
    video.write_bytes(data[:-200] + rest)
    with pytest.raises(MediaRefused) as caught:
        probe(video, ANY)
    assert caught.value.code == "broken_video"


def test_an_old_mov_without_ftyp(tmp_path: Path) -> None:  # MC-2
    data = write_video(tmp_path / "v", kind="mov").read_bytes()
    old = tmp_path / "old"
    old.write_bytes(data[:4] + b"wide" + data[8:])  # where it stands, a box that means nothing
    assert media_type(old) == "video/quicktime"
    asset = MediaIngest(EgressPolicy(), 1).uploaded(old)
    assert (asset.mime, asset.seconds, asset.width) == ("video/quicktime", 3, 360)


def test_what_only_looks_like_an_old_mov_is_none(tmp_path: Path) -> None:  # MC-2
    path = tmp_path / "text"
    path.write_bytes(b"Be free, " * 30)
    with pytest.raises(MediaRefused):
        MediaIngest(EgressPolicy(), 1).uploaded(path)
    path.write_bytes(b"\0\0\0\x08free" * 30)
    with pytest.raises(MediaRefused):
        MediaIngest(EgressPolicy(), 1).uploaded(path)


def huge(subsampling: str, width: int = 12_000, height: int = 9000) -> bytes:
    """A progressive JPEG's structure, with the sampling factors of a kind, and little behind it."""
    small = Image.new("RGB", (64, 48))
    file = BytesIO()
    small.save(file, "JPEG", progressive=True, subsampling=subsampling)
    data = bytearray(file.getvalue())
    at = data.index(b"\xff\xc2") + 5
    data[at : at + 4] = struct.pack(">HH", height, width)
    return bytes(data)


def test_a_progressive_jpeg_of_108_megapixels_is_taken() -> None:  # C-2
    found = measure(huge("4:2:0"), LIMITS)
    assert (found.width, found.height) == (12_000, 9000)


@pytest.mark.parametrize(("subsampling", "width"), [("4:4:4", 12_000), ("4:2:0", 22_000)])
def test_what_would_take_too_much_memory_is_refused_by_name(
    subsampling: str, width: int
) -> None:  # C-2
    with pytest.raises(MediaRefused, match="progressive JPEG") as caught:
        measure(huge(subsampling, width), LIMITS)
    assert caught.value.code == "too_many_pixels"
    assert f"{images.MOST_HELD_BYTES:,}" in caught.value.message
