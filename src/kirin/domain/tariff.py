"""A tariff: the terms on which one task is charged, fixed when the task is made."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from kirin.domain.money import rounded


@dataclass(frozen=True, slots=True)
class Charge:
    """What something costs.

    Attributes:
        cost: USD to pay, to four decimals, the discount taken off.
        discount: USD that the discount took off.
    """

    cost: Decimal
    discount: Decimal

    def at_most(self, quote: Decimal) -> Charge:
        """The same, but never above what was quoted and is held."""
        return self if self.cost <= quote else Charge(quote, self.discount)


@dataclass(frozen=True, slots=True)
class Tariff:
    """A rate for each started unit of seconds, or once; it stays with its task.

    So a task is charged as it was quoted, though prices change while it waits.

    Attributes:
        rate: USD a unit.
        unit: seconds that one rate pays for; ``None`` if it pays for the whole.
        extra: USD on top, once.
        percent: discount of the account, 0 to 100.
    """

    rate: Decimal
    unit: int | None = None
    extra: Decimal = Decimal(0)
    percent: Decimal = Decimal(0)

    def charge(self, seconds: float) -> Charge:
        """What so many seconds of video cost.

        >>> Tariff(Decimal("0.126"), unit=1, percent=Decimal(10)).charge(4.2)
        Charge(cost=Decimal('0.5670'), discount=Decimal('0.0630'))
        """
        units = Decimal(1)
        if self.unit is not None:
            units = (Decimal(repr(seconds)) / self.unit).to_integral_value(ROUND_CEILING)
        whole = rounded(self.rate * units + self.extra)
        discount = rounded(whole * self.percent / 100)
        return Charge(whole - discount, discount)


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a request will cost, before it is made.

    Attributes:
        tariff: the terms.
        least, most: the same where nothing has to be fetched to know.
        after_fetch: names of the parameters that must be fetched to know.
    """

    tariff: Tariff
    least: Charge
    most: Charge
    after_fetch: tuple[str, ...] = ()

    @property
    def exact(self) -> bool:
        """Whether the cost is known to the last decimal."""
        return self.least == self.most
