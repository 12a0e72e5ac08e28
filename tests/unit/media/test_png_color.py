"""PNG colours told by cICP, gAMA and cHRM; CMYK without a profile; masks on transparency."""

from __future__ import annotations

import struct
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageCms

from kirin.media.images import load_mask, load_rgb
from support.colors import bt2020, hlg, linear, pq
from support.pictures import chunk, ramp, saved

COLOURS = [(200, 60, 50), (60, 90, 180), (128, 128, 128), (250, 250, 250)]
BT2020 = (0.3127, 0.3290, 0.708, 0.292, 0.170, 0.797, 0.131, 0.046)
SRGB = (0.3127, 0.3290, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06)


def png(codes: NDArray[np.float64], *chunks: bytes, deep: bool = True) -> bytes:
    """A PNG in one colour, R'G'B' from 0 to 1, with chunks after its header."""
    most, kind = (65535, np.uint16) if deep else (255, np.uint8)
    flat = np.round(np.ones((48, 64, 1)) * codes[::-1] * most).astype(kind)
    data = cv2.imencode(".png", flat)[1].tobytes()
    return data[:33] + b"".join(chunks) + data[33:]


def cicp(primaries: int, transfer: int) -> bytes:
    return chunk(b"cICP", bytes([primaries, transfer, 0, 1]))


def gama(exponent: float) -> bytes:
    return chunk(b"gAMA", struct.pack(">I", round(100_000 * exponent)))


def chrm(values: tuple[float, ...]) -> bytes:
    return chunk(b"cHRM", struct.pack(">8I", *(round(100_000 * value) for value in values)))


def shown(tmp_path: Path, data: bytes, side: int | None = None) -> NDArray[np.int64]:
    (tmp_path / "p.png").write_bytes(data)
    return load_rgb(tmp_path / "p.png", side)[10, 10].astype(int)


@pytest.mark.parametrize("side", [None, 32])
@pytest.mark.parametrize("colour", COLOURS, ids=str)
@pytest.mark.parametrize(("encode", "transfer"), [(pq, 16), (hlg, 18)], ids=["pq", "hlg"])
def test_hdr(
    tmp_path: Path, colour: tuple[int, ...], encode: object, transfer: int, side: int | None
) -> None:
    data = png(encode(np.array(colour)), cicp(9, transfer))  # type: ignore[operator]
    near = 8 if max(colour) < 230 else 30  # white makes room for highlights
    assert np.abs(shown(tmp_path, data, side) - colour).max() <= near


@pytest.mark.parametrize("deep", [False, True])
@pytest.mark.parametrize("colour", COLOURS, ids=str)
def test_wide_gamut(tmp_path: Path, colour: tuple[int, ...], deep: bool) -> None:
    data = png(bt2020(np.array(colour)), cicp(9, 13), deep=deep)
    assert np.abs(shown(tmp_path, data) - colour).max() <= (1 if deep else 3)
    data = png(bt2020(np.array(colour)), chrm(BT2020), deep=deep)
    assert np.abs(shown(tmp_path, data) - colour).max() <= (1 if deep else 3)


@pytest.mark.parametrize("exponent", [1.0, 1 / 1.8, 1 / 2.6])
@pytest.mark.parametrize("colour", COLOURS, ids=str)
def test_gamma(tmp_path: Path, colour: tuple[int, ...], exponent: float) -> None:
    codes = linear(np.array(colour)) ** exponent
    assert np.abs(shown(tmp_path, png(codes, gama(exponent))) - colour).max() <= 1
    both = png(codes, gama(exponent), chrm(SRGB))
    assert np.abs(shown(tmp_path, both) - colour).max() <= 1


def test_grey_and_transparency_have_a_gamma_too(tmp_path: Path) -> None:
    image = Image.new("LA", (64, 48), (55, 255))
    image.paste((0, 0), (32, 0, 64, 48))
    data = saved(image)
    path = tmp_path / "p.png"
    path.write_bytes(data[:33] + gama(1.0) + data[33:])
    found = load_rgb(path)
    assert (found[10, 50] == 255).all()  # over white
    assert np.abs(found[10, 10].astype(int) - 128).max() <= 1  # 55/255 of light


@pytest.mark.parametrize(
    "chunks",
    [
        [gama(0.45455)],
        [gama(0.45455), chrm(SRGB)],
        [chunk(b"sRGB", b"\0"), gama(1.0)],
        [cicp(1, 13), gama(1.0)],
        [cicp(1, 1)],
        [chunk(b"gAMA", bytes(4))],
        [chunk(b"gAMA", b"x")],
        [chrm((0.3127, 0.3290, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3))],
        [chunk(b"cHRM", bytes(32))],
    ],
    ids=range(9),
)
def test_srgb_by_any_name_and_nonsense_change_nothing(tmp_path: Path, chunks: list[bytes]) -> None:
    codes = np.array([200, 60, 50]) / 255
    assert shown(tmp_path, png(codes, *chunks)).tolist() == [200, 60, 50]


def test_cicp_comes_before_a_profile_and_a_profile_before_gamma(tmp_path: Path) -> None:
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, blue = profile.index(b"rXYZ", 128), profile.index(b"bXYZ", 128)
    profile[red : red + 4], profile[blue : blue + 4] = b"bXYZ", b"rXYZ"  # exchanges both
    data = saved(Image.new("RGB", (64, 48), (200, 60, 50)), icc_profile=bytes(profile))
    exchanged = shown(tmp_path, data[:33] + gama(1.0) + data[33:])
    assert np.abs(exchanged - (50, 60, 200)).max() <= 2
    assert shown(tmp_path, data[:33] + cicp(1, 13) + data[33:]).tolist() == [200, 60, 50]


def test_cmyk_without_a_profile_is_as_bright_as_in_browsers(tmp_path: Path) -> None:
    inks = {
        (0, 0, 0, 0): (255, 255, 255),
        (255, 0, 0, 0): (0, 255, 255),
        (0, 255, 255, 0): (255, 0, 0),
        (255, 255, 0, 0): (0, 0, 255),
        (0, 0, 0, 255): (0, 0, 0),
        (51, 102, 0, 51): (163, 122, 204),
    }
    for ink, colour in inks.items():
        path = tmp_path / "p.jpg"
        path.write_bytes(saved(Image.new("CMYK", (64, 48), ink), "JPEG", quality=95))
        for side in (None, 32):
            assert np.abs(load_rgb(path, side)[10, 10].astype(int) - colour).max() <= 3


@pytest.mark.parametrize(
    "paint", [(0, 0, 0), (255, 255, 255), (200, 30, 30), (10, 10, 90)], ids=str
)
def test_a_mask_is_what_was_painted_in_whatever_colour(
    tmp_path: Path, paint: tuple[int, int, int]
) -> None:  # I2V-7
    mask = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
    mask.paste((*paint, 255), (0, 0, 100, 50))
    (tmp_path / "m.png").write_bytes(saved(mask))
    found = load_mask(tmp_path / "m.png", 100, 100)
    assert found[:49].min() == 255
    assert found[51:].max() == 0


def test_an_opaque_mask_goes_by_brightness(tmp_path: Path) -> None:  # I2V-7
    mask = Image.new("RGBA", (100, 100), (0, 0, 0, 255))
    (tmp_path / "m.png").write_bytes(saved(mask))
    assert load_mask(tmp_path / "m.png", 100, 100).max() == 0
    mask.paste((100, 100, 100, 255), (0, 0, 100, 50))
    (tmp_path / "m.png").write_bytes(saved(mask))
    assert load_mask(tmp_path / "m.png", 100, 100)[10, 10] == 100
    (tmp_path / "m.png").write_bytes(saved(Image.new("RGBA", (100, 100), (255, 255, 255, 0))))
    assert load_mask(tmp_path / "m.png", 100, 100).max() == 0


def test_a_mask_with_a_gamma_is_still_its_samples(tmp_path: Path) -> None:
    data = saved(ramp(100, 100).convert("L"))
    (tmp_path / "a.png").write_bytes(data)
    (tmp_path / "b.png").write_bytes(data[:33] + gama(1.0) + data[33:])
    same = load_mask(tmp_path / "a.png", 100, 100) == load_mask(tmp_path / "b.png", 100, 100)
    assert same.all()
