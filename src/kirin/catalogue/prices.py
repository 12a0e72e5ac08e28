"""Prices as data: USD per so many seconds, by the parameters that change them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Any


@dataclass(frozen=True)
class Price:
    """What a video costs: a rate for each started unit of seconds.

    Attributes:
        by: names of the parameters that choose the rate, in order.
        rates: USD a unit, by the values of these parameters.
        unit: seconds that one rate pays for.
    """

    by: tuple[str, ...]
    rates: Mapping[tuple[str, ...], Decimal]
    unit: int

    def of(self, values: Mapping[str, Any], seconds: float) -> Decimal:
        """USD for a video of so many seconds.

        >>> Price(("mode",), {("std",): Decimal("0.28")}, unit=5).of({"mode": "std"}, 10)
        Decimal('0.56')
        """
        rate = self.rates[tuple(str(values[name]) for name in self.by)]
        units = (Decimal(repr(seconds)) / self.unit).to_integral_value(ROUND_CEILING)
        return rate * units
