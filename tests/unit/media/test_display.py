"""Decoding as players show it: orientation, pixel aspect, HDR and wide gamut, which track."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from av.stream import Disposition
from numpy.typing import NDArray
from PIL import Image, ImageOps

from kirin.domain.limits import VideoLimits
from kirin.errors import ResultUnusable
from kirin.media import conform, decode
from kirin.media.conform import Target
from kirin.media.contact_sheet import contact_sheet
from kirin.media.orientation import from_display_matrix
from kirin.media.videos import probe
from support.colors import bt2020, hlg, pq, pq_code, ten_bits

ANY = VideoLimits(min_side=1, min_seconds=0)
ONE = 1 << 16

MATRICES = {
    1: (ONE, 0, 0, ONE),
    2: (-ONE, 0, 0, ONE),
    3: (-ONE, 0, 0, -ONE),
    4: (ONE, 0, 0, -ONE),
    5: (0, ONE, ONE, 0),
    6: (0, ONE, -ONE, 0),
    7: (0, -ONE, -ONE, 0),
    8: (0, -ONE, ONE, 0),
}
"""a, b, c and d by orientation: a stored pixel (p, q) is shown at (a p + c q, b p + d q)."""


def corners(width: int = 96, height: int = 64) -> NDArray[np.uint8]:
    """A picture whose four corners differ, so that no two orientations of it are alike."""
    picture = np.full((height, width, 3), 30, np.uint8)
    picture[: height // 2, : width // 2] = 230
    picture[: height // 2, width // 2 :] = 160
    picture[height // 2 :, : width // 2] = 95
    return picture


def film(
    path: Path,
    picture: NDArray[np.uint8],
    *,
    matrix: tuple[int, int, int, int] | None = None,
    aspect: Fraction | None = None,
    count: int = 4,
) -> Path:
    """A video of one picture, with a display matrix or a pixel aspect ratio."""
    with av.open(str(path), "w", format="mp4", options={"movflags": "faststart"}) as container:
        stream = container.add_stream("libx264", rate=10, options={"crf": "4"})
        stream.height, stream.width = picture.shape[:2]
        stream.pix_fmt = "yuv420p"
        if aspect:
            stream.codec_context.sample_aspect_ratio = aspect
        if matrix:
            a, b, c, d = matrix
            stream.set_display_matrix([a, b, 0, c, d, 0, 0, 0, 1 << 30])
        for _ in range(count):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))
    return path


def seen(path: Path) -> NDArray[np.int64]:
    return next(decode.frames(path)).astype(int)


@pytest.mark.parametrize("orientation", MATRICES)
def test_all_eight_orientations(tmp_path: Path, orientation: int) -> None:  # MC-2
    stored = corners()
    path = film(tmp_path / "v.mp4", stored, matrix=MATRICES[orientation])
    exif = Image.Exif()
    exif[0x112] = orientation
    picture = Image.fromarray(stored)
    picture.info["exif"] = exif.tobytes()
    wanted = np.asarray(ImageOps.exif_transpose(picture)).astype(int)
    found = seen(path)
    assert found.shape == wanted.shape
    assert np.abs(found - wanted).mean() < 4
    height, width = wanted.shape[:2]
    facts, measured = decode.facts(path), probe(path, ANY)
    assert (facts.width, facts.height) == (measured.width, measured.height) == (width, height)
    assert facts.as_stored == (orientation == 1)
    contact_sheet(path, tmp_path / "s.png", columns=1, rows=1, width=width + 8)
    with Image.open(tmp_path / "s.png") as sheet:
        pasted = np.asarray(sheet.convert("RGB")).astype(int)[4 : 4 + height, 4 : 4 + width]
    assert np.abs(pasted - wanted)[height // 2 :].mean() < 4  # above is the time


@pytest.mark.parametrize("orientation", MATRICES)
def test_what_another_machine_made_is_conformed_upright(tmp_path: Path, orientation: int) -> None:
    stored = corners(64, 64)
    path = film(tmp_path / "v.mp4", stored, matrix=MATRICES[orientation])
    target = Target(64, 64, Fraction(10), 4, ends=False, sound=False)
    facts = decode.facts(path)
    assert conform.steps(facts, target) == (() if orientation == 1 else ("transcoded",))
    luma = next(conform.frames(path, facts, target))[:64].astype(int)
    wanted = seen(path)[:, :, 1] * 219 / 255 + 16
    assert np.abs(luma - wanted).mean() < 4


def test_an_odd_angle_is_the_nearest_that_players_know() -> None:
    tilted = np.array([60_000, 26_000, 0, -26_000, 60_000, 0, 0, 0, 1 << 30], np.int32)
    assert from_display_matrix(tilted.tobytes()) == 1
    assert from_display_matrix(bytes(36)) == 1


@pytest.mark.parametrize(
    ("size", "aspect", "shown"),
    [
        ((720, 576), Fraction(64, 45), (1024, 576)),
        ((720, 576), Fraction(16, 15), (768, 576)),
        ((720, 480), Fraction(8, 9), (720, 540)),
        ((360, 340), Fraction(1), (360, 340)),
    ],
)
def test_pixels_become_square(
    tmp_path: Path, size: tuple[int, int], aspect: Fraction, shown: tuple[int, int]
) -> None:  # MC-2
    path = film(tmp_path / "v.mp4", corners(*size), aspect=aspect)
    measured, facts = probe(path, ANY), decode.facts(path)
    assert (measured.width, measured.height) == (facts.width, facts.height) == shown
    assert facts.as_stored == (aspect == 1)
    found = seen(path)
    assert found.shape == (shown[1], shown[0], 3)
    assert np.abs(found - corners(*shown)).mean() < 4


def test_pixels_become_square_before_the_turn(tmp_path: Path) -> None:
    path = film(tmp_path / "v.mp4", corners(720, 576), matrix=MATRICES[6], aspect=Fraction(64, 45))
    measured = probe(path, ANY)
    assert (measured.width, measured.height) == (576, 1024)
    assert seen(path).shape == (1024, 576, 3)


def test_a_wild_pixel_aspect_is_refused_by_the_sides(tmp_path: Path) -> None:
    path = film(tmp_path / "v.mp4", corners(720, 576), aspect=Fraction(200, 1))
    with pytest.raises(decode.MediaRefused) as caught:
        probe(path, ANY)
    assert caught.value.code == "too_large"
    with pytest.raises(decode.MediaRefused):
        next(decode.frames(path))


def hdr_film(path: Path, codes: NDArray[np.float64], primaries: int, transfer: int) -> Path:
    """A video of 10 bits in one colour, given by R'G'B' from 0 to 1."""
    y, cb, cr = ten_bits(codes)
    frame = av.VideoFrame(64, 64, "yuv420p10le")
    for plane, value in zip(frame.planes, (y, cb, cr), strict=True):
        plane.update(np.full(plane.buffer_size // 2, value, np.uint16).tobytes())
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream(
            "libx265", rate=10, options={"x265-params": "log-level=none:crf=2"}
        )
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p10le"
        context = stream.codec_context
        context.color_primaries, context.color_trc = primaries, transfer
        context.colorspace, context.color_range = 9, 1
        for number in range(3):
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


COLOURS = [(200, 60, 50), (60, 90, 180), (40, 140, 60), (128, 128, 128), (20, 20, 20)]


@pytest.mark.parametrize("colour", COLOURS, ids=str)
@pytest.mark.parametrize(("encode", "transfer"), [(pq, 16), (hlg, 18)], ids=["pq", "hlg"])
def test_hdr_keeps_the_colours_below_reference_white(
    tmp_path: Path, colour: tuple[int, int, int], encode: object, transfer: int
) -> None:
    path = hdr_film(tmp_path / "v.mp4", encode(np.array(colour)), 9, transfer)  # type: ignore[operator]
    assert np.abs(seen(path)[32, 32] - colour).max() <= 8
    facts = decode.facts(path)
    assert not facts.as_stored
    assert conform.steps(facts, Target(64, 64, Fraction(10), 3, ends=False, sound=False))


def test_highlights_are_rolled_off_and_told_apart(tmp_path: Path) -> None:
    levels = []
    for nits in (0, 50, 203, 300, 500, 1000, 4000):
        path = hdr_film(tmp_path / f"{nits}.mp4", pq_code(np.full(3, float(nits))), 9, 16)
        pixel = seen(path)[32, 32]
        assert np.ptp(pixel) <= 2
        levels.append(int(pixel[0]))
    assert levels[0] <= 1
    assert 215 <= levels[2] <= 245
    assert levels[5] >= 253
    assert levels[6] >= 253
    assert all(a < b for a, b in pairwise(levels[:6]))


@pytest.mark.parametrize("colour", COLOURS, ids=str)
def test_wide_gamut_of_standard_range(tmp_path: Path, colour: tuple[int, int, int]) -> None:
    path = hdr_film(tmp_path / "v.mp4", bt2020(np.array(colour)), 9, 14)
    assert np.abs(seen(path)[32, 32] - colour).max() <= 4


def test_beyond_the_gamut_hue_stays(tmp_path: Path) -> None:
    path = hdr_film(tmp_path / "v.mp4", np.array([0.0, 0.9, 0.0]), 9, 14)
    red, green, blue = seen(path)[32, 32]
    assert green > 200
    assert max(red, blue) < 130


def test_shrinking_while_decoding(tmp_path: Path) -> None:
    path = film(tmp_path / "v.mp4", corners(640, 320), matrix=MATRICES[6])
    (_, picture), *_ = decode.timed_frames(path, max_side=160)
    assert picture.shape == (160, 80, 3)


def two_tracks(path: Path, *, second: bool) -> Path:
    """A dark track and a bright one; the second is enabled alone, or both are."""
    with av.open(str(path), "w", format="mp4") as container:
        streams = []
        for level in (40, 200):
            stream = container.add_stream("libx264", rate=10)
            stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
            streams.append((stream, level))
        streams[1 if second else 0][0].disposition = Disposition.default
        for stream, level in streams:
            grey = np.full((64, 64, 3), level, np.uint8)
            for _ in range(5 if level == 40 else 8):
                container.mux(stream.encode(av.VideoFrame.from_ndarray(grey, format="rgb24")))
            container.mux(stream.encode(None))
    return path


@pytest.mark.parametrize("second", [False, True])
def test_the_track_that_players_show(tmp_path: Path, second: bool) -> None:
    path = two_tracks(tmp_path / "v.mp4", second=second)
    assert seen(path).mean() == pytest.approx(200 if second else 40, abs=4)
    assert probe(path, ANY).seconds == pytest.approx(0.8 if second else 0.5)
    assert decode.facts(path).frame_count == (8 if second else 5)


def test_conforming_a_file_without_pictures_fails(tmp_path: Path) -> None:
    path = film(tmp_path / "v.mp4", corners())
    found = replace(decode.facts(path), last=0.0)
    target = Target(64, 64, Fraction(10), 0, ends=False, sound=False)
    with pytest.raises(ResultUnusable):
        list(conform.frames(path, found, target))
