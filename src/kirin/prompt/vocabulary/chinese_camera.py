"""Model of ``zh/camera.toml``: the Chinese words of camera direction."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache, cached_property
from typing import Annotated, Self

from pydantic import Field, model_validator

from kirin.domain.intent import Move, Speed
from kirin.prompt.vocabulary.loader import (
    CHINESE,
    Entries,
    Entry,
    Table,
    alternatives,
    complete,
    expand,
    load,
)


class Trust(StrEnum):
    """What a term needs around it to be about the camera; explained in the file."""

    CERTAIN = "certain"
    FIRST = "first"
    ALONE = "alone"
    CAMERA = "camera"
    FRAMING = "framing"


class Term(Table):
    """A term of camera direction.

    Attributes:
        words: the ways to write it.
        trust: when it is about the camera.
        moves: what it asks for.
        family: whether a negation of it covers the opposite moves too.
        speed: that it implies.
    """

    words: Annotated[Entries, Field(min_length=1)]
    trust: Trust
    moves: tuple[Move, ...]
    family: bool = False
    speed: Speed | None = None


class ChineseCamera(Table):
    """The Chinese words of camera direction.

    Attributes:
        subject: matches the camera as the subject of a clause.
        watching: verbs by which the camera films somebody else's motion.
        negations: they deny a move.
        fillers: words that neither do nor undergo a move.
        objects: what may follow a term without a subject.
        speeds: words by speed, in order of precedence.
        amounts: words for a turn, by degrees.
        fragments: parts of regular expressions, by name.
        terms: in order of precedence.
    """

    subject: Entry
    watching: Entries
    negations: Entries
    fillers: Entries
    objects: Entries
    speeds: Annotated[dict[Speed, Entries], complete(set(Speed) - {Speed.NORMAL})]
    amounts: dict[int, Entries]
    fragments: dict[str, Entry]
    terms: tuple[Term, ...]

    @model_validator(mode="after")
    def _known_fragments(self) -> Self:
        used = {
            "subject": (self.subject,),
            "watching": self.watching,
            "negations": self.negations,
            "fillers": self.fillers,
            "objects": self.objects,
        }
        used |= {f"speeds.{speed}": words for speed, words in self.speeds.items()}
        used |= {f"terms.{index}.words": term.words for index, term in enumerate(self.terms)}
        for key, entries in used.items():
            try:
                self._any(entries)
            except ValueError as error:
                raise ValueError(f"{key}: {error}") from None
        return self

    def _any(self, entries: tuple[str, ...]) -> str:
        return alternatives([expand(entry, self.fragments) for entry in entries])

    @cached_property
    def term_pattern(self) -> re.Pattern[str]:
        """Matches any term; the group that matched is ``t`` and the term's index."""
        return re.compile(
            "|".join(f"(?P<t{i}>{self._any(term.words)})" for i, term in enumerate(self.terms))
        )

    def term(self, found: re.Match[str]) -> Term:
        """The term of a match of :attr:`term_pattern`."""
        return self.terms[int(str(found.lastgroup)[1:])]

    @cached_property
    def subject_pattern(self) -> re.Pattern[str]:
        """Matches the camera as the subject of a clause."""
        return re.compile(self._any((self.subject,)))

    @cached_property
    def watching_pattern(self) -> re.Pattern[str]:
        """Matches a verb by which the camera films somebody else's motion."""
        return re.compile(self._any(self.watching))

    @cached_property
    def negation_pattern(self) -> re.Pattern[str]:
        """Matches a negation."""
        return re.compile(f"(?:{self._any(self.negations)})")

    @cached_property
    def speed_patterns(self) -> tuple[tuple[re.Pattern[str], Speed], ...]:
        """A pattern for each speed, in order of precedence."""
        return tuple((re.compile(self._any(words)), speed) for speed, words in self.speeds.items())

    @cached_property
    def amount_patterns(self) -> tuple[tuple[re.Pattern[str], int], ...]:
        """A pattern for the words of each amount of degrees."""
        return tuple(
            (re.compile(self._any(words)), degrees) for degrees, words in self.amounts.items()
        )

    @cached_property
    def filler_pattern(self) -> re.Pattern[str]:
        """Matches a filler."""
        return re.compile(self._any(self.fillers))

    @cached_property
    def after_pattern(self) -> re.Pattern[str]:
        """Matches, right after a term, what may follow one that has no subject."""
        return re.compile(f"(?:$|{self._any(self.fillers)}|{self._any(self.objects)})")


@cache
def chinese_camera() -> ChineseCamera:
    """The words, loaded once a process."""
    return load(CHINESE, "camera", ChineseCamera)
