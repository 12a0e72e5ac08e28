"""Prices as data: USD per unit of seconds or per task, by parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from kirin.domain.tariff import Tariff


@dataclass(frozen=True)
class DerivedChoice:
    """Something that a rate depends on beside the parameters themselves.

    Attributes:
        options: its values.
        tell: tells the value from a request's parameters.
    """

    options: tuple[str, ...]
    tell: Callable[[Mapping[str, Any]], str]


@dataclass(frozen=True)
class Price:
    """The price of a task: a rate per started unit of seconds, or per task.

    Attributes:
        by: names of the parameters that the rate depends on.
        rates: USD per unit, by the values of these parameters.
        unit: seconds per unit; ``None`` if the rate is per task.
        watermark: USD for a second, watermarked file.
        derived: what is told from a request's parameters and is none itself, by its name.
    """

    by: tuple[str, ...]
    rates: Mapping[tuple[str, ...], Decimal]
    unit: int | None
    watermark: Decimal = Decimal(0)
    derived: Mapping[str, DerivedChoice] = field(default_factory=dict)

    def tariff(
        self, values: Mapping[str, Any], *, watermarked: bool, percent: Decimal = Decimal(0)
    ) -> Tariff:
        """The tariff of a request.

        Args:
            values: its validated parameters.
            watermarked: whether it asks for a second, watermarked file.
            percent: the account's discount, 0 to 100.

        >>> price = Price(("mode",), {("std",): Decimal("0.28")}, unit=5)
        >>> price.tariff({"mode": "std"}, watermarked=False).charge(10).cost
        Decimal('0.5600')
        """
        rate = self.rates[tuple(self._value(name, values) for name in self.by)]
        extra = self.watermark if watermarked else Decimal(0)
        return Tariff(rate, self.unit, extra, percent)

    def _value(self, name: str, values: Mapping[str, Any]) -> str:
        derived = self.derived.get(name)
        return derived.tell(values) if derived else str(values[name])

    def told(self) -> dict[str, Any]:
        """The price as JSON values, for the audit log."""
        return {
            "by": list(self.by),
            "rates": {", ".join(key) or "all": str(rate) for key, rate in self.rates.items()},
            "unit": "task" if self.unit is None else self.unit,
            "watermark": str(self.watermark),
        }
