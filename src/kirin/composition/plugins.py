"""All registries that plug-ins add to, together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kirin.catalogue.registry import registry as cards
from kirin.composition.engines import REGISTRY as ENGINES
from kirin.engines.engine_file import REGISTRY as PROVIDERS
from kirin.errors import KirinError
from kirin.http.dialects.dialect import ServedDialect
from kirin.http.dialects.registry import REGISTRY as DIALECTS
from kirin.http.dialects.registry import installed
from kirin.http.openapi import dialect_openapi
from kirin.plugins.entry_point import BrokenPlugin, told
from kirin.plugins.registry import PluginRegistry


def registries() -> Sequence[PluginRegistry[Any]]:
    """Engines, cards, dialects and providers."""
    return ENGINES, cards(), DIALECTS, PROVIDERS


def plugin_problems() -> list[KirinError]:
    """What is wrong with any plug-in; it loads all of them."""
    problems: list[KirinError] = [each for one in registries() for each in one.problems()]
    if not any(isinstance(p, BrokenPlugin) and p.point.group == DIALECTS.group for p in problems):
        try:
            check_documents(installed())
        except KirinError as problem:
            problems.append(problem)
    return problems


def check_documents(dialects: Sequence[ServedDialect]) -> None:
    """Make the OpenAPI documents of the plug-ins among the dialects: nobody has yet.

    Raises:
        BrokenPlugin: one cannot be made.
    """
    points = DIALECTS.points()
    for dialect in dialects:
        if point := points.get(dialect.name):
            try:
                dialect_openapi(dialect)
            except Exception as error:
                problem = f"its OpenAPI document cannot be made: {told(error)}"
                raise BrokenPlugin(point, problem) from error
