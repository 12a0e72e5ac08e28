"""Prices as data: USD per so many seconds or each, by the parameters that change them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Any


@dataclass(frozen=True)
class Price:
    """What a task costs: a rate for each started unit of seconds, or once.

    Attributes:
        by: names of the parameters that choose the rate, in order.
        rates: USD a unit, by the values of these parameters.
        unit: seconds that one rate pays for; ``None`` if it pays for the whole.
    """

    by: tuple[str, ...]
    rates: Mapping[tuple[str, ...], Decimal]
    unit: int | None

    def of(self, values: Mapping[str, Any], seconds: float) -> Decimal:
        """USD for so many seconds of video.

        >>> Price(("mode",), {("std",): Decimal("0.28")}, unit=5).of({"mode": "std"}, 10)
        Decimal('0.56')
        """
        rate = self.rates[tuple(str(values[name]) for name in self.by)]
        if self.unit is None:
            return rate
        units = (Decimal(repr(seconds)) / self.unit).to_integral_value(ROUND_CEILING)
        return rate * units
