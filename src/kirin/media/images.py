"""Images: measured from their headers, decoded in bounded memory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyvips
from numpy.typing import NDArray
from PIL import Image

from kirin.domain.limits import ImageLimits
from kirin.media import jpeg, png
from kirin.media.exif import upright
from kirin.media.header import Header, broken
from kirin.media.refusal import MediaRefused

MOST_PIXELS: Final = 2**31
"""Pixels of a picture that can be decoded row by row: room for 65,536 at 2.5:1."""

MOST_PIXELS_WHOLE: Final = 2**26
"""Pixels of one that a decoder must hold at once (interlaced, progressive), and of what
:func:`load_rgb` gives: 192 MiB as RGB, and about twice that while a JPEG is decoded."""

# Each request has pictures of its own: keeping decoded ones costs memory and gains nothing.
pyvips.cache_set_max(0)
# Each thread of libvips holds strips as wide as the picture, 65,536 pixels perhaps; decoding is
# serial anyway, and more threads made it no faster.
pyvips.concurrency_set(1)


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """What a picture is.

    Attributes:
        mime: ``image/jpeg`` or ``image/png``, told by content.
        size: bytes of the file.
        width, height: pixels as seen, so after EXIF orientation.
    """

    mime: str
    size: int
    width: int
    height: int


def measure(source: Path | bytes, limits: ImageLimits) -> ImageFacts:
    """Check a picture against limits; reads its structure to the end and decodes nothing.

    Args:
        source: a file, or its content.
        limits: what is allowed.

    Raises:
        MediaRefused: it breaks rules; the message names all that apply. Codes: ``empty``,
            ``too_many_bytes``, ``not_an_image``, ``broken_image``, ``unsupported_jpeg``,
            ``too_complex``, ``too_many_pixels``, ``too_small``, ``too_large``, ``aspect``.
        OSError: the file cannot be read.
    """
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    if size > limits.max_bytes:
        raise MediaRefused(
            "too_many_bytes",
            f"The picture has {size:,} bytes; at most {limits.max_bytes:,} are allowed: "
            "make it smaller or compress it more.",
            "C-2",
        )
    header = _header(source if isinstance(source, bytes) else source.read_bytes())
    width, height = header.width, header.height
    if header.orientation >= 5:
        width, height = height, width
    wrong = list(_wrong_sides(width, height, limits))
    if wrong:
        codes, messages = zip(*wrong, strict=True)
        raise MediaRefused(codes[0], " ".join(messages), *limits.side_rules)
    return ImageFacts(header.mime, size, width, height)


def load_rgb(path: Path, max_side: int | None = None) -> NDArray[np.uint8]:
    """Decode a picture as it is meant to be seen.

    Orientation is applied, a colour profile is converted to sRGB, CMYK, grey, palettes and 16
    bits become 8-bit RGB. Transparency is laid over white, as pages and viewers show it;
    dropping it would reveal colours that nobody was meant to see.

    Args:
        path: a JPEG or PNG.
        max_side: shrink the picture so that its longer side has at most so many pixels; it
            is never enlarged. Decoding then takes bounded memory, whatever the picture's size.

    Returns:
        Contiguous pixels of shape ``(height, width, 3)``.

    Raises:
        MediaRefused: the file is broken, or the result would have more than
            ``MOST_PIXELS_WHOLE`` pixels.
        OSError: the file cannot be read.
    """
    image, turned = _decoded(path, max_side)
    if image.hasalpha():
        image = image.flatten(background=255)
    return _pixels(image.colourspace("srgb"), turned)


def as_png(path: Path, max_side: int) -> bytes:
    """A picture as :func:`load_rgb` gives it, as PNG: for readers that know nothing of EXIF.

    Args:
        path: a JPEG or PNG.
        max_side: as in :func:`load_rgb`.

    Raises:
        MediaRefused, OSError: as in :func:`load_rgb`.
    """
    image = pyvips.Image.new_from_array(load_rgb(path, max_side))
    content: bytes = image.copy(interpretation="srgb").write_to_buffer(".png")
    return content


def load_mask(path: Path, width: int, height: int) -> NDArray[np.uint8]:
    """Decode a mask and scale it: 255 is inside, 0 outside, brightness counts.

    Transparency is laid over black: what was not painted is outside.

    Args:
        path: a JPEG or PNG.
        width, height: pixels wanted.

    Returns:
        Contiguous values of shape ``(height, width)``.

    Raises:
        MediaRefused: the file is broken.
        OSError: the file cannot be read.
    """
    image, turned = _decoded(path, max(width, height))
    if image.hasalpha():
        image = image.flatten(background=0)
    grey = _pixels(image.colourspace("b-w"), turned)[:, :, 0]
    scaled = Image.fromarray(grey).resize((width, height), Image.Resampling.BILINEAR)
    return np.array(scaled)


def _header(data: bytes) -> Header:
    if not data:
        raise MediaRefused("empty", "The picture has no bytes: send a JPEG or PNG.", "C-2")
    if data.startswith(png.SIGNATURE):
        header = png.read(data)
    elif data.startswith(jpeg.SIGNATURE):
        header = jpeg.read(data)
    else:
        raise MediaRefused(
            "not_an_image",
            "This is neither a JPEG nor a PNG, whatever its name says: convert it to one.",
            "C-2",
        )
    most = MOST_PIXELS_WHOLE if header.whole else MOST_PIXELS
    if header.width * header.height > most:
        how = " when interlaced or progressive" if header.whole else ""
        raise MediaRefused(
            "too_many_pixels",
            f"The picture has {header.width} x {header.height} pixels; at most {most:,} in all "
            f"are decoded{how}: make it smaller.",
            "C-2",
        )
    return header


def _wrong_sides(width: int, height: int, limits: ImageLimits) -> list[tuple[str, str]]:
    """Codes and messages of what is wrong with the sides."""
    wrong = []
    given = f"The picture is {width} x {height} pixels"
    short, long = sorted((width, height))
    if short < limits.min_side:
        wrong.append(
            (
                "too_small",
                f"{given}; each side needs at least {limits.min_side}: send a larger one.",
            )
        )
    if limits.max_side is not None and long > limits.max_side:
        wrong.append(
            ("too_large", f"{given}; each side may have at most {limits.max_side}: shrink it.")
        )
    # Whole numbers: 1:2.5 to the pixel is allowed, and no rounding decides.
    aspect = limits.max_aspect
    if aspect is not None and long * aspect.denominator > short * aspect.numerator:
        ends = f"1:{float(aspect):g} to {float(aspect):g}:1"
        wrong.append(("aspect", f"{given}; the aspect must be from {ends}: crop it."))
    return wrong


def _decoded(path: Path, max_side: int | None) -> tuple[pyvips.Image, int]:
    """The picture as 8-bit sRGB or grey, perhaps with alpha, not yet upright; its orientation."""
    data = path.read_bytes()
    header = _header(data)
    long = max(header.width, header.height)
    side = min(long, max_side or long)
    if header.width * header.height * side * side > MOST_PIXELS_WHOLE * long * long:
        raise MediaRefused(
            "too_many_pixels",
            f"The picture has {header.width} x {header.height} pixels; at most "
            f"{MOST_PIXELS_WHOLE:,} in all are used here at full size: make it smaller.",
            "C-2",
        )
    try:
        if header.mime == "image/png":
            image = pyvips.Image.pngload_buffer(data, access="sequential", fail_on="error")
        else:
            # The decoder skips detail that is not wanted, but leaves a factor of two for the
            # better filter. Honest cameras write JPEGs that decode with warnings.
            shrink = max(s for s in (1, 2, 4, 8) if s == 1 or long >= 2 * s * side)
            image = pyvips.Image.jpegload_buffer(
                data, access="sequential", fail_on="truncated", shrink=shrink
            )
        image = image.thumbnail_image(
            side, height=side, size="down", no_rotate=True, output_profile="srgb"
        )
        # Pixels are decoded here and not where somebody first looks at one.
        return image.copy_memory(), header.orientation
    except pyvips.Error as error:
        kind = "PNG" if header.mime == "image/png" else "JPEG"
        raise broken(kind, "its pixels cannot be decoded") from error


def _pixels(image: pyvips.Image, turned: int) -> NDArray[np.uint8]:
    pixels = np.asarray(image.cast("uchar").numpy())
    shaped = pixels.reshape(image.height, image.width, image.bands)
    return np.ascontiguousarray(upright(shaped, turned))
