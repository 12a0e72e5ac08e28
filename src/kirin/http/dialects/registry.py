"""The dialects that there are. A new one is a folder beside this file and a line here, or a
plug-in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Final

from fastapi import APIRouter

from kirin.errors import KirinError
from kirin.http.dialects.dialect import DialectDependencies, ServedDialect
from kirin.http.dialects.fal.dialect import FAL
from kirin.http.dialects.kling.dialect import KLING
from kirin.http.dialects.kling_new.dialect import KLING_NEW
from kirin.http.dialects.openai.dialect import OPENAI
from kirin.http.dialects.openrouter.dialect import OPENROUTER
from kirin.http.dialects.plugin_check import address_clash, dialect_problem
from kirin.http.dialects.replicate.dialect import REPLICATE
from kirin.http.dialects.veo.dialect import VEO
from kirin.http.error_answers import ErrorAnswers
from kirin.plugins.entry_point import BrokenPlugin, told
from kirin.plugins.registry import PluginRegistry

AddRoutes = Callable[[APIRouter, DialectDependencies], None]

DIALECTS: Final[tuple[ServedDialect, ...]] = (
    KLING,
    KLING_NEW,
    FAL,
    OPENAI,
    OPENROUTER,
    REPLICATE,
    VEO,
)
"""In the order in which their addresses are tried: ``/v1/videos/text2video`` is Kling's, though
it could name a video of OpenAI's too."""

MCP: Final = "mcp"
"""The Model Context Protocol, which has an address and a room of its own: ``kirin.mcp``."""

NONE: Final = "none"
"""What the setting says to switch all of them off."""

REGISTRY: Final = PluginRegistry(
    group="kirin.dialects",
    kind="dialect",
    own={dialect.name: dialect for dialect in DIALECTS},
    check=dialect_problem,
    reserved={MCP: "the Model Context Protocol", NONE: "KIRIN_DIALECTS=none"},
)
"""They and those of plug-ins."""


def installed() -> tuple[ServedDialect, ...]:
    """All dialects of this installation, in the order in which their addresses are tried.

    Raises:
        KirinError: the dialect of a plug-in cannot be used.
    """
    found: list[ServedDialect] = list(DIALECTS)
    for name, dialect in REGISTRY.plugins().items():
        if clash := address_clash(dialect, found):
            raise BrokenPlugin(REGISTRY.points()[name], clash)
        found.append(replace(dialect, add_routes=_guarded(name, dialect.add_routes)))
    return tuple(found)


def _guarded(name: str, add_routes: AddRoutes) -> AddRoutes:
    """Adds routes; an error of the plug-in is told as one, and not as a traceback."""

    def add(router: APIRouter, spoken: DialectDependencies) -> None:
        try:
            add_routes(router, spoken)
        except Exception as error:
            problem = f"add_routes raised {told(error)}"
            raise BrokenPlugin(REGISTRY.points()[name], problem) from error

    return add


def error_answers(dialects: Sequence[ServedDialect]) -> ErrorAnswers:
    """Answers errors as these dialects have it at their addresses."""
    return ErrorAnswers({path: each.errors for each in dialects for path in each.paths})


def chosen(names: Sequence[str]) -> tuple[ServedDialect, ...]:
    """The dialects that a server speaks.

    Args:
        names: of ``KIRIN_DIALECTS``; empty for all, ``none`` for none.

    Raises:
        KirinError: there is none of that name, or that of a plug-in cannot be used.
    """
    if list(names) == [NONE]:
        return ()
    found = installed()
    if not names:
        return found
    known = [*(dialect.name for dialect in found), MCP]
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known)}"
            raise KirinError(f"KIRIN_DIALECTS: there is no dialect {name!r}; {hint}")
    return tuple(dialect for dialect in found if dialect.name in names)


def speaks_mcp(names: Sequence[str]) -> bool:
    """Whether a server speaks the Model Context Protocol too.

    Args:
        names: as for :func:`chosen`.
    """
    return not names or MCP in names
