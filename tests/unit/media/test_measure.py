"""Measuring pictures: told by content, checked to the end, in bounded memory and time."""

from __future__ import annotations

import re
import struct
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from kirin.domain.limits import ImageLimits
from kirin.media import images, jpeg
from kirin.media.images import ImageFacts
from kirin.media.jpeg import MOST_SCANS
from kirin.media.refusal import MediaRefused
from support.pictures import (
    SIGNATURE,
    chunk,
    claimed_png,
    flat_png,
    padded_jpeg,
    padded_png,
    ramp,
    saved,
)

MIB = 1024 * 1024
COMMON = ImageLimits()
PNG = saved(ramp())
JPEG = saved(ramp(), "JPEG", quality=90)
PROGRESSIVE = saved(ramp(), "JPEG", quality=90, progressive=True)


def measure(data: bytes | Path, limits: ImageLimits = COMMON) -> ImageFacts:
    return images.measure(data, limits)


def code(data: bytes | Path, limits: ImageLimits = COMMON) -> str:
    with pytest.raises(MediaRefused) as caught:
        measure(data, limits)
    assert caught.value.rules
    assert len(caught.value.message) > 20
    return caught.value.code


def test_kind_is_told_by_content(tmp_path: Path) -> None:  # C-2
    file = tmp_path / "picture.png"
    file.write_bytes(JPEG)
    assert measure(file) == ImageFacts("image/jpeg", len(JPEG), 400, 300)
    assert measure(PNG) == ImageFacts("image/png", len(PNG), 400, 300)
    assert measure(PROGRESSIVE).mime == "image/jpeg"


@pytest.mark.parametrize(
    "data",
    [
        saved(ramp(), "GIF"),
        saved(ramp(), "WEBP"),
        saved(ramp(), "BMP"),
        saved(ramp(), "TIFF"),
        b"<svg xmlns='http://www.w3.org/2000/svg' width='400' height='300'/>",
        b"<!DOCTYPE html><title>404</title>",
        b"%PDF-1.7\n",
        b"GIF89a" + PNG,
        b"\n" + PNG,
        b"\x89PNG",
        b"\xff\xd8",
    ],
)
def test_other_kinds_are_refused(data: bytes) -> None:  # C-2
    assert code(data) == "not_an_image"


def test_zero_bytes(tmp_path: Path) -> None:  # C-2
    (tmp_path / "empty").touch()
    assert code(b"") == code(tmp_path / "empty") == "empty"


@pytest.mark.parametrize("data", [PNG, JPEG, PROGRESSIVE], ids=["png", "jpeg", "progressive"])
def test_truncated_anywhere(data: bytes) -> None:  # C-2
    # A JPEG that lacks no more than its end marker is complete.
    most = len(data) - (1 if data is PNG else 3)
    cuts = [*range(8, 700, 13), *range(700, most, 997), most - 1, most]
    for cut in cuts:
        assert code(data[:cut]) == "broken_image", cut


@given(st.binary(max_size=300), st.sampled_from([SIGNATURE, b"\xff\xd8\xff", PNG[:60], JPEG[:200]]))
def test_rubbish_is_refused_and_nothing_worse(rubbish: bytes, head: bytes) -> None:  # C-2
    with pytest.raises(MediaRefused):
        measure(head + rubbish)


def test_damaged_png() -> None:  # C-2
    for at in range(12, len(PNG), 211):
        assert code(PNG[:at] + bytes([PNG[at] ^ 1]) + PNG[at + 1 :]) == "broken_image"


def test_png_without_its_parts() -> None:  # C-2
    header, end = PNG[8:33], chunk(b"IEND")
    assert code(SIGNATURE + header + end) == "broken_image"
    assert code(SIGNATURE + end) == "broken_image"
    paletted = SIGNATURE + chunk(b"IHDR", struct.pack(">IIBBBBB", 400, 300, 8, 3, 0, 0, 0))
    assert code(paletted + chunk(b"IDAT", b"x") + end) == "broken_image"
    for wrong in [(0, 9, 8, 2, 0, 0, 0), (9, 9, 3, 2, 0, 0, 0), (9, 9, 8, 5, 0, 0, 0)]:
        head = SIGNATURE + chunk(b"IHDR", struct.pack(">IIBBBBB", *wrong))
        assert code(head + chunk(b"IDAT", b"x") + end) == "broken_image"


def test_a_progressive_jpeg_that_ends_between_two_scans_is_broken() -> None:  # C-2
    scans = [at for at in range(len(PROGRESSIVE)) if PROGRESSIVE[at : at + 2] == b"\xff\xda"]
    assert len(scans) > 3
    for scan in scans[1:]:
        # Each scan but the first comes right after its tables, or after another scan.
        start = PROGRESSIVE.rindex(b"\xff\xc4", 0, scan)
        for cut in (start, scan):
            assert code(PROGRESSIVE[:cut]) == "broken_image"


def test_what_is_behind_the_end_is_passed_over() -> None:  # C-2
    assert measure(PNG + b"PK\x03\x04<script>").width == 400
    assert measure(JPEG + JPEG).width == 400  # as phones do


def test_jpeg_with_stuffing_restarts_and_fill() -> None:  # C-2
    data = saved(ramp(), "JPEG", restart_marker_blocks=2)
    assert b"\xff\xd0" in data
    assert measure(data[:2] + b"\xff\xff\xff" + data[2:]).width == 400


def test_jpeg_that_is_not_read() -> None:  # C-2
    start = JPEG.index(b"\xff\xc0")
    assert code(JPEG[: start + 1] + b"\xc9" + JPEG[start + 2 :]) == "unsupported_jpeg"
    assert code(JPEG[: start + 4] + b"\x0c" + JPEG[start + 5 :]) == "unsupported_jpeg"
    scan = JPEG[JPEG.index(b"\xff\xda") : -2]
    assert code(JPEG[:-2] + scan * MOST_SCANS + JPEG[-2:]) == "too_complex"
    frame = JPEG[start : start + 19]
    assert code(JPEG[:start] + frame + JPEG[start:]) == "broken_image"
    assert code(JPEG[:start] + JPEG[start + 19 :]) == "broken_image"


@pytest.mark.parametrize("make", [padded_png, padded_jpeg])
def test_ten_mebibytes_to_the_byte(tmp_path: Path, make: object) -> None:  # C-2
    assert callable(make)
    file = tmp_path / "f"
    data = make(10 * MIB)
    file.write_bytes(data)
    assert measure(file).size == measure(data).size == 10 * MIB
    file.write_bytes(make(10 * MIB + 1))
    assert code(file) == "too_many_bytes"


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_orientation_is_applied_first(orientation: int, kind: str) -> None:  # C-3
    exif = Image.Exif()
    exif[0x112] = orientation
    data = saved(ramp(500, 300), kind, exif=exif)
    found = measure(data)
    assert (found.width, found.height) == ((300, 500) if orientation > 4 else (500, 300))


def test_broken_exif_is_no_reason_to_refuse() -> None:  # C-3
    for block in (b"", b"MM\0*", b"II*\0\x08\0\0\0\xff\xff", b"II*\0\xff\xff\xff\xff", b"rubbish"):
        data = saved(ramp(500, 300), "JPEG", exif=b"Exif\0\0" + block)
        assert measure(data).width == 500


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [
        (300, 300, None),
        (299, 300, "too_small"),
        (300, 299, "too_small"),
        (750, 300, None),  # 2.5:1
        (300, 750, None),  # 1:2.5
        (751, 300, "aspect"),
        (300, 751, "aspect"),
        (752, 301, None),  # 752.5 would be 2.5:1
        (753, 301, "aspect"),
    ],
)
def test_sides_and_aspect_to_the_pixel(width: int, height: int, expected: str | None) -> None:
    data = flat_png(width, height)  # C-3
    if expected:
        assert code(data) == expected
    else:
        assert measure(data).width == width


def test_all_that_is_wrong_is_said() -> None:  # W-9
    with pytest.raises(MediaRefused) as caught:
        measure(flat_png(1000, 100))
    assert "at least 300" in caught.value.message
    assert "1:2.5 to 2.5:1" in caught.value.message
    assert caught.value.rules == ("C-3",)


def test_limits_can_be_others() -> None:
    tail = ImageLimits(max_aspect=None)  # I2V-2, V3-1
    assert measure(claimed_png(3000, 300), tail).width == 3000
    motion = ImageLimits(max_side=65536, side_rules=("MC-1",))  # MC-1
    assert measure(claimed_png(26215, 65536), motion).height == 65536
    with pytest.raises(MediaRefused) as caught:
        measure(claimed_png(26300, 65537), motion)
    assert (caught.value.code, caught.value.rules) == ("too_large", ("MC-1",))
    assert measure(claimed_png(600, 300), ImageLimits(max_aspect=Fraction(2))).width == 600
    assert code(claimed_png(601, 300), ImageLimits(max_aspect=Fraction(2))) == "aspect"


BOMB = """
import sys, time
from pathlib import Path
from kirin.domain.limits import ImageLimits
from kirin.media.images import load_rgb, measure
from kirin.media.refusal import MediaRefused
start = time.process_time()
for look in (lambda path: measure(path, ImageLimits()), lambda path: load_rgb(path, 1920)):
    try:
        print(look(Path(sys.argv[1])))
    except MediaRefused as refused:
        print(refused.code)
print(time.process_time() - start)
# Not ru_maxrss: a child begins with that of whoever started it.
print(int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) // 1024)
"""


@pytest.mark.parametrize("interlaced", [False, True])
def test_bomb_is_refused_in_little_memory(tmp_path: Path, interlaced: bool) -> None:  # C-2
    bomb = tmp_path / "bomb.png"
    side = 65535
    bomb.write_bytes(
        claimed_png(side, side, interlaced=True) if interlaced else flat_png(side, side)
    )
    answer = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", BOMB, bomb], check=True, capture_output=True, text=True
    ).stdout.split()
    assert answer[:2] == ["too_many_pixels", "too_many_pixels"]
    assert float(answer[2]) < 5
    assert int(answer[3]) < 300


@given(
    data=st.lists(st.sampled_from([0x00, 0x07, 0xCF, 0xD0, 0xD7, 0xD9, 0xFF]), min_size=1).map(
        bytes
    ),
    at_once=st.integers(1, 9),
)
def test_a_scan_ends_before_the_first_marker(data: bytes, at_once: int) -> None:  # C-2
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jpeg, "_AT_ONCE", at_once)
        found = re.search(rb"\xff[^\x00\xd0-\xd7\xff]", data)
        assert jpeg._end_of_scan(data, 0) == (found.start() if found else len(data))
