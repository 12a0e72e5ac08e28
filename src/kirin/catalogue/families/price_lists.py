"""Price lists of sister models, in USD (decided in the contract; an operator changes them)."""

from __future__ import annotations

from decimal import Decimal

from kirin.catalogue.prices import Price


def by_mode(std: str, pro: str, unit: int) -> Price:
    """A price per ``unit`` seconds that depends on the mode."""
    return Price(("mode",), {("std",): Decimal(std), ("pro",): Decimal(pro)}, unit=unit)


def by_mode_and_sound(rates: dict[tuple[str, str], str]) -> Price:
    """A price per second that depends on mode and sound."""
    return Price(("mode", "sound"), {given: Decimal(rate) for given, rate in rates.items()}, unit=1)


V1 = by_mode("0.14", "0.49", 5)
V1_6 = by_mode("0.28", "0.49", 5)
MASTER = Price((), {(): Decimal("1.40")}, unit=5)
V2_5 = by_mode("0.042", "0.07", 1)
V2_6 = by_mode_and_sound({("std", "off"): "0.042", ("pro", "off"): "0.07", ("pro", "on"): "0.14"})
V3 = by_mode_and_sound(
    {
        ("std", "off"): "0.084",
        ("pro", "off"): "0.112",
        ("std", "on"): "0.126",
        ("pro", "on"): "0.168",
    }
)
