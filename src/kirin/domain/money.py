"""Money: exact decimals of US dollars, how they are written on the wire and kept in the ledger."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

CENT_HUNDREDTH = Decimal("0.0001")
MICRO = Decimal("0.000001")
MOST = Decimal(1_000_000_000)
"""USD above which an amount is taken for a mistake; a billion fits 64 bits of millionths."""


def rounded(amount: Decimal) -> Decimal:
    """An amount to four decimals, half a unit up: what is charged is what the wire can say.

    >>> rounded(Decimal("0.07355"))
    Decimal('0.0736')
    """
    return amount.quantize(CENT_HUNDREDTH, rounding=ROUND_HALF_UP)


def dollars(amount: Decimal) -> str:
    """Write an amount with four decimals, as ``usage.cost`` carries it.

    >>> dollars(Decimal("0.28"))
    '0.2800'
    """
    return str(rounded(amount))


def to_micro(amount: Decimal) -> int:
    """An amount in millionths of a dollar, as the ledger keeps it.

    Raises:
        ValueError: it is finer than that.

    >>> to_micro(Decimal("0.28"))
    280000
    """
    micro = amount / MICRO
    if micro != micro.to_integral_value():
        raise ValueError(f"{amount} USD has more than six decimals")
    return int(micro)


def from_micro(amount: int) -> Decimal:
    """An amount of the ledger in dollars.

    >>> from_micro(280000)
    Decimal('0.280000')
    """
    return amount * MICRO


def parse_dollars(given: object) -> Decimal:
    """An amount that somebody wrote: a decimal text or a whole number, with at most four decimals.

    Binary fractions (JSON's 0.1) are refused: what they mean exactly is nobody's intent.

    Raises:
        ValueError: it is none; the message says what is taken.

    >>> parse_dollars("25.50")
    Decimal('25.50')
    """
    message = 'it takes US dollars as a text such as "25.50", with at most four decimals'
    if isinstance(given, bool) or not isinstance(given, str | int | Decimal):
        raise ValueError(message)
    try:
        amount = Decimal(given)
    except InvalidOperation:
        raise ValueError(message) from None
    if not amount.is_finite() or abs(amount) > MOST or amount != rounded(amount):
        raise ValueError(message)
    return amount
