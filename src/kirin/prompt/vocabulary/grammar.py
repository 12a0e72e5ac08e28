"""Model of ``grammar.toml``: clauses, negations and lettering."""

from __future__ import annotations

from functools import cache
from typing import Annotated

from pydantic import Field

from kirin.prompt.vocabulary.loader import Entries, Table, load


class Connectives(Table):
    """Words between two clauses, by how they join them."""

    then: Entries
    while_: Annotated[Entries, Field(alias="while")]
    and_: Annotated[Entries, Field(alias="and")]
    or_: Annotated[Entries, Field(alias="or")]


class Grammar(Table):
    """The function words of one language.

    Attributes:
        negations: they deny what follows them.
        lettering: before quotation marks, they say that the words are seen and not heard.
        lettering_verbs: those of them that say nothing else.
        connectives: they divide a text into clauses.
    """

    negations: Entries
    lettering: Entries
    lettering_verbs: Entries
    connectives: Connectives


@cache
def grammar(language: str) -> Grammar:
    """The grammar of a language, loaded once a process."""
    return load(language, "grammar", Grammar)
