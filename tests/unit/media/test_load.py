"""Loading pictures: what is seen is what a viewer shows."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageOps

from kirin.media.images import load_mask, load_rgb
from kirin.media.refusal import MediaRefused
from support.pictures import SIGNATURE, chunk, flat_png, ramp, saved


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "a[1] picture"  # a name that libvips would read options out of


def error(found: NDArray[np.uint8], image: Image.Image) -> float:
    """Mean difference from a picture; the result's form is checked on the way."""
    assert found.dtype == np.uint8
    assert found.flags.c_contiguous
    wanted = np.asarray(image.convert("RGB")).astype(int)
    assert found.shape == wanted.shape
    return float(np.abs(found - wanted).mean())


def over_white(image: Image.Image) -> Image.Image:
    white = Image.new("RGBA", image.size, "white")
    white.alpha_composite(image.convert("RGBA"))
    return white


def with_alpha(image: Image.Image) -> Image.Image:
    image = image.copy()
    image.putalpha(ramp(*image.size).getchannel("G"))
    return image


@pytest.mark.parametrize("mode", ["RGB", "L", "1", "P", "RGBA", "LA"])
def test_png_of_any_kind(file: Path, mode: str) -> None:
    image = with_alpha(ramp().convert(mode[:-1])) if mode.endswith("A") else ramp().convert(mode)
    assert image.mode == mode
    file.write_bytes(saved(image))
    assert error(load_rgb(file), over_white(image)) < 0.6


def test_palette_with_a_transparent_colour(file: Path) -> None:
    image = ramp().quantize(16)
    file.write_bytes(saved(image, transparency=image.getpixel((399, 299))))
    assert (load_rgb(file)[-1, -1] == 255).all()


@pytest.mark.parametrize("alpha", [False, True])
def test_sixteen_bits(file: Path, alpha: bool) -> None:
    grey = np.arange(400 * 300, dtype=np.uint32).reshape(300, 400) * 65535 // (400 * 300)
    if alpha:
        samples = np.stack([grey, grey, grey, np.full_like(grey, 65535)], -1).astype(np.uint16)
        file.write_bytes(cv2.imencode(".png", samples)[1].tobytes())
    else:
        file.write_bytes(saved(Image.fromarray(grey.astype(np.uint16))))
    found = load_rgb(file)
    assert np.abs(found[..., 0] - grey / 257).max() <= 1.01
    assert (found[..., 0] == found[..., 2]).all()


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"subsampling": 0}])
def test_jpeg(file: Path, options: dict[str, int]) -> None:
    file.write_bytes(saved(ramp(), "JPEG", quality=95, **options))
    assert error(load_rgb(file), ramp()) < 1.5
    file.write_bytes(saved(ramp().convert("L"), "JPEG", quality=95))
    assert error(load_rgb(file), ramp().convert("L")) < 1.5


def test_cmyk_jpeg(file: Path) -> None:
    inks = Image.new("CMYK", (400, 300))
    for number, ink in enumerate([(0, 0, 0, 0), (0, 0, 0, 255), (255, 0, 0, 0), (0, 255, 255, 0)]):
        inks.paste(ink, (number * 100, 0, number * 100 + 100, 300))
    file.write_bytes(saved(inks, "JPEG", quality=95))
    white, black, cyan, red = (load_rgb(file)[150, 50 + 100 * n].astype(int) for n in range(4))
    assert white.min() > 245
    assert black.max() < 60
    assert cyan[0] < 60
    assert cyan[2] > 120
    assert red[0] > 200
    assert red[1] < 80


def test_profile_is_converted(file: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    file.write_bytes(saved(ramp(), icc_profile=profile))
    assert error(load_rgb(file), ramp()) < 1
    # The same profile with its red and blue colorants exchanged: red samples then mean blue.
    red, blue = profile.index(b"rXYZ", 128), profile.index(b"bXYZ", 128)
    swapped = bytearray(profile)
    swapped[red : red + 4], swapped[blue : blue + 4] = b"bXYZ", b"rXYZ"
    file.write_bytes(saved(ramp(), icc_profile=bytes(swapped)))
    exchanged = Image.merge("RGB", ramp().split()[::-1])
    assert error(load_rgb(file), exchanged) < 2


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_senseless_profile_is_ignored(file: Path, kind: str) -> None:
    file.write_bytes(saved(ramp(), kind, icc_profile=b"rubbish" * 50))
    assert error(load_rgb(file), ramp()) < 2


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_orientation(file: Path, orientation: int, kind: str) -> None:  # C-3
    exif = Image.Exif()
    exif[0x112] = orientation
    file.write_bytes(saved(ramp(), kind, exif=exif))
    with Image.open(BytesIO(file.read_bytes())) as stored:
        assert error(load_rgb(file), ImageOps.exif_transpose(stored)) < 1.5


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_shrinking_bounds_the_longer_side(file: Path, kind: str) -> None:
    file.write_bytes(saved(ramp(1600, 1200), kind))
    assert load_rgb(file, 100).shape == (75, 100, 3)
    assert load_rgb(file, 5000).shape == (1200, 1600, 3)  # never enlarged
    small = ramp(1600, 1200).resize((100, 75), Image.Resampling.BOX)
    assert error(load_rgb(file, 100), small) < 2


def test_what_is_huge_but_honest_is_shrunk(file: Path) -> None:  # MC-1
    file.write_bytes(flat_png(65536, 2000))
    assert load_rgb(file, 640).shape == (20, 640, 3)
    with pytest.raises(MediaRefused, match="full size"):
        load_rgb(file)


def test_pixels_that_do_not_decode_are_refused(file: Path) -> None:  # C-2
    good = flat_png(400, 300)
    file.write_bytes(good[:33] + chunk(b"IDAT", b"rubbish") + chunk(b"IEND"))
    with pytest.raises(MediaRefused) as caught:
        load_rgb(file)
    assert caught.value.code == "broken_image"
    file.write_bytes(SIGNATURE + good[8:33] + flat_png(400, 100)[33:])  # rows are missing
    with pytest.raises(MediaRefused):
        load_rgb(file)


def test_mask_is_scaled_to_the_picture(file: Path) -> None:  # I2V-7
    mask = Image.new("L", (100, 100))
    mask.paste(255, (0, 0, 50, 100))
    file.write_bytes(saved(mask))
    found = load_mask(file, 640, 360)
    assert found.shape == (360, 640)
    assert found.dtype == np.uint8
    assert found.flags.c_contiguous
    assert found[:, :300].min() == 255
    assert found[:, 340:].max() == 0


def test_unpainted_mask_is_outside(file: Path) -> None:
    painted = Image.new("RGBA", (100, 100), (255, 255, 255, 0))
    painted.paste((255, 255, 255, 255), (0, 0, 100, 50))
    file.write_bytes(saved(painted))
    found = load_mask(file, 100, 100)
    assert found[:49].min() == 255
    assert found[51:].max() == 0
