"""The dialects that there are. A new one is a folder beside this file and a line here."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Final

from kirin.errors import KirinError
from kirin.http.dialects.dialect import ServedDialect
from kirin.http.dialects.fal.dialect import FAL
from kirin.http.dialects.kling.dialect import KLING
from kirin.http.dialects.kling_new.dialect import KLING_NEW
from kirin.http.dialects.openai.dialect import OPENAI
from kirin.http.dialects.openrouter.dialect import OPENROUTER
from kirin.http.dialects.replicate.dialect import REPLICATE
from kirin.http.error_answers import ErrorAnswers

DIALECTS: Final[tuple[ServedDialect, ...]] = (
    KLING,
    KLING_NEW,
    FAL,
    OPENAI,
    OPENROUTER,
    REPLICATE,
)
"""In the order in which their addresses are tried: ``/v1/videos/text2video`` is Kling's, though
it could name a video of OpenAI's too."""

MCP: Final = "mcp"
"""The Model Context Protocol, which has an address and a room of its own: ``kirin.mcp``."""

NONE: Final = "none"
"""What the setting says to switch all of them off."""


def error_answers(dialects: Sequence[ServedDialect]) -> ErrorAnswers:
    """Answers errors as these dialects have it at their addresses."""
    return ErrorAnswers({path: each.errors for each in dialects for path in each.paths})


def chosen(names: Sequence[str]) -> tuple[ServedDialect, ...]:
    """The dialects that a server speaks.

    Args:
        names: of ``KIRIN_DIALECTS``; empty for all, ``none`` for none.

    Raises:
        KirinError: there is none of that name.
    """
    if not names:
        return DIALECTS
    if list(names) == [NONE]:
        return ()
    known = [*(dialect.name for dialect in DIALECTS), MCP]
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known)}"
            raise KirinError(f"KIRIN_DIALECTS: there is no dialect {name!r}; {hint}")
    return tuple(dialect for dialect in DIALECTS if dialect.name in names)


def speaks_mcp(names: Sequence[str]) -> bool:
    """Whether a server speaks the Model Context Protocol too.

    Args:
        names: as for :func:`chosen`.
    """
    return not names or MCP in names
