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
from kirin.media.color import SRGB, ColorConversion, conversion, gamma_conversion
from kirin.media.header import Header, PictureColor, broken
from kirin.media.orientation import swaps_sides, upright
from kirin.media.refusal import MediaRefused

MOST_PIXELS: Final = 2**31
"""Pixels of a picture that can be decoded row by row: room for 65,536 at 2.5:1."""

MOST_PIXELS_WHOLE: Final = 2**26
"""Pixels of what :func:`load_rgb` gives: 192 MiB as RGB."""

MOST_HELD_BYTES: Final = 384 * 1024 * 1024
"""Memory of a decoder that must hold a picture at once (interlaced, progressive): enough for a
progressive JPEG of 108 megapixels with the usual 4:2:0 subsampling, as phones take them."""

_STRIP: Final = 256
"""Rows that are converted at a time."""

_DARK: Final = 128
"""A mask painted nowhere brighter than this is not meant by its brightness."""

# Each request has its own pictures: caching decoded ones costs memory and gains nothing.
pyvips.cache_set_max(0)
# Each thread of libvips holds strips as wide as the picture, 65,536 pixels perhaps; decoding is
# serial anyway, and more threads made it no faster.
pyvips.concurrency_set(1)


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """The facts of a picture.

    Attributes:
        mime: ``image/jpeg`` or ``image/png``, detected by content.
        size: bytes of the file.
        width, height: pixels as seen, so after EXIF orientation.
    """

    mime: str
    size: int
    width: int
    height: int


def measure(source: Path | bytes, limits: ImageLimits) -> ImageFacts:
    """Check a picture against limits; reads its structure to the end and decodes nothing, apart
    from a JPEG without its end marker, whose pixels may be missing too.

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
    data = source if isinstance(source, bytes) else source.read_bytes()
    header = _header(data)
    if not header.ended:
        _check_complete(data, header)
    width, height = header.width, header.height
    if swaps_sides(header.orientation):
        width, height = height, width
    wrong = list(_wrong_sides(width, height, limits))
    if wrong:
        codes, messages = zip(*wrong, strict=True)
        raise MediaRefused(codes[0], " ".join(messages), *limits.side_rules)
    return ImageFacts(header.mime, size, width, height)


def load_rgb(path: Path, max_side: int | None = None) -> NDArray[np.uint8]:
    """Decode a picture as it is meant to be seen.

    Orientation is applied; a colour profile, or what a PNG states about its colours by cICP, gAMA
    and cHRM, is converted to sRGB; CMYK, grey, palettes and 16 bits become 8-bit RGB. Transparency
    is laid over white, as pages and viewers show it; dropping it would reveal colours that nobody
    was meant to see.

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
    """A picture as :func:`load_rgb` returns it, encoded as PNG, for readers that ignore EXIF.

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

    Transparency is laid over black: what was not painted is outside. If all that was painted is
    dark, as with a black brush, brightness cannot be meant, and what was painted is inside.

    Args:
        path: a JPEG or PNG.
        width, height: pixels wanted.

    Returns:
        Contiguous values of shape ``(height, width)``.

    Raises:
        MediaRefused: the file is broken.
        OSError: the file cannot be read.
    """
    image, turned = _decoded(path, max(width, height), colors=False)
    if image.interpretation != "b-w":
        image = image.colourspace("b-w")
    planes = _pixels(image, turned)
    grey = planes[:, :, 0]
    if image.hasalpha():
        alpha = planes[:, :, -1]
        painted_dark = alpha.min() == 0 and int(grey[alpha > 0].max(initial=0)) < _DARK
        grey = alpha if painted_dark else (grey.astype(np.uint16) * alpha // 255).astype(np.uint8)
    scaled = Image.fromarray(np.ascontiguousarray(grey)).resize(
        (width, height), Image.Resampling.BILINEAR
    )
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
    given = f"The picture has {header.width} x {header.height} pixels"
    if header.width * header.height > MOST_PIXELS:
        raise MediaRefused(
            "too_many_pixels",
            f"{given}; at most {MOST_PIXELS:,} in all are decoded: make it smaller.",
            "C-2",
        )
    if header.held_bytes > MOST_HELD_BYTES:
        kind = "an interlaced PNG" if header.mime == "image/png" else "a progressive JPEG"
        raise MediaRefused(
            "too_many_pixels",
            f"{given}, too many for {kind}, which takes {header.held_bytes:,} bytes of memory to "
            f"decode where {MOST_HELD_BYTES:,} are allowed: save it without, or make it smaller.",
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


def _decoded(path: Path, max_side: int | None, colors: bool = True) -> tuple[pyvips.Image, int]:
    """The picture as 8-bit sRGB or grey, perhaps with alpha, not yet upright; its orientation.

    Args:
        colors: whether to convert what a PNG states about its colours; of a mask, samples count.
    """
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
        # The decoder skips detail that is not wanted, but leaves a factor of two for the better
        # filter.
        shrink = max(s for s in (1, 2, 4, 8) if s == 1 or long >= 2 * s * side)
        image = _opened(data, header, shrink)
        to_srgb = _conversion(header.color) if header.color and colors else None
        if to_srgb:
            image = _converted(image, min(side / max(image.width, image.height), 1.0), to_srgb)
        elif header.color and colors:  # what it states is sRGB, whatever else is in it
            image.remove("icc-profile-data")
            image = _thumbnail(image, side)
        elif image.interpretation == "cmyk" and not image.get_typeof("icc-profile-data"):
            image = _plain_cmyk(image, min(side / max(image.width, image.height), 1.0))
        elif image.get_typeof("icc-profile-data"):
            image = _thumbnail(image, side, output_profile="srgb")
        else:  # without a profile it is sRGB, or grey: to ask for sRGB takes ten times as long
            image = _thumbnail(image, side)
        # Decode here, not lazily where a pixel is first read.
        return image.copy_memory(), header.orientation
    except pyvips.Error as error:
        raise broken(_kind(header), "its pixels cannot be decoded") from error


def _opened(data: bytes, header: Header, shrink: int) -> pyvips.Image:
    """A picture that is decoded sequentially, a JPEG at a fraction of its size."""
    if header.mime == "image/png":
        return pyvips.Image.pngload_buffer(data, access="sequential", fail_on="error")
    # Real cameras write JPEGs that decode with warnings. But where a missing end marker was
    # appended, a warning is the only sign of missing pixels.
    fail_on = "truncated" if header.ended else "warning"
    whole = data if header.ended else data + jpeg.END
    return pyvips.Image.jpegload_buffer(whole, access="sequential", fail_on=fail_on, shrink=shrink)


def _check_complete(data: bytes, header: Header) -> None:
    """Check that no pixels are missing from a JPEG without its end marker.

    Raises:
        MediaRefused: some are, or decoding it only to see that costs too much.
    """
    if header.width * header.height > MOST_PIXELS_WHOLE:
        raise broken("JPEG", "it ends early")
    try:
        _opened(data, header, shrink=1).avg()
    except pyvips.Error as error:
        raise broken("JPEG", "it ends early") from error


def _thumbnail(image: pyvips.Image, side: int, **options: str) -> pyvips.Image:
    return image.thumbnail_image(side, height=side, size="down", no_rotate=True, **options)


def _conversion(color: PictureColor) -> ColorConversion | None:
    """The conversion of a PNG's colours to sRGB; ``None`` if none is needed or possible."""
    if color.cicp:
        return conversion(*color.cicp)
    try:
        return gamma_conversion(color.gamma, color.chromaticities or SRGB)
    except ValueError:
        return None


def _converted(image: pyvips.Image, scale: float, to_srgb: ColorConversion) -> pyvips.Image:
    """A picture as sRGB of 8 bits, scaled; converted from all the bits that it has."""
    deep = image.format == "ushort"
    alpha = image.hasalpha()
    if scale < 1:
        image = image.premultiply().resize(scale).unpremultiply() if alpha else image.resize(scale)
        image = image.cast("ushort" if deep else "uchar")
    samples = np.asarray(image.numpy()).reshape(image.height, image.width, image.bands)
    pixels = np.empty((image.height, image.width, 4 if alpha else 3), np.uint8)
    for top in range(0, image.height, _STRIP):
        rows = slice(top, top + _STRIP)
        strip = samples[rows] if deep else samples[rows].astype(np.uint16) * 257
        rgb = strip[:, :, :3] if image.bands >= 3 else np.repeat(strip[:, :, :1], 3, axis=2)
        pixels[rows, :, :3] = to_srgb.apply(np.ascontiguousarray(rgb))
        if alpha:
            pixels[rows, :, 3] = strip[:, :, -1] >> 8
    return pyvips.Image.new_from_array(pixels).copy(interpretation="srgb")


def _plain_cmyk(image: pyvips.Image, scale: float) -> pyvips.Image:
    """CMYK without a profile as browsers show it, scaled: each ink takes its share of the light."""
    if scale < 1:
        image = image.resize(scale).cast("uchar")
    inks = np.asarray(image.numpy()).astype(np.uint16)
    light = (255 - inks[:, :, :3]) * (255 - inks[:, :, 3:]) + 127
    rgb = (light // 255).astype(np.uint8)
    return pyvips.Image.new_from_array(rgb).copy(interpretation="srgb")


def _kind(header: Header) -> str:
    return "PNG" if header.mime == "image/png" else "JPEG"


def _pixels(image: pyvips.Image, turned: int) -> NDArray[np.uint8]:
    pixels = np.asarray(image.cast("uchar").numpy())
    shaped = pixels.reshape(image.height, image.width, image.bands)
    return np.ascontiguousarray(upright(shaped, turned))
