"""Model of ``sounds.toml``: what is heard, and how strong it is."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Final

from kirin.domain.intent import Ambience
from kirin.prompt.vocabulary.loader import Entries, Table, complete, load

_NAMED: Final = sorted(set(Ambience) - {Ambience.AIR})
"""All but open air, which is heard where nothing is named."""


class IntensityWords(Table):
    """What makes a sound strong or weak.

    Attributes:
        strong_before, weak_before: words shortly before the sound's name.
        strong_after, weak_after: words shortly after it.
        strong_names, weak_names: names that say it themselves.
    """

    strong_before: Entries
    strong_after: Entries
    strong_names: Entries
    weak_before: Entries
    weak_after: Entries
    weak_names: Entries


class SoundWords(Table):
    """The words for ambient sounds, in one language, in order of precedence.

    Attributes:
        unheard: words for sounds that cannot be made.
        named_by: what stands before and after the name of any sound ("the sound of ...").
    """

    ambience: Annotated[dict[Ambience, Entries], complete(_NAMED)]
    intensity: IntensityWords
    unheard: Entries
    named_by: Entries


@cache
def sound_words(language: str) -> SoundWords:
    """The words of a language, loaded once a process."""
    return load(language, "sounds", SoundWords)
