"""Noun phrases of English texts: a head, and the adjectives and numbers before it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from kirin.concepts.concept import Kind
from kirin.concepts.library import library
from kirin.domain.cast import Action
from kirin.domain.intent import Place
from kirin.prompt.compounds import is_being, is_creature, settle_compound
from kirin.prompt.lemmas import is_plural
from kirin.prompt.lexicon import VAGUE, Noun, longest_noun, noun_of, tables
from kirin.prompt.mentions import Mention, Role
from kirin.prompt.places import entered_place
from kirin.prompt.relations import preposition_of
from kirin.prompt.strange import is_seldom_thing, is_strange
from kirin.prompt.tokens import Token
from kirin.prompt.verbs import Inflection, verb_of
from kirin.prompt.vocabulary.cast import NounWords, noun_words
from kirin.prompt.vocabulary.loader import ENGLISH

MOST: Final = 12
"""How many of one kind are on screen at most."""

_MODIFIER_WEIGHT: Final = 1.0  # of a place that stands before another noun: "kitchen table"
_NO_PLACE: Final = VAGUE | {
    "sea", "sky", "city", "room", "school", "home", "church", "mountain", "village",
}  # fmt: skip
"""They say nothing of where a thing is in a word such as "sea horse" or "home cinema"."""

_SORTS: Final = frozenset({"flower", "tree", "bird", "fish", "dog", "cat", "horse", "car", "plant"})
"""Heads that say less than the noun before them may."""

_INNER: Final = frozenset(
    {
        "corridor",
        "hallway",
        "hall",
        "room",
        "interior",
        "lobby",
        "tunnel",
        "yard",
        "path",
        "trail",
        "cabin",
        "cockpit",
        "deck",
    }
)
"""Parts of the place whose name stands before them."""

_POINTERS: Final = frozenset({"hand", "foot"})
"""Parts that things have too."""

_SHRUB: Final = 2.0  # metres; larger plants are trees, whose names tell of their bark or wood
_MODIFIERS: Final = (Role.THING, Role.CLOTHES, Role.PART)


@dataclass(slots=True)
class NounPhrase:
    """A noun phrase.

    Attributes:
        head: its noun; ``None`` if only articles and adjectives stand there.
        places: places named by nouns before the head.
        end: index of the token after it.
        introduced: whether an article, a number or an adjective begins it.
        owned: whether it belongs to someone: "her eyes".
        verbs: position and word of participles before the head that are not drawn.
    """

    head: Mention | None
    places: list[Mention]
    end: int
    introduced: bool = False
    owned: bool = False
    verbs: list[tuple[int, str]] = field(default_factory=list)


@dataclass(slots=True)
class _Traits:
    """What the words before a head say about it."""

    count: int | None = None
    colour: str | None = None
    size: float = 1.0
    old: bool = False
    action: Action | None = None
    denied: bool = False
    owned: bool = False
    introduced: bool = False
    singular: bool = False
    verbs: list[tuple[int, str]] = field(default_factory=list)


@cache
def _words() -> NounWords:
    return noun_words(ENGLISH)


def read_phrase(
    tokens: Sequence[Token], start: int, is_verb: Callable[[int, Noun], bool]
) -> NounPhrase | None:
    """The noun phrase that starts at a token, or None if none does.

    Args:
        tokens: of one sentence.
        start: index of its first token.
        is_verb: whether the token at an index is a verb after a noun rather than part of it.
    """
    traits = _Traits()
    index = _read_traits(tokens, start, traits)
    run, end = _read_run(tokens, index, is_verb, traits)
    if not run:
        if end == start:
            return None
        if (strange := _strange(tokens, index, end)) is not None:
            return NounPhrase(strange, [], end, traits.introduced)
        return NounPhrase(None, [], end, traits.introduced, verbs=traits.verbs)
    head, places = _head(tokens, run, traits)
    return NounPhrase(head, places, end, traits.introduced, traits.owned, traits.verbs)


def _strange(tokens: Sequence[Token], index: int, end: int) -> Mention | None:
    """A thing with a name that no dictionary knows or that is mostly no noun, after an article."""
    if not index < end:
        return None
    word = tokens[end - 1]
    if not (is_strange(word.text) or is_seldom_thing(word.text)):
        return None
    return Mention(word.text, word.text, word.start, Role.THING)


def is_nominal(tokens: Sequence[Token], index: int) -> bool:
    """Whether a token can belong to a noun phrase that has begun."""
    if index >= len(tokens) or not tokens[index].is_word:
        return False
    text = tokens[index].text
    return text not in tables().function_words and preposition_of([text]) is None


def _read_traits(tokens: Sequence[Token], index: int, traits: _Traits) -> int:
    while index < len(tokens) and tokens[index].is_word:
        length = _read_trait(tokens, index, traits)
        if not length:
            break
        index += length
    return index


def _read_trait(tokens: Sequence[Token], index: int, traits: _Traits) -> int:
    """Read what one word says about the head that follows; how many tokens it takes."""
    words, table = _words(), tables()
    text = tokens[index].text
    after = tokens[index + 1].text if index + 1 < len(tokens) else ""
    number = words.collectives.get(text) or words.collectives.get(text.removesuffix("s"))
    if number and after == "of" and is_thing_ahead(tokens, index + 2) and not _owns(tokens, index):
        traits.count, traits.introduced = min(number, MOST), True
        return 2
    if text in words.determiners or text in words.possessives:
        traits.introduced = True
        traits.denied = text == "no"
        traits.owned = traits.owned or text in words.possessives
        traits.singular = traits.singular or text in ("a", "an", "one", "this", "that", "another")
        traits.count = words.numbers.get(text, traits.count)
        return 2 if text in ("a", "an") and _is_number(after) and after in ("few", "dozen") else 1
    if text == "'s":
        traits.owned = True
        return 1
    if _is_number(text) and is_nominal(tokens, index + 1):
        traits.count = min(words.numbers.get(text) or int(text), MOST)
        traits.introduced = True
        return 1
    ahead = is_nominal(tokens, index + 1) and not _is_over(tokens, index)
    noun = longest_noun([token.text for token in tokens[index : index + 4]])
    if noun and noun.length > 1:
        return 0
    if text in table.colours and ahead:
        traits.colour = traits.colour or table.colours[text]
    elif text in table.sizes and ahead:
        traits.size *= table.sizes[text]
    elif text in table.old and ahead:
        traits.old = True
    elif ahead and _is_participle(tokens, index, traits):
        pass
    elif not (
        ahead
        and not is_creature(tokens, index)
        and (text in table.adjectives or (noun is None and (text.endswith("ly") or "-" in text)))
    ):
        return 0
    traits.introduced = True
    return 1


def _is_over(tokens: Sequence[Token], index: int) -> bool:
    """Whether a noun ends here and a verb follows: "a baby laughing", "an alien walks"."""
    own, after = noun_of((tokens[index].text,)), tokens[index + 1]
    if own is None or own.concept is None:
        return False
    verb = verb_of([after.text])
    if verb is not None and verb.form is Inflection.THIRD and (verb.action or verb.stative):
        return not is_nominal(tokens, index + 2)
    if not after.text.endswith("ing"):
        return False
    return not is_nominal(tokens, index + 2) and noun_of((after.text,)) is None


def _owns(tokens: Sequence[Token], index: int) -> bool:
    """Whether people belong to what follows "of", and are not made of it: "staff of the hotel"."""
    noun = noun_of((tokens[index].text,))
    word = tokens[index + 2].text
    if _is_number(word) and not is_nominal(tokens, index + 3):
        return True  # "a family of four"
    return noun is not None and gathering(noun) is not None and word == "the"


def _is_number(text: str) -> bool:
    return text in _words().numbers or (text.isdecimal() and 0 < len(text) < 4 and int(text) > 0)


def is_thing_ahead(tokens: Sequence[Token], index: int) -> bool:
    """Whether a noun phrase follows that counts can be of."""
    return index < len(tokens) and tokens[index].is_word


def _is_participle(tokens: Sequence[Token], index: int, traits: _Traits) -> bool:
    """Whether a verb describes the head: "a sleeping cat", "a painted wall"."""
    token = tokens[index]
    verb = verb_of([token.text])
    if (
        verb is None
        or verb.form not in (Inflection.PARTICIPLE, Inflection.PAST)
        or token.text == "left"
    ):
        return False
    noun = noun_of((token.text,))
    if noun and noun.concept and verb.form is Inflection.PARTICIPLE and not traits.introduced:
        return False
    if verb.form is Inflection.PARTICIPLE and not verb.stative:
        if verb.action is None:
            traits.verbs.append((token.start, token.text))
        traits.action = traits.action or verb.action
    return True


def _read_run(
    tokens: Sequence[Token], index: int, is_verb: Callable[[int, Noun], bool], traits: _Traits
) -> tuple[list[tuple[Noun, int]], int]:
    """The nouns that stand together, with the indices of their first tokens, and the end."""
    table = tables()
    run: list[tuple[Noun, int]] = []
    while index < len(tokens) and tokens[index].is_word:
        text = tokens[index].text
        if text == "'s" and run:
            run, traits.owned, index = run[-1:], True, index + 1
            index = _read_traits(tokens, index, _Traits())
            continue
        if run and is_verb(index, run[-1][0]):
            break
        noun = longest_noun([token.text for token in tokens[index : index + 4]])
        long = noun is not None and noun.length > 1  # "top hat" begins as "top" does
        if not long and (
            text in table.function_words
            or preposition_of([token.text for token in tokens[index : index + 5]]) is not None
        ):
            break
        if noun is None:
            if run or not traits.introduced:
                break
            index += 1  # an adjective that is in no list, or a thing that is in none
            verb = verb_of([tokens[index].text]) if index < len(tokens) else None
            if verb is not None and verb.form is not Inflection.BASE:
                break
            continue
        run.append((noun, index))
        index += noun.length
    return run, index


def _head(
    tokens: Sequence[Token], run: list[tuple[Noun, int]], traits: _Traits
) -> tuple[Mention, list[Mention]]:
    """The mention of the last noun that is seen, and those of the places before it."""
    seen = [each for each in run if each[0].role is not Role.FLUFF]
    chosen = seen[-1] if seen else run[-1]
    if chosen[0].role is Role.SCENERY:
        things = [each for each in seen if each[0].role in _MODIFIERS or each[0].place]
        chosen = things[-1] if things else chosen
    owner = seen[-2] if len(seen) > 1 and chosen[0].base in _POINTERS else None
    if owner is not None and (traits.owned or not is_being(owner[0])):
        chosen = owner  # a clock with its hands
    noun, index = chosen
    before = [each for each in run if each[1] < index]
    word = _text(tokens, index, noun.length)
    mention = Mention(word, noun.base, tokens[index].start, noun.role, noun.concept, noun.place)
    mention.guessed = noun.guessed
    if noun.role in (Role.THING, Role.PART) and noun.concept is None:
        _borrow(tokens, mention, before, noun)
    last = tokens[index + noun.length - 1].text
    mention.plural = is_plural(last) and not traits.singular
    mention.counted = traits.count is not None
    mention.count = traits.count or 1
    mention.colour, mention.size, mention.old = traits.colour, traits.size, traits.old
    mention.action, mention.denied = traits.action, traits.denied
    mention.colour = mention.colour or _own_colour(noun, tokens[index].text)
    if before and noun.base in _SORTS:
        _narrow(tokens, mention, before[-1], noun)
    many = noun.base in _words().many.words and not traits.introduced
    mention.plural = mention.plural or many
    if noun.place is not None and noun.base in _INNER:
        rooms = [(each[0], each[0].place or entered_place(each[0].base)) for each in before]
        inside = [(other, place) for other, place in rooms if place is not None]
        if inside:
            mention.place = inside[-1][1]
            mention.base = f"{inside[-1][0].base} {noun.base}"
            return mention, []
    places = [
        _modifier(_text(tokens, at, other.length), other.base, tokens[at].start, other.place)
        for other, at in before
        if other.place is not None
    ]
    if noun.length > 1 and noun.place is None:
        first = noun_of((tokens[index].text,))
        if first is not None and first.place and first.base not in _NO_PLACE:
            start = tokens[index].start
            places.append(_modifier(tokens[index].text, first.base, start, first.place))
    return mention, [*places, *settle_compound(tokens, mention, before)]


def gathering(noun: Noun | Mention) -> int | None:
    """How many people a word in the singular stands for: a "crowd"."""
    if noun.concept is None or noun.base in _words().groups:
        return None
    person = library().get(noun.concept).kind is Kind.PERSON
    return min(_words().collectives.get(noun.base, 0), MOST) or None if person else None


def _own_colour(noun: Noun, first: str) -> str | None:
    """The colour that the name of a thing begins with: a "red umbrella" is an umbrella in red.

    Not where the art has it by its name, nor of people, trees and food: a "white wine".
    """
    colour = tables().colours.get(first)
    if colour is None or noun.concept is None or noun.length < 2:
        return None
    concept = library().get(noun.concept)
    if colour in concept.id.split("-") or (concept.size > _SHRUB and concept.kind is Kind.PLANT):
        return None
    bare = noun_of(tuple(noun.base.split()[1:]))
    same = bare is not None and bare.concept == noun.concept
    return colour if same and concept.kind not in (Kind.PERSON, Kind.FOOD) else None


def _narrow(
    tokens: Sequence[Token], mention: Mention, before: tuple[Noun, int], noun: Noun
) -> None:
    """Draw the sort that a noun before names: a "hibiscus flower" as hibiscus, not as a flower."""
    narrow, index = before
    if narrow.concept is None or noun.concept is None or narrow.role is not Role.THING:
        return
    if library().get(narrow.concept).kind is not library().get(noun.concept).kind:
        return
    end = mention.position + len(mention.word)
    mention.position = tokens[index].start
    mention.word = " ".join(t.text for t in tokens if mention.position <= t.start < end)
    mention.concept, mention.guessed = narrow.concept, narrow.guessed


def _modifier(word: str, base: str, position: int, place: Place) -> Mention:
    """A place that stands before another noun."""
    mention = Mention(word, base, position, Role.PLACE, None, place)
    mention.weight, mention.modifier = _MODIFIER_WEIGHT, True
    return mention


def _borrow(
    tokens: Sequence[Token], mention: Mention, before: list[tuple[Noun, int]], noun: Noun
) -> None:
    """Draw a thing without art as what its name begins with: a "cat statue" as a cat."""
    drawn = [each for each in before if each[0].concept and each[0].role in _MODIFIERS]
    if not drawn:
        return
    first, index = drawn[-1]
    start, end = tokens[index].start, mention.position + len(mention.word)
    mention.concept, mention.guessed = first.concept, True
    mention.word = " ".join(token.text for token in tokens if start <= token.start < end)
    mention.base, mention.position = f"{first.base} {noun.base}", start


def _text(tokens: Sequence[Token], index: int, length: int) -> str:
    return " ".join(token.text for token in tokens[index : index + length])
