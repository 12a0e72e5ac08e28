"""The price file: an operator's prices in TOML, which replace those of the cards."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from itertools import product
from pathlib import Path
from typing import Any

from kirin.catalogue.card import Card
from kirin.catalogue.parameters import Choice, Parameter
from kirin.catalogue.prices import DerivedChoice, Price
from kirin.catalogue.references import VideoId
from kirin.catalogue.registry import Catalogue
from kirin.domain.money import MICRO
from kirin.errors import KirinError

FIELDS = ("by", "rates", "unit", "watermark")
MOST = Decimal(10_000)
"""Rates above this, in USD, count as mistakes."""

LONGEST_UNIT = 3600


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake in a price file.

    Attributes:
        path: keys that lead to it, starting with the model.
        message: what is wrong, and what is accepted.
    """

    path: tuple[str, ...]
    message: str


def with_prices(catalogue: Catalogue, file: Path) -> Catalogue:
    """The catalogue with the prices of a file; models that are not in it keep theirs.

    Raises:
        KirinError: the file cannot be read or is invalid; the message names line, model and field
            of each mistake.
    """
    try:
        text = file.read_text("utf-8")
        given = tomllib.loads(text, parse_float=Decimal)
    except (OSError, ValueError) as error:  # a TOML error names its line
        raise KirinError(f"KIRIN_PRICE_FILE: {file}: {error}") from None
    mistakes: list[Mistake] = []
    cards = {card.id: card for card in catalogue}
    for model, table in given.items():
        if model not in cards:
            mistakes.append(Mistake((model,), f"no such model; there are {', '.join(cards)}"))
        elif not isinstance(table, dict):
            mistakes.append(Mistake((model,), f"it takes a table [{model}]"))
        else:
            price = read_price(cards[model], table, mistakes)
            cards[model] = replace(cards[model], price=price)
    if mistakes:
        lines = [
            f"{file}:{line_of(text, m.path)}: {'.'.join(m.path)}: {m.message}" for m in mistakes
        ]
        raise KirinError("KIRIN_PRICE_FILE: " + "; ".join(lines))
    return Catalogue(cards.values())


def read_price(card: Card, table: Mapping[str, Any], mistakes: list[Mistake]) -> Price:
    """The price in a model's table, on top of the card's own."""
    model = card.id
    fields = f"no such field; there are {', '.join(FIELDS)}"
    mistakes += [Mistake((model, name), fields) for name in table if name not in FIELDS]
    choices: dict[str, Choice | DerivedChoice] = {p.name: p for p in choosing(card)}
    choices |= card.price.derived
    by = card.price.by
    if "by" in table:
        wanted = table["by"]
        if isinstance(wanted, list) and all(name in choices for name in wanted):
            by = tuple(wanted)
        else:
            message = f"it takes a list of some of {', '.join(choices) or 'nothing'}"
            mistakes.append(Mistake((model, "by"), message))
    unit = card.price.unit
    if "unit" in table:
        unit = read_unit(model, table["unit"], mistakes)
    watermark = card.price.watermark
    if "watermark" in table:
        watermark = amount(table["watermark"], (model, "watermark"), mistakes)
    old = card.price.rates if by == card.price.by else {}
    rates = {**old, **read_rates(model, by, choices, table.get("rates", {}), mistakes)}
    combinations = set(product(*(choices[name].options for name in by)))
    for missing in sorted(combinations - rates.keys()):
        named = ", ".join(missing) or "all"
        mistakes.append(Mistake((model, "rates"), f'the rate "{named}" is missing'))
    return Price(by, rates, unit, watermark, card.price.derived)


def choosing(card: Card) -> Iterator[Choice]:
    """The parameters that a rate can depend on: choices that always have a value."""
    idle = {name for rule in card.no_effect for name in rule.params}
    for parameter in card.parameters:
        if isinstance(parameter, VideoId) and parameter.required:
            yield from parameter.facts
        if isinstance(parameter, Choice) and always_there(parameter) and parameter.name not in idle:
            yield parameter


def always_there(parameter: Parameter) -> bool:
    """Whether every valid request has a value of it."""
    return parameter.required or parameter.default is not None


def read_unit(model: str, given: object, mistakes: list[Mistake]) -> int | None:
    """The unit of a rate in seconds, or ``None`` for ``"task"``."""
    if given == "task":
        return None
    if isinstance(given, int) and not isinstance(given, bool) and 1 <= given <= LONGEST_UNIT:
        return given
    message = f'it takes whole seconds from 1 to {LONGEST_UNIT}, or "task" for once'
    mistakes.append(Mistake((model, "unit"), message))
    return None


def read_rates(
    model: str,
    by: tuple[str, ...],
    choices: Mapping[str, Choice | DerivedChoice],
    given: object,
    mistakes: list[Mistake],
) -> dict[tuple[str, ...], Decimal]:
    """Rates by the values of the parameters that they depend on."""
    if not isinstance(given, dict):
        mistakes.append(Mistake((model, "rates"), f"it takes a table [{model}.rates]"))
        return {}
    rates = {}
    for name, rate in given.items():
        path = (model, "rates", name)
        key = () if name == "all" and not by else tuple(w.strip() for w in name.split(","))
        fits = len(key) == len(by) and all(
            word in choices[parameter].options for parameter, word in zip(by, key, strict=True)
        )
        if not fits:
            options = " x ".join(f"{n} ({', '.join(choices[n].options)})" for n in by) or '"all"'
            mistakes.append(Mistake(path, f"no such case; rates are by {options}"))
        else:
            rates[key] = amount(rate, path, mistakes)
    return rates


def amount(given: object, path: tuple[str, ...], mistakes: list[Mistake]) -> Decimal:
    """A rate in USD; 0 if it is invalid."""
    try:
        if isinstance(given, bool) or not isinstance(given, str | int | Decimal):
            raise ValueError
        found = Decimal(given)
        if not found.is_finite() or not 0 <= found <= MOST or found % MICRO:
            raise ValueError
    except (ValueError, InvalidOperation):
        message = f'it takes USD such as "0.28": 0 to {MOST:,}, at most six decimals'
        mistakes.append(Mistake(path, message))
        return Decimal(0)
    return found


def line_of(text: str, path: tuple[str, ...]) -> int:
    """The line of a key, or of the closest enclosing table; 1 if there is none.

    The parser keeps no positions, so this looks for headers and keys as people write them.
    """
    best, depth = 1, 0
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[\s*([^\]]+?)\s*\]", line):
            table = words(header[1])
            here = table
        elif key := re.match(r"""\s*((?:"[^"]*"|'[^']*'|[\w-]+)(?:\s*\.\s*[\w-]+)*)\s*=""", line):
            here = (*table, *words(key[1]))
        else:
            continue
        if len(here) > depth and here == path[: len(here)]:
            best, depth = number, len(here)
    return best


def words(dotted: str) -> tuple[str, ...]:
    """The parts of a dotted key, unquoted."""
    parts = re.findall(r'"([^"]*)"|\'([^\']*)\'|([\w-]+)', dotted)
    return tuple(next(filter(None, part), "") for part in parts)
