"""Price lists of sister models, in USD (decided in the contract; an operator changes them)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from kirin.catalogue.prices import DerivedChoice, Price


def by_mode(std: str, pro: str, unit: int) -> Price:
    """A price per ``unit`` seconds that depends on the mode."""
    return Price(("mode",), {("std",): Decimal(std), ("pro",): Decimal(pro)}, unit=unit)


def by_mode_and_sound(silent: tuple[str, str], with_sound: tuple[str, str]) -> Price:
    """A price per second that depends on mode (std, pro) and sound."""
    return Price(("mode", "sound"), _rates({"off": silent, "on": with_sound}), unit=1)


def by_mode_and_extra(
    name: str, extra: DerivedChoice, plain: tuple[str, str], dearer: tuple[str, str]
) -> Price:
    """A price per second that depends on mode (std, pro) and on what a request holds.

    Args:
        name: what price lists call it.
        extra: tells whether a request holds it, ``yes`` or ``no``.
    """
    rates = _rates({"no": plain, "yes": dearer})
    return Price(("mode", name), rates, unit=1, derived={name: extra})


def _rates(pairs: Mapping[str, tuple[str, str]]) -> dict[tuple[str, ...], Decimal]:
    return {
        (mode, case): Decimal(rate)
        for case, pair in pairs.items()
        for mode, rate in zip(("std", "pro"), pair, strict=True)
    }


V1 = by_mode("0.14", "0.49", 5)
V1_6 = by_mode("0.28", "0.49", 5)
MASTER = Price((), {(): Decimal("1.40")}, unit=5)
V2_5 = by_mode("0.042", "0.07", 1)
# Sound in std is refused; a price list has a rate for every case all the same.
V2_6 = by_mode_and_sound(silent=("0.042", "0.07"), with_sound=("0.14", "0.14"))
V3 = by_mode_and_sound(silent=("0.084", "0.112"), with_sound=("0.126", "0.168"))
