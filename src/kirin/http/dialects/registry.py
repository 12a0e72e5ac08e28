"""The dialects that there are. A new one is a folder beside this file and a line here."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Final

from kirin.errors import KirinError
from kirin.http.dialects.dialect import ServedDialect
from kirin.http.dialects.openai.dialect import OPENAI
from kirin.http.error_answers import ErrorAnswers

DIALECTS: Final[tuple[ServedDialect, ...]] = (OPENAI,)

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
    by_name = {dialect.name: dialect for dialect in DIALECTS}
    for name in names:
        if name not in by_name:
            near = get_close_matches(name, by_name, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(by_name)}"
            raise KirinError(f"KIRIN_DIALECTS: there is no dialect {name!r}; {hint}")
    return tuple(dialect for dialect in DIALECTS if dialect.name in names)
