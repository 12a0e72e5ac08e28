"""Pictures in every place that any model has for one (contract, C-1 to C-3).

How each kind comes out is in ``unit/media``; here it is about what the API takes. Places that ask
the same and are as deep are one kind of place: everything is asked of the first of a kind, and of
every place whether its limits are those that count.
"""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from support.api import Api
from support.cards import PicturePlace, each_kind_of_place, each_picture_place
from support.pictures import (
    claimed_png,
    flat_png,
    inline,
    padded_jpeg,
    padded_png,
    ramp,
    saved,
    text,
)

MOST_BYTES = 10 * 1024 * 1024
ORIENTATION = 0x0112


def kinds() -> dict[str, bytes]:
    """A picture in every way that JPEG and PNG have to keep one."""
    picture = ramp()
    deep = Image.fromarray(np.full((300, 400), 40_000, np.uint16))
    png = {
        "palette": picture.quantize(16),
        "1-bit": picture.convert("1"),
        "grey": picture.convert("L"),
        "grey-alpha": picture.convert("LA"),
        "alpha": picture.convert("RGBA"),
        "16-bit": deep,
    }
    jpeg = {"jpeg-grey": picture.convert("L"), "cmyk": picture.convert("CMYK")}
    return {
        **{name: saved(image) for name, image in png.items()},
        **{name: saved(image, "JPEG") for name, image in jpeg.items()},
        "progressive": saved(picture, "JPEG", progressive=True),
    }


KINDS = kinds()

ROUGH = {
    "png-and-more": saved(ramp()) + b"PK\x03\x04 an archive, too",
    "jpeg-and-more": saved(ramp(), "JPEG") + b"a preview",
    "stray-bytes": saved(ramp(), "JPEG").replace(b"\xff\xdb", b"\0\0\xff\xdb", 1),
    "no-end-marker": saved(ramp(), "JPEG")[:-2],
}
"""Pictures that every viewer shows, though they are not quite by the book."""


def codes(api: Api, place: PicturePlace, picture: bytes) -> dict[str, str]:
    """The code of each parameter of a request with this picture, which must be refused."""
    return api.problems(place.card.id, **place.params(text(picture)))


@each_kind_of_place()
def test_ten_megabytes_and_not_one_byte_more(api: Api, place: PicturePlace) -> None:  # C-2
    for padded in (padded_png, padded_jpeg):
        row = api.make(place.card.id, **place.params(text(padded(MOST_BYTES))))
        assert row.assets[place.path].size == MOST_BYTES
        assert codes(api, place, padded(MOST_BYTES + 1)) == {place.path: "too_many_bytes"}


@each_kind_of_place()
@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_counts_before_size(
    api: Api, place: PicturePlace, orientation: int
) -> None:  # C-3
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    for kind in ("JPEG", "PNG"):
        picture = saved(ramp(700, 350), kind, exif=exif)
        asset = api.make(place.card.id, **place.params(text(picture))).assets[place.path]
        seen = (350, 700) if orientation >= 5 else (700, 350)
        assert (asset.width, asset.height) == seen
        assert asset.mime == f"image/{kind.lower()}"


@each_kind_of_place()
@pytest.mark.parametrize("kind", KINDS)
def test_every_way_to_keep_a_picture(api: Api, place: PicturePlace, kind: str) -> None:  # C-2
    asset = api.make(place.card.id, **place.params(text(KINDS[kind]))).assets[place.path]
    assert (asset.width, asset.height, asset.size) == (400, 300, len(KINDS[kind]))


@each_kind_of_place()
@pytest.mark.parametrize("kind", ROUGH)
def test_what_every_viewer_shows(api: Api, place: PicturePlace, kind: str) -> None:  # C-2
    asset = api.make(place.card.id, **place.params(text(ROUGH[kind]))).assets[place.path]
    assert (asset.width, asset.height, asset.size) == (400, 300, len(ROUGH[kind]))


@each_picture_place()
def test_the_least_side(api: Api, place: PicturePlace) -> None:  # C-3 MC-1 I2V-7
    least = place.limits.min_side
    api.make(place.card.id, **place.params(inline(least, least)))
    if least > 1:
        for size in ((least - 1, least), (least, least - 1)):
            assert codes(api, place, flat_png(*size)) == {place.path: "too_small"}


@each_picture_place()
def test_the_longest_shape(api: Api, place: PicturePlace) -> None:  # C-3 I2V-2 V3-1
    for long, turned in ((750, False), (751, False), (750, True), (751, True)):
        size = (300, long) if turned else (long, 300)
        if long == 750 or place.limits.max_aspect is None:
            api.make(place.card.id, **place.params(inline(*size)))
        else:
            assert codes(api, place, flat_png(*size)) == {place.path: "aspect"}


@each_picture_place()
def test_a_broken_picture_is_told_by_its_place(api: Api, place: PicturePlace) -> None:  # C-2
    assert codes(api, place, saved(ramp())[:-12]) == {place.path: "broken_image"}


@each_kind_of_place()
@pytest.mark.parametrize(
    ("picture", "code"),
    [
        (flat_png(65_535, 65_535), "too_many_pixels"),
        (claimed_png(65_535, 65_535, interlaced=True), "too_many_pixels"),
        (saved(ramp())[:-12], "broken_image"),
        (saved(ramp(), "JPEG")[:-3], "broken_image"),
        (saved(ramp(), "GIF"), "not_an_image"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not_an_image"),
        (b"%PDF-1.7", "not_an_image"),
        (b"\0", "not_an_image"),
    ],
    ids=["bomb", "interlaced", "cut-png", "cut-jpeg", "gif", "svg", "pdf", "nul"],
)
def test_what_is_not_taken(api: Api, place: PicturePlace, picture: bytes, code: str) -> None:  # C-2
    assert codes(api, place, picture) == {place.path: code}


@each_kind_of_place()
@pytest.mark.parametrize("given", ["====", "\n", "A", "AA==AA=="])
def test_base64_that_is_none(api: Api, place: PicturePlace, given: str) -> None:  # C-1
    assert api.problems(place.card.id, **place.params(given)).keys() == {place.path}
