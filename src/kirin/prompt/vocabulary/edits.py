"""Model of ``edits.toml``: what is to be done to a given video."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from typing import Annotated

from pydantic import Field

from kirin.domain.motion import Illumination
from kirin.prompt.vocabulary.loader import Entries, Table, complete, load


class EditKind(StrEnum):
    """What a clause asks to be done."""

    REMOVE = "remove"
    REPLACE = "replace"
    CHANGE = "change"
    ADD = "add"


class Determiners(Table):
    """Words before a noun that tell whether the video had it, and words that end its phrase."""

    new: Entries
    known: Entries
    breaks: Entries


class Entering(Table):
    """Words for how something comes into a video; see ``Entrance``."""

    appear: Entries
    in_: Entries = Field(alias="in")
    across: Entries
    path: Entries


class AddedPlaces(Table):
    """Words for where in the picture something is added, and from where it comes."""

    left: Entries
    right: Entries
    centre: Entries
    near: Entries
    far: Entries
    from_left: Entries
    from_right: Entries


class Beside(Table):
    """Words before (in Chinese: after) what somebody stands by, and what needs no finding."""

    words: Entries
    open: Entries


class EditWords(Table):
    """All that a language has for the editing of videos; the file says what each list is."""

    before: Entries
    verbs: Annotated[dict[EditKind, Entries], complete(EditKind)]
    into: Entries
    light: dict[Illumination, Entries]
    determiners: Determiners
    entering: Entering
    places: AddedPlaces
    beside: Beside


@cache
def edit_words(language: str) -> EditWords:
    """The words of a language, loaded once a process."""
    return load(language, "edits", EditWords)
