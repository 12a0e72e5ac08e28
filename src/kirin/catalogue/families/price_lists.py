"""Price lists of sister models, in USD (decided in the contract; an operator changes them)."""

from __future__ import annotations

from decimal import Decimal

from kirin.catalogue.prices import Price


def by_mode(std: str, pro: str, unit: int) -> Price:
    """A price per ``unit`` seconds that depends on the mode."""
    return Price(("mode",), {("std",): Decimal(std), ("pro",): Decimal(pro)}, unit=unit)


def by_mode_and_sound(silent: tuple[str, str], with_sound: tuple[str, str]) -> Price:
    """A price per second that depends on mode (std, pro) and sound."""
    rates: dict[tuple[str, ...], Decimal] = {
        (mode, sound): Decimal(rate)
        for sound, pair in (("off", silent), ("on", with_sound))
        for mode, rate in zip(("std", "pro"), pair, strict=True)
    }
    return Price(("mode", "sound"), rates, unit=1)


V1 = by_mode("0.14", "0.49", 5)
V1_6 = by_mode("0.28", "0.49", 5)
MASTER = Price((), {(): Decimal("1.40")}, unit=5)
V2_5 = by_mode("0.042", "0.07", 1)
# Sound in std is refused; a price list has a rate for every case all the same.
V2_6 = by_mode_and_sound(silent=("0.042", "0.07"), with_sound=("0.14", "0.14"))
V3 = by_mode_and_sound(silent=("0.084", "0.112"), with_sound=("0.126", "0.168"))
