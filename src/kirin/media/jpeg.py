"""JPEG files: their structure, walked without decoding a pixel."""

from __future__ import annotations

import re
from typing import Final

from kirin.media.exif import orientation
from kirin.media.header import Header, broken
from kirin.media.refusal import MediaRefused

SIGNATURE: Final = b"\xff\xd8\xff"

MOST_SCANS: Final = 64
"""Honest progressive files have about ten; each costs a pass over the whole picture."""

_NEXT_MARKER: Final = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""In entropy-coded data, FF stands before 00 (stuffing), restart markers, fill or the end."""

_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_BASELINE, _EXTENDED, _PROGRESSIVE = 0xC0, 0xC1, 0xC2
_SCAN, _END, _EXIF = 0xDA, 0xD9, 0xE1
_BARE: Final = frozenset({0x01, *range(0xD0, 0xD9)})
"""Markers without a length."""


def read(data: bytes) -> Header:
    """Walk all markers to the end of the picture.

    What follows the end is ignored: phones put previews and short films there.

    Args:
        data: a whole file that starts with :data:`SIGNATURE`.

    Raises:
        MediaRefused: the file is broken, ends early, or is of a kind that programs do not read.
    """
    at, turned, scans = 2, 1, 0
    frame: Header | None = None
    while True:
        marker, at = _marker(data, at)
        if marker == _END:
            break
        if marker in _BARE:
            continue
        length = int.from_bytes(data[at : at + 2])
        end = at + length
        if length < 2 or end > len(data):
            raise broken("JPEG", "it ends early")
        if marker in _FRAMES:
            if frame:
                raise broken("JPEG", "it holds two pictures in one")
            frame = _frame(marker, data[at + 2 : end])
        elif marker == _EXIF and turned == 1 and data[at + 2 : at + 8] == b"Exif\0\0":
            turned = orientation(data[at + 8 : end])
        elif marker == _SCAN:
            scans += 1
            if not (found := _NEXT_MARKER.search(data, end)):
                raise broken("JPEG", "it ends early")
            end = found.start()
        at = end
    if not frame or not scans:
        raise broken("JPEG", "it has no " + ("pixels" if frame else "header"))
    if scans > MOST_SCANS:
        raise MediaRefused(
            "too_complex",
            f"The JPEG has {scans} scans; at most {MOST_SCANS} are read: save it as baseline.",
            "C-2",
        )
    whole = frame.whole or scans > 1
    return Header(frame.mime, frame.width, frame.height, turned, whole)


def _marker(data: bytes, at: int) -> tuple[int, int]:
    """The marker at ``at``, after any fill bytes, and where its content starts."""
    if data[at : at + 1] not in {b"\xff", b""}:
        raise broken("JPEG", "its structure is damaged")
    while data[at : at + 1] == b"\xff":
        at += 1
    if at >= len(data):
        raise broken("JPEG", "it ends early")
    return data[at], at + 1


def _frame(marker: int, body: bytes) -> Header:
    """The frame header (SOF): ITU-T T.81, B.2.2."""
    if len(body) < 6:
        raise broken("JPEG", "its header is damaged")
    precision, parts = body[0], body[5]
    height, width = int.from_bytes(body[1:3]), int.from_bytes(body[3:5])
    if (
        marker not in {_BASELINE, _EXTENDED, _PROGRESSIVE}
        or precision != 8
        or parts not in {1, 3, 4}
    ):
        raise MediaRefused(
            "unsupported_jpeg",
            "This kind of JPEG (lossless, arithmetic or of 12 bits) is not read: "
            "save it as an ordinary baseline or progressive JPEG.",
            "C-2",
        )
    if not width or not height or len(body) != 6 + 3 * parts:
        raise broken("JPEG", "its header is damaged")
    return Header("image/jpeg", width, height, orientation=1, whole=marker == _PROGRESSIVE)
