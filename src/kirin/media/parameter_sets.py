"""The parameter sets of an H.264 track: what its decoder must know before the first picture."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import Final

_LEADING: Final = {7: 4, 8: 1}
"""Bytes before the id of a set, by the kind of its NAL unit (ITU-T H.264, 7.3.2.1 and 7.3.2.2):
header, profile, constraints and level of a sequence's set, the header of a picture's."""


@dataclass(frozen=True, slots=True)
class ParameterSets:
    """A decoder configuration record, ``avcC`` (ISO/IEC 14496-15, 5.3.3.1).

    Attributes:
        header: version, profile, constraints, level, length size.
        sequence, picture: NAL units.
        tail: the extension of higher profiles.
    """

    header: bytes
    sequence: tuple[bytes, ...]
    picture: tuple[bytes, ...]
    tail: bytes

    @classmethod
    def read(cls, record: bytes) -> ParameterSets:
        """Read a record.

        Raises:
            ValueError: it is none.
        """
        if len(record) < 7 or record[0] != 1:
            raise ValueError("no avcC record")
        sequence, at = _units(record, 6, record[5] & 0x1F)
        picture, at = _units(record, at + 1, record[at])
        return cls(record[:5], sequence, picture, record[at:])

    def ids(self) -> set[int]:
        """The ids of all sets."""
        return {_id(unit) for unit in (*self.sequence, *self.picture)}

    def free_id(self) -> int:
        """The smallest id that no set has."""
        return next(each for each in count() if each not in self.ids())

    def joined_with(self, other: ParameterSets) -> bytes:
        """A record with the sets of both; profile and level are the higher ones.

        Raises:
            ValueError: they share ids, or lengths of NAL units have other sizes.
        """
        if self.ids() & other.ids() or self.header[4] != other.header[4]:
            raise ValueError("the parameter sets exclude each other")
        profile, level = (max(self.header[i], other.header[i]) for i in (1, 3))
        shared = self.header[2] & other.header[2]
        sequence, picture = self.sequence + other.sequence, self.picture + other.picture
        return b"".join(
            (
                bytes((1, profile, shared, level, self.header[4], 0xE0 | len(sequence))),
                *(len(unit).to_bytes(2, "big") + unit for unit in sequence),
                bytes((len(picture),)),
                *(len(unit).to_bytes(2, "big") + unit for unit in picture),
                self.tail,
            )
        )


def _units(record: bytes, at: int, number: int) -> tuple[tuple[bytes, ...], int]:
    """NAL units from a place on, each after its length, and the place after them."""
    units = []
    for _ in range(number):
        end = at + 2 + int.from_bytes(record[at : at + 2], "big")
        if end >= len(record) + 1:
            raise ValueError("an avcC record that ends early")
        units.append(record[at + 2 : end])
        at = end
    return tuple(units), at


def _id(unit: bytes) -> int:
    """The id of a set: an Exp-Golomb number (ITU-T H.264, 9.1)."""
    leading = _LEADING[unit[0] & 0x1F]
    bits = "".join(f"{byte:08b}" for byte in unit[leading : leading + 8])
    zeros = len(bits) - len(bits.lstrip("0"))
    return int(bits[zeros : 2 * zeros + 1], 2) - 1
