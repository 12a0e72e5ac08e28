"""Dictionary forms of English words."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from simplemma import lemmatize

from kirin.prompt.vocabulary.loader import ENGLISH

# Where the dictionary knows a word as another part of speech only.
_NOUNS: Final = {
    "leaves": "leaf", "wolves": "wolf", "knives": "knife", "people": "person", "men": "man",
    "women": "woman", "children": "child", "kids": "kid", "mice": "mouse", "geese": "goose",
    "teeth": "tooth", "feet": "foot", "glasses": "glasses", "sunglasses": "sunglasses",
    "jeans": "jeans", "dice": "die", "fishes": "fish", "ladies": "lady", "doves": "dove",
    "buses": "bus", "puppies": "puppy", "skies": "sky", "bees": "bee", "axes": "axe",
    "firemen": "fireman", "policemen": "policeman", "oxen": "ox", "thieves": "thief",
    "scarves": "scarf", "shelves": "shelf", "loaves": "loaf", "calves": "calf", "elves": "elf",
    "dwarves": "dwarf", "cacti": "cactus", "octopi": "octopus", "dolls": "doll", "dies": "die",
}  # fmt: skip
_VERBS: Final = {
    "lying": "lie", "dying": "die", "tying": "tie", "ran": "run", "flew": "fly", "swam": "swim",
    "drove": "drive", "ate": "eat", "drank": "drink", "sang": "sing", "fell": "fall",
    "rose": "rise", "sat": "sit", "slept": "sleep", "wrote": "write", "fought": "fight",
    "threw": "throw", "caught": "catch", "rode": "ride", "shook": "shake", "grew": "grow",
    "leaves": "leave", "leaving": "leave", "left": "left", "spun": "spin", "dove": "dive",
    "leapt": "leap", "lit": "lit", "is": "be", "are": "be", "was": "be", "were": "be",
    "been": "be", "being": "be", "has": "have", "does": "do", "taxiing": "taxi",
    "dyeing": "dye", "singing": "sing", "swinging": "swing", "bringing": "bring",
    "ringing": "ring", "clinging": "cling", "racing": "race", "skiing": "ski", "skis": "ski",
}  # fmt: skip
_VOWELS: Final = frozenset("aeiou")


@lru_cache(maxsize=20000)
def noun_lemma(word: str) -> str:
    """The singular of a noun in lower case.

    >>> noun_lemma("foxes"), noun_lemma("wolves"), noun_lemma("glass")
    ('fox', 'wolf', 'glass')
    """
    if word in _NOUNS:
        return _NOUNS[word]
    if len(word) < 4 or not word.isascii():
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + ("ie" if word in ("cookies", "zombies", "movies", "pixies") else "y")
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        if word.endswith("oes"):
            return word[:-2]
        return word[:-1]
    if word.endswith(("ing", "ed", "er", "est", "s")):
        return word
    return lemmatize(word, lang=ENGLISH).lower()


@lru_cache(maxsize=20000)
def verb_lemma(word: str) -> str:
    """The infinitive of a verb in lower case.

    >>> verb_lemma("gallops"), verb_lemma("dancing"), verb_lemma("flies")
    ('gallop', 'dance', 'fly')
    """
    if word in _VERBS:
        return _VERBS[word]
    if len(word) < 4 or not word.isascii():
        return word
    return lemmatize(word, lang=ENGLISH).lower()


def is_plural(word: str) -> bool:
    """Whether a noun in lower case is a plural."""
    return noun_lemma(word) != word and word not in ("glasses", "scissors")


def stems(word: str) -> tuple[str, ...]:
    """Infinitives that a form could have: "skateboarding" gives "skateboard" and others."""
    for ending in ("ing", "ed", "es", "s"):
        stem = word.removesuffix(ending)
        if stem != word and len(stem) > 2:
            double = stem[-1] == stem[-2] and stem[-1] not in _VOWELS
            return (stem, stem + "e", stem[:-1]) if double else (stem, stem + "e")
    return ()
