"""Money: exact decimals of US dollars, and how they are written on the wire."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

CENT_HUNDREDTH = Decimal("0.0001")


def dollars(amount: Decimal) -> str:
    """Write an amount with four decimals, as ``usage.cost`` carries it.

    >>> dollars(Decimal("0.28"))
    '0.2800'
    """
    return str(amount.quantize(CENT_HUNDREDTH, rounding=ROUND_HALF_UP))
