"""What Chinese words are: place, concept, clothes, scenery, verb, or nothing to be seen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Final

from kirin.concepts.library import library
from kirin.domain.cast import Action, Relation
from kirin.domain.intent import Place
from kirin.prompt.lexicon import GUESSES, Noun
from kirin.prompt.mentions import Role
from kirin.prompt.vocabulary.cast import noun_words, place_words, relation_words, verb_words
from kirin.prompt.vocabulary.loader import CHINESE

_ENDINGS: Final = (
    "起来", "过来", "出来", "下来", "下去", "过去", "进去", "上去", "回来", "不停", "着", "了",
    "过", "进", "入", "到", "向", "出", "起", "来", "去", "在", "上", "下", "满", "完", "成", "给",
)  # fmt: skip
"""What may follow a verb and says how, where to or how far."""

_CAMERA: Final = frozenset({"镜头", "摄像机", "摄影机", "相机", "画面", "机位", "视角"})


@dataclass(frozen=True, slots=True)
class ChineseVerb:
    """A verb.

    Attributes:
        word: without what follows it.
        ending: what follows it: 着, 过 ...; may be empty.
        action: what it means on screen.
        stative: whether nothing moves by it.
    """

    word: str
    ending: str
    action: Action | None = None
    stative: bool = False


@dataclass(frozen=True, slots=True)
class _ChineseTables:
    places: dict[str, Place]
    roles: dict[str, Role]
    synonyms: dict[str, str]
    colours: dict[str, str]
    sizes: dict[str, float]
    old: frozenset[str]
    adjectives: frozenset[str]
    actions: dict[str, Action]
    stative: frozenset[str]
    undrawn: frozenset[str]
    locatives: dict[str, Relation]
    holding: dict[str, Relation]


@cache
def chinese_tables() -> _ChineseTables:
    """The tables, made once a process."""
    nouns, verbs, relations = noun_words(CHINESE), verb_words(CHINESE), relation_words(CHINESE)
    roles = {
        **dict.fromkeys(nouns.fluff.words, Role.FLUFF),
        **dict.fromkeys((*nouns.scenery.words, *nouns.ground.words), Role.SCENERY),
        **dict.fromkeys(nouns.parts.words, Role.PART),
        **dict.fromkeys(nouns.clothes.words, Role.CLOTHES),
        **dict.fromkeys(_CAMERA, Role.CAMERA),
    }
    held = (Relation.HOLDING, Relation.WEARING)
    words = relations.relation.items()
    return _ChineseTables(
        {word: place for place, entries in place_words(CHINESE).named.items() for word in entries},
        roles,
        dict(nouns.synonyms),
        {word: colour for colour, entries in nouns.colours.items() for word in entries},
        {word: factor for factor, entries in nouns.sizes.items() for word in entries},
        frozenset(word for entries in nouns.ages.values() for word in entries),
        frozenset(nouns.adjectives.words),
        {word: action for action, entries in verbs.action.items() for word in entries},
        frozenset(verbs.stative.words),
        frozenset(verbs.undrawn.words),
        {
            word: kind
            for kind, entries in words
            if kind not in (*held, Relation.INTO)
            for word in entries
        },
        {word: kind for kind, entries in words if kind in held for word in entries},
    )


@lru_cache(maxsize=20000)
def chinese_noun(word: str) -> Noun | None:
    """What a word is as a noun, or None if it is none that is known."""
    table = chinese_tables()
    if people := noun_words(CHINESE).groups.get(word):
        return Noun(word, Role.THING, 1, people[0])
    if word in table.places:
        return Noun(word, Role.PLACE, 1, _drawn(word)[0], table.places[word])
    concept, guessed = _drawn(word)
    if word in table.roles:
        return Noun(word, table.roles[word], 1, concept, guessed=guessed)
    if concept is not None or library().is_concrete(word):
        return Noun(word, Role.THING, 1, concept, guessed=guessed)
    return None


@lru_cache(maxsize=20000)
def chinese_verb(word: str) -> ChineseVerb | None:
    """What a word is as a verb, or None if it is in no list."""
    ending = next((end for end in _ENDINGS if word.endswith(end) and word != end), "")
    if (verb := _verb(word, "")) is not None:
        return replace(verb, ending=ending)
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending):
            verb = _verb(word.removesuffix(ending), ending)
            if verb is not None:
                return verb
    return None


def _verb(word: str, ending: str) -> ChineseVerb | None:
    table = chinese_tables()
    if word in table.actions:
        return ChineseVerb(word, ending, table.actions[word])
    if word in table.stative:
        return ChineseVerb(word, ending, stative=True)
    return ChineseVerb(word, ending) if word in table.undrawn else None


def _drawn(word: str) -> tuple[str | None, bool]:
    """The id of what is drawn for a noun, and whether that is only of the same sort."""
    table = chinese_tables()
    for name in dict.fromkeys((word, table.synonyms.get(word, word))):
        if (match := library().find(name)) is not None:
            near = word in noun_words(CHINESE).near.words
            return match.concept.id, near or match.how in GUESSES
    return None, False
