"""Whether what a plug-in calls a dialect is one, and serves no address of anybody else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kirin.http.dialects.dialect import ServedDialect
from kirin.http.error_answers import exactness
from kirin.http.native_routes import ROUTES

NAME = re.compile(r"[a-z][a-z0-9_]*")


def dialect_problem(name: str, dialect: object) -> str | None:
    """What is wrong with a dialect.

    Args:
        name: under which it is registered.
    """
    if not isinstance(dialect, ServedDialect):
        told = type(dialect).__name__
        return f"it must be a kirin.http.dialects.dialect.ServedDialect, not {told}"
    if dialect.name != name:
        return f"the dialect's name is {dialect.name!r}: it must be that of its entry point"
    if not NAME.fullmatch(name):
        return "the name of a dialect is of small letters, digits and underscores"
    return _routes_problem(dialect)


def _routes_problem(dialect: ServedDialect) -> str | None:
    if not dialect.routes:
        return "routes must list every route that add_routes adds"
    for _, path in addresses(dialect):
        if not any(any(exactness(pattern, path)) for pattern in dialect.paths):
            return f"paths must have a pattern for {path}, or its errors would be native"
    return None


def address_clash(dialect: ServedDialect, others: Sequence[ServedDialect]) -> str | None:
    """Which address of a dialect is served already, by the native API or another dialect."""
    taken = dict.fromkeys(((route.method, _shape(route.path)) for route in ROUTES), "kirin")
    for other in others:
        taken.update(dict.fromkeys(addresses(other), f"the dialect {other.name}"))
    for method, path in addresses(dialect):
        if owner := taken.get((method, path)):
            return f"its address {method} {path} is served by {owner}: choose another"
    return None


def addresses(dialect: ServedDialect) -> Iterator[tuple[str, str]]:
    """Method and path of each route, with ``{}`` for each parameter."""
    for prefix in dialect.prefixes:
        for route in dialect.routes:
            yield route.method, _shape(prefix + route.path)


def _shape(path: str) -> str:
    """A path whose parameters have no names: ``/v1/{}``."""
    return re.sub(r"\{[^}]*\}", "{}", path)
