"""What English words are: place, concept, clothes, scenery, or nothing to be seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from kirin.concepts.library import library
from kirin.domain.intent import Place
from kirin.prompt.lemmas import noun_lemma
from kirin.prompt.mentions import Role
from kirin.prompt.strange import is_strange
from kirin.prompt.vocabulary.cast import noun_words, place_words, relation_words
from kirin.prompt.vocabulary.loader import ENGLISH

LONGEST: Final = 4
"""Words of the longest phrase that is looked up as one noun."""

GUESSES: Final = frozenset({"hypernym", "tag"})
"""How a word reaches art that shows something of its sort, and not the thing itself."""

_WORN: Final = frozenset(
    {"coat", "dress", "hat", "jacket", "shirt", "skirt", "suit", "boot", "shoe", "helmet", "crown",
     "gown", "uniform", "scarf", "glove", "jeans", "trousers", "pants", "shorts", "socks", "blouse",
     "kimono", "sari", "robe", "sweater", "hoodie", "sneaker", "sandals", "backpack"}
)  # fmt: skip
"""Heads of names of clothes."""

_GENERIC: Final = frozenset(
    {"room", "home", "air", "mid-air", "midair", "snow", "sky", "cloud", "clouds", "skies", "hall"}
)
_MOST_TOWN: Final = 1.9
VAGUE: Final = frozenset(
    {"grass", "sand", "path", "trail", "track", "court", "square", "platform", "bar", "club", "den",
     "school", "class", "mine", "plain", "wood", "pool", "yard", "void", "ward", "study", "island",
     "hill", "tunnel", "fair", "picnic", "snow", "marble", "velvet", "satin", "slate", "studio",
     "fireplace", "spotlight", "pedestal", "podium", "bath", "toilet", "port", "rails", "roof top",
     "concert", "particles", "windowsill", "window sill", "hall", "circuit", "stable", "barn",
     "terrace", "hallway", "cloud"}
)  # fmt: skip
"""They name the place only after "in" or "on", and weakly."""


@dataclass(frozen=True, slots=True)
class Noun:
    """What a noun of one or more words is.

    Attributes:
        base: its dictionary form.
        role: what it is for the picture.
        length: how many words it has.
        concept: id of what can be drawn for it.
        place: the place that it names.
        guessed: whether what is drawn is only of the same sort.
    """

    base: str
    role: Role
    length: int
    concept: str | None = None
    place: Place | None = None
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class _EnglishTables:
    """Sets and tables made from the vocabulary."""

    places: dict[str, Place]
    scenery: frozenset[str]
    parts: frozenset[str]
    clothes: frozenset[str]
    fluff: frozenset[str]
    synonyms: dict[str, str]
    groups: dict[str, tuple[str, ...]]
    colours: dict[str, str]
    sizes: dict[str, float]
    old: frozenset[str]
    adjectives: frozenset[str]
    function_words: frozenset[str]
    towns: frozenset[str]


@cache
def tables() -> _EnglishTables:
    """The tables, made once a process."""
    nouns, places = noun_words(ENGLISH), place_words(ENGLISH)
    relations = relation_words(ENGLISH)
    joining = [word for words in relations.relation.values() for word in words]
    function_words = {
        *nouns.determiners, *nouns.subject_pronouns, *nouns.clause_starters, *nouns.numbers,
        *(word for entry in joining for word in entry.split() if len(word) < 5),
        *relations.loose, *_FUNCTION,
    } - _NAMED  # fmt: skip
    return _EnglishTables(
        {word: place for place, words in places.named.items() for word in words},
        frozenset((*nouns.scenery.words, *nouns.ground.words)),
        frozenset(nouns.parts.words),
        frozenset(nouns.clothes.words),
        frozenset(nouns.fluff.words),
        dict(nouns.synonyms),
        dict(nouns.groups),
        {word: colour for colour, words in nouns.colours.items() for word in words},
        {word: factor for factor, words in nouns.sizes.items() for word in words},
        frozenset(word for words in nouns.ages.values() for word in words),
        frozenset(nouns.adjectives.words),
        frozenset(function_words),
        frozenset(places.towns.words),
    )


_FUNCTION: Final = (
    "and", "or", "nor", "with", "of", "not", "very", "so", "too", "only", "just", "also", "even",
    "still", "i", "you", "we", "me", "us", "there", "here", "what", "how", "why", "if", "than",
    "more", "most", "less", "least", "much", "own", "such", "no", "yes", "'s", "it's", "there's",
    "that's", "let's", "don't", "as", "at", "by", "be", "is", "are", "was", "were", "am", "will",
    "would", "can", "could", "should", "must", "may", "might", "do", "does", "did", "have", "has",
    "had", "all", "again", "always", "never", "once", "now", "soon", "today", "finally", "off",
    "down", "up", "out", "away", "back", "forth", "together", "apart", "while", "during", "he",
    "she", "it", "they", "in", "on", "a", "an", "the", "to", "from",
)  # fmt: skip


_NAMED: Final = frozenset({"hand", "foot"})
"""They stand in prepositions, and name something all the same."""


@lru_cache(maxsize=20000)
def noun_of(words: tuple[str, ...]) -> Noun | None:
    """What some words are as one noun, or None if they are none that is known.

    >>> noun_of(("sports", "car")).role.value, noun_of(("in",))
    ('thing', None)
    """
    table = tables()
    whole = " ".join(words)
    if (len(words) == 1 and whole in table.function_words) or (
        len(words) > 1 and words[-1] in table.colours
    ):
        return None
    base = " ".join((*words[:-1], noun_lemma(words[-1])))
    if len(words) > 1 and words[-1] == "glasses":
        vessel = " ".join((*words[:-1], "glass"))
        base = vessel if library().find(vessel) is not None else base
    if people := table.groups.get(whole):
        return Noun(whole, Role.THING, len(words), people[0])
    for word in (whole, base):
        if word in table.places and word not in ("cloud",):
            concept, _ = _drawn(word, base)
            return Noun(base, Role.PLACE, len(words), concept, table.places[word])
    for names, role in (
        (table.scenery, Role.SCENERY),
        (table.clothes, Role.CLOTHES),
        (table.parts, Role.PART),
    ):
        if whole in names or base in names:
            concept, guessed = _drawn(whole, base)
            return Noun(base, role, len(words), concept, guessed=guessed)
    if len(words) > 1 and base.split()[-1] in _WORN and (worn := _drawn(whole, base))[0]:
        return Noun(base, Role.CLOTHES, len(words), worn[0], guessed=worn[1])
    if whole == "camera":
        return Noun(base, Role.CAMERA, len(words))
    if whole in table.fluff or base in table.fluff:
        return Noun(base, Role.FLUFF, len(words))
    if len(words) == 1 and (len(whole) < 2 or whole.isdigit()):
        return None
    concept, guessed = _drawn(whole, base)
    if guessed and (noun_lemma(words[-1]) in table.places or "of" in words):
        return None  # a "car factory" is a place, and not the wider thing in which cars are made
    if concept is not None:
        return Noun(base, Role.THING, len(words), concept, guessed=guessed)
    single = len(words) == 1 and (library().is_concrete(base) or is_strange(whole))
    if single or library().is_undrawn(base):
        return Noun(base, Role.THING, len(words))
    return None


def longest_noun(words: Sequence[str]) -> Noun | None:
    """What the longest known noun at the start of some words is."""
    for length in range(min(LONGEST, len(words)), 0, -1):
        phrase = " ".join(words[:length])
        if length > 1 and words[length - 1] in tables().function_words:
            if library().find(phrase) is not None:  # a "soda can"
                return noun_of(tuple(words[:length]))
            continue
        if (noun := noun_of(tuple(words[:length]))) is not None:
            return noun
    return None


def place_weight(word: str, preposition: str | None) -> float:
    """How surely a shot plays at a place that is named after a preposition, 0 to 3."""
    if preposition in (
        "in",
        "at",
        "inside",
        "through",
        "across",
        "on",
        "into",
        "within",
        "along",
        "onto",
        "in the middle of",
        "under",
        "beneath",
        "down",
        "up",
        "throughout",
    ):
        weight = 3.0
    elif preposition in (None, "of"):
        weight = 2.0
    else:
        weight = 1.5
    if word in VAGUE:
        weight = weight * 0.5 if preposition not in (None, "of") else 0.4
    weight = min(weight, _MOST_TOWN) if word in tables().towns else weight
    return weight * 0.4 if word in _GENERIC else weight


def _drawn(whole: str, base: str) -> tuple[str | None, bool]:
    """The id of what is drawn for a noun, and whether that is only of the same sort."""
    table = tables()
    spelled = dict.fromkeys(table.synonyms.get(each, each) for each in (whole, base))
    for word in (*spelled, *_respelled(base)):
        if (match := library().find(word)) is not None:
            near = {whole, base} & set(noun_words(ENGLISH).near.words)
            return match.concept.id, bool(near) or match.how in GUESSES
    return None, False


def _respelled(word: str) -> Iterator[str]:
    """A word with its hyphens left out, or in two: "tea-pot", "icecream"."""
    if "-" in word:
        yield word.replace("-", "")
    elif " " not in word and word.isalpha() and is_strange(word):
        for cut in range(3, len(word) - 2):
            yield f"{word[:cut]} {word[cut:]}"
