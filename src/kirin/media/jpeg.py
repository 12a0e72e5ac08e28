"""JPEG files: their structure, walked without decoding a pixel."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from kirin.media.exif import orientation
from kirin.media.header import Header, broken
from kirin.media.refusal import MediaRefused

SIGNATURE: Final = b"\xff\xd8\xff"
END: Final = b"\xff\xd9"

MOST_SCANS: Final = 64
"""Real progressive files have about ten; each costs a pass over the whole picture."""

_FILL: Final = 0xFF
_BEGINS_MARKER: Final = np.ones(256, np.bool_)
"""By the byte after FF. In entropy-coded data, FF stands before 00 (stuffing), restart markers,
fill or the end."""
_BEGINS_MARKER[[0x00, *range(0xD0, 0xD8), _FILL]] = False

_AT_ONCE: Final = 2**17
"""Bytes of entropy-coded data that are looked through at a time: what is made of them stays in the
processor's cache."""

_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_BASELINE, _EXTENDED, _PROGRESSIVE = 0xC0, 0xC1, 0xC2
_SCAN, _END, _EXIF = 0xDA, 0xD9, 0xE1
_BARE: Final = frozenset({0x00, 0x01, *range(0xD0, 0xD9)})
"""Markers without a length, and the stuffed byte that is none."""

_COEFFICIENTS: Final = 64
_COEFFICIENT_BYTES: Final = 2


def read(data: bytes) -> Header:
    """Walk all markers to the end of the picture.

    As libjpeg does, it passes over stray bytes between markers and over what follows the end,
    where phones put previews and short films; and a file may lack its end marker, if its scans are
    complete.

    Args:
        data: a whole file that starts with :data:`SIGNATURE`.

    Raises:
        MediaRefused: the file is broken, ends early, or is of an unsupported kind.
    """
    at, turned, scans = 2, 1, 0
    frame: Header | None = None
    held = 0
    ended = True
    scanned = _Scanned()
    while True:
        marker, at = _marker(data, at, scans > 0)
        if marker is None:
            ended = False
            break
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
            frame, held = _frame(marker, data[at + 2 : end])
            scanned.components = set(data[at + 8 : end : 3])
        elif marker == _EXIF and turned == 1 and data[at + 2 : at + 8] == b"Exif\0\0":
            turned = orientation(data[at + 8 : end])
        elif marker == _SCAN:
            scans += 1
            scanned.add(data[at + 2 : end])
            end = _end_of_scan(data, end)
        at = end
    if not frame or not scans:
        raise broken("JPEG", "it has no " + ("pixels" if frame else "header"))
    if not ended and not scanned.complete:
        raise broken("JPEG", "it ends early")
    if scans > MOST_SCANS:
        raise MediaRefused(
            "too_complex",
            f"The JPEG has {scans} scans; at most {MOST_SCANS} are read: save it as baseline.",
            "C-2",
        )
    whole = frame.held_bytes or scans > 1
    return replace(frame, orientation=turned, held_bytes=held if whole else 0, ended=ended)


class _Scanned:
    """Which coefficients the scans of a picture have sent to the last bit.

    Attributes:
        components: ids of the picture's components.
    """

    def __init__(self) -> None:
        self.components: set[int] = set()
        self._lowest_bits: dict[tuple[int, int], int] = {}

    def add(self, body: bytes) -> None:
        """Take a scan header (SOS, ITU-T T.81, B.2.3)."""
        count = body[0] if body else 0
        if len(body) != 4 + 2 * count:
            raise broken("JPEG", "a scan's header is damaged")
        first, last, bits = body[-3:]
        for component in body[1 : 1 + 2 * count : 2]:
            for coefficient in range(first, min(last, _COEFFICIENTS - 1) + 1):
                self._lowest_bits[component, coefficient] = bits & 15

    @property
    def complete(self) -> bool:
        """Whether nothing is left to be sent."""
        return all(
            self._lowest_bits.get((component, coefficient)) == 0
            for component in self.components
            for coefficient in range(_COEFFICIENTS)
        )


def _end_of_scan(data: bytes, start: int) -> int:
    """Where the next marker begins, past entropy-coded data; the length if there is none.

    Vectors take half as long as a regular expression, which stops at every FF.
    """
    samples = np.frombuffer(data, np.uint8)
    last = len(data) - 1
    while start < last:
        stop = min(start + _AT_ONCE, last)
        after = samples[start + 1 : stop + 1]
        marked = samples[start:stop] == _FILL
        marked &= after != 0
        if marked.any():
            places = np.flatnonzero(marked)
            ends = _BEGINS_MARKER[after[places]]
            first = int(ends.argmax())
            if ends[first]:
                return start + int(places[first])
        start = stop
    return len(data)


def _marker(data: bytes, at: int, may_end: bool) -> tuple[int | None, int]:
    """The next marker from ``at`` on, after stray and fill bytes, and where its content starts.

    It is ``None`` at the end of the data, if the picture may end there.
    """
    at = data.find(b"\xff", at)
    while at >= 0 and data[at : at + 1] == b"\xff":
        at += 1
    if at < 0 or at >= len(data):
        if may_end:
            return None, len(data)
        raise broken("JPEG", "it ends early")
    return data[at], at + 1


def _frame(marker: int, body: bytes) -> tuple[Header, int]:
    """The frame header (SOF, ITU-T T.81, B.2.2), and the bytes of all coefficients."""
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
            "This kind of JPEG (lossless, arithmetic or of 12 bits) cannot be read here: "
            "save it as an ordinary baseline or progressive JPEG.",
            "C-2",
        )
    if not width or not height or len(body) != 6 + 3 * parts:
        raise broken("JPEG", "its header is damaged")
    sampling = [(factors >> 4, factors & 15) for factors in body[7::3]]
    if not all(1 <= factor <= 4 for pair in sampling for factor in pair):
        raise broken("JPEG", "its header is damaged")
    across, down = (max(factors) for factors in zip(*sampling, strict=True))
    samples = sum(width * height * h * v // (across * down) for h, v in sampling)
    held = samples * _COEFFICIENT_BYTES
    progressive = marker == _PROGRESSIVE
    return Header("image/jpeg", width, height, held_bytes=held if progressive else 0), held
