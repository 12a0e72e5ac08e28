"""Model of ``edits.toml``: what is to be done to a given video."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from typing import Annotated

from kirin.domain.motion import Illumination
from kirin.prompt.vocabulary.loader import Entries, Table, complete, load


class EditKind(StrEnum):
    """What a clause asks to be done."""

    REMOVE = "remove"
    REPLACE = "replace"
    CHANGE = "change"
    ADD = "add"


class EditWords(Table):
    """All that a language has for the editing of videos; the file says what each list is."""

    before: Entries
    verbs: Annotated[dict[EditKind, Entries], complete(EditKind)]
    into: Entries
    light: dict[Illumination, Entries]


@cache
def edit_words(language: str) -> EditWords:
    """The words of a language, loaded once a process."""
    return load(language, "edits", EditWords)
